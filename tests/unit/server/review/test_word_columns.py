"""Columns that came and went in Word are suggestions."""

from __future__ import annotations

import pytest

from collab.content.suggested import final, original, resolve
from collab.content.tree import (
    Content,
    Table,
)
from tests.support.reviewed_docx import CORPUS
from tests.support.word_columns import (
    add_column,
    add_row,
    mark_cell,
    remove_column,
    strike_column,
)
from tests.support.word_hand import CUC, Hand
from tests.unit.server.review.column_worlds import (
    BASE,
    DUNG,
    TABLE,
    Lines,
    lines,
    marks,
    missed,
    sound,
    table_in,
    taken,
)
from tests.unit.server.review.word_worlds import plain, take_in

# ── came ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (
            0,
            [["Đầu mối", "Cơ quan", "Thời hạn"], ["Thanh tra", "Sở Nội vụ", "Ngày 10"]],
        ),
        (
            1,
            [["Cơ quan", "Đầu mối", "Thời hạn"], ["Sở Nội vụ", "Thanh tra", "Ngày 10"]],
        ),
        (
            2,
            [["Cơ quan", "Thời hạn", "Đầu mối"], ["Sở Nội vụ", "Ngày 10", "Thanh tra"]],
        ),
    ],
)
@pytest.mark.parametrize("tracked", [True, False])
def test_a_column_that_came_is_suggested_where_it_stood(
    at: int, expected: Lines, tracked: bool
) -> None:
    hand = Hand(BASE)
    add_column(hand, TABLE, at, ["Đầu mối", "Thanh tra"], tracked=tracked)
    found = take_in(CORPUS, hand.save())
    who = f"word:{CUC}" if tracked else "me"
    assert taken(found) == [f"insertion {who}: Đầu mối\nThanh tra"]
    assert missed(found) == []
    assert lines(found.after) == expected
    assert marks(found.after, 1)[at] == (who, "")
    assert sound(found)


def test_a_column_without_words_is_suggested_too() -> None:
    hand = Hand(BASE)
    add_column(hand, TABLE, 1, ["", ""])
    found = take_in(CORPUS, hand.save())
    assert taken(found) == [f"insertion word:{CUC}: ▥"]
    assert lines(found.after)[0] == ["Cơ quan", "", "Thời hạn"]
    assert sound(found)


def test_what_else_was_done_in_the_table_is_taken_beside_it() -> None:
    hand = Hand(BASE)
    hand.replace(10, "10", "12")
    add_column(hand, TABLE, 1, ["Đầu mối", "Văn phòng"])
    found = take_in(CORPUS, hand.save())
    assert missed(found) == []
    assert sorted(taken(found)) == [
        f"deletion word:{CUC}: 10",
        f"insertion word:{CUC}: 12",
        f"insertion word:{CUC}: Đầu mối\nVăn phòng",
    ]
    assert lines(final(found.after))[1] == ["Sở Nội vụ", "Văn phòng", "Ngày 12"]


def test_two_peoples_columns_side_by_side_are_decided_by_themselves() -> None:
    hand = Hand(BASE)
    add_column(hand, TABLE, 1, ["một", "hai"])
    hand.by = DUNG
    add_column(hand, TABLE, 2, ["ba", "bốn"])
    found = take_in(CORPUS, hand.save())
    assert lines(found.after)[0] == ["Cơ quan", "một", "ba", "Thời hạn"]
    assert marks(found.after, 0)[1:3] == [(f"word:{CUC}", ""), (f"word:{DUNG}", "")]
    assert sound(found)

    def only(name: str) -> Content:
        return resolve(found.after, lambda by: by.author == f"word:{name}")

    assert lines(only(CUC))[1] == ["Sở Nội vụ", "hai", "Ngày 10"]
    assert lines(only(DUNG))[1] == ["Sở Nội vụ", "bốn", "Ngày 10"]


def test_columns_of_one_person_that_came_in_one_go_are_one_suggestion() -> None:
    hand = Hand(BASE)
    add_column(hand, TABLE, 2, ["một", "hai"])
    add_column(hand, TABLE, 3, ["ba", "bốn"])
    found = take_in(CORPUS, hand.save())
    assert taken(found) == [f"insertion word:{CUC}: một | ba\nhai | bốn"]
    ids = {
        c.insertion.id
        for r in table_in(found.after).rows
        for c in r.cells[2:]
        if c.insertion
    }
    assert len(ids) == 1


