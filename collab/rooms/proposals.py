"""Keep edits that came too late: the document was frozen, or begun anew.

They are never merged; their author finds them again. The log may be away just then,
so each is tried again until it is kept. Must never wait for anything in the room.
"""

from __future__ import annotations

import asyncio
import logging

from collab.ports import Clock
from collab.protocol.nesting import depth_of
from collab.rooms.peer import Peer
from storage.ports import LogUnavailable, Proposal, Refusal, UpdateLog

logger = logging.getLogger(__name__)

_RETRY_S = 1.0
_MAX_WAITING = 1_000
_MAX_WAITING_BYTES = 50_000_000
# Together with the deepest document far from where the engine ends the process.
_MAX_DEPTH = 5_000


class Proposals:
    def __init__(self, log: UpdateLog, clock: Clock) -> None:
        self._log = log
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting_bytes = 0

    @property
    def is_full(self) -> bool:
        """Whether a person who goes on sending late edits must be stopped."""
        return (
            len(self._tasks) >= _MAX_WAITING
            or self._waiting_bytes >= _MAX_WAITING_BYTES
        )

    def keep_late(self, peer: Peer, update: bytes, reason: Refusal) -> None:
        """Keep an edit for its author, however long the log is away.

        One that nests so deep that nobody could read it is an attack; it is not kept.
        """
        if depth_of(update) > _MAX_DEPTH:
            logger.warning("a late edit of %s nests too deep", peer.room.document_id)
            return
        proposal = Proposal(
            document_id=peer.room.document_id,
            author=peer.identity.user_id,
            epoch=peer.room.epoch,
            reason=reason,
            update=bytes(update),
            at=self._clock.now(),
        )
        self._waiting_bytes += len(update)
        task = asyncio.ensure_future(self._keep(proposal))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self, timeout_s: float) -> bool:
        """Wait until all are kept; False if that took too long."""
        if not self._tasks:
            return True
        _, late = await asyncio.wait(self._tasks, timeout=timeout_s)
        for task in late:
            task.cancel()
        return not late

    async def _keep(self, proposal: Proposal) -> None:
        try:
            while True:
                try:
                    await self._log.keep_proposal(proposal)
                    return
                except LogUnavailable:
                    await asyncio.sleep(_RETRY_S)
        except Exception:
            logger.exception("a late edit of %s is lost", proposal.document_id)
        finally:
            self._waiting_bytes -= len(proposal.update)
