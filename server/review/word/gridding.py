"""Which column of a table in the one file is which in the other.

A column is what lies between two edges that some row has: programs cut their grids as
they like. Columns are known by the marks in their cells, else by place, else by words.
Must never guess: where the rows do not agree, there is no match. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from collab.content.tree import Suggested
from server.publishing.marked import MarkedCell, MarkedRow, paragraphs_in
from server.review.word.aligning import marks_in, pair_texts, rising

Pair = tuple[MarkedRow, MarkedRow]


class Grid:
    """The columns that these rows tell apart, counted from the left."""

    def __init__(self, rows: Sequence[MarkedRow]) -> None:
        self._rows = rows
        self.edges = sorted({edge for row in rows for edge in _edges(row)})
        self._at = {edge: index for index, edge in enumerate(self.edges)}
        self.count = max(0, len(self.edges) - 1)
        self._judged: dict[int, list[MarkedCell]] = {}

    def span(self, cell: MarkedCell) -> range:
        return range(self._at[cell.column], self._at[cell.end])

    def knows(self, row: MarkedRow) -> bool:
        return self._at.keys() >= set(_edges(row))

    def is_full(self, row: MarkedRow) -> bool:
        """Each column is covered once, by a cell or from above."""
        parts = [(cell.column, cell.end) for cell in row.cells]
        parts += [(start, start + width) for start, width in row.reached]
        at = self.edges[0] if self.edges else 0
        for start, end in sorted(parts):
            if start != at:
                return False
            at = end
        return bool(parts) and at == self.edges[-1]

    def judged(self, column: int) -> list[MarkedCell]:
        """The cells that speak for it: of its own width, in rows that neither come nor
        go, as far as there are such."""
        if column not in self._judged:
            self._judged[column] = self._judging(self._over[column])
        return self._judged[column]

    def _judging(
        self, over: Sequence[tuple[MarkedRow, MarkedCell]]
    ) -> list[MarkedCell]:
        for of_any_row in (False, True):
            for of_any_width in (False, True):
                found = [
                    cell
                    for row, cell in over
                    if (of_any_width or len(self.span(cell)) == 1)
                    and (of_any_row or not (row.insertion or row.deletion))
                ]
                if found:
                    return found
        return []

    @cached_property
    def _over(self) -> list[list[tuple[MarkedRow, MarkedCell]]]:
        found: list[list[tuple[MarkedRow, MarkedCell]]] = [[] for _ in self.edges]
        for row in self._rows:
            for cell in row.cells:
                for column in self.span(cell):
                    found[column].append((row, cell))
        return found

    def text(self, column: int) -> str:
        return " ".join(
            paragraph.text
            for cell in self.judged(column)
            for paragraph in paragraphs_in(cell.flow)
        )


def _edges(row: MarkedRow) -> Iterator[int]:
    for cell in row.cells:
        yield from (cell.column, cell.end)
    for start, width in row.reached:
        yield from (start, start + width)


@dataclass
class Match:
    """`pairs`: columns of the old grid to those of the new one."""

    rows: Sequence[Pair]
    old: Grid
    new: Grid
    pairs: dict[int, int]

    @cached_property
    def back(self) -> dict[int, int]:
        return {b: a for a, b in self.pairs.items()}

    @cached_property
    def came(self) -> list[int]:
        return [b for b in range(self.new.count) if b not in self.back]

    @cached_property
    def went(self) -> list[int]:
        return [a for a in range(self.old.count) if a not in self.pairs]

    def old_of(self, cell: MarkedCell) -> list[int]:
        """The columns of the old grid over which a new cell lies."""
        return [self.back[b] for b in self.new.span(cell) if b in self.back]

    def cells(self, old: MarkedRow, new: MarkedRow) -> list[tuple[int, int]] | None:
        """Which cells of a row belong together; None when they do not stand in
        columns."""
        if not (self.old.is_full(old) and self.new.is_full(new)):
            return None
        held = {tuple(self.old_of(cell)): at for at, cell in enumerate(new.cells)}
        pairs: list[tuple[int, int]] = []
        for at, cell in enumerate(old.cells):
            kept = tuple(a for a in self.old.span(cell) if a in self.pairs)
            if not kept:
                continue
            found = held.pop(kept, None)
            if found is None:
                return None
            pairs.append((at, found))
        held.pop((), None)  # of columns that came
        return None if held else pairs


def match_columns(rows: Sequence[Pair]) -> Match | None:
    """Of rows that belong together; None where columns cannot be told."""
    if not rows:
        return None
    old, new = Grid([a for a, _b in rows]), Grid([b for _a, b in rows])
    match = Match(rows, old, new, dict(_pairs(rows, old, new)))
    if any(match.cells(*pair) is None for pair in rows):
        return None
    return match


def _pairs(rows: Sequence[Pair], old: Grid, new: Grid) -> Iterator[tuple[int, int]]:
    i = j = 0
    for a, b in [*_by_marks(rows, old, new), (old.count, new.count)]:
        yield from _between(range(i, a), range(j, b), old, new)
        if a < old.count:
            yield a, b
        i, j = a + 1, b + 1


def _by_marks(rows: Sequence[Pair], old: Grid, new: Grid) -> list[tuple[int, int]]:
    votes: Counter[tuple[int, int]] = Counter()
    for before, after in rows:
        held = {mark: cell for cell in before.cells for mark in marks_in(cell)}
        taken: set[int] = set()
        for cell in after.cells:
            known = next((held[m] for m in marks_in(cell) if m in held), None)
            # Programs double a mark when a cell is copied: the first one has it.
            if known is None or id(known) in taken:
                continue
            taken.add(id(known))
            span, was = new.span(cell), old.span(known)
            if len(span) == len(was):
                votes.update(zip(was, span, strict=True))
    return rising(sorted(_agreed(votes), key=lambda pair: pair[1]))


def _agreed(votes: Counter[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What most rows say of the one column and of the other."""
    before: set[int] = set()
    after: set[int] = set()
    for (a, b), _count in votes.most_common():
        if a not in before and b not in after:
            yield a, b
        before.add(a)
        after.add(b)


def _between(
    olds: range, news: range, old: Grid, new: Grid
) -> Iterator[tuple[int, int]]:
    """Between two that are known: what is tracked as new is new, the rest is what there
    was as far as there are as many, else what has its words."""
    known = {by for a in olds for by in insertions(old.judged(a))}
    rest = [b for b in news if not _is_new(new.judged(b), known)]
    if len(rest) == len(olds):
        yield from zip(olds, rest, strict=True)
        return
    texts = pair_texts(map(old.text, olds), map(new.text, rest))
    yield from ((olds[i], rest[j]) for i, j in texts)


def _is_new(cells: Sequence[MarkedCell], known: set[Suggested]) -> bool:
    found = insertions(cells)
    return len(found) == len(cells) > 0 and known.isdisjoint(found)


def insertions(cells: Iterable[MarkedCell]) -> list[Suggested]:
    return [cell.insertion for cell in cells if cell.insertion is not None]


def deletions(cells: Iterable[MarkedCell]) -> list[Suggested]:
    return [cell.deletion for cell in cells if cell.deletion is not None]
