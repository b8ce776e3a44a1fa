"""What is suggested about the cells of a table, as Word's own revisions.

A header and the widths are written as they are to be, with what stands in w:tcPrChange,
w:trPrChange and w:tblGridChange. Cells that are to be one, one below the other, and a
cell that is to be several again, are written as they stand and bear w:cellMerge, which
says what they are to become. The format has no mark for cells side by side that are to
be one, nor two marks for one cell: these stay in the draft. Must never write a cell
otherwise than it stands without saying so.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from docx.oxml.ns import qn

from collab.content.cell_looks import (
    column_of,
    is_width,
    standing_cells,
    wishes_of,
)
from collab.content.grid import PlacedCell, column_count, place_cells
from collab.content.tree import MERGE, SPLIT, Cell, Row, Suggested, Table
from server.publishing.docx_elements import element
from server.publishing.layout import HEADER_CELL_FILL

Revision = Callable[[str, Suggested], Any]
Twips = Callable[[Table, int], list[int]]
"""Widths of all columns of a table that has as many."""
_MARKS = tuple(qn(f"w:{name}") for name in ("cellIns", "cellDel", "cellMerge"))
# In the order of the schema, what stands before the shade of a cell.
_BEFORE_SHADE = tuple(
    qn(f"w:{name}")
    for name in ("cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders")
)


@dataclass(frozen=True, slots=True)
class _Merge:
    """`corner` and `rest`: what the first place and those below it say."""

    by: Suggested
    corner: dict[str, str]
    rest: dict[str, str]


class CellLooks:
    """Of one table. `shown` is what is to be written: headers and widths as they are to
    be; its cells are known again by what they are."""

    def __init__(self, table: Table, twips: Twips, revision: Revision) -> None:
        self._revision = revision
        self._standing = standing_cells(table)
        rows = (replace(row, cells=tuple(map(_shown, row.cells))) for row in table.rows)
        self.shown = replace(table, rows=tuple(rows))
        placed = place_cells(self.shown.rows)
        columns = column_count(placed)
        self._now = twips(self.shown, columns)
        self._before = twips(self._standing, columns)
        self._stood: dict[int, tuple[PlacedCell, Cell]] = {}
        for line, row in zip(placed, self._standing.rows, strict=True):
            for cell, stood in zip(line, row.cells, strict=True):
                self._stood[id(cell.cell)] = (cell, stood)
        self._rows = {
            id(row): stood
            for row, stood in zip(self.shown.rows, self._standing.rows, strict=True)
        }
        self._merges = dict(_merges(self.shown, placed))
        self._wideners = dict(_wideners(placed))

    def cell_done(self, made: Any, read: Cell, *, is_below: bool) -> None:
        """`is_below`: of a place that a cell reaches from above."""
        held = self._stood.get(id(read))
        if held is None:
            return
        placed, stood = held
        form = made.find(qn("w:tcPr"))
        before = copy.deepcopy(form)
        for child in list(before):
            if child.tag in _MARKS:
                before.remove(child)
        self._as_it_stood(before, placed, stood)
        merge = self._merges.get(id(read))
        if merge is not None and not any(child.tag in _MARKS for child in form):
            mark = self._revision("w:cellMerge", merge.by)
            for name, value in (merge.rest if is_below else merge.corner).items():
                mark.set(qn(name), value)
            form.append(mark)
        by = _who(read, lambda name: name == "headed" or is_width(name))
        for column in range(placed.column, placed.column + placed.colspan):
            # A width is said by any cell of its column, and counts for all.
            by = by or self._wideners.get(column)
        if by is not None and not _are_alike(before, form):
            change = self._revision("w:tcPrChange", by)
            change.append(before)
            form.append(change)

    def row_done(self, made: Any, read: Row) -> None:
        stood = self._rows.get(id(read))
        by = _who(read.cells[0], lambda name: name == "headed") if read.cells else None
        if stood is None or by is None or self.shown.rows[0] is not read:
            return  # the format knows headers at the top alone
        was, is_now = _is_header(stood), _is_header(read)
        if was == is_now:
            return
        form = made.find(qn("w:trPr"))
        if form is None:
            form = element("w:trPr")
            made.insert(0, form)
        change = self._revision("w:trPrChange", by)
        before = element("w:trPr")
        if was:
            before.append(element("w:tblHeader"))
        change.append(before)
        form.append(change)

    def table_done(self, made: Any, number: str) -> None:
        if self._now == self._before:
            return
        change, before = element("w:tblGridChange", id=number), element("w:tblGrid")
        for width in self._before:
            before.append(element("w:gridCol", w=str(width)))
        change.append(before)
        made.find(qn("w:tblGrid")).append(change)

    def _as_it_stood(self, form: Any, placed: PlacedCell, stood: Cell) -> None:
        columns = slice(placed.column, placed.column + placed.colspan)
        is_set = all(self._standing.column_widths[columns])
        width = form.find(qn("w:tcW"))
        width.set(qn("w:w"), str(sum(self._before[columns]) if is_set else 0))
        width.set(qn("w:type"), "dxa" if is_set else "auto")
        shade = form.find(qn("w:shd"))
        if shade is not None and not stood.header:
            form.remove(shade)
        elif shade is None and stood.header:
            made = element("w:shd", val="clear", color="auto", fill=HEADER_CELL_FILL)
            place = sum(1 for child in form if child.tag in _BEFORE_SHADE)
            form.insert(place, made)


def _shown(cell: Cell) -> Cell:
    """A new one in any case, to be known by what it is."""
    header = cell.header if cell.headed is None else cell.headed
    return replace(cell, header=header)


def _is_header(row: Row) -> bool:
    return bool(row.cells) and all(cell.header for cell in row.cells)


def _who(cell: Cell, is_about: Callable[[str], bool]) -> Suggested | None:
    """The uppermost who suggests such a thing."""
    for layer in reversed(wishes_of(cell)):
        if any(map(is_about, layer.wishes)):
            return layer.by
    return None


def _are_alike(before: Any, now: Any) -> bool:
    held = [child for child in now if child.tag not in _MARKS]
    return [(c.tag, dict(c.attrib)) for c in before] == [
        (c.tag, dict(c.attrib)) for c in held
    ]


def _wideners(
    placed: tuple[tuple[PlacedCell, ...], ...],
) -> Iterator[tuple[int, Suggested]]:
    """Who suggests another width, by the column."""
    for line in placed:
        for cell in line:
            for layer in wishes_of(cell.cell):
                for name in filter(is_width, layer.wishes):
                    yield cell.column + column_of(name), layer.by


def _merges(
    table: Table, placed: tuple[tuple[PlacedCell, ...], ...]
) -> Iterator[tuple[int, _Merge]]:
    """By the id of each cell that takes part in one that the format can say."""
    groups: dict[str, list[PlacedCell]] = {}
    for line in placed:
        for cell in line:
            by = _who_shapes(cell.cell)
            row = table.rows[cell.row]
            if by is None or row.insertion or row.deletion:
                continue
            if cell.cell.insertion or cell.cell.deletion:
                continue
            shape = cell.cell.shape or ""
            if shape == SPLIT and cell.colspan == 1 and cell.rowspan > 1:
                was = {"w:vMergeOrig": "rest"}, {"w:vMergeOrig": "cont"}
                yield id(cell.cell), _Merge(by, *was)
            elif shape.startswith(MERGE):
                groups.setdefault(shape, []).append(cell)
    named = [cell.shape for row in table.rows for cell in row.cells if cell.shape]
    for shape, cells in groups.items():
        if len(cells) < 2 or named.count(shape) != len(cells) or not _is_pile(cells):
            continue
        if len({_who_shapes(cell.cell) and _named(cell.cell) for cell in cells}) > 1:
            continue
        for number, cell in enumerate(cells):
            by = _who_shapes(cell.cell)
            assert by is not None
            now = {"w:vMerge": "cont" if number else "rest"}
            yield id(cell.cell), _Merge(by, now, now)


def _who_shapes(cell: Cell) -> Suggested | None:
    """Of a shape that one person suggests and that does not stand."""
    layers = [layer for layer in wishes_of(cell) if "shape" in layer.wishes]
    return layers[0].by if len(layers) == 1 else None


def _named(cell: Cell) -> tuple[str, str]:
    by = _who_shapes(cell)
    return (by.author, by.id) if by else ("", "")


def _is_pile(cells: list[PlacedCell]) -> bool:
    """One below the other, each as wide as the first and one row high."""
    first = cells[0]
    return all(
        (cell.column, cell.colspan, cell.rowspan) == (first.column, first.colspan, 1)
        and cell.row == first.row + number
        for number, cell in enumerate(cells)
    )
