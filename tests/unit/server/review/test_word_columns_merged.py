"""Columns among merged cells and ragged rows: suggested, or told with their words."""

from __future__ import annotations

from lxml import etree

from collab.content.suggested import final
from collab.content.tree import (
    Content,
    Row,
    Table,
    iter_paragraphs,
)
from tests.support.reviewed_docx import CORPUS
from tests.support.word_columns import (
    add_column,
    add_row,
    blank_cell,
    form_of,
    mark_cell,
    rows_of,
    span,
)
from tests.support.word_hand import CUC, Hand, W
from tests.unit.server.review.column_worlds import (
    AN,
    BASE,
    HEADED,
    TABLE,
    cell,
    draft,
    lines,
    missed,
    sound,
    spans,
    table_in,
    taken,
)
from tests.unit.server.review.word_worlds import exported, plain, take_in

# ── merged cells ────────────────────────────────────────────────────────────────────


def headed(at: int) -> Hand:
    """A column beside the cell `at` of the lower rows."""
    hand = Hand(exported(HEADED))
    for row, text in zip(rows_of(hand, 1)[1:], ["mới 1", "mới 2"], strict=True):
        cells = row.findall(W + "tc")
        made = blank_cell(cells[0], text)
        mark_cell(hand, made, "cellIns", "ins")
        cells[at].addprevious(made) if at < 3 else cells[-1].addnext(made)
    return hand


def test_a_column_under_a_cell_that_spans_several_makes_it_wider() -> None:
    hand = headed(2)
    span(rows_of(hand, 1)[0].findall(W + "tc")[1], 3)
    found = take_in(HEADED, hand.save())
    assert missed(found) == []
    assert lines(found.after)[1] == ["Sở Nội vụ", "quý I", "mới 1", "quý II"]
    assert spans(found.after)[0] == [(1, 1), (3, 1)]
    assert sound(found)


def test_a_column_at_the_edge_of_such_a_cell_is_under_it_when_word_has_it_so() -> None:
    hand = headed(3)
    span(rows_of(hand, 1)[0].findall(W + "tc")[1], 3)
    found = take_in(HEADED, hand.save())
    assert lines(found.after)[1] == ["Sở Nội vụ", "quý I", "quý II", "mới 1"]
    assert spans(found.after)[0] == [(1, 1), (3, 1)]
    assert sound(found)


def test_or_beside_it_when_it_has_a_cell_of_its_own() -> None:
    hand = headed(3)
    header = rows_of(hand, 1)[0]
    cells = header.findall(W + "tc")
    made = blank_cell(cells[0], "Đầu mối")
    mark_cell(hand, made, "cellIns", "ins")
    cells[-1].addnext(made)
    found = take_in(HEADED, hand.save())
    assert lines(found.after)[0] == ["Đơn vị", "Thời hạn", "Đầu mối"]
    assert spans(found.after)[0] == [(1, 1), (2, 1), (1, 1)]
    assert sound(found)


def test_a_column_that_stands_elsewhere_in_each_row_is_told() -> None:
    """As LibreOffice puts one beside the right half of what a header spans."""
    hand = headed(2)
    header, *rows = rows_of(hand, 1)
    cells = header.findall(W + "tc")
    made = blank_cell(cells[0], "mới 0")
    cells[1].addprevious(made)
    for one in (made, *(row.findall(W + "tc")[2] for row in rows)):
        span(one, 2)
    found = take_in(HEADED, hand.save())
    assert taken(found) == []
    assert missed(found) == [("cells", f"mới {n}") for n in range(3)]
    assert found.after == plain(HEADED)


def test_a_column_that_went_from_under_such_a_cell_makes_it_narrower() -> None:
    hand = Hand(exported(HEADED))
    header, *rows = rows_of(hand, 1)
    span(header.findall(W + "tc")[1], 1)
    for row in rows:
        row.remove(row.findall(W + "tc")[2])
    found = take_in(HEADED, hand.save())
    assert taken(found) == ["deletion me: quý II\n10/6"]
    assert spans(found.after)[0] == [(1, 1), (2, 1)]
    assert spans(final(found.after))[0] == [(1, 1), (1, 1)]
    assert sound(found)


