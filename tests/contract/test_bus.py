"""Bus: memory and Redis deliver in order, by topic, and say when they may not have."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from storage.memory import MemoryBus, MemoryHub
from storage.ports import Bus
from storage.redis_bus.bus import RedisBus
from tests.support.servers import RedisServer
from tests.support.wait import until_async

DRAFT = "draft.1"
OTHER = "draft.2"
REDIS = pytest.param("redis", marks=pytest.mark.redis)


class Ear:
    """A handler that remembers what it heard."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []

    def __call__(self, topic: str, payload: bytes) -> None:
        self.heard.append((topic, payload))

    def has(self, *payloads: bytes) -> Callable[[], bool]:
        return lambda: [p for _, p in self.heard] == list(payloads)


class BusWorld:
    """Makes buses that hear each other, each as another process would have it."""

    def __init__(self, make: Callable[[], Bus]) -> None:
        self._make = make
        self._opened: list[Bus] = []

    def open(self) -> Bus:
        bus = self._make()
        self._opened.append(bus)
        return bus

    async def close(self) -> None:
        for bus in self._opened:
            await bus.close()


@pytest.fixture(params=["memory", REDIS])
def _ground(request: pytest.FixtureRequest) -> BusWorld:
    if request.param == "memory":
        hub = MemoryHub()
        return BusWorld(lambda: MemoryBus(hub))
    server: RedisServer = request.getfixturevalue("redis_server")
    return BusWorld(lambda: RedisBus(server.url))


@pytest_asyncio.fixture
async def world(_ground: BusWorld) -> AsyncIterator[BusWorld]:
    try:
        yield _ground
    finally:
        await _ground.close()


async def test_message_reaches_other_processes_and_its_own(world: BusWorld) -> None:
    here, there = world.open(), world.open()
    ear_here, ear_there = Ear(), Ear()
    await here.subscribe(DRAFT, ear_here)
    await there.subscribe(DRAFT, ear_there)
    await here.publish(DRAFT, b"\x00\xff")
    await until_async(ear_here.has(b"\x00\xff"))
    await until_async(ear_there.has(b"\x00\xff"))
    assert ear_there.heard == [(DRAFT, b"\x00\xff")]


async def test_topics_do_not_mix(world: BusWorld) -> None:
    bus = world.open()
    draft, other = Ear(), Ear()
    await bus.subscribe(DRAFT, draft)
    await bus.subscribe(OTHER, other)
    await bus.publish(DRAFT, b"1")
    await bus.publish(OTHER, b"2")
    await bus.publish("draft.12", b"to nobody")
    await bus.publish(DRAFT, b"3")
    await until_async(draft.has(b"1", b"3"))
    await until_async(other.has(b"2"))


async def test_order_is_kept_for_every_handler(world: BusWorld) -> None:
    publisher, listener = world.open(), world.open()
    first, second = Ear(), Ear()
    await listener.subscribe(DRAFT, first)
    await listener.subscribe(DRAFT, second)
    payloads = [b"%d" % n for n in range(2000)]
    for payload in payloads:
        publisher.publish_soon(DRAFT, payload)
    await until_async(first.has(*payloads))
    await until_async(second.has(*payloads))


async def test_slow_handler_loses_nothing_and_keeps_order(world: BusWorld) -> None:
    bus = world.open()
    ear = Ear()

    def slow(topic: str, payload: bytes) -> None:
        threading.Event().wait(0.002)
        ear(topic, payload)

    await bus.subscribe(DRAFT, slow)
    payloads = [b"%d" % n for n in range(200)]
    for payload in payloads:
        bus.publish_soon(DRAFT, payload)
    await until_async(ear.has(*payloads))


async def test_publish_soon_works_from_any_thread(world: BusWorld) -> None:
    publisher, listener = world.open(), world.open()
    ear = Ear()
    await listener.subscribe(DRAFT, ear)
    thread = threading.Thread(target=publisher.publish_soon, args=(DRAFT, b"hello"))
    thread.start()
    thread.join()
    await until_async(ear.has(b"hello"))


async def test_handlers_run_on_the_loop_of_the_subscriber(world: BusWorld) -> None:
    publisher, listener = world.open(), world.open()
    threads: list[int] = []
    await listener.subscribe(DRAFT, lambda *_: threads.append(threading.get_ident()))
    await asyncio.to_thread(publisher.publish_soon, DRAFT, b"x")
    await until_async(lambda: threads == [threading.get_ident()])


async def test_unsubscribed_handler_hears_no_more(world: BusWorld) -> None:
    bus = world.open()
    gone, stays = Ear(), Ear()
    await bus.subscribe(DRAFT, gone)
    await bus.subscribe(DRAFT, stays)
    await bus.unsubscribe(DRAFT, gone)
    await bus.publish(DRAFT, b"1")
    await until_async(stays.has(b"1"))
    assert gone.heard == []
    await bus.unsubscribe(DRAFT, stays)
    await bus.unsubscribe(DRAFT, stays)
    await bus.subscribe(DRAFT, gone)
    await bus.publish(DRAFT, b"2")
    await until_async(gone.has(b"2"))
    assert stays.has(b"1")()


async def test_failing_handler_does_not_silence_the_next_message(
    world: BusWorld, caplog: pytest.LogCaptureFixture
) -> None:
    bus = world.open()
    ear = Ear()

    def fail_once(topic: str, payload: bytes) -> None:
        ear(topic, payload)
        if payload == b"bad":
            raise ZeroDivisionError

    await bus.subscribe(DRAFT, fail_once)
    await bus.publish(DRAFT, b"bad")
    await bus.publish(DRAFT, b"good")
    await until_async(ear.has(b"bad", b"good"))
    assert "a handler of draft.1 failed" in caplog.text


async def test_subscription_holds_when_subscribe_returns(world: BusWorld) -> None:
    """A room subscribes, then reads the log: nothing may fall between the two."""
    publisher, listener = world.open(), world.open()
    for number in range(20):
        ear = Ear()
        topic = f"draft.{number}"
        await listener.subscribe(topic, ear)
        await publisher.publish(topic, b"at once")
        await until_async(ear.has(b"at once"))
