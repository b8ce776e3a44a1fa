"""The threads that own the log's connections."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from django.db import OperationalError

from storage.ports import LogUnavailable
from storage.update_log.threads import DatabaseThreads
from tests.support.wait import until_async


class Connections:
    """Stands for django.db.connections; counts what is closed, and by which thread."""

    def __init__(self) -> None:
        self.closed_by: list[str] = []

    def __getitem__(self, alias: str) -> Any:
        return self

    def close(self) -> None:
        self.closed_by.append(threading.current_thread().name)


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> Connections:
    made = Connections()
    monkeypatch.setattr("storage.update_log.threads.connections", made)
    return made


@pytest_asyncio.fixture
async def pool(connections: Connections) -> AsyncIterator[DatabaseThreads]:
    made = DatabaseThreads("log", using="default", count=2)
    try:
        yield made
    finally:
        await made.close()


def _fail() -> None:
    raise OperationalError("database is locked")


async def test_the_loop_never_runs_a_call_itself(pool: DatabaseThreads) -> None:
    name = await pool.run(lambda: threading.current_thread().name)
    assert name == "log-0"


async def test_a_slow_call_does_not_hold_up_another(pool: DatabaseThreads) -> None:
    go = threading.Event()
    slow = asyncio.ensure_future(pool.run(lambda: go.wait(10)))
    assert await asyncio.wait_for(pool.run(lambda: "quick"), 5) == "quick"
    go.set()
    assert await slow


async def test_single_thread_keeps_the_order_of_calls(connections: Connections) -> None:
    pool = DatabaseThreads("writer", using="default", count=1)
    done: list[int] = []
    await asyncio.gather(*(pool.run(lambda n=n: done.append(n)) for n in range(50)))
    await pool.close()
    assert done == list(range(50))


async def test_outage_becomes_log_unavailable_and_drops_the_connection(
    pool: DatabaseThreads, connections: Connections
) -> None:
    with pytest.raises(LogUnavailable, match="database is locked"):
        await pool.run(_fail)
    assert connections.closed_by == ["log-0"]
    assert await pool.run(lambda: "again") == "again"


async def test_mistake_of_the_caller_is_not_an_outage(pool: DatabaseThreads) -> None:
    with pytest.raises(ZeroDivisionError):
        await pool.run(lambda: 1 // 0)


async def test_cancelled_call_that_has_not_begun_is_not_run(
    connections: Connections,
) -> None:
    pool = DatabaseThreads("writer", using="default", count=1)
    go, begun = threading.Event(), threading.Event()
    ran: list[str] = []

    def hold() -> None:
        begun.set()
        go.wait(10)

    first = asyncio.ensure_future(pool.run(hold))
    await until_async(begun.is_set)
    second = asyncio.ensure_future(pool.run(lambda: ran.append("second")))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    go.set()
    await first
    await pool.close()
    assert ran == []


async def test_close_finishes_what_was_asked_and_closes_each_connection(
    connections: Connections,
) -> None:
    pool = DatabaseThreads("log", using="default", count=2)
    done: list[int] = []
    asked = [
        asyncio.ensure_future(pool.run(lambda n=n: done.append(n))) for n in range(20)
    ]
    await asyncio.sleep(0)
    await pool.close()
    await asyncio.gather(*asked)
    assert sorted(done) == list(range(20))
    assert sorted(connections.closed_by) == ["log-0", "log-1"]


async def test_closed_pool_is_unavailable(pool: DatabaseThreads) -> None:
    await pool.close()
    await pool.close()
    with pytest.raises(LogUnavailable, match="closed"):
        await pool.run(lambda: None)
