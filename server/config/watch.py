"""What the watches over saved drafts have in common: gather, look, rest, compare.

The log tells each watch of a commit. The drafts that changed are gathered for a moment
and looked at together. A watch with much to do rests afterwards in proportion to what
the work cost, each matter for itself, so that a long text that is typed in takes a
small part of a core and holds up no other. What was saved by a process that ended
before it looked is found by comparing with the log: at the start, and now and then.
Must never run on the event loop or on the thread that writes the log, and never fail
an edit.
"""

from __future__ import annotations

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import ClassVar, Generic, TypeVar

from storage.ports import LogUnavailable
from storage.update_log.threads import DatabaseThreads

logger = logging.getLogger(__name__)
T = TypeVar("T")
Matter = TypeVar("Matter", bound=Hashable)

CATCH_UP_S = 60.0
# Of the time in which a draft is written on, how much may go into one of its matters:
# a twentieth. The work takes the interpreter from the rooms, if only for moments.
_REST = 20.0
_LEAST_REST_S = 5.0
LONGEST_REST_S = 60.0
# Of all time, how much may go into the work: a twentieth. With 500 drafts written in at
# once a tenth was a fifth of all that the process computed.
_PAUSE = 19.0


class Watch(ABC):
    """Looks at the drafts that changed, some moments after their commit."""

    name: ClassVar[str]
    """Of its thread, and in the server's own log."""
    gather_s: ClassVar[float]

    def __init__(self) -> None:
        self._threads = DatabaseThreads(self.name, using="default", count=1)
        self._changed: set[str] = set()
        self._following: asyncio.Task[None] | None = None

    def start(self) -> None:  # noqa: B027 - not every watch has something to begin
        """What it does without being told of an edit begins. On the event loop."""

    def note(self, *document_ids: str) -> None:
        """An edit of each is committed. Called on the event loop."""
        self.start()
        self._changed.update(document_ids)
        self._follow_soon()

    async def close(self) -> None:
        tasks = [task for task in self._tasks() if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._threads.close()

    @abstractmethod
    async def _look(self, changed: set[str]) -> None:
        """What is to be done about the drafts that changed; perhaps none did."""

    def _tasks(self) -> list[asyncio.Task[None] | None]:
        return [self._following]

    def _is_waited_for(self) -> bool:
        return bool(self._changed)

    def _follow_soon(self) -> None:
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        while self._is_waited_for():
            await asyncio.sleep(self.gather_s)
            changed, self._changed = self._changed, set()
            await self._look(changed)

    async def _done(
        self, call: Callable[[], T], threads: DatabaseThreads | None = None
    ) -> T | None:
        """Its result; None when it failed, which costs nothing but time."""
        try:
            return await (threads or self._threads).run(call)
        except LogUnavailable:
            logger.debug("the watch over %s waits: the database is away", self.name)
        except Exception:
            logger.exception("the watch over %s could not do its work", self.name)
        return None


class RestingWatch(Watch, Generic[Matter]):
    """Attends to one matter after the other, and lets each rest in between."""

    def __init__(self) -> None:
        super().__init__()
        self._due: set[Matter] = set()
        self._resting: dict[Matter, float] = {}
        """Until when a matter is left alone, by the monotonic clock."""
        self._comparing: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Compare with the log now, and now and then. On the event loop."""
        if self._comparing is None:
            self._comparing = asyncio.create_task(self._keep_comparing())

    @abstractmethod
    async def _matters_of(self, changed: set[str]) -> Iterable[Matter]:
        """What is to be attended to because these drafts changed."""

    @abstractmethod
    def _attend(self, matter: Matter) -> object:
        """Do it, on the thread of the watch."""

    @abstractmethod
    async def _compare(self) -> Iterable[Matter]:
        """What nobody told of, and is still to be attended to."""

    def _tasks(self) -> list[asyncio.Task[None] | None]:
        return [*super()._tasks(), self._comparing]

    def _is_waited_for(self) -> bool:
        return bool(self._changed or self._due)

    async def _keep_comparing(self) -> None:
        while True:
            self._due.update(await self._compare())
            if self._due:
                self._follow_soon()
            await asyncio.sleep(CATCH_UP_S)

    async def _look(self, changed: set[str]) -> None:
        if changed:
            self._due.update(await self._matters_of(changed))
        now = time.monotonic()
        self._resting = {m: t for m, t in self._resting.items() if t > now}
        for matter in [m for m in self._due if m not in self._resting]:
            # Before the work: what changes meanwhile is due once more.
            self._due.discard(matter)
            await self._attend_and_rest(matter)

    async def _attend_and_rest(self, matter: Matter) -> None:
        started = time.monotonic()
        await self._done(partial(self._attend, matter))
        ended = time.monotonic()
        spent = ended - started
        rest = min(max(spent * _REST, _LEAST_REST_S), LONGEST_REST_S)
        self._resting[matter] = ended + rest
        await asyncio.sleep(min(spent * _PAUSE, LONGEST_REST_S))
