"""Make a damaged document anew from the log, and find out which edit harms it.

Must never give up while the log is away: the room's people keep their edits and wait.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from collab import errors
from collab.errors import Close
from collab.rooms.document import LiveDocument, find_harmful, measure_depth
from collab.rooms.services import Services
from storage.ports import LogUnavailable, StoredDocument

logger = logging.getLogger(__name__)

_RETRY_S = 0.5


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The document without the suspects; `verdicts` says of each whether it harms."""

    document: LiveDocument
    verdicts: list[bool]
    last_seq: int


def parts_of(stored: StoredDocument) -> list[bytes]:
    """Snapshot, if any, and later updates, in the order to merge them."""
    updates = [entry.update for entry in stored.updates]
    return updates if stored.snapshot is None else [stored.snapshot, *updates]


async def rebuild(
    services: Services,
    document_id: str,
    epoch: int,
    *,
    shown: Sequence[bytes],
    suspects: Sequence[bytes],
) -> Rebuilt | Close:
    """The document of the log plus `shown`, and for each suspect whether it harms it;
    or how the room has to end."""
    try:
        while True:
            try:
                stored = await services.log.load(document_id)
                break
            except LogUnavailable:
                await asyncio.sleep(_RETRY_S)
        if stored is None:
            return errors.NOT_AVAILABLE
        if stored.head.epoch != epoch:
            return errors.WRONG_EPOCH
        parts = [*parts_of(stored), *shown]
        document, verdicts = await services.run_heavy(
            lambda: find_harmful(parts, suspects)
        )
        await measure_depth(document)
    except Exception:
        # Everybody begins again from the log; what was not saved is resent.
        logger.exception("room %s cannot be made anew", document_id)
        return errors.SERVER_RESTARTING
    return Rebuilt(document, verdicts, stored.head.last_seq)
