"""Tables that no program should write: a column is taken or told, nothing is lost."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable

import pytest
from lxml import etree

from collab.content.tree import iter_paragraphs
from tests.support.reviewed_docx import CORPUS
from tests.support.word_columns import (
    add_column,
    blank_cell,
    form_of,
    mark_cell,
    rows_of,
    span,
    strike_column,
)
from tests.support.word_hand import Hand, W
from tests.unit.server.review.word_worlds import exported, take_in

BASE = exported(CORPUS)
TABLE = 7
Break = Callable[[Hand], object]
WORDS = ["chữ1x", "chữ2x"]


def a_column_of_nobody_at_no_time(hand: Hand) -> None:
    hand.by = hand.at = None
    add_column(hand, TABLE, 1, WORDS)


def a_column_with_a_name_without_end(hand: Hand) -> None:
    hand.by, hand.at = "Cúc " * 500, "9999-99-99T99:99:99Z"
    add_column(hand, TABLE, 1, WORDS)


def cells_that_came_and_go_at_once(hand: Hand) -> None:
    for made in add_column(hand, TABLE, 1, WORDS):
        form_of(made).append(hand.revision("cellDel"))
        form_of(made).append(hand.revision("cellIns"))


def a_mark_in_one_cell_of_the_column(hand: Hand) -> None:
    first, _second = add_column(hand, TABLE, 1, WORDS, tracked=False)
    mark_cell(hand, first, "cellIns", "ins")


def a_mark_around_the_cell(hand: Hand) -> None:
    for made in add_column(hand, TABLE, 1, WORDS, tracked=False):
        hand.wrap(made, "ins")


def a_mark_beside_the_form(hand: Hand) -> None:
    for made in add_column(hand, TABLE, 1, WORDS, tracked=False):
        made.append(hand.revision("cellIns"))


def cells_without_form(hand: Hand) -> None:
    add_column(hand, TABLE, 1, WORDS, tracked=False)
    for row in rows_of(hand, TABLE):
        for one in row.findall(W + "tc"):
            one.remove(form_of(one))


def cells_without_a_paragraph(hand: Hand) -> None:
    add_column(hand, TABLE, 1, WORDS)
    for row in rows_of(hand, TABLE):
        row.append(etree.Element(W + "tc"))


@pytest.mark.parametrize("value", ["0", "-3", "9" * 40, "x", ""])
def test_spans_that_are_none_lose_nothing(value: str) -> None:
    hand = Hand(BASE)
    for made in add_column(hand, TABLE, 1, WORDS):
        span(made, 1)
        form_of(made).find(W + "gridSpan").set(W + "val", value)
    holds(hand)


def spans_that_do_not_meet(hand: Hand) -> None:
    first, second = add_column(hand, TABLE, 1, WORDS)
    span(first, 2)
    span(second, 5)


def gaps_without_end(hand: Hand) -> None:
    add_column(hand, TABLE, 1, WORDS)
    for row in rows_of(hand, TABLE):
        form = etree.Element(W + "trPr")
        gap = etree.SubElement(form, W + "gridBefore")
        gap.set(W + "val", "9" * 30)
        row.insert(0, form)


def cells_that_go_on_from_nowhere(hand: Hand) -> None:
    for made in add_column(hand, TABLE, 1, WORDS):
        form_of(made).append(etree.Element(W + "vMerge"))


def a_cell_that_reaches_below_the_table(hand: Hand) -> None:
    _first, last = add_column(hand, TABLE, 1, WORDS)
    merge = etree.Element(W + "vMerge")
    merge.set(W + "val", "restart")
    form_of(last).append(merge)


def a_thousand_columns(hand: Hand) -> None:
    for row in rows_of(hand, TABLE):
        like = row.findall(W + "tc")[0]
        for number in range(1_000):
            row.append(blank_cell(like, f"chữ{number}x"))


def a_thousand_cells_in_one_row(hand: Hand) -> None:
    row = rows_of(hand, TABLE)[1]
    like = row.findall(W + "tc")[0]
    for number in range(1_000):
        row.append(blank_cell(like, f"chữ{number}x"))


def a_row_twice(hand: Hand) -> None:
    """With its marks, and a column in one of the two."""
    add_column(hand, TABLE, 2, WORDS)
    row = rows_of(hand, TABLE)[1]
    row.addnext(copy.deepcopy(row))


def columns_in_another_order(hand: Hand) -> None:
    for row in rows_of(hand, TABLE):
        first = row.findall(W + "tc")[0]
        row.append(first)
    add_column(hand, TABLE, 1, WORDS)


def the_table_in_its_own_cell(hand: Hand) -> None:
    add_column(hand, TABLE, 1, WORDS)
    table = next(hand.p(TABLE).iterancestors(W + "tbl"))
    inner = copy.deepcopy(table)
    rows_of(hand, TABLE)[1].findall(W + "tc")[0].insert(1, inner)


def all_struck_and_one_new(hand: Hand) -> None:
    strike_column(hand, TABLE, 0)
    strike_column(hand, TABLE, 1)
    add_column(hand, TABLE, 2, WORDS)


BROKEN: list[Break] = [
    a_column_of_nobody_at_no_time,
    a_column_with_a_name_without_end,
    cells_that_came_and_go_at_once,
    a_mark_in_one_cell_of_the_column,
    a_mark_around_the_cell,
    a_mark_beside_the_form,
    cells_without_form,
    cells_without_a_paragraph,
    spans_that_do_not_meet,
    gaps_without_end,
    cells_that_go_on_from_nowhere,
    a_cell_that_reaches_below_the_table,
    a_thousand_columns,
    a_thousand_cells_in_one_row,
    a_row_twice,
    columns_in_another_order,
    the_table_in_its_own_cell,
    all_struck_and_one_new,
]


def holds(hand: Hand) -> None:
    data = hand.save()
    found = take_in(CORPUS, data, may_write=False)
    assert found.stands
    assert found.is_only_suggested
    missed = [*found.compared.missed, *found.outcome.missed]
    texts = [p.text for p in iter_paragraphs(found.after.blocks)]
    said = "\n".join([*texts, *(one.text for one in missed)])
    written = set(re.findall(r"chữ\d+x", etree.tostring(hand.root, encoding="unicode")))
    assert written
    for word in written:
        assert word in said, word


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: one.__name__)
def test_a_broken_column_is_taken_or_told(broken: Break) -> None:
    hand = Hand(BASE)
    broken(hand)
    holds(hand)
