"""What a hand does to the columns of a table, as Word writes it."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from lxml import etree

from tests.support.word_hand import Hand, W, plain_run


def rows_of(hand: Hand, mark: int) -> list[Any]:
    """Of the table in which that paragraph stands."""
    table = next(hand.p(mark).iterancestors(W + "tbl"))
    return list(table.findall(W + "tr"))


def form_of(cell: Any) -> Any:
    return cell.find(W + "tcPr")


def blank_cell(like: Any, text: str) -> Any:
    """A cell like that one, with no mark of ours and nothing merged."""
    made = etree.Element(W + "tc")
    form = copy.deepcopy(form_of(like))
    for name in ("gridSpan", "vMerge", "cellIns", "cellDel"):
        for old in form.findall(W + name):
            form.remove(old)
    made.append(form)
    paragraph = etree.SubElement(made, W + "p")
    style = copy.deepcopy(next(like.iter(W + "p")).find(W + "pPr"))
    for old in style.findall(W + "rPr"):
        style.remove(old)
    paragraph.append(style)
    if text:
        paragraph.append(plain_run(text))
    return made


def add_column(
    hand: Hand, mark: int, at: int, texts: Sequence[str], *, tracked: bool = True
) -> list[Any]:
    """Before the cell `at` of each row; as many as there are: at the end."""
    made = []
    for row, text in zip(rows_of(hand, mark), texts, strict=True):
        cells = row.findall(W + "tc")
        cell = blank_cell(cells[min(at, len(cells) - 1)], text)
        if at < len(cells):
            cells[at].addprevious(cell)
        else:
            cells[-1].addnext(cell)
        if tracked:
            mark_cell(hand, cell, "cellIns", "ins")
        made.append(cell)
    return made


def mark_cell(hand: Hand, cell: Any, tag: str, inner: str) -> None:
    """As Word: the cell, and the letters in it."""
    form_of(cell).append(hand.revision(tag))
    for paragraph in cell.iter(W + "p"):
        for run in list(paragraph.findall(W + "r")):
            hand.wrap(run, inner)


def strike_column(hand: Hand, mark: int, at: int) -> None:
    for row in rows_of(hand, mark):
        mark_cell(hand, row.findall(W + "tc")[at], "cellDel", "del")


def remove_column(hand: Hand, mark: int, at: int) -> None:
    for row in rows_of(hand, mark):
        row.remove(row.findall(W + "tc")[at])


def add_row(
    hand: Hand, mark: int, texts: Sequence[str], *, tracked: bool = True
) -> Any:
    """Behind the row in which that paragraph stands."""
    near = next(hand.p(mark).iterancestors(W + "tr"))
    made = etree.Element(W + "tr")
    for cell, text in zip(near.findall(W + "tc"), texts, strict=True):
        made.append(blank_cell(cell, text))
    near.addnext(made)
    if tracked:
        hand.row(made, "ins")
    return made


def span(cell: Any, columns: int) -> None:
    form = form_of(cell)
    held = form.find(W + "gridSpan")
    if held is None:
        held = etree.Element(W + "gridSpan")
        form.find(W + "tcW").addnext(held)
    held.set(W + "val", str(columns))


def add_table(hand: Hand, mark: int, lines: Sequence[Sequence[str]]) -> Any:
    """Behind that paragraph, without a trace."""
    near = hand.p(mark)
    table = etree.Element(W + "tbl")
    for line in lines:
        row = etree.SubElement(table, W + "tr")
        for text in line:
            cell = etree.SubElement(row, W + "tc")
            width = etree.SubElement(etree.SubElement(cell, W + "tcPr"), W + "tcW")
            width.set(W + "w", "0")
            width.set(W + "type", "auto")
            paragraph = etree.SubElement(cell, W + "p")
            paragraph.append(copy.deepcopy(near.find(W + "pPr")))
            paragraph.append(plain_run(text))
    near.addnext(table)
    return table
