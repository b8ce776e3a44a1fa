"""Lists are seen in Word, decided there, and made there as suggestions."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from collab.content.suggested import final, original
from collab.content.suggestions import has_suggestions, has_waiting
from collab.content.tree import (
    Block,
    Content,
    ListBlock,
    Paragraph,
    Restyled,
    Run,
    iter_paragraphs,
)
from tests.support.reviewed_docx import CORPUS
from tests.support.word_hand import CUC, Hand, W
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


@pytest.mark.parametrize("accepts", [True, False])
@pytest.mark.parametrize(("mark", "text"), [(1, "một"), (5, "bốn"), (6, "năm")])
def test_what_is_decided_there_is_decided(mark: int, text: str, accepts: bool) -> None:
    hand = Hand(exported(LISTED))
    (accept if accepts else reject)(hand, mark)
    found = take_in(LISTED, hand.save())
    assert missed(found) == []
    word = "accepted" if accepts else "rejected"
    assert [one.kind for one in found.outcome.taken] == [word]
    assert looks(found.after, text) == []
    wanted = Content(LISTED.fields, decided(LISTED.blocks, text, accepts))
    assert original(found.after) == original(wanted)


def decided(blocks: tuple[Block, ...], text: str, accepts: bool) -> tuple[Block, ...]:
    """With nothing open about that paragraph."""
    made: list[Block] = []
    for block in blocks:
        if isinstance(block, ListBlock):
            items = tuple(decided(item, text, accepts) for item in block.items)
            block = replace(block, items=items)
        elif isinstance(block, Paragraph) and block.text == text:
            gone = {} if accepts else {"listed": None, "nested": 0}
            block = replace(block, formatting=None, **gone)
        made.append(block)
    return tuple(made)


def test_whoever_may_not_write_decides_nothing() -> None:
    hand = Hand(exported(LISTED))
    accept(hand, 1)
    found = take_in(LISTED, hand.save(), may_write=False)
    assert [code for code, _text in missed(found)] == ["settled"]
    assert found.after == plain(LISTED)


def test_a_list_that_is_decided_stands_in_what_is_exported() -> None:
    """It is made of its paragraphs when the next one decides; until then it says so."""
    sent = Content(LISTED.fields, LISTED.blocks[:2])
    hand = Hand(exported(sent))
    accept(hand, 1)
    found = take_in(sent, hand.save())
    assert not has_suggestions(found.after)
    assert has_waiting(found.after)
    assert isinstance(original(found.after).blocks[1], ListBlock)


def looks(content: Content, text: str) -> list[Restyled]:
    """What is suggested about that paragraph."""
    found = next(p for p in iter_paragraphs(content.blocks) if p.text == text)
    return [found.formatting] if found.formatting else []


def make_item(hand: Hand, mark: int, like: int, *, tracked: bool = True) -> None:
    form, item = hand.p(mark).find(W + "pPr"), hand.p(like).find(W + "pPr")
    before = copy.deepcopy(form)
    form.insert(1, copy.deepcopy(item.find(W + "numPr")))
    if tracked:
        change = hand.revision("pPrChange")
        change.append(before)
        form.append(change)


def numbered(form: Any) -> Any:
    return form.find(W + "numPr")


@pytest.mark.parametrize("tracked", [True, False])
def test_a_list_made_in_word_is_suggested(tracked: bool) -> None:
    hand = Hand(exported(CORPUS))
    make_item(hand, 2, 5, tracked=tracked)
    found = take_in(CORPUS, hand.save())
    who = f"word:{CUC}" if tracked else "me"
    text = "Quy định này áp dụng với các cơ quan."
    assert missed(found) == []
    assert [(one.kind, one.author, one.text) for one in found.outcome.taken] == [
        ("list", who, text)
    ]
    assert found.is_only_suggested and found.stands
    assert text in items(final(found.after))


def test_an_item_taken_out_of_its_list_in_word_is_suggested_to_go() -> None:
    hand = Hand(exported(CORPUS))
    form = hand.p(5).find(W + "pPr")
    form.remove(numbered(form))
    found = take_in(CORPUS, hand.save())
    assert missed(found) == []
    assert "mục một" in items(original(found.after))
    assert "mục một" not in items(final(found.after))
    assert found.is_only_suggested and found.stands


def test_an_item_made_deeper_in_word_is_suggested_to_be() -> None:
    content = Content(
        CORPUS.fields,
        (
            Paragraph((Run("Trước."),)),
            ListBlock(tuple((Paragraph((Run(t),)),) for t in ("một", "hai", "ba"))),
        ),
    )
    hand = Hand(exported(content))
    numbered(hand.p(2).find(W + "pPr")).find(W + "ilvl").set(W + "val", "1")
    found = take_in(content, hand.save())
    assert [one.kind for one in found.outcome.taken] == ["list"]
    outer = final(found.after).blocks[1]
    assert isinstance(outer, ListBlock)
    assert [len(item) for item in outer.items] == [2, 1]
    assert found.is_only_suggested and found.stands


def test_bullets_that_became_numbers_in_word_are_suggested_to() -> None:
    content = Content(
        CORPUS.fields,
        (
            ListBlock(((Paragraph((Run("gạch"),)),),)),
            Paragraph((Run("Giữa."),)),
            ListBlock(((Paragraph((Run("số"),)),),), ordered=True),
        ),
    )
    hand = Hand(exported(content))
    form, other = hand.p(0).find(W + "pPr"), hand.p(2).find(W + "pPr")
    form.replace(numbered(form), copy.deepcopy(numbered(other)))
    found = take_in(content, hand.save())
    made = final(found.after).blocks[0]
    assert isinstance(made, ListBlock) and made.ordered
    assert found.is_only_suggested and found.stands


def test_a_further_paragraph_of_an_item_is_told() -> None:
    """A draft has no words for one that is to be an item of its own there."""
    content = Content(
        CORPUS.fields,
        (
            ListBlock(((Paragraph((Run("một"),)), Paragraph((Run("thêm"),))),)),
            Paragraph((Run("Sau."),)),
        ),
    )
    hand = Hand(exported(content))
    form, item = hand.p(1).find(W + "pPr"), hand.p(0).find(W + "pPr")
    form.replace(numbered(form), copy.deepcopy(numbered(item)))
    found = take_in(content, hand.save())
    assert missed(found) == [("list_made", "thêm")]
    assert found.after == plain(content)


def test_a_paragraph_that_became_an_item_meanwhile_is_told() -> None:
    content = Content(CORPUS.fields, (Paragraph((Run("một hai ba"),)), *LIST))
    now = Content(
        CORPUS.fields, (ListBlock(((Paragraph((Run("một hai ba"),)),),)), *LIST)
    )
    hand = Hand(exported(content))
    make_item(hand, 0, 2)
    found = take_in(content, hand.save(), now=now)
    assert missed(found) == [("list_made", "một hai ba")]
    assert found.after == plain(now)


LIST = (Paragraph((Run("Sau."),)), ListBlock(((Paragraph((Run("mục"),)),),)))


def items(content: Content) -> list[str]:
    return [
        p.text
        for block in content.blocks
        if isinstance(block, ListBlock)
        for p in iter_paragraphs((block,))
    ]


def test_a_program_that_drops_lists_by_itself_says_nothing() -> None:
    hand = Hand(exported(LISTED))
    hand.program("LibreOffice/7.4")
    for tag in ("numPr", "pPrChange"):
        for part in list(hand.root.iter(W + tag)):
            part.getparent().remove(part)
    assert missed(take_in(LISTED, hand.save())) == []
