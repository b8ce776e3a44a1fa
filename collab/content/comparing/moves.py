"""Say "moved" where the same words went in one place and came in another.

A cut and a paste would else read as a loss and an addition, and the reader would have
to find out that nothing was lost. Only what is long enough to be no coincidence counts,
and each end is used once. Pure; must never change what either side says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from collab.content.comparing.changes import (
    Change,
    Comparison,
    Kind,
    Piece,
    every_change,
)
from collab.content.tree import Paragraph, Run, inline_text

_LEAST_WORDS = 4


def mark_moves(comparison: Comparison) -> Comparison:
    """The same comparison; paragraphs and stretches of words that moved say so."""
    moves = _Moves(comparison)
    blocks = tuple(moves.marked(change) for change in comparison.blocks)
    return replace(comparison, blocks=blocks)


class _Moves:
    def __init__(self, comparison: Comparison) -> None:
        whole: dict[str, dict[str, list[int]]] = {"deleted": {}, "inserted": {}}
        words: dict[str, dict[str, list[int]]] = {"deleted": {}, "inserted": {}}
        for change in every_change(comparison.blocks):
            if change.kind in whole and (text := _paragraph_text(change)):
                whole[change.kind].setdefault(text, []).append(id(change))
            elif change.kind == "changed":
                for piece in change.pieces:
                    if piece.kind in words and (text := _piece_text(piece)):
                        words[piece.kind].setdefault(text, []).append(id(piece))
        self._number = 0
        self._of = self._joined(whole)
        self._words = self._joined(words)

    def _joined(self, found: dict[str, dict[str, list[int]]]) -> dict[int, int]:
        """The number of its move, for each end that has another end."""
        numbers: dict[int, int] = defaultdict(int)
        for text, gone in found["deleted"].items():
            for old, new in zip(gone, found["inserted"].get(text, []), strict=False):
                self._number += 1
                numbers[old] = numbers[new] = self._number
        return numbers

    def marked(self, change: Change) -> Change:
        number = self._of.get(id(change), 0)
        if number:
            return replace(change, kind=_moved(change.kind), move=number)
        if change.kind != "changed":
            if change.kind in ("inserted", "deleted") and change.parts:
                return replace(change, parts=_each(self.marked, change.parts))
            return change
        pieces = tuple(self._piece(piece) for piece in change.pieces)
        return replace(change, pieces=pieces, parts=_each(self.marked, change.parts))

    def _piece(self, piece: Piece) -> Piece:
        if not self._words.get(id(piece)):
            return piece
        return replace(piece, kind=_moved(piece.kind))


def _moved(kind: Kind) -> Kind:
    return "moved_from" if kind == "deleted" else "moved_to"


def _each(
    mark: Callable[[Change], Change], changes: tuple[Change, ...]
) -> tuple[Change, ...]:
    return tuple(mark(change) for change in changes)


def _paragraph_text(change: Change) -> str:
    if not isinstance(change.new or change.old, Paragraph):
        return ""
    return _long_enough(inline_text(piece.inline for piece in change.pieces))


def _piece_text(piece: Piece) -> str:
    inline = piece.inline
    return _long_enough(inline.text) if isinstance(inline, Run) else ""


def _long_enough(text: str) -> str:
    words = text.split()
    return " ".join(words) if len(words) >= _LEAST_WORDS else ""
