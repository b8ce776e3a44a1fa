"""Make a damaged document anew from the log, and find out which edit harms it.

Must never give up while the log is away: the room's people keep their edits and wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from collab.rooms.document import LiveDocument, find_harmful
from collab.rooms.services import Services
from storage.ports import LogUnavailable, StoredDocument

_RETRY_S = 0.5


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The document without the suspects; `verdicts` says of each whether it harms."""

    document: LiveDocument
    verdicts: list[bool]
    epoch: int
    last_seq: int


def parts_of(stored: StoredDocument) -> list[bytes]:
    """Snapshot, if any, and later updates, in the order to merge them."""
    updates = [entry.update for entry in stored.updates]
    return updates if stored.snapshot is None else [stored.snapshot, *updates]


async def rebuild(
    services: Services,
    document_id: str,
    *,
    shown: Sequence[bytes],
    suspects: Sequence[bytes],
) -> Rebuilt | None:
    """The document of the log plus `shown`, and for each suspect whether it harms it.

    None if the log no longer has the document. Raises what `find_harmful` raises.
    """
    while True:
        try:
            stored = await services.log.load(document_id)
            break
        except LogUnavailable:
            await asyncio.sleep(_RETRY_S)
    if stored is None:
        return None
    parts = [*parts_of(stored), *shown]
    document, verdicts = await services.run_heavy(lambda: find_harmful(parts, suspects))
    return Rebuilt(document, verdicts, stored.head.epoch, stored.head.last_seq)
