"""A table in which only words of some cells changed: read and compared by these cells.

Whoever types in a long table changes one cell; to read and to resolve all others at
each letter would cost in proportion to the table. Everything here gives what reading
and resolving the whole table gives, or says that it cannot tell. Must never take a
change of a row, of a cell's attributes or of their number for one of words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pycrdt import XmlElement

from collab.content.layers import Decide
from collab.content.normal import normalise_blocks
from collab.content.read import read_cell_blocks
from collab.content.reshape import is_empty
from collab.content.suggested import goes, resolve_cell
from collab.content.tree import Cell, Row, Table

Spot = tuple[int, int]
"""Number of the row, and of the cell in it."""
Changed = tuple[Row | None, Cell, Cell]
"""A cell before and after; the row, where the cell can but go with it."""


def element_at(table: object, spot: Spot) -> XmlElement | None:
    """The element of a cell; None where another program wrote something else."""
    if not isinstance(table, XmlElement) or table.tag != "table":
        return None
    row = _child(table, spot[0])
    return None if row is None or row.tag != "tableRow" else _child(row, spot[1])


def read_cells(table: object, before: Table, spots: Iterable[Spot]) -> Table | None:
    """The table with what stands in these cells read again; None when `before` cannot
    be told to be the same table otherwise."""
    if not isinstance(table, XmlElement) or len(table.children) != len(before.rows):
        return None
    rows = list(before.rows)
    for row, number in spots:
        line, element = _child(table, row), element_at(table, (row, number))
        if line is None or element is None:
            return None
        if len(line.children) != len(rows[row].cells):
            return None
        blocks = read_cell_blocks(element)
        if blocks is None:
            return None
        cells = list(rows[row].cells)
        cells[number] = replace(cells[number], blocks=blocks)
        rows[row] = replace(rows[row], cells=tuple(cells))
    return replace(before, rows=tuple(rows))


def changed_cells(old: Table, new: Table) -> list[Changed] | None:
    """Those with other words; None when something else differs, too."""
    if len(old.rows) != len(new.rows) or replace(old, rows=new.rows) != new:
        return None
    found: list[Changed] = []
    is_flat = all(cell.rowspan == 1 for row in old.rows for cell in row.cells)
    for before, after in zip(old.rows, new.rows, strict=True):
        if before is after:
            continue
        if replace(before, cells=after.cells) != after:
            return None
        if len(before.cells) != len(after.cells):
            return None
        for one, other in zip(before.cells, after.cells, strict=True):
            if one is other:
                continue
            if replace(one, blocks=other.blocks) != other:
                return None
            found.append((before if is_flat else None, one, other))
    return found


def say_the_same(changed: Iterable[Changed], decide: Decide) -> bool:
    """Whether the table is the same with this decided. False may be said of tables
    that are the same, too."""
    return all(_is_same(*one, decide) for one in changed)


def _is_same(row: Row | None, old: Cell, new: Cell, decide: Decide) -> bool:
    if row is not None and goes(row, decide):
        return True  # it goes with its row, whatever it says
    before, after = resolve_cell(old, decide), resolve_cell(new, decide)
    if is_empty(before) != is_empty(after):
        return False  # one that is empty leaves no paragraph in a merge
    return normalise_blocks(before) == normalise_blocks(after)


def _child(element: XmlElement, index: int) -> XmlElement | None:
    if not 0 <= index < len(element.children):
        return None
    found = element.children[index]
    return found if isinstance(found, XmlElement) else None
