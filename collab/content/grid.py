"""Where each cell of a table stands, as HTML and ProseMirror lay it out.

Tables from clients and Word may be ragged, overlap or claim absurd spans; exporters
need a full grid. Pure; must never lose the text of a cell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from collab.content.tree import MAX_COLUMNS, Block, Cell, Row


@dataclass(frozen=True, slots=True)
class PlacedCell:
    cell: Cell
    row: int
    column: int
    colspan: int
    rowspan: int


def place_cells(rows: tuple[Row, ...]) -> tuple[tuple[PlacedCell, ...], ...]:
    """Give every cell its column; spans are cut where they would overlap or overflow.

    One tuple a row, cells in the order of their columns. No row is wider than
    MAX_COLUMNS: what finds no column joins the last cell before it, or a table of a
    few kilobytes could claim a grid that fills the memory.
    """
    taken = [0] * len(rows)  # one bit a column
    placed: list[list[PlacedCell]] = []
    last = (0, 0)
    joined: dict[tuple[int, int], list[Block]] = {}
    for index, row in enumerate(rows):
        line: list[PlacedCell] = []
        placed.append(line)
        column = 0
        for cell in row.cells:
            while taken[index] >> column & 1:
                column += 1
            if column >= MAX_COLUMNS:
                joined.setdefault(last, []).extend(cell.blocks)
                continue
            wanted = max(1, min(cell.colspan, MAX_COLUMNS - column))
            width = 1
            while width < wanted and not taken[index] >> column + width & 1:
                width += 1
            height = max(1, min(cell.rowspan, len(rows) - index))
            covered = (1 << width) - 1 << column
            for below in range(index, index + height):
                taken[below] |= covered
            last = (index, len(line))
            line.append(PlacedCell(cell, index, column, width, height))
            column += width
    for (index, position), blocks in joined.items():
        full = placed[index][position]
        cell = replace(full.cell, blocks=(*full.cell.blocks, *blocks))
        placed[index][position] = replace(full, cell=cell)
    return tuple(tuple(line) for line in placed)


def column_count(placed: tuple[tuple[PlacedCell, ...], ...]) -> int:
    return max((c.column + c.colspan for row in placed for c in row), default=0)
