"""What changed between two readings of a draft: paragraphs, and words in them. Pure.

For people: they see what is new before they approve it again. Must never be used to
change a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed", "changed"]
PieceKind = Literal["same", "added", "removed"]

# Beyond these the work grows with the square; then whole paragraphs are compared.
_MOST_PARAGRAPHS = 3_000
_MOST_WORDS = 1_500
# Less alike than this, two paragraphs are one that went and one that came.
_ALIKE = 0.4
_WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One paragraph; `count` > 1 stands for a run of unchanged ones."""

    kind: Kind
    pieces: tuple[Piece, ...] = ()
    count: int = 1


def compare(before: str, after: str) -> tuple[Change, ...]:
    """Line by line. Unchanged lines are counted, not repeated. Empty: nothing new."""
    if before == after:
        return ()
    return tuple(_compare(before.splitlines(), after.splitlines()))


def _compare(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    for tag, a, a_end, b, b_end in _opcodes(before, after, _MOST_PARAGRAPHS):
        if tag == "equal":
            yield Change("same", (), a_end - a)
            continue
        pairs = min(a_end - a, b_end - b)
        for old, new in zip(before[a : a + pairs], after[b : b + pairs], strict=True):
            yield from _paragraph(old, new)
        for old in before[a + pairs : a_end]:
            yield from _whole("removed", old)
        for new in after[b + pairs : b_end]:
            yield from _whole("added", new)


def _paragraph(old: str, new: str) -> Iterator[Change]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if max(len(before), len(after)) > _MOST_WORDS or not _is_alike(before, after):
        yield from _whole("removed", old)
        yield from _whole("added", new)
        return
    pieces: list[Piece] = []
    for tag, a, a_end, b, b_end in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[a:a_end])))
            continue
        if a < a_end:
            pieces.append(Piece("removed", "".join(before[a:a_end])))
        if b < b_end:
            pieces.append(Piece("added", "".join(after[b:b_end])))
    yield Change("changed", tuple(pieces))


def _is_alike(before: Sequence[str], after: Sequence[str]) -> bool:
    """By their words: the blanks between them are in every paragraph."""
    old = [part for part in before if not part.isspace()]
    new = [part for part in after if not part.isspace()]
    return SequenceMatcher(None, old, new, autojunk=False).ratio() >= _ALIKE


def _whole(kind: Literal["added", "removed"], text: str) -> Iterator[Change]:
    if text.strip():
        yield Change(kind, (Piece(kind, text),))


def _opcodes(
    before: Sequence[str], after: Sequence[str], most: int
) -> Sequence[tuple[str, int, int, int, int]]:
    # Popular lines are set aside only when there are too many to compare them all.
    hurry = max(len(before), len(after)) > most
    return SequenceMatcher(None, before, after, autojunk=hurry).get_opcodes()
