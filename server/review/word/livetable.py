"""A table of the draft as it is now, laid out in its grid, and edited there.

What is edited here is laid out anew, so that the next edit finds its place. Must never
decide what is to be done, nor touch a table of which the rows fill no grid: `laid_out`
gives none for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from pycrdt import XmlElement

from collab.content import amending
from collab.content.grid import place_cells
from collab.content.places import RowPlace, TablePlace, attributes_of
from collab.content.read import spans_of
from collab.content.read_suggestions import read_suggested
from collab.content.regrid import gone_columns
from collab.content.tree import Cell, Paragraph, Row, Suggested

_CELLS = frozenset({"tableCell", "tableHeader"})


@dataclass(slots=True, eq=False)
class LiveCell:
    element: XmlElement
    colspan: int
    rowspan: int
    column: int = 0

    @property
    def end(self) -> int:
        return self.column + self.colspan

    def said(self, name: str) -> Suggested | None:
        return read_suggested(attributes_of(self.element).get(name))


@dataclass(slots=True, eq=False)
class LiveRow:
    """`over`: the cell that lies over each column, of this row or of one above."""

    element: XmlElement
    cells: list[LiveCell] = field(default_factory=list)
    over: list[LiveCell] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return "insertion" in attributes_of(self.element)


class LiveTable:
    def __init__(self, element: XmlElement, rows: list[LiveRow]) -> None:
        self.element = element
        self.rows = rows
        self.columns = 0
        self._of_place: dict[int, LiveRow] = {}

    @classmethod
    def laid_out(cls, place: TablePlace) -> LiveTable | None:
        if len(list(place.element.children)) != len(place.rows):
            return None
        made = cls(place.element, [])
        for at in place.rows:
            row = LiveRow(at.element)
            for child in at.element.children:
                if not isinstance(child, XmlElement) or child.tag not in _CELLS:
                    return None
                row.cells.append(LiveCell(child, *spans_of(attributes_of(child))))
            made.rows.append(row)
            made._of_place[id(at)] = row
        return made if made._lay_out() else None

    def row(self, place: RowPlace | None) -> LiveRow | None:
        return None if place is None else self._of_place.get(id(place))

    def index(self, row: LiveRow) -> int:
        return self.rows.index(row)

    def cells(self) -> Iterator[LiveCell]:
        for row in self.rows:
            yield from row.cells

    def within(self, columns: Set[int]) -> list[LiveCell]:
        """The cells that lie in these columns and in no other."""
        return [c for c in self.cells() if columns >= set(range(c.column, c.end))]

    def across(self, index: int) -> set[LiveCell]:
        """The cells that reach down over the upper edge of that row."""
        if not 0 < index < len(self.rows):
            return set()
        above, below = self.rows[index - 1].over, self.rows[index].over
        return {a for a, b in zip(above, below, strict=True) if a is b}

    def columns_of(self, ident: str) -> list[int]:
        """Those that came by the suggestion of that id."""
        for row in self.rows:
            said = [cell.said("insertion") for cell in row.over]
            if held := [at for at, by in enumerate(said) if by and by.id == ident]:
                return held
        return []

    def _lay_out(self) -> bool:
        """Whether the rows fill a grid, and no cell claims more than it gets."""
        lines = place_cells(self._as_read())
        over: list[dict[int, LiveCell]] = [{} for _ in self.rows]
        for row, line in zip(self.rows, lines, strict=True):
            if len(line) != len(row.cells):
                return False
            for cell, placed in zip(row.cells, line, strict=True):
                if (cell.colspan, cell.rowspan) != (placed.colspan, placed.rowspan):
                    return False
                cell.column = placed.column
                for below in over[placed.row : placed.row + placed.rowspan]:
                    for column in range(placed.column, cell.end):
                        below[column] = cell
        self.columns = max((len(held) for held in over), default=0)
        for row, held in zip(self.rows, over, strict=True):
            if len(held) != self.columns or max(held, default=-1) >= self.columns:
                return False
            row.over = [held[column] for column in range(self.columns)]
        return self.columns > 0

    def _as_read(self) -> tuple[Row, ...]:
        return tuple(
            Row(
                tuple(Cell((), cell.colspan, cell.rowspan) for cell in row.cells),
                read_suggested(attributes_of(row.element).get("insertion")),
            )
            for row in self.rows
        )

    # ── edits ───────────────────────────────────────────────────────────────────────

    def insert_cells(self, row: LiveRow, column: int, cells: Sequence[Cell]) -> None:
        """Before that column; the rows are laid out by `widen`."""
        at = sum(1 for cell in row.cells if cell.column < column)
        for number, cell in enumerate(cells, at):
            made = amending.insert_cell(row.element, number, cell)
            row.cells.insert(number, LiveCell(made, cell.colspan, cell.rowspan, column))

    def widen(self, cells: Set[LiveCell], column: int, count: int) -> None:
        """New columns before that one are under these cells, too."""
        for cell in cells:
            _set_widths(cell.element, cell.column, count, column, column)
            cell.colspan += count
            cell.element.attributes["colspan"] = cell.colspan
        self._lay_out()

    def insert_row(self, index: int, row: Row, under: Set[LiveCell]) -> None:
        """`under`: cells from above that reach over it."""
        for cell in under:
            cell.rowspan += 1
            cell.element.attributes["rowspan"] = cell.rowspan
        amending.insert_row(self.element, index, row)
        element = self.element.children[index]
        assert isinstance(element, XmlElement)
        made = LiveRow(element)
        for child, new in zip(element.children, row.cells, strict=True):
            assert isinstance(child, XmlElement)
            made.cells.append(LiveCell(child, new.colspan, new.rowspan))
        self.rows.insert(index, made)
        # Of the grid nothing else changes: not laid out anew, for many rows may come.
        at = 0
        above = self.rows[index - 1].over if index else []
        held = iter(made.cells)
        while at < self.columns:
            if above and above[at] in under:
                cell = above[at]
            else:
                cell = next(held)
                cell.column = at
            made.over += [cell] * (cell.end - at)
            at = cell.end

    def remove_row(self, row: LiveRow) -> None:
        index = self.index(row)
        for cell in {id(cell): cell for cell in row.over}.values():
            if cell.rowspan > 1:
                cell.rowspan -= 1
                cell.element.attributes["rowspan"] = cell.rowspan
        del self.element.children[index]
        del self.rows[index]

    def remove_cells(self, gone: Set[LiveCell]) -> set[int]:
        """With their columns, as `regrid` has it; the columns that went."""
        rows = self._as_read()
        spots = {
            (index, number)
            for index, row in enumerate(self.rows)
            for number, cell in enumerate(row.cells)
            if cell in gone
        }
        columns = gone_columns(rows, place_cells(rows), (), spots)
        for row in self.rows:
            for number, cell in reversed(list(enumerate(row.cells))):
                covered = columns & set(range(cell.column, cell.end))
                if covered and (cell in gone or len(covered) == cell.colspan):
                    del row.element.children[number]
                    del row.cells[number]
                elif covered:
                    for column in sorted(covered, reverse=True):
                        _set_widths(cell.element, cell.column, 0, column, column + 1)
                    cell.colspan -= len(covered)
                    cell.element.attributes["colspan"] = cell.colspan
                elif cell in gone:
                    # Its place stays for the sake of the grid; what it says does not.
                    for name in ("insertion", "deletion"):
                        amending.set_attribute(cell.element, name, None)
                    while list(cell.element.children):
                        del cell.element.children[0]
                    amending.insert_block(cell.element, 0, Paragraph())
        self._lay_out()
        return columns


def is_header(row: LiveRow) -> bool:
    return all(cell.element.tag == "tableHeader" for cell in row.over)


def _set_widths(
    element: XmlElement, first: int, new: int, start: int, end: int
) -> None:
    """As many new ones for the columns from `start` to before `end`, of a cell that
    begins at `first`. What is suggested about its look says widths, too."""

    def cut(widths: list[Any]) -> list[Any]:
        return [*widths[: start - first], *[0] * new, *widths[end - first :]]

    held = attributes_of(element)
    if isinstance(held.get("colwidth"), list):
        amending.set_attribute(element, "colwidth", cut(held["colwidth"]))
    if isinstance(held.get("formatting"), dict):
        made = _with_widths(held["formatting"], cut)
        amending.set_attribute(element, "formatting", made)


def _with_widths(
    look: dict[str, Any], cut: Callable[[list[Any]], list[Any]]
) -> dict[str, Any]:
    made, before, under = dict(look), look.get("before"), look.get("under")
    if isinstance(before, dict) and isinstance(before.get("colwidth"), list):
        made["before"] = {**before, "colwidth": cut(before["colwidth"])}
    if isinstance(under, dict):
        made["under"] = _with_widths(under, cut)
    return made
