"""Cells that were merged or split in Word, laid out again as they stood.

Word merges and splits at once, whether changes are tracked or not. What was done is
told from the rest of the comparison here: a cell over others gives back the place and
the words of each, by the marks of its paragraphs; one that lies in the place of a
larger one takes back what is beside it. Must never lose a word, and never guess: where
marks and places do not agree, the table is left as it is. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from collab.content.tree import Suggested
from server.publishing.marked import (
    Flow,
    MarkedAtom,
    MarkedCell,
    MarkedParagraph,
    MarkedRow,
    MarkedTable,
    Node,
)
from server.review.word.aligning import marks_in

Spot = tuple[int, int]
"""Row of the table as it was, and number of the cell in it."""
Name = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Shaped:
    """`spots` became one cell, or the one there became several."""

    kind: Literal["merge", "split"]
    spots: tuple[Spot, ...]
    by: Suggested | None = None


@dataclass(frozen=True, slots=True)
class _Area:
    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, cell: MarkedCell) -> bool:
        return (
            self.top <= row
            and row + cell.rowspan <= self.bottom
            and self.left <= cell.column
            and cell.end <= self.right
        )

    def is_filled_by(self, cells: Sequence[MarkedCell]) -> bool:
        size = (self.bottom - self.top) * (self.right - self.left)
        return sum(cell.colspan * cell.rowspan for cell in cells) == size


class _Row:
    def __init__(self, row: MarkedRow) -> None:
        self._row = row
        self.cells = list(row.cells)
        self.reached = list(row.reached)

    def put(self, cell: MarkedCell) -> None:
        self.cells.append(cell)
        self.cells.sort(key=lambda held: held.column)

    def made(self) -> MarkedRow:
        return replace(
            self._row, cells=tuple(self.cells), reached=tuple(sorted(self.reached))
        )


def as_they_stood(
    old: MarkedTable, new: MarkedTable, pairs: Sequence[tuple[int, int]]
) -> tuple[MarkedTable, list[Shaped]]:
    """`pairs`: rows that belong together. The new table with the cells of the old one
    as far as they only became one or several, and what they became."""
    layout = _Layout(old, new, pairs)
    found = [*layout.merges(), *layout.splits()]
    return (layout.made(), found) if found else (new, [])


class _Layout:
    def __init__(
        self, old: MarkedTable, new: MarkedTable, pairs: Sequence[tuple[int, int]]
    ) -> None:
        self._old = old
        self._rows = [_Row(row) for row in new.rows]
        self._now = dict(pairs)
        self._was = {b: a for a, b in pairs}
        self._found: dict[int, list[MarkedCell]] = {}  # by the marks in them
        for line in new.rows:
            for cell in line.cells:
                for mark in marks_in(cell):
                    self._found.setdefault(mark, []).append(cell)
        self._home: dict[Name, Spot] = {}
        for index, row in enumerate(old.rows):
            for number, cell in enumerate(row.cells):
                for name in _names(cell.flow):
                    self._home[name] = (index, number)

    def made(self) -> MarkedTable:
        return MarkedTable(tuple(row.made() for row in self._rows))

    # ── one of several ──────────────────────────────────────────────────────────────

    def merges(self) -> Iterator[Shaped]:
        for index, row in enumerate(self._rows):
            for cell in list(row.cells):
                spots = self._merged(index, cell)
                if spots:
                    self._part(index, cell, spots)
                    by = cell.merging.by if cell.merging else None
                    yield Shaped("merge", tuple(spots), by)

    def _merged(self, index: int, cell: MarkedCell) -> list[Spot]:
        homes = [h for name in _names(cell.flow) if (h := self._home.get(name))]
        if not homes or not self._are_beside(index, cell.rowspan, homes[0][0]):
            return []
        top, number = homes[0]
        corner = self._old.rows[top].cells[number]
        if (cell.colspan, cell.rowspan) == (corner.colspan, corner.rowspan):
            return []
        area = _Area(
            top, corner.column, top + cell.rowspan, corner.column + cell.colspan
        )
        spots = self._old_in(area)
        held = [self._old.rows[row].cells[at] for row, at in spots]
        is_whole = len(spots) > 1 and area.is_filled_by(held)
        if not is_whole or not set(homes) <= set(spots):
            return []
        for spot, was in zip(spots, held, strict=True):
            # Programs keep all words of what they merge: without them, it went.
            is_lost = spot not in homes and _says(was.flow)
            if is_lost or self._is_elsewhere(spot, cell):
                return []
        return spots

    def _are_beside(self, index: int, height: int, top: int) -> bool:
        """Whether these rows are those that lay below each other."""
        return all(self._was.get(index + n) == top + n for n in range(height))

    def _old_in(self, area: _Area) -> list[Spot]:
        return [
            (row, number)
            for row in range(area.top, min(area.bottom, len(self._old.rows)))
            for number, cell in enumerate(self._old.rows[row].cells)
            if area.holds(row, cell)
        ]

    def _is_elsewhere(self, spot: Spot, here: MarkedCell) -> bool:
        marks = marks_in(self._old.rows[spot[0]].cells[spot[1]])
        return any(at is not here for mark in marks for at in self._found.get(mark, ()))

    def _part(self, index: int, cell: MarkedCell, spots: Sequence[Spot]) -> None:
        flows: dict[Spot, list[Node]] = {spot: [] for spot in spots}
        owner = spots[0]
        for node in cell.flow:
            home = next(
                (self._home[n] for n in _names((node,)) if n in self._home), None
            )
            owner = home if home in flows else owner
            flows[owner].append(node)
        top, corner = spots[0][0], self._old.rows[spots[0][0]].cells[spots[0][1]]
        shift = cell.column - corner.column
        self._rows[index].cells.remove(cell)
        for below in range(1, cell.rowspan):
            self._rows[index + below].reached.remove((cell.column, cell.colspan))
        for spot, flow in flows.items():
            was = self._old.rows[spot[0]].cells[spot[1]]
            here = index + spot[0] - top
            # Word drops the empty paragraphs of what it merges.
            kept = tuple(flow) if flow or _says(was.flow) else was.flow
            column = was.column + shift
            self._rows[here].put(replace(was, flow=kept, column=column))
            for below in range(1, was.rowspan):
                self._rows[here + below].reached.append((column, was.colspan))

    # ── several of one ──────────────────────────────────────────────────────────────

    def splits(self) -> Iterator[Shaped]:
        for top, row in enumerate(self._old.rows):
            index = self._now.get(top)
            for number, was in enumerate(row.cells):
                if index is None or was.colspan * was.rowspan == 1:
                    continue
                parts = self._parts(index, (top, number), was)
                if parts:
                    self._join(index, was, parts)
                    first = parts[0][1]
                    by = first.merging.by if first.merging else None
                    yield Shaped("split", ((top, number),), by)

    def _parts(
        self, index: int, spot: Spot, was: MarkedCell
    ) -> list[tuple[int, MarkedCell]]:
        here = (
            cell
            for cell in self._rows[index].cells
            if any(self._home.get(name) == spot for name in _names(cell.flow))
        )
        first = next(here, None)
        if first is None or not self._are_beside(index, was.rowspan, spot[0]):
            return []
        left = first.column
        area = _Area(index, left, index + was.rowspan, left + was.colspan)
        parts = [
            (row, cell)
            for row in range(area.top, area.bottom)
            for cell in self._rows[row].cells
            if area.holds(row, cell)
        ]
        cells = [cell for _row, cell in parts]
        is_whole = len(cells) == was.colspan * was.rowspan and area.is_filled_by(cells)
        others = (name for cell in cells for name in _names(cell.flow))
        is_own = all(self._home.get(name, spot) == spot for name in others)
        return parts if is_whole and is_own and cells[0] is first else []

    def _join(
        self, index: int, was: MarkedCell, parts: Sequence[tuple[int, MarkedCell]]
    ) -> None:
        first = parts[0][1]
        flow = list(first.flow)
        for row, cell in parts:
            self._rows[row].cells.remove(cell)
            if cell is not first:
                flow += [node for node in cell.flow if _says((node,))]
        made = replace(was, flow=tuple(flow), column=first.column)
        self._rows[index].put(made)
        for below in range(1, was.rowspan):
            self._rows[index + below].reached.append((first.column, was.colspan))


def _names(flow: Flow) -> Iterator[Name]:
    """Of everything that bears a mark of ours, in inner tables too."""
    for node in flow:
        if isinstance(node, MarkedParagraph):
            if node.mark is not None:
                yield "p", node.mark
            yield from (("p", mark) for mark, _at in node.joined)
        elif isinstance(node, MarkedAtom):
            if node.mark is not None:
                yield "b", node.mark
        else:
            for row in node.rows:
                for cell in row.cells:
                    yield from _names(cell.flow)


def _says(flow: Flow) -> bool:
    return any(not isinstance(n, MarkedParagraph) or n.text.strip() for n in flow)