def test_both_columns_under_such_a_cell_take_it_with_them() -> None:
    hand = Hand(exported(HEADED))
    for row in rows_of(hand, 1):
        for struck in row.findall(W + "tc")[1:]:
            mark_cell(hand, struck, "cellDel", "del")
    found = take_in(HEADED, hand.save())
    assert lines(final(found.after)) == [["Đơn vị"], ["Sở Nội vụ"], ["Sở Y tế"]]
    assert sound(found)


def test_a_new_column_whose_cells_are_merged_stays_merged() -> None:
    hand = Hand(exported(HEADED))
    made = add_column(hand, 1, 0, ["Khối", "VX", ""])
    for one, value in ((made[1], "restart"), (made[2], "continue")):
        merge = etree.Element(W + "vMerge")
        merge.set(W + "val", value)
        form_of(one).find(W + "tcW").addnext(merge)
    found = take_in(HEADED, hand.save())
    assert missed(found) == []
    assert lines(found.after)[1:] == [
        ["VX", "Sở Nội vụ", "quý I", "quý II"],
        ["Sở Y tế", "10/3", "10/6"],
    ]
    assert spans(found.after)[1][0] == (1, 2)
    assert sound(found)


def test_a_column_that_only_reaches_down_from_a_new_row_keeps_its_words() -> None:
    hand = Hand(exported(HEADED))
    header = rows_of(hand, 1)[0]
    made = add_row(hand, 1, ["a", "b"], tracked=False)
    header.addprevious(made)
    like = made.findall(W + "tc")[0]
    for row in rows_of(hand, 1):
        text = "mới" if row is made else ""
        cell_there = blank_cell(like, text)
        merge = etree.Element(W + "vMerge")
        merge.set(W + "val", "restart" if row is made else "continue")
        form_of(cell_there).find(W + "tcW").addnext(merge)
        row.append(cell_there)
    span(made.findall(W + "tc")[1], 2)
    found = take_in(HEADED, hand.save())
    assert lines(found.after)[0] == ["a", "b", "mới"]
    assert lines(found.after)[2] == ["Sở Nội vụ", "quý I", "quý II", ""]
    assert missed(found) == []
    assert sound(found)


TALL = draft(
    (cell("Khối"), cell("Đơn vị")),
    (cell("Văn xã", rowspan=2), cell("Sở Y tế")),
    (cell("Sở Nội vụ"),),
)  # 0; 1, 2; 3, 4; 5; 6


def test_a_row_between_those_that_a_tall_cell_joins_is_under_it() -> None:
    hand = Hand(exported(TALL))
    above = next(hand.p(4).iterancestors(W + "tr"))
    below = next(hand.p(5).iterancestors(W + "tr"))
    made = etree.Element(W + "tr")
    made.append(blank_cell(below.findall(W + "tc")[1], ""))
    made.append(blank_cell(below.findall(W + "tc")[1], "Sở Tài chính"))
    merge = etree.Element(W + "vMerge")
    form_of(made[0]).find(W + "tcW").addnext(merge)
    above.addnext(made)
    hand.row(made, "ins")
    found = take_in(TALL, hand.save())
    assert missed(found) == []
    assert lines(found.after)[2] == ["Sở Tài chính"]
    assert spans(found.after)[1][0] == (1, 3)
    assert sound(found)


def test_a_row_from_which_a_tall_cell_reaches_down_is_not_removed_with_its_words() -> (
    None
):
    sent = draft(
        (cell("Khối"), cell("Đơn vị")),
        (cell("Văn xã", rowspan=2), cell("Sở Y tế")),
        (cell("Sở Nội vụ"),),
    )
    table = table_in(sent)
    gone = Row(table.rows[1].cells, deletion=AN)
    rows = (table.rows[0], gone, table.rows[2])
    sent = Content(sent.fields, (sent.blocks[0], Table(rows), sent.blocks[2]))
    hand = Hand(exported(sent))
    row = next(hand.p(3).iterancestors(W + "tr"))
    row.getparent().remove(row)
    found = take_in(sent, hand.save())
    assert "Văn xã" in [p.text for p in iter_paragraphs(found.after.blocks)]
    assert any("Văn xã" in text for _code, text in missed(found))


