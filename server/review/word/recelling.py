"""Carry out what was done to cells: what they are to become is said, and not made.

As the editor does it, cells that are to be one, several or headers stay where they are
(`collab.content.reshape`), so nobody's words are touched. Must never say it of a cell
that is not the one that went out: one that is not found is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from collab.content import amending
from collab.content.adding_looks import TooManyLooksError, recelled_cell
from collab.content.tree import MERGE, SPLIT, Suggested
from server.review.word.edges import Edges
from server.review.word.livetable import LiveCell, LiveTable
from server.review.word.pen import Pen
from server.review.word.settling import Settler
from server.review.word.steps import Recell, SettleCells, Spots, Widen

SIGN = "▦"
_Looks = list[tuple[LiveCell, Mapping[str, Any]]]


class Recelling:
    """Of one table, before anything else is done to it."""

    def __init__(
        self, pen: Pen, settler: Settler, live: LiveTable, edges: Edges
    ) -> None:
        self._pen = pen
        self._settler = settler
        self._live = live
        self._edges = edges

    def apply(self, step: Recell | Widen | SettleCells) -> None:
        if isinstance(step, SettleCells):
            self._settle(step)
        elif isinstance(step, Widen):
            self._suggest("width", step, self._widths(step))
        else:
            cells = list(self._found(step.table, step.spots))
            if len(cells) < len(step.spots):
                self._pen.outcome.miss("gone", step)
                return
            wish = _wish(step, self._pen.named(step.by))
            self._suggest(step.kind, step, [(cell, wish) for cell in cells])

    def _suggest(self, kind: str, step: Recell | Widen, looks: _Looks) -> None:
        if not looks:
            self._pen.outcome.miss("gone", step)
            return
        by = self._pen.named(step.by)
        try:
            # All or none: of a merge half would be another merge.
            found = [(cell, recelled_cell(cell.element, by, w)) for cell, w in looks]
        except TooManyLooksError:
            self._pen.outcome.miss("formatted", step)
            return
        done = False
        for cell, values in found:
            for name, value in values.items():
                amending.set_attribute(cell.element, name, value)
                done = True
        if done:
            self._pen.take(kind, step, step.text or SIGN)

    def _widths(self, step: Widen) -> _Looks:
        columns = self._edges.columns(step.start, step.end)
        looks: _Looks = []
        for cell in self._live.cells():
            widths = {
                at - cell.column: step.width
                for at in range(cell.column, cell.end)
                if at in columns
            }
            if widths:
                looks.append((cell, {"widths": widths}))
        return looks

    def _settle(self, step: SettleCells) -> None:
        done = refused = False
        for cell in self._found(step.table, step.spots):
            is_decided, is_refused = self._settler.cell(cell.element, step)
            done, refused = done or is_decided, refused or is_refused
        if done:
            word = "accepted" if step.accept else "rejected"
            self._pen.outcome.take(word, step, step.text or SIGN)
        if refused:
            self._pen.outcome.miss("settled", step)

    def _found(self, table: int, spots: Spots) -> Iterator[LiveCell]:
        """What these cells are now; one that is nowhere is left out."""
        mapped = self._pen.map
        wanted = set(spots)
        seen: set[int] = set()
        for at, row in groupby(mapped.cells(table), key=lambda held: held[0]):
            for number, (_row, _cell, paragraphs) in enumerate(row):
                if (at, number) not in wanted:
                    continue
                cell = self._live_cell(paragraphs)
                if cell is not None and id(cell) not in seen:
                    seen.add(id(cell))
                    yield cell

    def _live_cell(self, paragraphs: range) -> LiveCell | None:
        for number in paragraphs:
            line = self._pen.map.line(number)
            row = None if line is None else self._live.row(line.place.row)
            if line is None or row is None or line.place.cell >= len(row.cells):
                continue
            return row.cells[line.place.cell]
        return None


def _wish(step: Recell, by: Suggested) -> Mapping[str, Any]:
    if step.kind == "merge":
        # Its cells share a name, which is that of the suggestion.
        return {"shape": MERGE + hashlib.sha256(by.id.encode()).hexdigest()[:16]}
    if step.kind == "split":
        return {"shape": SPLIT}
    return {"headed": step.kind == "headed"}
