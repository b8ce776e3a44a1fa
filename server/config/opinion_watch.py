"""Notice soon after an edit who suggested, in drafts about which opinions are asked.

Drafts that changed are gathered for a moment, and one query tells which of them have a
round; mostly none has. Each round then rests in proportion to what looking through its
log cost. What was saved by a process that ended before it looked is found by comparing
the rounds with the log: at the start, and now and then. Must never run on the event
loop or on the thread that writes the log.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar
from uuid import UUID

from server.review.actions.hearing import hear, unheard
from storage.ports import LogUnavailable
from storage.update_log.threads import DatabaseThreads

logger = logging.getLogger(__name__)
T = TypeVar("T")

GATHER_S = 2.0
CATCH_UP_S = 60.0
# Of the time in which a draft is written on, how much may go into looking through it:
# a twentieth. It takes the interpreter from the rooms, if only for moments.
_REST = 20.0
_LEAST_REST_S = 5.0
_LONGEST_REST_S = 60.0
# Of all time, how much may go into it: a tenth.
_PAUSE = 9.0


class OpinionWatch:
    def __init__(self) -> None:
        self._threads = DatabaseThreads("opinions", using="default", count=1)
        self._changed: set[str] = set()
        self._resting: dict[UUID, float] = {}
        """Until when a round is left alone, by the monotonic clock."""
        self._due: set[UUID] = set()
        self._following: asyncio.Task[None] | None = None
        self._comparing: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Compare the rounds with the log now, and now and then. On the event loop."""
        if self._comparing is None:
            self._comparing = asyncio.create_task(self._compare())

    def note(self, document_id: str) -> None:
        """An edit of this document is committed. Called on the event loop."""
        self.start()
        self._changed.add(document_id)
        self._follow_soon()

    async def close(self) -> None:
        tasks = [task for task in (self._following, self._comparing) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._threads.close()

    def _follow_soon(self) -> None:
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow())

    async def _compare(self) -> None:
        while True:
            self._due.update(await self._done(unheard) or ())
            if self._due:
                self._follow_soon()
            await asyncio.sleep(CATCH_UP_S)

    async def _follow(self) -> None:
        while self._changed or self._due:
            await asyncio.sleep(GATHER_S)
            changed, self._changed = self._changed, set()
            if changed:
                self._due.update(await self._done(partial(unheard, changed)) or ())
            now = time.monotonic()
            self._resting = {r: t for r, t in self._resting.items() if t > now}
            for round_id in [r for r in self._due if r not in self._resting]:
                self._due.discard(round_id)
                await self._hear(round_id)

    async def _hear(self, round_id: UUID) -> None:
        started = time.monotonic()
        await self._done(partial(hear, round_id))
        ended = time.monotonic()
        spent = ended - started
        rest = min(max(spent * _REST, _LEAST_REST_S), _LONGEST_REST_S)
        self._resting[round_id] = ended + rest
        await asyncio.sleep(min(spent * _PAUSE, _LONGEST_REST_S))

    async def _done(self, call: Callable[[], T]) -> T | None:
        try:
            return await self._threads.run(call)
        except LogUnavailable:
            # What was missed differs from the log, and is found by comparing.
            logger.debug("opinions were not looked through: the database is away")
        except Exception:
            logger.exception("opinions could not be looked through")
        return None
