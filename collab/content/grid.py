"""Where each cell of a table stands, as HTML and ProseMirror lay it out.

Tables from clients and Word may be ragged, overlap or claim absurd spans; exporters
need a full grid. Pure; must never lose the text of a cell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from collab.content.tree import MAX_COLUMNS, Block, Cell, Row, Table, Widths


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


def column_widths(table: Table) -> Widths:
    """The first width that any cell gives for each column; where no cell says
    anything about its own, that of the table."""
    found: dict[int, int] = {}
    said: set[int] = set()
    last = 0
    for line in place_cells(table.rows):
        for placed in line:
            last = max(last, placed.column + placed.colspan)
            if not placed.cell.widths:
                continue
            widths = placed.cell.widths[: placed.colspan]
            for column, width in enumerate(widths, placed.column):
                said.add(column)
                if width:
                    found.setdefault(column, width)
    held = table.column_widths
    return tuple(
        held[column] if column < len(held) and column not in said else found.get(column)
        for column in range(last)
    )


def has_looks(table: Table) -> bool:
    """Whether anybody suggests that a cell looks otherwise, or that it spans others."""
    return any(cell.formatting is not None for row in table.rows for cell in row.cells)


def keep_widths(table: Table) -> Table:
    """Each cell with its own widths where suggestions need them; else with none."""
    if not has_looks(table):
        return _without_widths(table)
    rows = []
    for row, line in zip(table.rows, place_cells(table.rows), strict=True):
        cells = list(row.cells)
        for number, placed in enumerate(line):
            here = slice(placed.column, placed.column + placed.colspan)
            if not placed.cell.widths:
                cells[number] = replace(cells[number], widths=table.column_widths[here])
        rows.append(replace(row, cells=tuple(cells)))
    return replace(table, rows=tuple(rows))


def _without_widths(table: Table) -> Table:
    if not any(cell.widths for row in table.rows for cell in row.cells):
        return table
    rows = tuple(
        replace(row, cells=tuple(replace(c, widths=()) for c in row.cells))
        for row in table.rows
    )
    return replace(table, rows=rows)


def column_count(placed: tuple[tuple[PlacedCell, ...], ...]) -> int:
    return max((c.column + c.colspan for row in placed for c in row), default=0)
