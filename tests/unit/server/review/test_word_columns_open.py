"""Columns that were suggested already, or came meanwhile, when a file comes back."""

from __future__ import annotations

import pytest

from collab.content.suggested import original
from collab.content.tree import (
    Content,
    Row,
    Table,
)
from tests.support.reviewed_docx import CORPUS
from tests.support.word_columns import (
    add_column,
    blank_cell,
    form_of,
    remove_column,
    rows_of,
    span,
    strike_column,
)
from tests.support.word_hand import CUC, Hand, W
from tests.unit.server.review.column_worlds import (
    AN,
    BASE,
    DUNG,
    OPEN,
    TABLE,
    cell,
    draft,
    lines,
    marks,
    missed,
    sound,
    spans,
    table_in,
    taken,
)
from tests.unit.server.review.word_worlds import exported, plain, take_in

# ── what was suggested when it went out ─────────────────────────────────────────────


def unmarked(hand: Hand, tag: str, inner: str, *, words: bool) -> None:
    """The mark is gone; `words`: of the letters too, as Word does it."""
    for mark in list(hand.root.iter(W + tag)):
        mark.getparent().remove(mark)
    for wrapper in list(hand.root.iter(W + inner)) if words else ():
        for text in wrapper.iter(W + "delText"):
            text.tag = W + "t"
        for child in list(wrapper):
            wrapper.addprevious(child)
        wrapper.getparent().remove(wrapper)


def test_an_untouched_file_with_columns_that_are_suggested_changes_nothing() -> None:
    found = take_in(OPEN, exported(OPEN))
    assert (found.compared.steps, found.compared.missed) == ([], [])
    assert found.after == plain(OPEN)


@pytest.mark.parametrize("words", [True, False])
def test_a_column_accepted_in_word_is_accepted(words: bool) -> None:
    hand = Hand(exported(OPEN))
    unmarked(hand, "cellIns", "ins", words=words)
    found = take_in(OPEN, hand.save())
    assert taken(found) == ["accepted : B\nb"]
    assert lines(original(found.after))[0] == ["A", "B", "C"]
    assert marks(found.after, 0) == [("", ""), ("", ""), ("", AN.author)]


def test_a_column_rejected_in_word_goes() -> None:
    hand = Hand(exported(OPEN))
    remove_column(hand, 1, 1)
    found = take_in(OPEN, hand.save())
    assert taken(found) == ["rejected : B\nb"]
    assert lines(found.after) == [["A", "C"], ["a", "c"]]


def test_a_column_whose_removal_was_accepted_in_word_goes() -> None:
    hand = Hand(exported(OPEN))
    remove_column(hand, 1, 2)
    found = take_in(OPEN, hand.save())
    assert taken(found) == ["accepted : C\nc"]
    assert lines(found.after) == [["A", "B"], ["a", "b"]]


@pytest.mark.parametrize("words", [True, False])
def test_a_column_whose_removal_was_rejected_in_word_stays(words: bool) -> None:
    hand = Hand(exported(OPEN))
    unmarked(hand, "cellDel", "del", words=words)
    found = take_in(OPEN, hand.save())
    assert taken(found) == ["rejected : C\nc"]
    assert marks(found.after, 0)[2] == ("", "")


def test_whoever_may_not_write_decides_about_no_column() -> None:
    hand = Hand(exported(OPEN))
    remove_column(hand, 1, 1)
    unmarked(hand, "cellDel", "del", words=True)
    found = take_in(OPEN, hand.save(), may_write=False)
    assert taken(found) == []
    assert {code for code, _text in missed(found)} == {"settled"}
    assert found.after == plain(OPEN)


def test_a_program_that_drops_the_marks_of_cells_has_decided_nothing() -> None:
    hand = Hand(exported(OPEN))
    hand.program("LibreOffice/7.4")
    for tag in ("cellIns", "cellDel"):
        unmarked(hand, tag, "", words=False)
    found = take_in(OPEN, hand.save())
    assert (found.compared.steps, found.compared.missed) == ([], [])


def test_a_suggested_column_may_be_struck_by_somebody_else() -> None:
    hand = Hand(exported(OPEN))
    for row in rows_of(hand, 1):
        form = form_of(row.findall(W + "tc")[1])
        form.remove(form.find(W + "cellIns"))
        form.append(hand.revision("cellDel"))
    found = take_in(OPEN, hand.save())
    assert taken(found) == [f"deletion word:{CUC}: B\nb"]
    assert marks(found.after, 0)[1] == (AN.author, f"word:{CUC}")
    assert sound(found)


