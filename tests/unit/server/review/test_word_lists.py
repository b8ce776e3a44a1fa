"""Suggested lists are seen in Word; what is done to lists there is told."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.support.reviewed_docx import CORPUS
from tests.support.word_hand import Hand, W
from tests.unit.server.publishing.review_samples import LISTED
from tests.unit.server.review.word_worlds import Taken, exported, plain, take_in


def missed(found: Taken) -> list[tuple[str, str]]:
    return [
        (one.code, one.text) for one in (*found.compared.missed, *found.outcome.missed)
    ]


def number(form: Any) -> tuple[str, str] | None:
    """Which list, and how deep."""
    found = form.find(W + "numPr")
    if found is None:
        return None
    named = (found.find(W + name).get(W + "val") for name in ("numId", "ilvl"))
    return tuple(named)


def places(mark: int) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    """What is suggested, and what stands."""
    form = Hand(exported(LISTED)).p(mark).find(W + "pPr")
    change = form.find(W + "pPrChange")
    assert change.get(W + "author") == "Nguyễn Văn An"
    return number(form), number(change.find(W + "pPr"))


def test_paragraphs_that_are_to_be_items_count_on_in_one_list() -> None:
    one, two, three = places(1), places(2), places(3)
    assert one[0] is not None and one[0] == two[0]
    assert one[0][1] == "0"
    assert one[1] is two[1] is three[1] is None
    assert three[0] is not None and three[0][1] == "1"
    assert three[0][0] != one[0][0]
    seven = places(8)[0]
    assert seven is not None and seven[0] != one[0][0]


def test_an_item_that_is_to_go_deeper_or_out_says_what_stands() -> None:
    deeper, out = places(5), places(6)
    assert deeper[0] is not None and deeper[0][1] == "1"
    assert deeper[1] is not None and deeper[1][1] == "0"
    assert out[0] is None
    assert out[1] == deeper[1]


def test_an_untouched_file_changes_nothing() -> None:
    found = take_in(LISTED, exported(LISTED))
    assert (found.compared.steps, found.compared.missed) == ([], [])


def accept(hand: Hand, mark: int) -> None:
    form = hand.p(mark).find(W + "pPr")
    form.remove(form.find(W + "pPrChange"))


def reject(hand: Hand, mark: int) -> None:
    form = hand.p(mark).find(W + "pPr")
    was = copy.deepcopy(form.find(W + "pPrChange").find(W + "pPr"))
    form.getparent().replace(form, was)


@pytest.mark.parametrize("decide", [accept, reject])
@pytest.mark.parametrize(("mark", "text"), [(1, "một"), (5, "bốn"), (6, "năm")])
def test_what_is_decided_there_is_told_and_stays_open(
    decide: Any, mark: int, text: str
) -> None:
    hand = Hand(exported(LISTED))
    decide(hand, mark)
    found = take_in(LISTED, hand.save())
    assert missed(found) == [("list_decided", text)]
    assert found.after == plain(LISTED)


def test_a_list_made_in_word_is_told() -> None:
    hand = Hand(exported(CORPUS))
    form, item = hand.p(2).find(W + "pPr"), hand.p(5).find(W + "pPr")
    before = copy.deepcopy(form)
    form.insert(1, copy.deepcopy(item.find(W + "numPr")))
    change = hand.revision("pPrChange")
    change.append(before)
    form.append(change)
    found = take_in(CORPUS, hand.save())
    assert missed(found) == [("list_made", "Quy định này áp dụng với các cơ quan.")]


def test_an_item_taken_out_of_its_list_in_word_is_told() -> None:
    hand = Hand(exported(CORPUS))
    form = hand.p(5).find(W + "pPr")
    form.remove(form.find(W + "numPr"))
    found = take_in(CORPUS, hand.save())
    assert ("list_made", "mục một") in missed(found)


def test_a_program_that_drops_lists_by_itself_says_nothing() -> None:
    hand = Hand(exported(LISTED))
    hand.program("LibreOffice/7.4")
    for tag in ("numPr", "pPrChange"):
        for part in list(hand.root.iter(W + tag)):
            part.getparent().remove(part)
    assert missed(take_in(LISTED, hand.save())) == []
