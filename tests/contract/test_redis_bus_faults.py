"""RedisBus when Redis misbehaves: no caller suffers, and every gap is told."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage.memory import MemoryBus
from storage.ports import BusUnavailable
from storage.redis_bus.bus import RedisBus
from tests.support.servers import RedisServer
from tests.support.wait import until_async

pytestmark = pytest.mark.redis

DRAFT = "draft.1"
# Nobody waits for Redis; a busy machine may take seconds for that all the same.
PATIENCE_S = 20.0


class Gaps:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


@pytest_asyncio.fixture
async def bus(redis_server: RedisServer) -> AsyncIterator[RedisBus]:
    made = RedisBus(redis_server.url)
    try:
        yield made
    finally:
        await made.close()


@pytest.fixture
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis that this test may stop."""
    folder = Path(tempfile.mkdtemp(prefix="duthao-"))
    server = RedisServer(folder)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


async def test_killed_connection_is_told_and_healed(
    bus: RedisBus, redis_server: RedisServer
) -> None:
    gaps = Gaps()
    heard: list[bytes] = []
    bus.on_gap(gaps)
    await bus.subscribe(DRAFT, lambda _, payload: heard.append(payload))
    assert gaps.count == 0
    await asyncio.to_thread(redis_server.command, "CLIENT", "KILL", "TYPE", "pubsub")
    await until_async(lambda: gaps.count == 1)
    await bus.publish(DRAFT, b"after")
    await until_async(lambda: heard == [b"after"])


async def test_topics_taken_during_an_outage_flow_after_it(
    own_redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    bus = RedisBus(own_redis.url)
    gaps = Gaps()
    heard: list[str] = []
    try:
        bus.on_gap(gaps)
        await bus.subscribe(DRAFT, lambda topic, _: heard.append(topic))
        await asyncio.to_thread(own_redis.stop)
        await until_async(lambda: "not listening" in caplog.text)
        await asyncio.wait_for(
            bus.subscribe("draft.2", lambda topic, _: heard.append(topic)), PATIENCE_S
        )
        await asyncio.to_thread(own_redis.start)
        await until_async(lambda: gaps.count >= 1)
        bus.publish_soon(DRAFT, b"1")
        bus.publish_soon("draft.2", b"2")
        await until_async(lambda: heard == [DRAFT, "draft.2"])
    finally:
        await bus.close()


async def test_redis_that_is_away_at_the_start_is_waited_for(
    own_redis: RedisServer,
) -> None:
    await asyncio.to_thread(own_redis.stop)
    bus = RedisBus(own_redis.url)
    gaps = Gaps()
    try:
        bus.on_gap(gaps)
        await asyncio.wait_for(bus.subscribe(DRAFT, lambda *_: None), PATIENCE_S)
        bus.publish_soon(DRAFT, b"lost")
        with pytest.raises(BusUnavailable):
            await asyncio.wait_for(bus.publish(DRAFT, b"lost"), PATIENCE_S)
        await asyncio.to_thread(own_redis.start)
        await until_async(lambda: gaps.count >= 1)
    finally:
        await bus.close()


async def test_dropped_messages_are_told_to_those_who_would_have_heard(
    redis_server: RedisServer,
) -> None:
    """The listener's own connection was never broken: only the publisher knows."""
    publisher = RedisBus(redis_server.url, capacity=1)
    listener = RedisBus(redis_server.url)
    gaps = Gaps()
    try:
        listener.on_gap(gaps)
        await listener.subscribe(DRAFT, lambda *_: None)
        while not gaps.count:
            for _ in range(50):
                publisher.publish_soon(DRAFT, b"more than it can hold")
            await asyncio.sleep(0)
    finally:
        await publisher.close()
        await listener.close()


@pytest.mark.parametrize("topic", ["", "!missed", "dự thảo", "x" * 100, "a\nb"])
async def test_wrong_topic_is_refused_but_never_raised_into_publish_soon(
    bus: RedisBus, topic: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ValueError, match="not a topic"):
        await bus.subscribe(topic, lambda *_: None)
    with pytest.raises(ValueError, match="not a topic"):
        await bus.publish(topic, b"x")
    bus.publish_soon(topic, b"x")
    assert "nothing was published" in caplog.text


async def test_close_sends_what_waits(redis_server: RedisServer) -> None:
    publisher, listener = RedisBus(redis_server.url), RedisBus(redis_server.url)
    heard: list[bytes] = []
    try:
        await listener.subscribe(DRAFT, lambda _, payload: heard.append(payload))
        for number in range(100):
            publisher.publish_soon(DRAFT, b"%d" % number)
        await publisher.close()
        await until_async(lambda: len(heard) == 100)
        publisher.publish_soon(DRAFT, b"too late")
    finally:
        await listener.close()


async def test_memory_bus_tells_a_gap_like_redis() -> None:
    bus = MemoryBus()
    gaps = Gaps()
    bus.on_gap(gaps)
    await bus.subscribe(DRAFT, lambda *_: None)
    bus.connected = False
    bus.publish_soon(DRAFT, b"lost")
    with pytest.raises(BusUnavailable):
        await bus.publish(DRAFT, b"lost")
    bus.connected = True
    await until_async(lambda: gaps.count == 1)
