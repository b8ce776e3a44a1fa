"""Make saved text findable within seconds, and notice what nobody told of.

Each draft that changed is indexed, and then rests in proportion to what reading it cost
(`watch.py`). The words of attached files are read on a thread of their own, which waits
for the process that reads them. Must never leave anything to the next edit alone: what
the index lacks is found by comparing it with the log.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterable
from contextlib import suppress

from django.db.models import Exists, OuterRef

from server.config.watch import LONGEST_REST_S, RestingWatch
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
from storage.update_log.models import DocumentHead
from storage.update_log.threads import DatabaseThreads

# Of all time, how much may go into reading files: half, in a process that gives way.
_FILE_PAUSE = 1.0


class SearchWatch(RestingWatch[str]):
    name = "search"
    gather_s = 1.0

    def __init__(self) -> None:
        super().__init__()
        self._event: int | None = None
        self._file_threads = DatabaseThreads("files", using="default", count=1)
        self._reader = FileReader()
        self._ending = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked = False
        self._reading: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Compare the index with the log now, and now and then. On the event loop."""
        if self._loop is None and not self._ending.is_set():
            self._loop = asyncio.get_running_loop()
        super().start()

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
        await super().close()
        await self._file_threads.close()

    def _tasks(self) -> list[asyncio.Task[None] | None]:
        return [*super()._tasks(), self._reading]

    async def _matters_of(self, changed: set[str]) -> Iterable[str]:
        return changed

    def _attend(self, matter: str) -> None:
        index_drafts([matter])

    async def _keep_comparing(self) -> None:
        await self._done(index_missing_rows)
        await super()._keep_comparing()

    async def _compare(self) -> Iterable[str]:
        await self._done(index_stale_drafts)
        await self._done(refresh_drifted_drafts)
        await self._done(self._reshare)
        self._read_soon()
        return ()

    def _reshare(self) -> None:
        self._event = reshare_drafts(self._event)

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
                if self._ending.wait(min(spent * _FILE_PAUSE, LONGEST_REST_S)):
                    return
                started = time.monotonic()


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
