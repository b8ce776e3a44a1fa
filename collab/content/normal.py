"""The one form that the editor's schema allows for a piece of content.

Readers, writers and importers all end here, so that two of them that mean the same
content give equal values. Pure; must never lose text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from collab.content.cell_looks import fitted
from collab.content.grid import PlacedCell, column_count, keep_widths, place_cells
from collab.content.tree import (
    Block,
    Cell,
    Content,
    Inline,
    ListBlock,
    Paragraph,
    Run,
    Table,
)


def merge_runs(inlines: Iterable[Inline]) -> tuple[Inline, ...]:
    """Drop empty runs and join neighbours that look the same."""
    merged: list[Inline] = []
    texts: list[str] = []  # of the run at the end; joined once, however many come

    def close_run() -> None:
        if len(texts) > 1 and isinstance(merged[-1], Run):
            merged[-1] = replace(merged[-1], text="".join(texts))

    for inline in inlines:
        if isinstance(inline, Run):
            if not inline.text:
                continue
            last = merged[-1] if merged else None
            if isinstance(last, Run) and _is_alike(last, inline):
                texts.append(inline.text)
                continue
        close_run()
        merged.append(inline)
        texts = [inline.text] if isinstance(inline, Run) else []
    close_run()
    return tuple(merged)


def _is_alike(one: Run, other: Run) -> bool:
    """All but the text. Field by field: a draft may have millions of runs."""
    return (
        one.marks == other.marks
        and one.href == other.href
        and one.insertion == other.insertion
        and one.deletion == other.deletion
        and one.formatting == other.formatting
    )


def normalise(content: Content) -> Content:
    """The one form that the editor's schema allows for this content.

    Runs are merged, lists and tables without parts vanish, items and cells get the
    paragraph they need, tables become full grids, and an empty body one paragraph:
    without it, two people who start to type at once would each create their own.
    """
    return Content(content.fields, normalise_blocks(content.blocks) or (Paragraph(),))


def normalise_blocks(blocks: Iterable[Block]) -> tuple[Block, ...]:
    result: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            merged = merge_runs(block.inlines)
            is_merged = merged == block.inlines
            result.append(block if is_merged else replace(block, inlines=merged))
        elif isinstance(block, ListBlock):
            if block.items:
                items = tuple(_normalise_item(item) for item in block.items)
                start = block.start if block.ordered else 1
                result.append(replace(block, items=items, start=start))
        elif isinstance(block, Table):
            table = _normalise_table(block)
            if table is not None:
                result.append(table)
        else:
            result.append(block)
    return tuple(result)


def _normalise_item(item: tuple[Block, ...]) -> tuple[Block, ...]:
    blocks = normalise_blocks(item)
    if blocks and isinstance(blocks[0], Paragraph):
        return blocks
    return (Paragraph(), *blocks)


def _normalise_cell(item: PlacedCell) -> Cell:
    cell = fitted(item)
    blocks = normalise_blocks(cell.blocks) or (Paragraph(),)
    return cell if blocks == cell.blocks else replace(cell, blocks=blocks)


def _normalise_table(table: Table) -> Table | None:
    """A full grid: cut spans, empty cells where rows are short; None if no cell."""
    placed = place_cells(table.rows)
    columns = column_count(placed)
    if columns == 0:
        return None
    used = [0] * len(table.rows)
    for line in placed:
        for item in line:
            for row in range(item.row, item.row + item.rowspan):
                used[row] += item.colspan
    rows = tuple(
        replace(
            table.rows[index],
            cells=tuple(map(_normalise_cell, line))
            # Cells flow to the first free column, so what is missing is at the end.
            + (Cell((Paragraph(),)),) * (columns - used[index]),
        )
        for index, line in enumerate(placed)
    )
    widths = tuple(w if w and w > 0 else None for w in table.column_widths[:columns])
    widths += (None,) * (columns - len(widths))
    return keep_widths(replace(table, rows=rows, column_widths=widths))
