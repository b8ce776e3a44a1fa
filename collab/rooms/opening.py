"""The first moment of a long document: people read it before it is made.

Whoever comes is answered from the bytes of the log, which the engine need not have
read; the document is made of them beside that, on a thread and in slices, so that no
other room waits for a long one. Edits are held until it is there. Must never be asked
for anything but what the log holds.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from pycrdt import get_update

from collab import errors
from collab.errors import ProtocolError
from collab.protocol.updates import engine_faults, merge_tree
from collab.rooms.document import (
    EMPTY_STATE_VECTOR,
    DamagedDocument,
    LiveDocument,
    measure_depth,
)
from collab.rooms.repair import parts_of
from collab.rooms.services import Services
from storage.ports import LogDamaged, StoredDocument

logger = logging.getLogger(__name__)

# What takes less than a few milliseconds is made at once.
_LONG_BYTES = 50_000


class Beginning:
    """What the log holds of a document: a snapshot, if any, and what followed it."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self.parts = parts
        self._base = parts[0]
        self._rest = merge_tree(parts[1:]) if len(parts) > 1 else None

    def missing(self, state_vector: bytes) -> list[bytes]:
        """The updates that a peer with this state vector lacks; never none.

        Raises ValueError for what is no state vector. Two large updates are not
        merged for it: that takes longer than to send both.
        """
        if state_vector == EMPTY_STATE_VECTOR:
            updates = [self._base]
        else:
            with engine_faults():
                updates = [get_update(self._base, state_vector)]
        return updates if self._rest is None else [*updates, self._rest]

    def state_vector(self) -> bytes:
        """Nothing that would be certain: to read it out of a long document's bytes
        holds the interpreter for 20 ms. The room knows it once the document is made."""
        return EMPTY_STATE_VECTOR


async def begin(
    services: Services, document_id: str
) -> tuple[StoredDocument, LiveDocument | Beginning]:
    """Read the log. Raises ProtocolError (no such document, or it cannot be read) or
    LogUnavailable."""
    try:
        stored = await services.log.load(document_id)
        if stored is None:
            raise ProtocolError(errors.NOT_AVAILABLE, "no log")
        parts = parts_of(stored)
        if sum(map(len, parts)) <= _LONG_BYTES:
            return stored, LiveDocument(parts)
        return stored, await services.run_heavy(lambda: Beginning(parts))
    except (DamagedDocument, LogDamaged, ValueError) as error:
        logger.exception("document %s cannot be read", document_id)
        raise ProtocolError(errors.SERVER_RESTARTING, str(error)) from None


async def build(
    services: Services, document_id: str, beginning: Beginning
) -> LiveDocument | None:
    """Make the document. None: the engine cannot read it.

    It is measured before the first edit asks for it: that would stop every room.
    """
    try:
        document = await services.run_heavy(lambda: LiveDocument(beginning.parts))
        await measure_depth(document)
        return document
    except Exception:
        logger.exception("document %s cannot be read", document_id)
        return None