def test_a_row_that_came_with_a_column_has_its_cell_there() -> None:
    hand = Hand(BASE)
    add_column(hand, TABLE, 2, ["Đầu mối", "Văn phòng"])
    add_row(hand, 9, ["Sở Tài chính", "Ngày 20", "Thanh tra"])
    found = take_in(CORPUS, hand.save())
    assert missed(found) == []
    assert lines(found.after) == [
        ["Cơ quan", "Thời hạn", "Đầu mối"],
        ["Sở Nội vụ", "Ngày 10", "Văn phòng"],
        ["Sở Tài chính", "Ngày 20", "Thanh tra"],
    ]
    assert marks(found.after, 2)[2] == (f"word:{CUC}", "")
    assert sound(found)


def test_rows_that_came_stand_in_their_order() -> None:
    hand = Hand(BASE)
    made = add_row(hand, 9, ["hai", "2"])
    first = add_row(hand, 9, ["một", "1"])
    assert first.getnext() is made
    add_row(hand, 7, ["không", "0"])
    found = take_in(CORPUS, hand.save())
    column = [row[0] for row in lines(found.after)]
    assert column == ["Cơ quan", "không", "Sở Nội vụ", "một", "hai"]
    assert sound(found)


def test_rows_that_came_before_one_stand_in_their_order() -> None:
    hand = Hand(BASE)
    add_row(hand, 7, ["hai", "2"])
    add_row(hand, 7, ["một", "1"])
    found = take_in(CORPUS, hand.save())
    column = [row[0] for row in lines(found.after)]
    assert column == ["Cơ quan", "một", "hai", "Sở Nội vụ"]


# ── went ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("tracked", [True, False])
def test_a_column_that_went_is_suggested_to_go(tracked: bool) -> None:
    hand = Hand(BASE)
    hand.insert(9, "Sở Nội vụ", " tỉnh")
    (strike_column if tracked else remove_column)(hand, TABLE, 1)
    found = take_in(CORPUS, hand.save())
    who = f"word:{CUC}" if tracked else "me"
    assert missed(found) == []
    assert sorted(taken(found)) == [
        f"deletion {who}: Thời hạn\nNgày 10",
        f"insertion word:{CUC}:  tỉnh",
    ]
    assert lines(found.after)[0] == ["Cơ quan", "Thời hạn"]
    assert marks(found.after, 1)[1] == ("", who)
    assert lines(final(found.after)) == [["Cơ quan"], ["Sở Nội vụ tỉnh"]]
    assert sound(found)


@pytest.mark.parametrize(
    ("struck", "at", "expected"),
    [
        (0, 2, [["Thời hạn", "mới 1"], ["Ngày 10", "mới 2"]]),
        (0, 1, [["mới 1", "Thời hạn"], ["mới 2", "Ngày 10"]]),
        (1, 1, [["Cơ quan", "mới 1"], ["Sở Nội vụ", "mới 2"]]),
        (1, 0, [["mới 1", "Cơ quan"], ["mới 2", "Sở Nội vụ"]]),
    ],
)
def test_a_column_that_went_and_one_that_came_are_two_suggestions(
    struck: int, at: int, expected: Lines
) -> None:
    hand = Hand(BASE)
    strike_column(hand, TABLE, struck)
    add_column(hand, TABLE, at, ["mới 1", "mới 2"])
    found = take_in(CORPUS, hand.save())
    assert lines(final(found.after)) == expected
    assert lines(original(found.after)) == lines(plain(CORPUS))
    assert sound(found)


def test_a_column_that_came_and_was_struck_by_its_writer_is_none() -> None:
    hand = Hand(BASE)
    for made in add_column(hand, TABLE, 1, ["một", "hai"], tracked=False):
        mark_cell(hand, made, "cellDel", "del")
    found = take_in(CORPUS, hand.save())
    assert (taken(found), missed(found)) == ([], [])


def test_a_row_that_came_where_a_column_went_has_no_hole() -> None:
    hand = Hand(BASE)
    remove_column(hand, TABLE, 1)
    add_row(hand, 9, ["Sở Tài chính"])
    found = take_in(CORPUS, hand.save())
    assert lines(found.after)[2] == ["Sở Tài chính", ""]
    assert marks(found.after, 2)[1] == ("", "me")
    assert lines(final(found.after))[2] == ["Sở Tài chính"]
    assert sound(found)


def test_all_columns_struck_are_the_whole_table() -> None:
    hand = Hand(BASE)
    strike_column(hand, TABLE, 0)
    strike_column(hand, TABLE, 1)
    found = take_in(CORPUS, hand.save())
    assert sound(found)
    assert not any(isinstance(b, Table) for b in final(found.after).blocks)
