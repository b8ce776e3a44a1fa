"""Two versions of a draft beside each other: what differs, and how much.

The newest comparisons are kept in memory: turning from one view to the other, or
printing, does not compute them again. Must never decide who may read.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from collab.content.comparing.changes import Comparison, every_change
from collab.content.comparing.compare import compare
from server.review.past.reading import content_at

_COUNTED = {
    "inserted": "inserted",
    "deleted": "deleted",
    "moved_to": "moved",
    "formatted": "formatted",
}


@dataclass(frozen=True, slots=True)
class Totals:
    """How many places were touched; a run of changed words is one place."""

    inserted: int = 0
    deleted: int = 0
    moved: int = 0
    formatted: int = 0
    fields: int = 0

    @property
    def places(self) -> int:
        return self.inserted + self.deleted + self.moved + self.formatted + self.fields


@lru_cache(maxsize=8)
def compared(document_id: str, old_seq: int, new_seq: int) -> Comparison:
    """Raises NotFound and Unavailable as `content_at` does."""
    return compare(content_at(document_id, old_seq), content_at(document_id, new_seq))


def totals_of(comparison: Comparison) -> Totals:
    counts: Counter[str] = Counter()
    for change in every_change(comparison.blocks):
        if change.kind == "changed":
            counts.update(piece.kind for piece in change.pieces)
        elif not change.parts or change.kind == "formatted":
            counts[change.kind] += 1
    shown = {name: counts[kind] for kind, name in _COUNTED.items()}
    return Totals(**shown, fields=len(comparison.fields))
