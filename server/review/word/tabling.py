"""Carry out what was done to a table: its cells first, then its columns and rows.

So a row that came with a column finds it there, and a cell is where it was. Must never
write a row that does not fill the grid of its table: what finds no place in it is told,
with its words.
"""

from __future__ import annotations

from collections.abc import Sequence

from collab.content.places import TablePlace, attributes_of
from collab.content.tree import Cell, Row
from server.publishing.marked import Flow
from server.review.word.building import plain
from server.review.word.columning import Columning, like
from server.review.word.edges import Edges
from server.review.word.livetable import LiveRow, LiveTable
from server.review.word.outcome import said
from server.review.word.pen import Pen
from server.review.word.recelling import Recelling
from server.review.word.settling import Settler
from server.review.word.steps import (
    DeleteColumns,
    DeleteRow,
    InsertColumns,
    InsertRow,
    Recell,
    SettleCells,
    SettleColumns,
    SettleThing,
    Step,
    Widen,
    text_of_nodes,
)

_OF_COLUMNS = (InsertColumns, DeleteColumns, SettleColumns)
_OF_CELLS = (Recell, Widen, SettleCells)
_OF_THE_GRID = (*_OF_COLUMNS, *_OF_CELLS, InsertRow, SettleThing)


class Tabling:
    def __init__(self, pen: Pen, settler: Settler) -> None:
        self._pen = pen
        self._settler = settler

    def apply(self, table: TablePlace, steps: Sequence[Step]) -> None:
        taken = self._pen.outcome.taken
        before = len(taken)
        self._carry_out(table, steps)
        # All else is done from the end, and told the other way round.
        taken[before:] = reversed(taken[before:])

    def _carry_out(self, table: TablePlace, steps: Sequence[Step]) -> None:
        needs_grid = any(isinstance(step, _OF_THE_GRID) for step in steps)
        live = LiveTable.laid_out(table) if needs_grid else None
        if live is not None:
            self._of_grid(live, steps)
        else:
            for step in steps:
                if isinstance(step, _OF_THE_GRID):
                    self._pen.outcome.miss("cells", step)
        for step in steps:
            if isinstance(step, DeleteRow):
                self._delete_row(step)
        if live is not None and not any(True for _ in live.cells()):
            del table.parent.children[table.index]

    def _of_grid(self, live: LiveTable, steps: Sequence[Step]) -> None:
        number = next(n for s in steps if (n := _table_of(s)) is not None)
        edges = Edges(self._pen.map, number, live)
        recelling = Recelling(self._pen, self._settler, live, edges)
        for step in steps:
            if isinstance(step, _OF_CELLS):
                recelling.apply(step)
        columning = Columning(self._pen, self._settler, live, edges)
        for step in steps:
            if isinstance(step, _OF_COLUMNS):
                columning.apply(step)
        for step in steps:
            if isinstance(step, InsertRow):
                self._insert_row(step, live, edges)
            elif isinstance(step, SettleThing) and step.row is not None:
                self._settle_row(step, step.row, live)

    # ── rows ────────────────────────────────────────────────────────────────────────

    def _delete_row(self, step: DeleteRow) -> None:
        row = self._pen.map.row(step.table, step.row)
        if row is None:
            self._pen.outcome.miss("gone", step, step.text)
        elif "deletion" not in attributes_of(row.element):
            self._pen.set(row.element, "deletion", step.by)
            self._pen.take("deletion", step, "▤")

    def _settle_row(self, step: SettleThing, number: int, live: LiveTable) -> None:
        row = live.row(self._pen.map.row(step.number, number))
        if row is None:
            return
        if step.accept == (step.kind == "deletion") and any(
            cell.rowspan > 1 for cell in row.cells
        ):
            # What reaches down from it would go with it.
            texts = self._pen.map.cells(step.number)
            words = [text_of_nodes(c.flow) for at, c, _ in texts if at == number]
            self._pen.outcome.miss("cells", step, " | ".join(words))
        elif self._settler.thing(row.element, step):
            live.remove_row(row)
            gone = self._pen.map.paragraphs_of(step.number, number)
            self._pen.settled.paragraphs.update(gone)

    def _insert_row(self, step: InsertRow, live: LiveTable, edges: Edges) -> None:
        index = self._index(step, live)
        if index is None:
            self._pen.outcome.miss("cells", step)
            return
        near = live.rows[min(index, len(live.rows) - 1)]
        under = live.across(index)
        free = [cell not in under for cell in near.over]
        placed, left_out = self._placed(step, live, free, edges)
        if step.content.cells and not placed:
            self._pen.outcome.miss("cells", step)
            return
        cells: list[Cell] = []
        at = 0
        while at < live.columns:
            if not free[at]:
                at += 1
                continue
            width, flow = placed.get(at, (1, ()))
            come, gone = like(near, at) if width == 1 else (None, None)
            cells.append(Cell(plain(flow), width, 1, False, come, gone))
            at += width
        row = Row(tuple(cells), insertion=self._pen.author(step.by))
        live.insert_row(index, row, under)
        if left_out:
            self._pen.outcome.miss("cells", step, " | ".join(left_out))
        self._pen.take("insertion", step, said(step))

    def _index(self, step: InsertRow, live: LiveTable) -> int | None:
        at = live.row(self._pen.map.row(step.table, step.row))
        if at is not None:
            return live.index(at)
        number = step.row - 1
        before = live.row(self._pen.map.row(step.table, number)) if step.row else None
        if before is None:
            return None
        index = live.index(before) + 1
        ids = {*self._pen.outcome.ids, *self._pen.map.ours}
        while index < len(live.rows) and _id_of(live.rows[index]) in ids:
            index += 1  # of the same file: they stand in its order
        return index

    def _placed(
        self, step: InsertRow, live: LiveTable, free: list[bool], edges: Edges
    ) -> tuple[dict[int, tuple[int, Flow]], list[str]]:
        """By column: how wide, and what; and the words that found no place."""
        wanted: list[tuple[int, int, Flow]] = []
        left_out: list[Flow] = []
        for cell in step.content.cells:
            span = edges.span(cell.column, cell.end)
            if span is None:
                left_out.append(cell.flow)
            else:
                wanted.append((*span, cell.flow))
        for extra in step.more:
            held = live.columns_of(self._pen.named(extra.by).id)
            if extra.number + extra.colspan <= len(held):
                at = held[extra.number]
                wanted.append((at, at + extra.colspan, extra.flow))
            else:
                left_out.append(extra.flow)
        placed: dict[int, tuple[int, Flow]] = {}
        left = list(free)
        for start, end, flow in wanted:
            if all(left[start:end]):
                left[start:end] = [False] * (end - start)
                placed[start] = (end - start, flow)
            else:
                left_out.append(flow)
        return placed, [text for flow in left_out if (text := text_of_nodes(flow))]


def _id_of(row: LiveRow) -> str | None:
    by = attributes_of(row.element).get("insertion")
    return by.get("id") if isinstance(by, dict) else None


def _table_of(step: Step) -> int | None:
    if isinstance(step, SettleThing):
        return step.number
    return getattr(step, "table", None)
