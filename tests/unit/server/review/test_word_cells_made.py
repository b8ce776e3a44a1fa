"""Cells merged, split, headed or made wider in Word are suggestions here."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from lxml import etree

from collab.content.suggested import final, original, resolve
from collab.content.tree import Content, Table
from tests.support.word_columns import form_of, rows_of, span
from tests.support.word_hand import CUC, Hand, W
from tests.unit.server.review.column_worlds import (
    cell,
    lines,
    missed,
    sound,
    spans,
    table_in,
    taken,
)
from tests.unit.server.review.test_word_cells import draft, merge_now
from tests.unit.server.review.word_worlds import exported, take_in

WHO = f"word:{CUC}"
TABLE = draft(
    (cell("A"), cell("B"), cell("C")),
    (cell("a"), cell("b"), cell("c")),
    (cell("x"), cell("y"), cell("z")),
    widths=(100, 100, 100),
)  # 0; 1, 2, 3; 4, 5, 6; 7, 8, 9; 10


def merged_across(hand: Hand) -> None:
    """A and B, as Word does it: at once, with the words of both."""
    first, second = rows_of(hand, 1)[0].findall(W + "tc")[:2]
    for paragraph in second.findall(W + "p"):
        first.append(paragraph)
    second.getparent().remove(second)
    span(first, 2)


def merged_down(hand: Hand) -> None:
    first, second = (row.findall(W + "tc")[0] for row in rows_of(hand, 1)[:2])
    for paragraph in second.findall(W + "p"):
        first.append(paragraph)
    etree.SubElement(second, W + "p")
    merge_now(form_of(first), "rest")
    merge_now(form_of(second), "cont")


def merged_square(hand: Hand) -> None:
    """A, B, a and b."""
    rows = rows_of(hand, 1)[:2]
    first = rows[0].findall(W + "tc")[0]
    for row in rows:
        for held in row.findall(W + "tc")[:2]:
            if held is not first:
                for paragraph in held.findall(W + "p"):
                    first.append(paragraph)
    for row, said in zip(rows, ("rest", "cont"), strict=True):
        held, gone = row.findall(W + "tc")[:2]
        row.remove(gone)
        if held is not first:
            etree.SubElement(held, W + "p")
        span(held, 2)
        merge_now(form_of(held), said)


@pytest.mark.parametrize(
    ("act", "text", "shape", "words"),
    [
        (merged_across, "A | B", [(2, 1), (1, 1)], "A\nB"),
        (merged_down, "A | a", [(1, 2), (1, 1), (1, 1)], "A\na"),
        (merged_square, "A | B | a | b", [(2, 2), (1, 1)], "A\nB\na\nb"),
    ],
)
def test_cells_merged_in_word_are_suggested_to_be_one(
    act: Callable[[Hand], None], text: str, shape: list[tuple[int, int]], words: str
) -> None:
    hand = Hand(exported(TABLE))
    act(hand)
    found = take_in(TABLE, hand.save())
    assert missed(found) == []
    assert taken(found) == [f"merge me: {text}"]
    assert sound(found)
    assert spans(final(found.after))[0] == shape
    assert lines(final(found.after))[0][0] == words


def test_a_merge_and_what_was_written_in_it_are_both_suggested() -> None:
    hand = Hand(exported(TABLE))
    hand.insert(2, "B", " và thêm")
    merged_across(hand)
    found = take_in(TABLE, hand.save())
    assert sorted(taken(found)) == [f"insertion {WHO}:  và thêm", "merge me: A | B"]
    assert lines(final(found.after))[0] == ["A\nB và thêm", "C"]
    assert sound(found)


def test_an_empty_cell_that_word_leaves_out_is_no_deletion() -> None:
    sent = draft((cell("A"), cell("")), (cell("a"), cell("b")))
    hand = Hand(exported(sent))
    first, second = rows_of(hand, 1)[0].findall(W + "tc")
    second.getparent().remove(second)
    span(first, 2)
    found = take_in(sent, hand.save())
    assert taken(found) == ["merge me: A"]
    assert sound(found)


def test_a_merge_that_somebody_marked_is_his() -> None:
    hand = Hand(exported(TABLE))
    for row, said in zip(rows_of(hand, 1)[:2], ("rest", "cont"), strict=True):
        mark = hand.revision("cellMerge")
        mark.set(W + "vMerge", said)
        form_of(row.findall(W + "tc")[1]).append(mark)
    found = take_in(TABLE, hand.save())
    assert taken(found) == [f"merge {WHO}: B | b"]
    assert spans(final(found.after))[:2] == [[(1, 1), (1, 2), (1, 1)], [(1, 1)] * 2]
    assert sound(found)


def test_a_cell_split_in_word_is_suggested_to_be_several() -> None:
    sent = draft(
        (cell("rộng", colspan=2), cell("C")), (cell("a"), cell("b"), cell("c"))
    )
    hand = Hand(exported(sent))
    first = rows_of(hand, 1)[0].findall(W + "tc")[0]
    span(first, 1)
    made = copy.deepcopy(first)
    for paragraph in made.findall(W + "p"):
        made.remove(paragraph)
    etree.SubElement(etree.SubElement(made, W + "p"), W + "pPr")
    first.addnext(made)
    found = take_in(sent, hand.save())
    assert (taken(found), missed(found)) == (["split me: rộng"], [])
    assert lines(final(found.after))[0] == ["rộng", "", "C"]
    assert sound(found)


def test_words_in_the_new_half_of_a_cell_are_not_lost() -> None:
    sent = draft(
        (cell("rộng", colspan=2), cell("C")), (cell("a"), cell("b"), cell("c"))
    )
    hand = Hand(exported(sent))
    first = rows_of(hand, 1)[0].findall(W + "tc")[0]
    span(first, 1)
    made = copy.deepcopy(first)
    for start in list(made.iter(W + "bookmarkStart", W + "bookmarkEnd")):
        start.getparent().remove(start)
    next(made.iter(W + "t")).text = "nửa mới"
    first.addnext(made)
    found = take_in(sent, hand.save())
    assert "split me: rộng" in taken(found)
    assert lines(final(found.after))[0][0] == "rộng\nnửa mới"
    assert sound(found)


def test_a_header_made_in_word_is_suggested() -> None:
    hand = Hand(exported(TABLE))
    row = rows_of(hand, 1)[0]
    form = etree.Element(W + "trPr")
    etree.SubElement(form, W + "tblHeader")
    change = hand.revision("trPrChange")
    etree.SubElement(change, W + "trPr")
    form.append(change)
    row.insert(0, form)
    found = take_in(TABLE, hand.save())
    assert taken(found) == [f"headed {WHO}: A | B | C"]
    assert all(c.header for c in table_in(final(found.after)).rows[0].cells)
    assert sound(found)


def test_a_header_taken_away_without_a_trace_is_suggested_to_be_none() -> None:
    sent = draft((cell("A", header=True), cell("B", header=True)), (cell("a"),) * 2)
    hand = Hand(exported(sent))
    row = rows_of(hand, 1)[0]
    row.remove(row.find(W + "trPr"))
    found = take_in(sent, hand.save())
    assert taken(found) == ["unheaded me: A | B"]
    assert not any(c.header for c in table_in(final(found.after)).rows[0].cells)
    assert sound(found)


def widened(hand: Hand, at: int, twips: int, *, tracked: bool = True) -> None:
    for row in rows_of(hand, 1):
        form = form_of(row.findall(W + "tc")[at])
        before = copy.deepcopy(form)
        form.find(W + "tcW").set(W + "w", str(twips))
        form.find(W + "tcW").set(W + "type", "dxa")
        if tracked:
            change = hand.revision("tcPrChange")
            change.append(before)
            form.append(change)


def test_a_column_made_wider_in_word_is_suggested() -> None:
    hand = Hand(exported(TABLE))
    widened(hand, 1, 3000)
    found = take_in(TABLE, hand.save())
    assert taken(found) == [f"width {WHO}: B | b | y"]
    assert table_in(final(found.after)).column_widths == (100, 200, 100)
    assert sound(found)


def test_widths_that_a_program_writes_anew_say_nothing() -> None:
    hand = Hand(exported(TABLE))
    widened(hand, 1, 3000, tracked=False)
    found = take_in(TABLE, hand.save())
    assert (found.compared.steps, found.compared.missed) == ([], [])


@pytest.mark.parametrize("act", [merged_across, merged_down, merged_square])
def test_what_comes_twice_is_suggested_once(act: Callable[[Hand], None]) -> None:
    hand = Hand(exported(TABLE))
    act(hand)
    data = hand.save()
    once = take_in(TABLE, data)
    again = take_in(TABLE, data, now=once.after)
    assert (again.outcome.taken, again.outcome.already) == ([], 1)
    assert again.after == once.after


def test_a_merge_whose_cells_are_gone_is_told_with_their_words() -> None:
    hand = Hand(exported(TABLE))
    merged_down(hand)
    rows = (table_in(TABLE).rows[0], table_in(TABLE).rows[2])
    now = Content(TABLE.fields, (TABLE.blocks[0], Table(rows), TABLE.blocks[2]))
    found = take_in(TABLE, hand.save(), now=now)
    assert ("gone", "A | a") in missed(found)
    assert original(found.after) == original(now)


def test_a_merge_over_a_cell_that_is_elsewhere_is_not_guessed() -> None:
    """The words of B went into the cell of C, and A claims its place."""
    hand = Hand(exported(TABLE))
    first, second, third = rows_of(hand, 1)[0].findall(W + "tc")
    for paragraph in second.findall(W + "p"):
        third.append(paragraph)
    second.getparent().remove(second)
    span(first, 2)
    found = take_in(TABLE, hand.save())
    assert not any(line.startswith("merge") for line in taken(found))
    assert found.stands


def test_each_of_two_suggestions_can_be_decided_by_itself() -> None:
    hand = Hand(exported(TABLE))
    merged_down(hand)
    widened(hand, 2, 3000)
    found = take_in(TABLE, hand.save())
    assert len(set(found.outcome.ids)) == 2
    only = resolve(found.after, lambda by: by.author == "me")
    assert spans(only)[0] == [(1, 2), (1, 1), (1, 1)]
    assert table_in(only).column_widths == (100, 100, 100)
