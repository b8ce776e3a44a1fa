"""Where the columns that were exported are in the table as it is now.

A column lies between two edges. Where they are now is what most of its cells say, each
found by its words (`mapping`); somebody may have put a column between two that touched.
Must never guess beyond that: an edge that nothing tells is nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from itertools import pairwise

from server.review.word.aligning import rising
from server.review.word.livetable import LiveTable
from server.review.word.mapping import Mapping

_Votes = dict[int, Counter[int]]
_OF_ITS_WIDTH = 3  # a cell that is as wide as it was says more than one that is not


class Edges:
    """`left` and `right`: by an edge that was, where the column behind it begins now,
    and where the one before it ends."""

    def __init__(self, mapping: Mapping, table: int, live: LiveTable) -> None:
        begins: _Votes = {}
        ends: _Votes = {}
        edges: set[int] = set()
        for _row, cell, numbers in mapping.cells(table):
            edges |= {cell.column, cell.end}
            for number in numbers:
                line = mapping.line(number)
                row = None if line is None else live.row(line.place.row)
                if line is None or row is None or line.place.cell >= len(row.cells):
                    continue
                now = row.cells[line.place.cell]
                weight = _OF_ITS_WIDTH if now.colspan == cell.colspan else 1
                begins.setdefault(cell.column, Counter())[now.column] += weight
                ends.setdefault(cell.end, Counter())[now.end] += weight
                break
        self._edges = sorted(edges)
        self.left, self.right = _chosen(begins), _chosen(ends)
        if live.columns == max(edges, default=0) and self._is_as_it_was():
            self.left = {edge: edge for edge in self._edges[:-1]}
            self.right = {edge: edge for edge in self._edges[1:]}

    def _is_as_it_was(self) -> bool:
        found = (*self.left.items(), *self.right.items())
        return all(was == now for was, now in found)

    def place(self, edge: int) -> int | None:
        """Where to put a column that came there: behind what stands before it."""
        known = self.right.get(edge)
        return self.left.get(edge) if known is None else known

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a cell is that reached over these columns."""
        first, last = self.left.get(start), self.right.get(end)
        if first is None or last is None or first >= last:
            return None
        return first, last

    def columns(self, start: int, end: int) -> Set[int]:
        """What these columns are now; one that somebody put between them is none."""
        found: set[int] = set()
        held = [edge for edge in self._edges if start <= edge <= end]
        for first, last in pairwise(held):
            now = self.span(first, last)
            found.update(range(*now) if now else ())
        return found

    def inserted(self, column: int, count: int) -> None:
        """New columns stand before that one of the table as it was."""
        self.left = {e: n + count if n >= column else n for e, n in self.left.items()}
        self.right = {e: n + count if n > column else n for e, n in self.right.items()}

    def removed(self, columns: Set[int]) -> None:
        def moved(edges: dict[int, int]) -> dict[int, int]:
            return {e: n - sum(c < n for c in columns) for e, n in edges.items()}

        self.left, self.right = moved(self.left), moved(self.right)


def _chosen(votes: _Votes) -> dict[int, int]:
    """What most say, as far as the order is kept."""
    best = [(votes[edge].most_common(1)[0][0], edge) for edge in sorted(votes)]
    return {edge: now for now, edge in rising(best)}
