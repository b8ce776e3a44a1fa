"""What became of the cells of a table in Word: one or several, headers, how wide.

The rows and cells that are compared here stand as they stood (`shaping`). Widths are
taken only from what Word tracked, since programs write them anew as they like; what is
missing was decided only where the program keeps all marks. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from collab.content.tree import Suggested
from server.publishing.marked import CellLook, MarkedCell, MarkedTable, Merging
from server.review.word.aligning import pair_cells
from server.review.word.columns import By, RowPair
from server.review.word.shaping import Shaped, Spot
from server.review.word.steps import (
    About,
    Becoming,
    Recell,
    SettleCells,
    Spots,
    Step,
    Widen,
    text_of_nodes,
)

_TWIPS_PER_PX = 15
Cell = tuple[Spot, MarkedCell, MarkedCell]
"""Where it was, before and after."""
Who = tuple[str, str]


class Cells:
    """`keeps_marks`: as in `columns`."""

    def __init__(
        self,
        old: MarkedTable,
        rows: Sequence[RowPair],
        table: int,
        by: By,
        *,
        keeps_marks: bool,
    ) -> None:
        self._old = old
        self._rows = rows
        self._table = table
        self._by = by
        self._keeps_marks = keeps_marks
        self._cells = [
            ((row.old_index, a), row.old.cells[a], row.new.cells[b])
            for row in rows
            for a, b in pair_cells(row.old, row.new)
        ]

    def steps(self, shaped: Iterable[Shaped]) -> list[Step]:
        """`shaped`: what became one or several, and stands here as it stood."""
        done: set[Spot] = set()
        found: list[Step] = []
        for one in shaped:
            done |= set(one.spots)
            found.append(self._became(one))
        others = [cell for cell in self._cells if cell[0] not in done]
        found += self._piles(others)
        found += self._splits(others)
        if self._keeps_marks:
            found += self._refused(others)
            found += self._looks_decided()
            found += self._heads_decided()
        found += self._heads()
        found += self._widths()
        return found

    # ── one or several ──────────────────────────────────────────────────────────────

    def _became(self, one: Shaped) -> Step:
        said = [self._at(spot).merging for spot in one.spots]
        if one.kind == "merge":
            is_wanted = all(merging and merging.now for merging in said)
        else:
            is_wanted = all(merging and not merging.now for merging in said)
        if is_wanted:
            return self._settle(one.spots, "shape", accept=True)
        return self._recell(one.spots, one.kind, one.by)

    def _piles(self, cells: Sequence[Cell]) -> Iterator[Step]:
        """Cells that somebody marked there to be one, from the upper one down."""
        piles: dict[tuple[int, Who], list[Spot]] = {}
        for spot, old, new in cells:
            merging = new.merging
            if merging is None or not merging.now or _is_known(old.merging, merging):
                continue
            key = (old.column, _who(merging.by))
            if merging.now == "rest":
                yield from self._pile(piles.pop(key, []), merging)
            piles.setdefault(key, []).append(spot)
        for (_column, who), spots in piles.items():
            yield from self._pile(spots, Merging(Suggested("", *who)))

    def _pile(self, spots: Sequence[Spot], merging: Merging) -> Iterator[Step]:
        if len(spots) > 1:
            yield self._recell(tuple(spots), "merge", merging.by)

    def _splits(self, cells: Sequence[Cell]) -> Iterator[Step]:
        for spot, old, new in cells:
            merging = new.merging
            if merging is None or merging.now or _is_known(old.merging, merging):
                continue
            if old.rowspan > 1:
                yield self._recell((spot,), "split", merging.by)

    def _refused(self, cells: Sequence[Cell]) -> Iterator[Step]:
        spots = tuple(
            spot for spot, old, new in cells if old.merging and not new.merging
        )
        if spots:
            yield self._settle(spots, "shape", accept=False)

    # ── looks ───────────────────────────────────────────────────────────────────────

    def _looks_decided(self) -> Iterator[Step]:
        verdicts: dict[bool, list[Spot]] = {}
        for spot, old, new in self._cells:
            if old.restyled and not new.restyled and old.was is not None:
                is_back = _are_alike(new.look, old.was)
                is_rejected = is_back and not _are_alike(new.look, old.look)
                verdicts.setdefault(not is_rejected, []).append(spot)
        for accept, spots in verdicts.items():
            yield self._settle(tuple(spots), "look", accept=accept)

    def _heads_decided(self) -> Iterator[Step]:
        for row in self._rows:
            if row.old.restyled and not row.new.restyled:
                accept = row.new.is_header == row.old.is_header
                yield self._settle(self._spots_of(row), "headed", accept=accept)

    def _heads(self) -> Iterator[Step]:
        for row in self._rows:
            old, new = row.old, row.new
            if new.restyled and _who(new.restyled) != _who(old.restyled):
                is_changed = new.is_header != new.was_header
            else:
                is_plain = self._keeps_marks and not (old.restyled or new.restyled)
                is_changed = is_plain and new.is_header != old.is_header
            if is_changed:
                kind: Becoming = "headed" if new.is_header else "unheaded"
                yield self._recell(self._spots_of(row), kind, new.restyled)

    def _widths(self) -> Iterator[Step]:
        votes: dict[tuple[int, int, Who], Counter[int]] = {}
        for _spot, old, new in self._cells:
            by, was, now = new.restyled, new.was, new.look
            if by is None or was is None or _who(by) == _who(old.restyled):
                continue
            is_wider = abs(was.width - now.width) >= _TWIPS_PER_PX
            if old.colspan == new.colspan == 1 and now.width and is_wider:
                key = (old.column, old.end, _who(by))
                votes.setdefault(key, Counter())[round(now.width / _TWIPS_PER_PX)] += 1
        for (start, end, who), counted in votes.items():
            width = counted.most_common(1)[0][0]
            by = self._by(Suggested("", *who))
            text = self._text(
                s for s, cell, _new in self._cells if cell.column == start
            )
            yield Widen(self._table, start, end, width, by, text)

    # ── what they share ─────────────────────────────────────────────────────────────

    def _at(self, spot: Spot) -> MarkedCell:
        return self._old.rows[spot[0]].cells[spot[1]]

    def _spots_of(self, row: RowPair) -> Spots:
        return tuple((row.old_index, at) for at in range(len(row.old.cells)))

    def _recell(self, spots: Spots, kind: Becoming, by: Suggested | None) -> Step:
        return Recell(self._table, spots, kind, self._by(by), self._text(spots))

    def _settle(self, spots: Spots, about: About, *, accept: bool) -> Step:
        return SettleCells(self._table, spots, about, accept, self._text(spots))

    def _text(self, spots: Iterable[Spot]) -> str:
        said = (text_of_nodes(self._at(spot).flow).strip() for spot in spots)
        return " | ".join(filter(None, said))


def _is_known(old: Merging | None, new: Merging) -> bool:
    return old is not None and _who(old.by) == _who(new.by)


def _who(by: Suggested | None) -> Who:
    return ("", "") if by is None else (by.author, by.at)


def _are_alike(one: CellLook, other: CellLook) -> bool:
    """Programs round widths."""
    is_as_wide = abs(one.width - other.width) < _TWIPS_PER_PX
    return is_as_wide and one.is_header == other.is_header
