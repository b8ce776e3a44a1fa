"""Where each cell of a table stands, as HTML and ProseMirror lay it out.

Tables from clients and Word may be ragged, overlap or claim absurd spans; exporters
need a full grid. Pure; must never lose the text of a cell.
"""

from __future__ import annotations

from dataclasses import dataclass

from collab.content.tree import MAX_COLUMNS, Cell, Row


@dataclass(frozen=True, slots=True)
class PlacedCell:
    cell: Cell
    row: int
    column: int
    colspan: int
    rowspan: int


def place_cells(rows: tuple[Row, ...]) -> tuple[tuple[PlacedCell, ...], ...]:
    """Give every cell its column; spans are cut where they would overlap or overflow.

    One tuple a row, cells in the order of their columns.
    """
    taken: list[set[int]] = [set() for _ in rows]
    placed: list[tuple[PlacedCell, ...]] = []
    for index, row in enumerate(rows):
        line: list[PlacedCell] = []
        column = 0
        for cell in row.cells:
            while column in taken[index]:
                column += 1
            wanted = max(1, min(cell.colspan, MAX_COLUMNS - column))
            width = 1
            while width < wanted and column + width not in taken[index]:
                width += 1
            height = max(1, min(cell.rowspan, len(rows) - index))
            for below in range(index, index + height):
                taken[below].update(range(column, column + width))
            line.append(PlacedCell(cell, index, column, width, height))
            column += width
        placed.append(tuple(line))
    return tuple(placed)


def column_count(placed: tuple[tuple[PlacedCell, ...], ...]) -> int:
    return max((c.column + c.colspan for row in placed for c in row), default=0)
