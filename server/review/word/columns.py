"""What became of the columns of a table in Word, as steps on those that there were.

Where its rows do not stand in columns (a cell more in one row, cells that were merged),
nothing is guessed: what came and went is told with its words, and the rest compared
cell by cell as ever. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from collab.content.tree import Suggested
from server.publishing.docx_marked_rows import cell_as_a_whole
from server.publishing.marked import Flow, MarkedCell, MarkedRow
from server.review.word.gridding import Match, deletions, insertions, match_columns
from server.review.word.steps import (
    CellOfColumn,
    DeleteColumns,
    InsertColumns,
    InsertRow,
    NewCell,
    SettleColumns,
    Settled,
    Step,
    row_text,
    text_of_nodes,
)
from server.review.word.uncolumned import Uncolumned

By = Callable[[Suggested | None], Suggested]
"""Whoever did one thing more."""
Told = tuple[str, str]
"""Code and words, of what is no step."""
# What was settled (None: it goes, no more), by whom, and whether it was accepted.
Word = tuple[Settled | None, Suggested | None, bool]


class RowPair(NamedTuple):
    """Rows that belong together, and their numbers."""

    old_index: int
    old: MarkedRow
    new_index: int
    new: MarkedRow


@dataclass(frozen=True, slots=True)
class _Run:
    """Columns of the new grid that came in one go."""

    start: int
    end: int
    step: InsertColumns | None  # None: they came and went again


class Columns:
    """`keeps_marks`: the program that saved the file keeps what is tracked of cells, so
    that a mark that is missing was decided."""

    def __init__(
        self, rows: Sequence[RowPair], table: int, by: By, *, keeps_marks: bool
    ) -> None:
        self._rows = rows
        self._table = table
        self._by = by
        self._keeps_marks = keeps_marks
        pairs = [(row.old, row.new) for row in rows]
        self._match = match_columns(pairs)
        self._other = None if self._match else Uncolumned(pairs)
        self._told: list[Told] = []
        self._runs: list[_Run] = []
        self.steps: list[Step] = []
        if self._match is not None:
            self._came(self._match)
            self._went(self._match)
            self._stayed(self._match)

    def cells_of(self, row: RowPair) -> Iterator[tuple[Flow, Flow]]:
        if self._other is not None:
            yield from self._other.cells_of(row.old, row.new)
            return
        assert self._match is not None
        for a, b in self._match.cells(row.old, row.new) or ():
            before, after = row.old.cells[a], row.new.cells[b]
            # A program that drops the mark of the whole may leave those of the letters.
            yield before.flow, cell_as_a_whole(after, (row.old, before)).flow

    def told(self) -> Iterator[Told]:
        yield from self._told
        if self._other is not None:
            yield from self._other.told()

    def new_row(self, place: int, by: Suggested, row: MarkedRow) -> InsertRow:
        """Its cells in the columns that there were, and in those that came with it."""
        match = self._match
        if match is None or not match.new.knows(row):
            fitted = self._other.fitted(row) if self._other else row
            stay = (cell for cell in fitted.cells if not cell.deletion)
            single = (
                replace(cell, column=at, colspan=1) for at, cell in enumerate(stay)
            )
            made = replace(fitted, cells=tuple(single))
            return InsertRow(self._table, place, by, made, text=row_text(made))
        cells: list[MarkedCell] = []
        more: list[CellOfColumn] = []
        for cell in row.cells:
            held = match.old_of(cell)
            if held:
                start, end = match.old.edges[held[0]], match.old.edges[held[-1] + 1]
                cells.append(replace(cell, column=start, colspan=end - start))
            else:
                found = list(self._of_run(cell, match.new.span(cell)))
                more += found
                words = text_of_nodes(cell.flow)
                if not found and not cell.deletion and words.strip():
                    # Its column came and went again in all the rows there were.
                    self._told.append(("cells", words))
        made = replace(row, cells=tuple(cells))
        return InsertRow(self._table, place, by, made, tuple(more), row_text(row))

    def _of_run(self, cell: MarkedCell, span: range) -> Iterator[CellOfColumn]:
        for run in self._runs:
            if run.step is not None and run.start <= span.start < run.end:
                number = span.start - run.start
                yield CellOfColumn(run.step.by, number, len(span), cell.flow)

    # ── what came ───────────────────────────────────────────────────────────────────

    def _came(self, match: Match) -> None:
        for start, end in self._runs_of_came(match):
            cells = match.new.judged(start)
            come = next(iter(insertions(cells)), None)
            gone = deletions(cells)
            taken_back = gone[0] if gone and len(gone) == len(cells) else None
            if taken_back and come is None:
                self._runs.append(_Run(start, end, None))
                self._some_stay(match, start, end)
                continue
            before = [match.back[b] for b in range(start) if b in match.back]
            edge = max(before, default=-1) + 1
            new, wider = self._new_cells(match, start, end)
            step = InsertColumns(
                self._table,
                match.old.edges[edge],
                end - start,
                self._by(come),
                tuple(new),
                tuple(wider),
                taken_back and self._by(taken_back),
                _words(new),
            )
            self._runs.append(_Run(start, end, step))
            self.steps.append(step)

    def _some_stay(self, match: Match, start: int, end: int) -> None:
        """Cells over columns that came and went again, which did not go with them."""
        for row in self._rows:
            for cell in row.new.cells:
                span, words = match.new.span(cell), text_of_nodes(cell.flow)
                is_there = start <= span.start and span.stop <= end
                is_new = not match.old_of(cell) and not cell.deletion
                if is_there and is_new and words.strip():
                    self._told.append(("cells", words))

    def _runs_of_came(self, match: Match) -> Iterator[tuple[int, int]]:
        """Side by side, of one person in one go; or one cell lies over both."""
        tied = {
            b
            for row in self._rows
            for cell in row.new.cells
            if not match.old_of(cell)
            for b in match.new.span(cell)[1:]
        }
        start: int | None = None
        for b in range(match.new.count):
            if b in match.back:
                if start is not None:
                    yield start, b
                start = None
                continue
            if start is not None and b not in tied and not _is_alike(match, b - 1, b):
                yield start, b
                start = b
            start = b if start is None else start
        if start is not None:
            yield start, match.new.count

    def _new_cells(
        self, match: Match, start: int, end: int
    ) -> tuple[list[NewCell], list[tuple[int, int]]]:
        by_new = {row.new_index: row.old_index for row in self._rows}
        new: list[NewCell] = []
        wider: list[tuple[int, int]] = []
        for row in self._rows:
            for cell in row.new.cells:
                span = match.new.span(cell)
                if span.stop <= start or span.start >= end:
                    continue
                held = match.old_of(cell)
                if held:
                    if span.start <= start and span.stop >= end:
                        wider.append((row.old_index, match.old.edges[held[0]]))
                    continue
                below = range(row.new_index + 1, row.new_index + cell.rowspan)
                reaches = tuple(by_new[index] for index in below if index in by_new)
                number = span.start - start
                new.append(
                    NewCell(row.old_index, number, len(span), cell.flow, reaches)
                )
        return new, wider

    # ── what went ───────────────────────────────────────────────────────────────────

    def _went(self, match: Match) -> None:
        """Without a trace: what was suggested of them is decided by that."""
        for start, end, word in _stretches(match.went, lambda a: self._gone(match, a)):
            self._say(match, start, end, word)

    def _gone(self, match: Match, column: int) -> Word:
        cells = match.old.judged(column)
        if deletions(cells):
            return "deletion", None, True
        if insertions(cells):
            return "insertion", None, False
        return None, None, True

    def _stayed(self, match: Match) -> None:
        said = {
            a: list(self._decided(match.old.judged(a), match.new.judged(b)))
            for a, b in sorted(match.pairs.items())
        }
        kinds: tuple[Settled | None, ...] = ("insertion", "deletion", None)
        for kind in kinds:
            held = {a: w for a, words in said.items() for w in words if w[0] == kind}
            for start, end, word in _stretches(sorted(held), held.__getitem__):
                self._say(match, start, end, word)

    def _decided(
        self, old: Sequence[MarkedCell], new: Sequence[MarkedCell]
    ) -> Iterator[Word]:
        struck = deletions(new)
        if struck and not deletions(old):
            if len(struck) == len(new):
                yield None, struck[0], True
            else:
                self._some_struck(new)
        if not self._keeps_marks or struck or not new:
            return  # a cell bears one mark: that it came is lost when it is struck
        if deletions(old):
            yield "deletion", None, False
        if insertions(old) and not insertions(new):
            yield "insertion", None, True

    def _some_struck(self, cells: Iterable[MarkedCell]) -> None:
        for cell in cells:
            if cell.deletion and ("cells", text_of_nodes(cell.flow)) not in self._told:
                self._told.append(("cells", text_of_nodes(cell.flow)))

    def _say(self, match: Match, start: int, end: int, word: Word) -> None:
        kind, by, accept = word
        first, last = match.old.edges[start], match.old.edges[end]
        text = self._text(match, start, end)
        if kind is None:
            step: Step = DeleteColumns(self._table, first, last, self._by(by), text)
        else:
            step = SettleColumns(self._table, first, last, kind, accept, text)
        self.steps.append(step)

    def _text(self, match: Match, start: int, end: int) -> str:
        """The words of the cells that lie in these columns alone, row by row."""
        lines: list[str] = []
        for row in self._rows:
            held = []
            for cell in row.old.cells:
                span = match.old.span(cell)
                if span.start >= start and span.stop <= end:
                    held.append(text_of_nodes(cell.flow))
            lines += [" | ".join(held)] if held else []
        return "\n".join(lines)


def _is_alike(match: Match, one: int, other: int) -> bool:
    first, second = match.new.judged(one), match.new.judged(other)
    return (
        insertions(first)[:1] == insertions(second)[:1]
        and deletions(first)[:1] == deletions(second)[:1]
    )


def _stretches(
    columns: Sequence[int], word_of: Callable[[int], Word]
) -> Iterator[tuple[int, int, Word]]:
    """Columns side by side of which the same is to be said."""
    start = 0
    for at in range(1, len(columns) + 1):
        goes_on = (
            at < len(columns)
            and columns[at] == columns[at - 1] + 1
            and word_of(columns[at]) == word_of(columns[start])
        )
        if not goes_on:
            yield columns[start], columns[at - 1] + 1, word_of(columns[start])
            start = at


def _words(cells: Sequence[NewCell]) -> str:
    lines: dict[int, list[str]] = {}
    for cell in cells:
        lines.setdefault(cell.row, []).append(text_of_nodes(cell.flow))
    return "\n".join(" | ".join(held) for held in lines.values())
