"""Columns that came and went in Word: told with their words, the rest is taken."""

from __future__ import annotations

import copy
from typing import Any

from lxml import etree

from tests.support.reviewed_docx import CORPUS
from tests.support.word_hand import Hand, W, plain_run
from tests.unit.server.review.word_worlds import Taken, exported, take_in

BASE = exported(CORPUS)
TABLE = 7  # the number of its first paragraph


def rows_of(hand: Hand) -> list[Any]:
    return list(next(hand.p(TABLE).iterancestors(W + "tbl")).findall(W + "tr"))


def add_column(hand: Hand, at: int, *texts: str) -> None:
    """As Word: cells like those beside them, with no mark of ours."""
    for row, text in zip(rows_of(hand), texts, strict=True):
        cells = row.findall(W + "tc")
        made = copy.deepcopy(cells[0])
        for paragraph in made.iter(W + "p"):
            for part in list(paragraph):
                if part.tag != W + "pPr":
                    paragraph.remove(part)
            paragraph.append(plain_run(text))
        if at < len(cells):
            cells[at].addprevious(made)
        else:
            cells[-1].addnext(made)


def remove_column(hand: Hand, at: int) -> None:
    for row in rows_of(hand):
        row.remove(row.findall(W + "tc")[at])


def missed(found: Taken) -> list[tuple[str, str]]:
    return [
        (one.code, one.text) for one in (*found.compared.missed, *found.outcome.missed)
    ]


def taken(found: Taken) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in found.outcome.taken]


def test_a_column_that_came_is_told_with_its_cells() -> None:
    hand = Hand(BASE)
    hand.replace(10, "10", "12")
    add_column(hand, 1, "Đầu mối", "Văn phòng")
    found = take_in(CORPUS, hand.save())
    assert missed(found) == [("column_added", "Đầu mối\nVăn phòng")]
    assert sorted(taken(found)) == [("deletion", "10"), ("insertion", "12")]
    assert found.stands


def test_a_column_that_went_is_told_with_its_cells() -> None:
    hand = Hand(BASE)
    hand.insert(9, "Sở Nội vụ", " tỉnh")
    remove_column(hand, 1)
    found = take_in(CORPUS, hand.save())
    assert missed(found) == [("column_removed", "Thời hạn\nNgày 10")]
    assert taken(found) == [("insertion", " tỉnh")]
    assert found.stands


def test_cells_struck_under_track_changes_are_told_too() -> None:
    hand = Hand(BASE)
    for row in rows_of(hand):
        form = row.findall(W + "tc")[1].find(W + "tcPr")
        form.append(hand.revision("cellDel"))
    found = take_in(CORPUS, hand.save())
    assert missed(found) == [("column_removed", "Thời hạn\nNgày 10")]
    assert taken(found) == []


def test_a_row_that_came_with_a_column_fits_the_table() -> None:
    """The row is suggested with the columns that there were, the column is told."""
    hand = Hand(BASE)
    add_column(hand, 2, "Đầu mối", "Văn phòng")
    row = rows_of(hand)[1]
    made = copy.deepcopy(row)
    texts = ("Sở Tài chính", "Ngày 20", "Thanh tra")
    for paragraph, text in zip(made.iter(W + "p"), texts, strict=True):
        for part in list(paragraph):
            if part.tag != W + "pPr":
                paragraph.remove(part)
        paragraph.append(plain_run(text))
    form = etree.Element(W + "trPr")
    form.append(hand.revision("ins"))
    made.insert(0, form)
    row.addnext(made)
    found = take_in(CORPUS, hand.save())
    assert taken(found) == [("insertion", "Sở Tài chính | Ngày 20")]
    assert missed(found) == [("column_added", "Đầu mối\nVăn phòng\nThanh tra")]


def test_one_cell_more_in_one_row_is_no_column() -> None:
    hand = Hand(BASE)
    row = rows_of(hand)[1]
    made = copy.deepcopy(row.findall(W + "tc")[1])
    for paragraph in made.iter(W + "p"):
        for part in paragraph.findall(W + "bookmarkStart"):
            paragraph.remove(part)
        paragraph.append(plain_run(" thừa"))
    row.append(made)
    found = take_in(CORPUS, hand.save())
    assert missed(found) == [("cells", "Ngày 10 thừa")]
    assert found.stands
