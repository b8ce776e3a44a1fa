"""A few threads that own database connections, so that no caller's thread does.

Django keeps a connection a thread and closes none by itself outside a request; the
shared thread of asgiref would make every database call of the process wait for every
other. Here a thread opens its connection at its first call, drops it after a failure
(the next call connects anew) and closes it when the pool ends. Unlike a
ThreadPoolExecutor, which offers no way to run something as a thread ends.

Must never run a job on the thread that asks for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from django.db import Error as DatabaseFault
from django.db import InterfaceError, InternalError, OperationalError, connections

from storage.ports import LogUnavailable

T = TypeVar("T")

# InternalError: a PostgreSQL that became a read-only standby answers so.
_OUTAGES = (OperationalError, InterfaceError, InternalError)


class DatabaseThreads:
    """`count` threads on the Django database `using`, started at the first call."""

    def __init__(self, name: str, *, using: str, count: int) -> None:
        self._name = name
        self._using = using
        self._count = count
        self._jobs: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = (
            queue.SimpleQueue()
        )
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._closed = False

    async def run(self, call: Callable[[], T]) -> T:
        """Raises LogUnavailable when the database fails or the pool is closed."""
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise LogUnavailable("the log was closed")
            if len(self._threads) < self._count:
                self._start_one()
            self._jobs.put((future, call))
        return await asyncio.wrap_future(future)

    def _start_one(self) -> None:
        # A daemon: a command that ends without close() must not hang. What was
        # acknowledged is committed by then.
        thread = threading.Thread(
            target=self._work, name=f"{self._name}-{len(self._threads)}", daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            future, call = job
            if future.set_running_or_notify_cancel():
                self._do(future, call)
            # Else the last result would be kept alive until the next job.
            del job, future, call
        self._disconnect()

    def _do(self, future: Future[Any], call: Callable[[], Any]) -> None:
        try:
            result = call()
        except _OUTAGES as error:
            self._disconnect()
            unavailable = LogUnavailable(str(error).strip())
            unavailable.__cause__ = error
            future.set_exception(unavailable)
        except BaseException as error:  # noqa: BLE001 - the caller's to handle
            self._disconnect()
            future.set_exception(error)
        else:
            future.set_result(result)

    def _disconnect(self) -> None:
        with contextlib.suppress(DatabaseFault):
            connections[self._using].close()

    async def close(self) -> None:
        """Finish what was asked for, then end the threads and their connections."""
        with self._lock:
            self._closed = True
            for _ in self._threads:
                self._jobs.put(None)
            threads, self._threads = self._threads, []
        for thread in threads:
            await asyncio.to_thread(thread.join)
