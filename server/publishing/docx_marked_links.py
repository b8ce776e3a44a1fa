"""Links that were suggested to lead elsewhere, read back as one text.

Our export writes such a link twice between two marks, struck as it was and inserted as
it is to be, since Word tracks no change of a link. Read back it is one text again,
whatever was decided on it there. Must never drop a letter that has no double.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from collab.content.tree import Reformatted, Run, Suggested
from server.publishing.docx_marked_runs import MarkedPiece, MarkPiece
from server.publishing.docx_revisions import name_sum


def without_doubles(pieces: Sequence[MarkedPiece]) -> list[MarkedPiece]:
    found: list[MarkedPiece] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        if not isinstance(piece, MarkPiece):
            found.append(piece)
        elif piece.kind == "l":
            end = _end_of(piece, pieces, at)
            found += _one(piece, pieces[at:end])
            at = end
        elif not piece.is_end:
            found.append(piece)
    return found


def _end_of(mark: MarkPiece, pieces: Sequence[MarkedPiece], start: int) -> int:
    for at in range(start, len(pieces)):
        piece = pieces[at]
        if isinstance(piece, MarkPiece) and piece.is_end and piece.ident == mark.ident:
            return at
    return start  # without an end it lies around nothing


def _one(mark: MarkPiece, pieces: Sequence[MarkedPiece]) -> Iterator[MarkedPiece]:
    runs = [piece for piece in pieces if isinstance(piece, Run)]
    old = next((run for run in runs if _is_struck(run)), None)
    new = next((run for run in runs if run.insertion is not None), None)
    owner = _who(old or new)
    is_both = old is not None and new is not None and _who(new) == owner
    is_ours = owner is not None and name_sum(*owner) == mark.number
    if not is_both and not is_ours:
        # Nothing is left to be decided, or somebody wrote there.
        yield from pieces
        return
    for piece in pieces:
        if not isinstance(piece, Run) or _who(piece) != owner:
            yield piece
        elif new is None:
            # What was to come is refused: the old one stands as it did.
            yield replace(piece, deletion=None)
        elif not _is_struck(piece):
            yield _reformatted(piece, old)


def _reformatted(run: Run, old: Run | None) -> Run:
    """With the old one gone for good, what it was is not to be had; it stays open."""
    by, was = run.insertion or Suggested("", "", ""), old or run
    change = Reformatted("", by.author, by.at, was.marks, was.href)
    return replace(run, insertion=None, formatting=change)


def _is_struck(run: Run) -> bool:
    return run.deletion is not None and run.insertion is None


def _who(run: Run | None) -> tuple[str, str] | None:
    by = None if run is None else run.insertion or run.deletion
    return None if by is None else (by.author, by.at)