def test_a_column_rejected_from_under_a_wide_cell_makes_it_narrower() -> None:
    sent = draft(
        (cell("Đơn vị"), cell("Thời hạn", colspan=2)),
        (cell("a"), cell("b"), cell("c", insertion=AN)),
    )
    hand = Hand(exported(sent))
    header, row = rows_of(hand, 1)
    span(header.findall(W + "tc")[1], 1)
    row.remove(row.findall(W + "tc")[2])
    found = take_in(sent, hand.save())
    assert taken(found) == ["rejected : c"]
    assert spans(found.after) == [[(1, 1), (1, 1)], [(1, 1), (1, 1)]]


# ── meanwhile, and again ────────────────────────────────────────────────────────────


def test_a_column_finds_its_place_beside_one_that_came_meanwhile() -> None:
    hand = Hand(BASE)
    add_column(hand, TABLE, 2, ["Đầu mối", "Thanh tra"])
    remove_column(hand, TABLE, 0)
    now = Content(
        CORPUS.fields,
        tuple(
            Table(
                tuple(
                    Row((cell(text, insertion=AN), *row.cells))
                    for text, row in zip("xy", block.rows, strict=True)
                )
            )
            if isinstance(block, Table)
            else block
            for block in CORPUS.blocks
        ),
    )
    found = take_in(CORPUS, hand.save(), now=now)
    assert lines(found.after)[1] == ["y", "Sở Nội vụ", "Ngày 10", "Thanh tra"]
    assert marks(found.after, 1) == [
        (AN.author, ""), ("", "me"), ("", ""), (f"word:{CUC}", ""),
    ]  # fmt: skip
    assert sound(found)


def test_a_column_finds_its_place_in_rows_that_came_meanwhile() -> None:
    hand = Hand(BASE)
    add_column(hand, TABLE, 1, ["Đầu mối", "Thanh tra"])
    now = Content(
        CORPUS.fields,
        tuple(
            Table((*block.rows, Row((cell("Sở Y tế"), cell("Ngày 5")))))
            if isinstance(block, Table)
            else block
            for block in CORPUS.blocks
        ),
    )
    found = take_in(CORPUS, hand.save(), now=now)
    assert lines(found.after)[2] == ["Sở Y tế", "", "Ngày 5"]
    assert sound(found)


def test_the_cell_of_a_row_that_went_meanwhile_is_told() -> None:
    hand = Hand(BASE)
    add_column(hand, TABLE, 1, ["Đầu mối", "Thanh tra"])
    now = Content(
        CORPUS.fields,
        tuple(
            Table(block.rows[:1]) if isinstance(block, Table) else block
            for block in CORPUS.blocks
        ),
    )
    found = take_in(CORPUS, hand.save(), now=now)
    assert lines(found.after) == [["Cơ quan", "Đầu mối", "Thời hạn"]]
    assert missed(found) == [("gone", "Thanh tra")]
    assert sound(found)


def test_a_file_that_comes_twice_brings_its_columns_once() -> None:
    hand = Hand(BASE)
    add_column(hand, TABLE, 1, ["một", "hai"])
    strike_column(hand, TABLE, 2)
    data = hand.save()
    once = take_in(CORPUS, data)
    again = take_in(CORPUS, data, now=once.after)
    assert again.outcome.already == 2
    assert again.outcome.taken == []
    assert again.after == once.after


def test_a_table_that_is_gone_is_told_with_what_came_to_it() -> None:
    hand = Hand(BASE)
    add_column(hand, TABLE, 1, ["Đầu mối", "Thanh tra"])
    now = Content(
        CORPUS.fields, tuple(b for b in CORPUS.blocks if not isinstance(b, Table))
    )
    found = take_in(CORPUS, hand.save(), now=now)
    assert missed(found) == [("gone", "Đầu mối\nThanh tra")]


def test_widths_of_columns_stay_with_their_columns() -> None:
    rows = (
        (cell("A"), cell("B", colspan=2)),
        (cell("a"), cell("b"), cell("c")),
    )
    sent = draft(*rows)
    table = Table(table_in(sent).rows, (100, 200, 300))
    sent = Content(sent.fields, (sent.blocks[0], table, sent.blocks[2]))
    hand = Hand(exported(sent))
    header, row = rows_of(hand, 1)
    span(header.findall(W + "tc")[1], 3)
    made = blank_cell(row.findall(W + "tc")[1], "mới")
    row.findall(W + "tc")[2].addprevious(made)
    found = take_in(sent, hand.save())
    assert table_in(found.after).column_widths == (100, 200, None, 300)
    assert sound(found)


def test_the_letters_of_another_in_a_struck_column_stay_his() -> None:
    hand = Hand(BASE)
    hand.by = DUNG
    hand.delete(10, "10")
    hand.by = CUC
    for row in rows_of(hand, TABLE):
        form_of(row.findall(W + "tc")[1]).append(hand.revision("cellDel"))
    found = take_in(CORPUS, hand.save())
    assert sorted(taken(found)) == [
        f"deletion word:{CUC}: Thời hạn\nNgày 10",
        f"deletion word:{DUNG}: 10",
    ]
