"""Carry out what was done to the columns of a table.

Must never take a cell from anybody: what came is put beside what others wrote, what
went is suggested to go, and only what somebody decided goes for good.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from collab.content import amending
from collab.content.tree import MAX_COLUMNS, Cell, Paragraph, Suggested
from server.review.word.building import plain
from server.review.word.edges import Edges
from server.review.word.livetable import LiveCell, LiveRow, LiveTable, is_header
from server.review.word.pen import Pen
from server.review.word.settling import Settler
from server.review.word.steps import (
    DeleteColumns,
    InsertColumns,
    NewCell,
    SettleColumns,
    text_of_nodes,
)

SIGN = "▥"


class Columning:
    """Of one table. `edges` and `live` are kept as the table becomes."""

    def __init__(
        self, pen: Pen, settler: Settler, live: LiveTable, edges: Edges
    ) -> None:
        self._pen = pen
        self._settler = settler
        self._live = live
        self._edges = edges

    def apply(self, step: InsertColumns | DeleteColumns | SettleColumns) -> None:
        if isinstance(step, InsertColumns):
            self._insert(step)
        elif isinstance(step, DeleteColumns):
            self._delete(step)
        else:
            self._settle(step)

    # ── what came ───────────────────────────────────────────────────────────────────

    def _insert(self, step: InsertColumns) -> None:
        live, column = self._live, self._edges.place(step.at)
        if column is None:
            self._pen.outcome.miss("no_place", step)
            return
        if live.columns + step.count > MAX_COLUMNS:
            self._pen.outcome.miss("too_wide", step)
            return
        while step.at and column < live.columns and self._is_ours(column):
            column += 1  # of the same file: they stand in its order
        come = self._pen.author(step.by)
        blank = Cell(
            (Paragraph(),),
            insertion=come,
            deletion=step.deletion and self._pen.author(step.deletion),
        )
        wide = self._wide(step, column)
        writing = _Writing(self._pen, live, step, column, blank, wide)
        left_out = writing.write()
        live.widen(wide, column, step.count)
        self._edges.inserted(column, step.count)
        self._pen.take("insertion", step, _said(step.text))
        for code, words in (("cells", left_out), ("gone", _words(writing.lost))):
            if words:
                self._pen.outcome.miss(code, step, "\n".join(words))

    def _is_ours(self, column: int) -> bool:
        ids = {*self._pen.outcome.ids, *self._pen.map.ours}
        said = (row.over[column].said("insertion") for row in self._live.rows)
        return any(by is not None and by.id in ids for by in said)

    def _wide(self, step: InsertColumns, column: int) -> set[LiveCell]:
        """Cells that reach over the new columns."""
        found = {
            row.over[column]
            for row in self._live.rows
            if 0 < column < self._live.columns
            and row.over[column - 1] is row.over[column]
        }
        for number, start in step.wider:
            row = self._live.row(self._pen.map.row(step.table, number))
            at = self._edges.left.get(start)
            if row is None or at is None:
                continue
            cell = row.over[at]
            if cell in row.cells and cell.column <= column <= cell.end:
                found.add(cell)
        return found

    # ── what went, and what was decided ─────────────────────────────────────────────

    def _delete(self, step: DeleteColumns) -> None:
        cells = self._live.within(self._edges.columns(step.start, step.end))
        done = False
        for cell in cells:
            if cell.said("deletion") is None:
                self._pen.set(cell.element, "deletion", step.by)
                done = True
        if done:
            self._pen.take("deletion", step, _said(step.text))
        elif not cells:
            self._pen.outcome.miss("gone", step)

    def _settle(self, step: SettleColumns) -> None:
        columns = self._edges.columns(step.start, step.end)
        decided: set[LiveCell] = set()
        refused = False
        for cell in self._live.within(columns):
            by = cell.said(step.kind)
            if by is None or self._settler.stays(by.id, accept=step.accept):
                continue
            if self._settler.may(by, accept=step.accept):
                decided.add(cell)
            else:
                refused = True
        if refused:
            self._pen.outcome.miss("settled", step)
        if not decided:
            return
        word = "accepted" if step.accept else "rejected"
        self._pen.outcome.take(word, step, _said(step.text))
        if step.accept == (step.kind == "deletion"):
            gone = self._live.remove_cells(decided)
            self._edges.removed(gone)
            if not refused:
                self._note_gone(step)
            return
        for cell in decided:
            amending.set_attribute(cell.element, step.kind, None)

    def _note_gone(self, step: SettleColumns) -> None:
        for _row, cell, numbers in self._pen.map.cells(step.table):
            if step.start <= cell.column and cell.end <= step.end:
                self._pen.settled.paragraphs.update(numbers)


class _Writing:
    """New columns, row by row. `wide`: cells that reach over them; `lost`: what stood
    in rows that are no more."""

    def __init__(
        self,
        pen: Pen,
        live: LiveTable,
        step: InsertColumns,
        column: int,
        blank: Cell,
        wide: set[LiveCell],
    ) -> None:
        self._live = live
        self._count = step.count
        self._column = column
        self._blank = blank
        self._wide = wide
        self._covered: dict[int, list[bool]] = {}  # by row: from above
        self._new: dict[int, list[NewCell]] = {}  # by the id of their row
        self.lost: list[NewCell] = []
        self._rows = {
            number: live.row(pen.map.row(step.table, number))
            for cell in step.cells
            for number in (cell.row, *cell.reaches)
        }
        for cell in step.cells:
            row = self._rows[cell.row]
            place = self.lost if row is None else self._new.setdefault(id(row), [])
            place.append(cell)

    def write(self) -> list[str]:
        """The words that found no place are returned."""
        left_out: list[str] = []
        for index, row in enumerate(self._live.rows):
            held = list(self._new.get(id(row), ()))
            if not self._is_under(row):
                made = self._cells(index, row, held)
                self._live.insert_cells(row, self._column, made)
            left_out += _words(held)
        return left_out

    def _is_under(self, row: LiveRow) -> bool:
        """Whether a wide cell lies there, so that the row has no cell of its own."""
        beside = row.over[max(0, self._column - 1) : self._column + 1]
        return any(cell in self._wide for cell in beside)

    def _cells(self, index: int, row: LiveRow, held: list[NewCell]) -> list[Cell]:
        """What is placed is taken out of `held`."""
        blank = replace(self._blank, header=is_header(row))
        covered = self._taken(index)
        made: list[Cell] = []
        at = 0
        while at < self._count:
            new = next((c for c in held if c.number == at), None)
            if covered[at]:
                at += 1
            elif new is None:
                made.append(blank)
                at += 1
            else:
                held.remove(new)
                made.append(self._cell(index, new, blank))
                at += new.colspan
        return made

    def _cell(self, index: int, new: NewCell, blank: Cell) -> Cell:
        height = 1
        for number in new.reaches:
            below, at = self._rows[number], index + height
            if below is None or at >= len(self._live.rows):
                break
            if self._live.rows[at] is not below or self._is_under(below):
                break
            self._taken(at)[new.number : new.number + new.colspan] = [
                True
            ] * new.colspan
            height += 1
        blocks = plain(new.flow)
        return replace(blank, blocks=blocks, colspan=new.colspan, rowspan=height)

    def _taken(self, index: int) -> list[bool]:
        return self._covered.setdefault(index, [False] * self._count)


def like(row: LiveRow, column: int) -> tuple[Suggested | None, Suggested | None]:
    """What is suggested of the column, as its cell in that row says."""
    cell = row.over[column]
    if cell.colspan != 1:
        return None, None
    return cell.said("insertion"), cell.said("deletion")


def _words(cells: Iterable[NewCell]) -> list[str]:
    return [text for cell in cells if (text := text_of_nodes(cell.flow).strip())]


def _said(text: str) -> str:
    return text.strip("\n |") or SIGN
