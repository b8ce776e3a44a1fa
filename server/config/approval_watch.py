"""Notice soon after an edit that it voids approvals, without slowing any edit.

Drafts that changed are gathered for a moment and looked at together: one query tells
which of them are on their way, and mostly none is. A failure costs nothing but time:
the next look at the process, and the next step, settle the draft again. Must never run
on the event loop or on the thread that writes the log.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from server.registry.actions.voiding import settle_many
from storage.ports import LogUnavailable
from storage.update_log.threads import DatabaseThreads

logger = logging.getLogger(__name__)

GATHER_S = 0.3


class ApprovalWatch:
    def __init__(self) -> None:
        self._threads = DatabaseThreads("approvals", using="default", count=1)
        self._changed: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def note(self, document_id: str) -> None:
        """An edit of this document is committed. Called on the event loop."""
        self._changed.add(document_id)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._threads.close()

    async def _run(self) -> None:
        while self._changed:
            await asyncio.sleep(GATHER_S)
            changed, self._changed = self._changed, set()
            try:
                await self._threads.run(partial(settle_many, changed))
            except LogUnavailable:
                logger.debug("approvals were not looked at: the database is away")
            except Exception:
                logger.exception("approvals could not be looked at")
