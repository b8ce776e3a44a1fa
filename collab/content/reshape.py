"""Headers, merged and split cells that were suggested, made of the cells that say so.

Until it is decided, the cells stay where they are and say what they are to become; so
colleagues go on writing in them, and what stands is plain to see. When nothing is open
about that any more, it is done here. Cells of one merge become the one of their corner:
with whatever lies between them, and with all that stands in them, in the order in which
it is read. A merge or a split waits while a row or column in it is itself suggested: or
what is rejected there would be left in the cell. So does a merge that overlaps another
about which something is open.

The editor does the same (editor_client/src/suggest/reshape.ts). Pure; must never lose a
text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from collab.content.cell_looks import (
    fitted,
    is_open,
    joined,
    layers_of,
    narrowed,
    without,
)
from collab.content.grid import PlacedCell, place_cells
from collab.content.tree import MERGE, SPLIT, Block, Cell, Paragraph, Row, Table

_Spot = tuple[int, int]
"""Row and column of a cell's corner."""


def reshape(table: Table) -> Table:
    """What is decided about its cells is done."""
    cells = [cell for row in table.rows for cell in row.cells]
    if any(cell.headed is not None for cell in cells):
        rows = (replace(r, cells=tuple(map(_headed, r.cells))) for r in table.rows)
        table = replace(table, rows=tuple(rows))
    if any(_says_shape(cell) for cell in cells):
        table = _Grid(table).reshaped()
    return table


def _headed(cell: Cell) -> Cell:
    if cell.headed is None or is_open(cell, "headed"):
        return cell
    return replace(without(cell, "headed"), header=cell.headed)


def _says_shape(cell: Cell) -> bool:
    return cell.shape is not None or is_open(cell, "shape")


@dataclass(frozen=True, slots=True)
class _Box:
    top: int
    left: int
    bottom: int
    right: int

    def around(self, placed: PlacedCell) -> _Box:
        return _Box(
            min(self.top, placed.row),
            min(self.left, placed.column),
            max(self.bottom, placed.row + placed.rowspan),
            max(self.right, placed.column + placed.colspan),
        )

    def overlaps(self, other: _Box) -> bool:
        return (
            self.top < other.bottom
            and other.top < self.bottom
            and self.left < other.right
            and other.left < self.right
        )


