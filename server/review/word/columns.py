"""Which columns of a table came and went in Word.

What is left of a row is compared cell by cell as ever; a column is told with the words
of its cells, and so is a cell that came or went alone. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from server.publishing.marked import Flow, MarkedRow
from server.review.word.aligning import pair_cells
from server.review.word.steps import text_of_nodes

Rows = Sequence[tuple[MarkedRow, MarkedRow]]


class Columns:
    """Of rows that belong together, each before and after."""

    def __init__(self, rows: Rows) -> None:
        self._pairs = {id(new): pair_cells(old, new) for old, new in rows}
        self._came: list[tuple[tuple[int, ...], str]] = []  # which cells, their words
        self._went: list[tuple[tuple[int, ...], str]] = []
        for old, new in rows:
            held = self._pairs[id(new)]
            _note(self._went, old, {a for a, _b in held})
            _note(self._came, new, {b for _a, b in held})
        self._count = len(rows)
        self._before = {len(old.cells) for old, _new in rows}

    def cells_of(self, old: MarkedRow, new: MarkedRow) -> Iterator[tuple[Flow, Flow]]:
        for a, b in self._pairs[id(new)]:
            yield old.cells[a], new.cells[b]

    def told(self) -> Iterator[tuple[str, str]]:
        """Code and words, of what is no step."""
        for code, held in (
            ("column_removed", self._went),
            ("column_added", self._came),
        ):
            if self._is_whole(held):
                yield code, "\n".join(text for _which, text in held)
            else:
                for _which, text in held:
                    yield "cells", text

    def fitted(self, row: MarkedRow) -> MarkedRow:
        """A new row with the columns that the table had, as far as that can be told."""
        if not (self._is_whole(self._came) or self._is_whole(self._went)):
            return row
        cells = list(row.cells)
        came = self._came[0][0] if self._is_whole(self._came) else ()
        if any(at >= len(cells) for at in came):
            return row
        extra = [cells[at] for at in came]
        for at in reversed(came):
            del cells[at]
        went = self._went[0][0] if self._is_whole(self._went) else ()
        for at in went:
            cells.insert(at, ())
        if {len(cells)} != self._before:
            return row
        self._came += [(came, _words(extra))] if came else []
        return MarkedRow(tuple(cells), row.insertion, row.deletion)

    def _is_whole(self, held: Sequence[tuple[tuple[int, ...], str]]) -> bool:
        """The same cells of every row: columns."""
        is_one = len({which for which, _text in held}) == 1
        return is_one and len(held) >= self._count


def _note(
    held: list[tuple[tuple[int, ...], str]], row: MarkedRow, paired: set[int]
) -> None:
    alone = tuple(at for at in range(len(row.cells)) if at not in paired)
    if alone:
        held.append((alone, _words([row.cells[at] for at in alone])))


def _words(cells: Sequence[Flow]) -> str:
    return " | ".join(text_of_nodes(cell) for cell in cells)
