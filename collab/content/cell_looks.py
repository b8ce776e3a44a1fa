"""What is suggested about a cell: a header, its widths, one with others, or several.

A look of named values, as those of `layers`: each column that the cell spans has a
width of its own, so that suggestions about two columns under one cell stand side by
side and go with their column. The editor does the same
(editor_client/src/suggest/cellLook.ts).
Pure; must never lose a suggestion that still means something.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from collab.content.grid import PlacedCell, column_widths, has_looks, keep_widths
from collab.content.layers import Decide, Layer, Look, Settled, settle, stack_of
from collab.content.tree import MAX_LAYERS, Cell, Celled, Table

_WIDTH = "width"


def standing_cells(table: Table) -> Table:
    """With nobody's suggestion about the looks of its cells; all others as they are."""
    if not has_looks(table):
        return table
    rows = (
        replace(row, cells=tuple(settle_cell(c, lambda _: False) for c in row.cells))
        for row in table.rows
    )
    made = replace(table, rows=tuple(rows))
    return keep_widths(replace(made, column_widths=column_widths(made)))


def layers_of(cell: Cell) -> tuple[Celled, ...]:
    """Lowest first."""
    top = cell.formatting
    return () if top is None else (*top.under, top)


def wishes_of(cell: Cell) -> tuple[Layer, ...]:
    """What is suggested about it, lowest first: "headed", "shape", and the width of
    each of its columns ("width0", …)."""
    return () if cell.formatting is None else _stack(cell).layers


def is_width(name: str) -> bool:
    return name.startswith(_WIDTH)


def column_of(name: str) -> int:
    """Of a width, counted from the first of the cell."""
    return int(name.removeprefix(_WIDTH))


def settle_cell(cell: Cell, decide: Decide) -> Cell:
    if cell.formatting is None:
        return cell
    settled = settle(_stack(cell), decide)
    return cell if settled is None else _with_stack(cell, settled)


def is_open(cell: Cell, name: str) -> bool:
    """Whether somebody suggests something else about `headed` or `shape`."""
    here = getattr(cell, name)
    return any(getattr(layer, name) != here for layer in layers_of(cell))


def without(cell: Cell, name: str) -> Cell:
    """It is done: nothing says it any more."""
    said: dict[str, Any] = {name: None}
    top = cell.formatting
    if top is not None:
        under = tuple(replace(each, **said) for each in top.under)
        top = replace(top, **said, under=under)
    return replace(cell, **said, formatting=top)


def narrowed(cell: Cell, columns: Sequence[int]) -> Cell:
    """With what it says of these of its columns, counted from its first."""
    if cell.formatting is None:
        widths = cell.widths and tuple(_at(cell.widths, column) for column in columns)
        return replace(cell, colspan=len(columns), widths=widths)
    names = {f"{_WIDTH}{old}": f"{_WIDTH}{new}" for new, old in enumerate(columns)}
    made = _renamed(_stack(cell), names | {"headed": "headed", "shape": "shape"})
    return replace(_with_stack(cell, made), colspan=len(columns))


def fitted(placed: PlacedCell) -> Cell:
    """The cell with the spans that it has in its table."""
    cell = placed.cell
    if cell.colspan != placed.colspan:
        cell = narrowed(cell, range(placed.colspan))
    if cell.rowspan != placed.rowspan:
        cell = replace(cell, rowspan=placed.rowspan)
    return cell


def joined(first: Cell, sources: Sequence[tuple[Cell, int] | None]) -> Cell:
    """One cell of several: `first`, with the widths of its columns, each from a cell
    and its column there."""
    cells = [first, *(source[0] for source in sources if source is not None)]
    if all(cell.formatting is None for cell in cells):
        widths = tuple(
            None if source is None else _at(source[0].widths, source[1])
            for source in sources
        )
        kept = widths if any(cell.widths for cell in cells) else ()
        return replace(first, colspan=len(sources), widths=kept)
    base: dict[str, Any] = {f"{_WIDTH}{new}": None for new in range(len(sources))}
    layers: list[Layer] = []
    parts = [(first, {"headed": "headed", "shape": "shape"})]
    for new, source in enumerate(sources):
        if source is not None:
            parts.append((source[0], {f"{_WIDTH}{source[1]}": f"{_WIDTH}{new}"}))
    for cell, names in parts:
        part = _renamed(_stack(cell), names)
        base |= part.base
        layers = _woven(layers, part.layers)
    stack = Settled(base, tuple(layers[:MAX_LAYERS]))
    return replace(_with_stack(first, stack), colspan=len(sources))


def _woven(layers: Sequence[Layer], more: Iterable[Layer]) -> list[Layer]:
    """Those of one suggestion become one, wherever their order allows it."""
    made = list(layers)
    place = 0
    for layer in more:
        for index in range(place, len(made)):
            held = made[index]
            if (held.by.author, held.by.id) == (layer.by.author, layer.by.id):
                made[index] = Layer(held.by, {**held.wishes, **layer.wishes})
                place = index + 1
                break
        else:
            made.append(layer)
            place = len(made)
    return made


def _renamed(stack: Settled, names: dict[str, str]) -> Settled:
    """What it says of these alone; a layer of which nothing is left goes."""

    def kept(look: Look) -> Look:
        return {names[name]: value for name, value in look.items() if name in names}

    layers = tuple(Layer(layer.by, kept(layer.wishes)) for layer in stack.layers)
    return Settled(kept(stack.base), tuple(la for la in layers if la.wishes))


def _stack(cell: Cell) -> Settled:
    layers = layers_of(cell)
    looks = [_look(each, cell.colspan) for each in layers]
    return stack_of(layers, [*looks, _look(cell, cell.colspan)])


def _with_stack(cell: Cell, stack: Settled) -> Cell:
    made: list[Celled] = []
    for layer, before in zip(stack.layers, stack.befores(), strict=True):
        assert isinstance(layer.by, Celled)
        made.append(replace(layer.by, **_values(before), under=()))
    top = replace(made[-1], under=tuple(made[:-1])) if made else None
    return replace(cell, **_values(stack.look), formatting=top)


def _look(value: Cell | Celled, columns: int) -> Look:
    look: dict[str, Any] = {"headed": value.headed, "shape": value.shape}
    for column in range(columns):
        look[f"{_WIDTH}{column}"] = _at(value.widths, column)
    return look


def _values(look: Look) -> dict[str, Any]:
    count = sum(1 for name in look if name.startswith(_WIDTH))
    widths = tuple(look[f"{_WIDTH}{column}"] for column in range(count))
    return {"headed": look["headed"], "shape": look["shape"], "widths": widths}


def _at(widths: Sequence[int | None], column: int) -> int | None:
    return widths[column] if column < len(widths) else None
