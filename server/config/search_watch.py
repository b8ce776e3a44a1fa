"""Make saved text findable within seconds, and notice what nobody told of.

Drafts that changed are gathered for a moment; each rests in proportion to what reading
it cost, so that a long text that is typed in takes a small part of a core and holds up
no other draft. What was saved by a process that ended before it indexed is found by
comparing the log with the index: at the start, and now and then. The words of attached
files are read on a thread of their own, which waits for the process that reads them.
Must never run on the event loop or on the thread that writes the log.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from django.db.models import Exists, OuterRef

from server.registry.models import SearchEntry
from server.registry.search.attached import read_new_files
from server.registry.search.reading_apart import FileReader, Stopped
from server.registry.search.upkeep import (
    BATCH,
    index_drafts,
    index_missing_files,
    index_missing_rows,
    refresh_drifted_drafts,
    reshare_drafts,
)
from storage.ports import LogUnavailable
from storage.update_log.models import DocumentHead
from storage.update_log.threads import DatabaseThreads

logger = logging.getLogger(__name__)

GATHER_S = 1.0
CATCH_UP_S = 60.0
# Of the time in which a draft is typed in, how much may go into reading it: a
# twentieth. Reading takes the interpreter from the rooms, if only for moments.
_REST = 20.0
_LEAST_REST_S = 5.0
_LONGEST_REST_S = 60.0
# Of all time, how much may go into indexing: a tenth.
_PAUSE = 9.0
# Of all time, how much may go into reading files: half, in a process that gives way.
_FILE_PAUSE = 1.0


class SearchWatch:
    def __init__(self) -> None:
        self._threads = DatabaseThreads("search", using="default", count=1)
        self._changed: set[str] = set()
        self._resting: dict[str, float] = {}
        """Until when a draft is left alone, by the monotonic clock."""
        self._event: int | None = None
        self._following: asyncio.Task[None] | None = None
        self._comparing: asyncio.Task[None] | None = None
        self._file_threads = DatabaseThreads("files", using="default", count=1)
        self._reader = FileReader()
        self._ending = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked = False
        self._reading: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Compare the index with the log now, and now and then. On the event loop."""
        if self._comparing is None:
            self._loop = asyncio.get_running_loop()
            self._comparing = asyncio.create_task(self._compare())

    def note(self, document_id: str) -> None:
        """An edit of this document is committed. Called on the event loop."""
        self.start()
        self._changed.add(document_id)
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow())

    def note_file(self) -> None:
        """A file was attached, and that is committed. Called on any thread."""
        loop = self._loop
        if loop is not None:
            # A loop that has ended hears nothing: the next start reads the file.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._read_soon)

    async def close(self) -> None:
        self._loop = None
        self._ending.set()
        self._reader.stop()
        known = (self._following, self._comparing, self._reading)
        tasks = [task for task in known if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._threads.close()
        await self._file_threads.close()

    def _read_soon(self) -> None:
        self._asked = True
        if self._ending.is_set():
            return
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while self._asked:
            self._asked = False
            await self._done(self._read_files, self._file_threads)
            await self._done(index_missing_files, self._file_threads)

    def _read_files(self) -> None:
        """On the thread of the files."""
        started = time.monotonic()
        with suppress(Stopped):
            for _digest in read_new_files(self._reader):
                spent = time.monotonic() - started
                if self._ending.wait(min(spent * _FILE_PAUSE, _LONGEST_REST_S)):
                    return
                started = time.monotonic()

    async def _follow(self) -> None:
        while self._changed:
            await asyncio.sleep(GATHER_S)
            now = time.monotonic()
            self._resting = {d: t for d, t in self._resting.items() if t > now}
            due = [d for d in self._changed if d not in self._resting]
            for document_id in due:
                self._changed.discard(document_id)
                started = time.monotonic()
                await self._done(partial(index_drafts, [document_id]))
                ended = time.monotonic()
                spent = ended - started
                rest = min(max(spent * _REST, _LEAST_REST_S), _LONGEST_REST_S)
                self._resting[document_id] = ended + rest
                await asyncio.sleep(min(spent * _PAUSE, _LONGEST_REST_S))

    async def _compare(self) -> None:
        await self._done(index_missing_rows)
        while True:
            await self._done(index_stale_drafts)
            await self._done(refresh_drifted_drafts)
            await self._done(self._reshare)
            self._read_soon()
            await asyncio.sleep(CATCH_UP_S)

    def _reshare(self) -> None:
        self._event = reshare_drafts(self._event)

    async def _done(
        self, call: Callable[[], object], threads: DatabaseThreads | None = None
    ) -> None:
        try:
            await (threads or self._threads).run(call)
        except LogUnavailable:
            # What was missed differs from the log, and is found by comparing.
            logger.debug("the search index waits: the database is away")
        except Exception:
            logger.exception("the search index could not be brought up to date")


def index_stale_drafts() -> int:
    """Index the drafts whose log went on after their text was indexed. How many."""
    told = SearchEntry.objects.filter(
        log_id=OuterRef("document_id"),
        epoch=OuterRef("epoch"),
        seq__gte=OuterRef("last_seq"),
    )
    stale = DocumentHead.objects.filter(~Exists(told)).order_by("document_id")
    count, after = 0, ""
    while True:
        later = stale.filter(document_id__gt=after)
        ids = list(later.values_list("document_id", flat=True)[:BATCH])
        if not ids:
            return count
        index_drafts(ids)
        count, after = count + len(ids), ids[-1]
