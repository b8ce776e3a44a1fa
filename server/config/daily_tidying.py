"""Once a day, in the running server: let go of what nobody asks for any more, and tell
of the days that have come: files to be handed over, opinions that are due.

An office that never wrote a line into a crontab is tidied and told too. Each job may
run in several processes at once and as often as one likes; the commands that do the
same stay. Must never hold up a start or an end, nor run on the event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from server.registry.actions.case_file_ends import tell_what_is_due
from server.review.actions.reminding import remind_due
from server.review.actions.tidying import drop_unsent_files
from storage.ports import LogUnavailable
from storage.update_log.threads import DatabaseThreads

logger = logging.getLogger(__name__)

FIRST_S = 600.0  # after the start, when the work of that is done
EVERY_S = 24 * 3600.0
JOBS: tuple[Callable[[], int], ...] = (
    drop_unsent_files,
    tell_what_is_due,
    remind_due,
)


class DailyTidying:
    def __init__(self, jobs: Sequence[Callable[[], int]] = JOBS) -> None:
        self._jobs = jobs
        self._threads: DatabaseThreads | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """On the event loop."""
        if self._task is None:
            self._threads = DatabaseThreads("tidying", using="default", count=1)
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
        await asyncio.sleep(FIRST_S)
        while True:
            for job in self._jobs:
                await _done(threads, job)
            await asyncio.sleep(EVERY_S)


async def _done(threads: DatabaseThreads, job: Callable[[], int]) -> None:
    try:
        await threads.run(job)
    except LogUnavailable:
        # Tomorrow is soon enough.
        logger.debug("tidying waits for a day: the database is away")
    except Exception:
        logger.exception("tidying failed")
