"""A table of which rows or columns go: what stood in it stands in a full grid again.

A row that goes takes its place in the grid with it, and so does a column of which a
cell goes; cells that reach over them shrink, and a cell that began in a row that goes
moves down. A column stays when a cell of its own width stays in it, in a row that is
not itself suggested.

The editor does the same (editor_client/src/suggest/regrid.ts). Pure.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from collab.content.cell_looks import narrowed
from collab.content.grid import PlacedCell, place_cells
from collab.content.tree import Cell, Paragraph, Row, Table

Spot = tuple[int, int]
"""Number of the row, and of the cell in it."""


def regrid(table: Table, gone_rows: Collection[int], gone: Collection[Spot]) -> Table:
    """`gone`: cells that go, by row and by their place in it."""
    lines = place_cells(table.rows)
    columns = gone_columns(table.rows, lines, gone_rows, gone)
    rows: dict[int, list[tuple[int, Cell]]] = {
        index: [] for index in range(len(table.rows)) if index not in gone_rows
    }
    for index, line in enumerate(lines):
        for number, placed in enumerate(line):
            goes = (index, number) in gone
            if goes and is_in(placed, columns):
                continue
            down = [
                row
                for row in range(placed.row, placed.row + placed.rowspan)
                if row in rows
            ]
            across = [
                column
                for column in range(placed.column, placed.column + placed.colspan)
                if column not in columns
            ]
            if not down or not across:
                continue
            cell = placed.cell
            if len(across) != cell.colspan:
                cell = narrowed(cell, [column - placed.column for column in across])
            cell = replace(cell, rowspan=len(down))
            if goes:
                # Its place stays for the sake of the grid; what it says does not.
                cell = replace(cell, blocks=(Paragraph(),))
            rows[down[0]].append((placed.column, cell))
    kept = tuple(
        replace(table.rows[index], cells=_in_order(cells))
        for index, cells in rows.items()
    )
    widths = tuple(
        width
        for column, width in enumerate(table.column_widths)
        if column not in columns
    )
    return replace(table, rows=kept, column_widths=widths)


def gone_columns(
    rows: tuple[Row, ...],
    lines: tuple[tuple[PlacedCell, ...], ...],
    gone_rows: Collection[int],
    gone: Collection[Spot],
) -> set[int]:
    going: set[int] = set()
    staying: set[int] = set()
    for index, line in enumerate(lines):
        for number, placed in enumerate(line):
            covered = range(placed.column, placed.column + placed.colspan)
            if (index, number) in gone:
                going.update(covered)
            elif (
                placed.colspan == 1
                and index not in gone_rows
                and rows[index].insertion is None
            ):
                staying.add(placed.column)
    return going - staying


def is_in(placed: PlacedCell, columns: Collection[int]) -> bool:
    covered = range(placed.column, placed.column + placed.colspan)
    return any(column in columns for column in covered)


def _in_order(cells: list[tuple[int, Cell]]) -> tuple[Cell, ...]:
    return tuple(cell for _column, cell in sorted(cells, key=lambda pair: pair[0]))
