"""Carry out what was done to the rows of a table.

Must never write a row that has more or fewer cells than the rows beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from collab.content import amending
from collab.content.places import TablePlace, attributes_of
from server.review.word.building import row_of
from server.review.word.outcome import said
from server.review.word.pen import Pen
from server.review.word.settling import Settler
from server.review.word.steps import DeleteRow, InsertRow, SettleThing, Step


class Tabling:
    def __init__(self, pen: Pen, settler: Settler) -> None:
        self._pen = pen
        self._settler = settler

    def apply(self, table: TablePlace, steps: Sequence[Step]) -> None:
        for step in sorted(steps, key=_row_of, reverse=True):
            if isinstance(step, InsertRow):
                self._insert_row(step)
            elif isinstance(step, DeleteRow):
                row = self._pen.map.row(step.table, step.row)
                if row is None:
                    self._pen.outcome.miss("gone", step, step.text)
                elif "deletion" not in attributes_of(row.element):
                    self._pen.set(row.element, "deletion", step.by)
                    self._pen.take("deletion", step, "▤")
            elif isinstance(step, SettleThing) and step.row is not None:
                row = self._pen.map.row(step.number, step.row)
                if row is not None and self._settler.thing(row.element, step):
                    del row.table.children[row.index]
                    gone = self._pen.map.paragraphs_of(step.number, step.row)
                    self._pen.settled.paragraphs.update(gone)
        if not list(table.element.children):
            del table.parent.children[table.index]

    def _insert_row(self, step: InsertRow) -> None:
        table = self._pen.map.table(step.table)
        at = self._pen.map.row(step.table, step.row)
        before = self._pen.map.row(step.table, step.row - 1) if step.row else None
        near = at or before
        if table is None or near is None or near.columns != len(step.content.cells):
            self._pen.outcome.miss("cells", step)
            return
        index = at.index if at is not None else near.index + 1
        by = self._pen.author(step.by)
        amending.insert_row(near.table, index, row_of(step.content, by))
        self._pen.take("insertion", step, said(step))


def _row_of(step: Step) -> int:
    row = getattr(step, "row", None)
    return row if isinstance(row, int) else 0