class _Grid:
    """The cells by their corner; merging leaves all others where they are."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._cells: dict[_Spot, PlacedCell] = {}
        self._owners: list[dict[int, _Spot]] = [{} for _ in table.rows]
        self._open_columns: set[int] = set()
        for line in place_cells(table.rows):
            for placed in line:
                self._put(replace(placed, cell=fitted(placed)))
                if placed.cell.insertion or placed.cell.deletion:
                    self._open_columns.update(_across(placed))

    def reshaped(self) -> Table:
        for placed in list(self._cells.values()):
            if placed.cell.shape == SPLIT and not is_open(placed.cell, "shape"):
                self._split(placed)
        groups: dict[str, list[_Spot]] = {}
        for spot, placed in self._cells.items():
            for name in dict.fromkeys(_shapes(placed.cell)):
                groups.setdefault(name, []).append(spot)
        for name in self._decided(groups):
            self._merge([spot for spot in groups[name] if spot in self._cells])
        rows: list[list[tuple[int, Cell]]] = [[] for _ in self._table.rows]
        for (row, column), placed in self._cells.items():
            rows[row].append((column, placed.cell))
        return replace(
            self._table,
            rows=tuple(map(_with_cells, self._table.rows, rows)),
        )

    def _put(self, placed: PlacedCell) -> None:
        spot = (placed.row, placed.column)
        self._cells[spot] = placed
        for row in range(placed.row, placed.row + placed.rowspan):
            for column in _across(placed):
                self._owners[row][column] = spot

    def _decided(self, groups: dict[str, list[_Spot]]) -> list[str]:
        """Names of the merges that wait for nothing, nor for one that they overlap:
        so no order of decisions makes another table."""
        boxes = {name: self._box(spots) for name, spots in groups.items()}
        waiting = [
            name
            for name, spots in groups.items()
            if self._is_open(boxes[name])
            or any(is_open(self._cells[spot].cell, "shape") for spot in spots)
        ]
        free = {name: box for name, box in boxes.items() if name not in waiting}
        while waiting:
            box = boxes[waiting.pop()]
            held = [name for name, other in free.items() if other.overlaps(box)]
            waiting += held
            for name in held:
                del free[name]
        return list(free)

    def _box(self, spots: list[_Spot]) -> _Box:
        box = _Box(*spots[0], 0, 0)
        for spot in spots:
            box = box.around(self._cells[spot])
        return box

    def _is_open(self, box: _Box) -> bool:
        """Whether a row or column in it is suggested to come or to go."""
        rows = self._table.rows[box.top : box.bottom]
        return any(row.insertion or row.deletion for row in rows) or any(
            column in self._open_columns for column in range(box.left, box.right)
        )

    def _split(self, placed: PlacedCell) -> None:
        here = _Box(placed.row, placed.column, 0, 0).around(placed)
        if self._is_open(here):
            return
        cell = without(placed.cell, "shape")
        for down in range(placed.rowspan):
            for across in range(placed.colspan):
                # Of its columns the uppermost tell, as they did before.
                part = joined(cell, [None]) if down else narrowed(cell, (across,))
                blocks = (Paragraph(),) if down or across else cell.blocks
                part = replace(part, rowspan=1, blocks=blocks)
                row, column = placed.row + down, placed.column + across
                self._put(PlacedCell(part, row, column, 1, 1))

    def _merge(self, spots: list[_Spot]) -> None:
        if not spots:
            return
        box, inside = self._closed(self._box(spots))
        cells = [self._cells[spot].cell for spot in inside]
        if len(cells) > 1:
            if self._is_open(box) or any(is_open(cell, "shape") for cell in cells):
                return
            for spot in inside:
                del self._cells[spot]
        whole = self._whole(box, cells, inside)
        width, height = box.right - box.left, box.bottom - box.top
        self._put(PlacedCell(whole, box.top, box.left, width, height))

    def _closed(self, box: _Box) -> tuple[_Box, list[_Spot]]:
        """Grown until no cell reaches over its edge; with the cells, as one reads."""
        while True:
            inside = dict.fromkeys(
                spot
                for row in range(box.top, box.bottom)
                for column in range(box.left, box.right)
                if (spot := self._owners[row].get(column)) is not None
            )
            grown = box
            for spot in inside:
                grown = grown.around(self._cells[spot])
            if grown == box:
                return box, list(inside)
            box = grown

    def _whole(self, box: _Box, cells: list[Cell], inside: list[_Spot]) -> Cell:
        first = without(cells[0], "shape")
        if len(cells) == 1:
            return first
        sources = []
        for column in range(box.left, box.right):
            over = [
                (cell, column - spot[1])
                for cell, spot in zip(cells, inside, strict=True)
                if spot[1] <= column < spot[1] + cell.colspan
            ]
            telling = [source for source in over if _tells(*source)]
            sources.append(next(iter(telling or over), None))
        blocks: list[Block] = []
        for cell in cells:
            if not is_empty(cell.blocks):
                blocks += cell.blocks
        return replace(
            joined(first, sources),
            blocks=tuple(blocks) or first.blocks,
            rowspan=box.bottom - box.top,
        )


def _across(placed: PlacedCell) -> range:
    return range(placed.column, placed.column + placed.colspan)


def _shapes(cell: Cell) -> list[str]:
    """The merges that it is in, or would be if others were rejected."""
    said = [cell.shape, *(layer.shape for layer in layers_of(cell))]
    return [shape for shape in said if shape is not None and shape.startswith(MERGE)]


def _tells(cell: Cell, column: int) -> bool:
    """Whether it says how wide its column is, or somebody suggests it there."""
    looks = [cell.widths, *(layer.widths for layer in layers_of(cell))]
    return any(column < len(widths) and widths[column] for widths in looks)


def is_empty(blocks: tuple[Block, ...]) -> bool:
    match blocks:
        case [] | [Paragraph(inlines=())]:
            return True
    return False


def _with_cells(row: Row, cells: list[tuple[int, Cell]]) -> Row:
    inside = sorted(cells, key=lambda pair: pair[0])
    return replace(row, cells=tuple(cell for _column, cell in inside))
