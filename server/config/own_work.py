"""What the running server does by itself, at its own times.

Once a day: let go of what nobody asks for any more, and tell of the days that have
come: files to be handed over, opinions that are due. Once a minute: what ends with a
day must not stand open until the next daily round.

An office that never wrote a line into a crontab is tidied and told too. Each job may
run in several processes at once and as often as one likes; the commands that do the
same stay. Must never hold up a start or an end, nor run on the event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import ClassVar

from server.registry.actions.case_file_ends import tell_what_is_due
from server.review.actions.closing import close_what_is_over
from server.review.actions.reminding import remind_due
from server.review.actions.tidying import drop_unsent_files
from storage.ports import LogUnavailable
from storage.update_log.threads import DatabaseThreads

logger = logging.getLogger(__name__)

Job = Callable[[], int]


class OwnWork:
    """Does its jobs, one after the other, again and again."""

    name: ClassVar[str]
    """Of its thread, and in the server's own log."""
    first_s: ClassVar[float]
    """After the start, when the work of that is done."""
    every_s: ClassVar[float]
    jobs: ClassVar[tuple[Job, ...]]

    def __init__(self, jobs: Sequence[Job] | None = None) -> None:
        self._jobs = self.jobs if jobs is None else jobs
        self._threads: DatabaseThreads | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """On the event loop."""
        if self._task is None:
            self._threads = DatabaseThreads(self.name, using="default", count=1)
            self._task = asyncio.create_task(self._go_on(self._threads))

    async def close(self) -> None:
        task, self._task = self._task, None
        threads, self._threads = self._threads, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if threads is not None:
            await threads.close()

    async def _go_on(self, threads: DatabaseThreads) -> None:
        await asyncio.sleep(self.first_s)
        while True:
            for job in self._jobs:
                await self._done(threads, job)
            await asyncio.sleep(self.every_s)

    async def _done(self, threads: DatabaseThreads, job: Job) -> None:
        try:
            await threads.run(job)
        except LogUnavailable:
            # The next time is soon enough.
            logger.debug("%s waits: the database is away", self.name)
        except Exception:
            logger.exception("%s failed", self.name)


class DailyTidying(OwnWork):
    name = "tidying"
    first_s = 600.0
    every_s = 24 * 3600.0
    # Nobody is reminded of what is over.
    jobs = (drop_unsent_files, tell_what_is_due, close_what_is_over, remind_due)


class EachMinute(OwnWork):
    name = "minute"
    first_s = 30.0
    every_s = 60.0
    jobs = (close_what_is_over,)
