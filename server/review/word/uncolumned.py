"""Rows of which the cells do not stand in columns: what came and went, in words.

What is left of a row is compared cell by cell; a column is told with the words of its
cells, and so is a cell that came or went alone. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from server.publishing.docx_marked_rows import cell_as_a_whole
from server.publishing.marked import Flow, MarkedCell, MarkedRow
from server.review.word.aligning import pair_cells
from server.review.word.steps import text_of_nodes

Rows = Sequence[tuple[MarkedRow, MarkedRow]]


class Uncolumned:
    """Of rows that belong together, each before and after."""

    def __init__(self, rows: Rows) -> None:
        self._pairs: dict[int, list[tuple[MarkedCell, MarkedCell]]] = {}
        self._came: list[tuple[tuple[int, ...], str]] = []  # which cells, their words
        self._went: list[tuple[tuple[int, ...], str]] = []
        for old, edited in rows:
            new = _standing(edited, old)
            held = pair_cells(old, new)
            self._pairs[id(edited)] = [(old.cells[a], new.cells[b]) for a, b in held]
            _note(self._went, old, {a for a, _b in held})
            _note(self._came, new, {b for _a, b in held})
        self._count = len(rows)
        self._before = {len(old.cells) for old, _new in rows}

    def cells_of(self, old: MarkedRow, new: MarkedRow) -> Iterator[tuple[Flow, Flow]]:
        for before, after in self._pairs[id(new)]:
            yield before.flow, cell_as_a_whole(after, (old, before)).flow

    def told(self) -> Iterator[tuple[str, str]]:
        """Code and words, of what is no step."""
        for code, held in (
            ("column_removed", self._went),
            ("column_added", self._came),
        ):
            if self._is_whole(held):
                yield code, "\n".join(text for _which, text in held)
            else:
                texts = [text for _which, text in held]
                # Cells without a word are told once: there is nothing to copy.
                texts = [text for text in texts if text.strip(" |")] or texts[:1]
                yield from (("cells", text) for text in texts)

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
            cells.insert(at, MarkedCell())
        if {len(cells)} != self._before:
            return row
        self._came += [(came, _words(extra))] if came else []
        return replace(row, cells=tuple(cells))

    def _is_whole(self, held: Sequence[tuple[tuple[int, ...], str]]) -> bool:
        """The same cells of every row: columns."""
        is_one = len({which for which, _text in held}) == 1
        return is_one and len(held) >= self._count


def _standing(row: MarkedRow, old: MarkedRow) -> MarkedRow:
    """Without cells that are struck under Track Changes, unless they were before."""
    known = {cell.deletion for cell in old.cells if cell.deletion}
    cells = tuple(c for c in row.cells if c.deletion is None or c.deletion in known)
    return replace(row, cells=cells)


def _note(
    held: list[tuple[tuple[int, ...], str]], row: MarkedRow, paired: set[int]
) -> None:
    alone = tuple(at for at in range(len(row.cells)) if at not in paired)
    if alone:
        held.append((alone, _words([row.cells[at] for at in alone])))


def _words(cells: Sequence[MarkedCell]) -> str:
    return " | ".join(text_of_nodes(cell.flow) for cell in cells)
