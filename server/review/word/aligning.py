"""Which node of the exported text is which of the edited one.

By the mark that our export gave, as far as the marks stand in order; else by words. A
paragraph whose mark went elsewhere has moved: it went here and came there. Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collab.content.comparing.pairing import Pairing
from server.publishing.marked import (
    Flow,
    MarkedAtom,
    MarkedCell,
    MarkedParagraph,
    MarkedRow,
    MarkedTable,
    Node,
    paragraphs_in,
)

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Thing:
    """What pairing compares: kind and words of a node."""

    kind: str
    text: str


_PAIRING = (lambda t: _WORD.findall(t.text), lambda a, b: a.kind == b.kind)


def pair_nodes(old: Flow, new: Flow) -> list[tuple[int, int]]:
    """Places in both flows that belong together, rising on both sides."""
    named = rising(_by_marks(old, new))
    pairs: list[tuple[int, int]] = []
    i = j = 0
    for a, b in [*named, (len(old), len(new))]:
        pairs += [(i + x, j + y) for x, y in _by_words(old[i:a], new[j:b])]
        if a < len(old):
            pairs.append((a, b))
        i, j = a + 1, b + 1
    return pairs


def pair_rows(old: MarkedTable, new: MarkedTable) -> list[tuple[int, int]]:
    held = {
        mark: index for index, row in enumerate(old.rows) for mark in _marks_of(row)
    }
    pairs: list[tuple[int, int]] = []
    for index, row in enumerate(new.rows):
        at = [held[mark] for mark in _marks_of(row) if mark in held]
        if at:
            pairs.append((max(set(at), key=at.count), index))
    if pairs:
        return rising(pairs)
    if len(old.rows) == len(new.rows):
        return [(index, index) for index in range(len(old.rows))]
    return pair_texts(map(_row_text, old.rows), map(_row_text, new.rows))


def pair_cells(old: MarkedRow, new: MarkedRow) -> list[tuple[int, int]]:
    """By the marks in them, else by their words; all of them when none came or went."""
    held = {m: i for i, cell in enumerate(old.cells) for m in marks_in(cell)}
    pairs: dict[int, int] = {}  # new → old
    for index, cell in enumerate(new.cells):
        at = [held[mark] for mark in marks_in(cell) if mark in held]
        if at and at[0] not in pairs.values():
            pairs[index] = at[0]
    is_as_it_was = all(b == a for b, a in pairs.items())
    if len(old.cells) == len(new.cells) and is_as_it_was:
        return [(index, index) for index in range(len(old.cells))]
    if pairs:
        return rising([(a, b) for b, a in sorted(pairs.items())])
    return pair_texts(map(_cell_text, old.cells), map(_cell_text, new.cells))


def pair_texts(old: Iterable[str], new: Iterable[str]) -> list[tuple[int, int]]:
    return _pair([_Thing("", text) for text in old], [_Thing("", text) for text in new])


def _by_marks(old: Flow, new: Flow) -> list[tuple[int, int]]:
    at: dict[tuple[str, int], int] = {}
    for index, node in enumerate(old):
        for name in _names(node):
            at.setdefault(name, index)
    pairs: list[tuple[int, int]] = []
    used: set[int] = set()
    for index, node in enumerate(new):
        for name in _names(node):
            found = at.get(name)
            if found is None or found in used:
                continue
            if type(old[found]) is type(node):
                pairs.append((found, index))
                used.add(found)
                break
    return pairs


def _names(node: Node) -> list[tuple[str, int]]:
    if isinstance(node, MarkedParagraph):
        return [] if node.mark is None else [("p", node.mark)]
    if isinstance(node, MarkedAtom):
        return [] if node.mark is None else [("b", node.mark)]
    return [("t", mark) for row in node.rows for mark in _marks_of(row)]


def _marks_of(row: MarkedRow) -> list[int]:
    return [mark for cell in row.cells for mark in marks_in(cell)]


def marks_in(cell: MarkedCell) -> list[int]:
    return [p.mark for p in paragraphs_in(cell.flow) if p.mark is not None]


def rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that rises on both sides; the second rises already."""
    tails: list[int] = []
    ends: list[int] = []  # index of the pair at the end of the best run of each length
    before: list[int | None] = []
    for index, (first, _) in enumerate(pairs):
        place = bisect_left(tails, first)
        before.append(ends[place - 1] if place else None)
        if place == len(tails):
            tails.append(first)
            ends.append(index)
        else:
            tails[place], ends[place] = first, index
    found: list[tuple[int, int]] = []
    at = ends[-1] if ends else None
    while at is not None:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _by_words(old: Flow, new: Flow) -> list[tuple[int, int]]:
    if not old or not new:
        return []
    return _pair([_thing(n) for n in old], [_thing(n) for n in new])


def _pair(old: list[_Thing], new: list[_Thing]) -> list[tuple[int, int]]:
    pairing: Pairing[_Thing] = Pairing(*_PAIRING)
    pairs: list[tuple[int, int]] = []
    i = j = 0
    for kind, _before, _after in pairing.steps(old, new):
        if kind in ("same", "changed"):
            pairs.append((i, j))
        i += kind != "inserted"
        j += kind != "deleted"
    return pairs


def _thing(node: Node) -> _Thing:
    if isinstance(node, MarkedParagraph):
        return _Thing("p", node.text)
    if isinstance(node, MarkedAtom):
        return _Thing(node.kind, "")
    return _Thing("t", " ".join(_row_text(row) for row in node.rows))


def _row_text(row: MarkedRow) -> str:
    return " ".join(map(_cell_text, row.cells))


def _cell_text(cell: MarkedCell) -> str:
    return " ".join(p.text for p in paragraphs_in(cell.flow))