def test_cells_merged_across_in_word_are_suggested_with_their_words() -> None:
    hand = Hand(exported(HEADED))
    row = rows_of(hand, 1)[1]
    first, second = row.findall(W + "tc")[1:]
    for paragraph in second.findall(W + "p"):
        first.append(paragraph)
    row.remove(second)
    span(first, 2)
    found = take_in(HEADED, hand.save())
    assert taken(found) == ["merge me: quý I | quý II"]
    assert missed(found) == []
    assert sound(found)
    everything = " ".join(p.text for p in iter_paragraphs(found.after.blocks))
    assert "quý I" in everything and "quý II" in everything


def test_a_column_in_a_table_that_is_also_cut_is_told_with_its_words() -> None:
    """A cell is wider, and the words of the one beside it are nowhere."""
    hand = Hand(exported(HEADED))
    row = rows_of(hand, 1)[1]
    first, second = row.findall(W + "tc")[1:]
    row.remove(second)
    span(first, 2)
    add_column(hand, 1, 0, ["A", "B", "C"])
    found = take_in(HEADED, hand.save())
    told = "\n".join(text for _code, text in missed(found))
    assert all(word in told for word in "ABC")
    assert sound(found)


def test_a_column_in_a_table_that_is_also_merged_is_suggested_beside_it() -> None:
    hand = Hand(exported(HEADED))
    row = rows_of(hand, 1)[1]
    first, second = row.findall(W + "tc")[1:]
    for paragraph in second.findall(W + "p"):
        first.append(paragraph)
    row.remove(second)
    span(first, 2)
    add_column(hand, 1, 0, ["A", "B", "C"])
    found = take_in(HEADED, hand.save())
    assert sorted(taken(found)) == [
        f"insertion word:{CUC}: A\nB\nC", "merge me: quý I | quý II",
    ]  # fmt: skip
    assert lines(final(found.after))[1] == ["B", "Sở Nội vụ", "quý I\nquý II"]
    assert missed(found) == []
    assert sound(found)


# ── ragged rows ─────────────────────────────────────────────────────────────────────


def test_one_cell_more_in_one_row_is_no_column() -> None:
    hand = Hand(BASE)
    row = rows_of(hand, TABLE)[1]
    row.append(blank_cell(row.findall(W + "tc")[1], "thừa"))
    found = take_in(CORPUS, hand.save())
    assert missed(found) == [("cells", "thừa")]
    assert sound(found)


def test_one_cell_struck_is_no_column() -> None:
    hand = Hand(BASE)
    form_of(rows_of(hand, TABLE)[1].findall(W + "tc")[1]).append(
        hand.revision("cellDel")
    )
    found = take_in(CORPUS, hand.save())
    assert missed(found) == [("cells", "Ngày 10")]
    assert taken(found) == []


def test_a_row_that_begins_further_right_is_told() -> None:
    hand = Hand(BASE)
    row = rows_of(hand, TABLE)[1]
    row.remove(row.findall(W + "tc")[0])
    form = etree.Element(W + "trPr")
    gap = etree.SubElement(form, W + "gridBefore")
    gap.set(W + "val", "1")
    row.insert(0, form)
    found = take_in(CORPUS, hand.save())
    assert missed(found) == [("cells", "Sở Nội vụ")]
    assert sound(found)


def test_columns_that_another_program_cuts_finer_are_the_same() -> None:
    """Each cell spans two columns of its grid."""
    hand = Hand(BASE)
    for row in rows_of(hand, TABLE):
        for one in row.findall(W + "tc"):
            span(one, 2)
    found = take_in(CORPUS, hand.save())
    assert (taken(found), missed(found)) == ([], [])


def test_columns_are_known_by_their_words_when_the_marks_are_gone() -> None:
    hand = Hand(BASE)
    add_column(hand, TABLE, 0, ["Đầu mối", "Thanh tra"], tracked=False)
    hand.without_marks()
    found = take_in(CORPUS, hand.save())
    assert taken(found) == ["insertion me: Đầu mối\nThanh tra"]
    assert lines(found.after)[1] == ["Thanh tra", "Sở Nội vụ", "Ngày 10"]
    assert sound(found)


def test_a_table_has_no_more_columns_than_word_takes() -> None:
    wide = draft(tuple(cell(f"ô{n}") for n in range(63)))
    hand = Hand(exported(wide))
    add_column(hand, 1, 63, ["thừa"])
    found = take_in(wide, hand.save())
    assert missed(found) == [("too_wide", "thừa")]
    assert found.after == plain(wide)
