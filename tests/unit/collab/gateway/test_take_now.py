"""Keystrokes are in the room in the moment they are read, if nothing is before them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from collab import errors
from collab.gateway.socket import Socket
from collab.protocol.frames import Kind, Message
from collab.protocol.limits import Limits
from tests.support.rooms import Tab, World, turn


class Site:
    """A socket over which `an` types, and a colleague who sees it."""

    def __init__(self, world: World, an: Tab, phi: Tab) -> None:
        self.world, self.an, self.phi = world, an, phi
        self.events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.handled: list[bytes] = []
        self.busy = asyncio.Event()
        self.busy.set()
        site = self

        class Plain(Socket):
            def decode(self, frame: bytes) -> Message:
                return Message(Kind.UPDATE, "", frame)

            def handle(self, message: Message, *, is_checked: bool) -> None:
                site.handled.append(message.body)

            async def take(self, frame: bytes) -> None:
                await site.busy.wait()
                await super().take(frame)

        async def send(event: dict[str, Any]) -> None: ...

        self.socket = Plain(world.engine, self.events.get, send, "127.0.0.1")
        self.socket.typing = an.peer
        self.serving = asyncio.ensure_future(self.socket.serve())

    def typed(self, text: str) -> bytes:
        """The frame of a keystroke."""
        return self.an.peer.encoder.update(self.an.edit(text))

    async def end(self) -> None:
        self.events.put_nowait({"type": "websocket.disconnect"})
        await self.serving


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    world.begin()
    world.engine.start()
    yield world
    await world.engine.stop()


@pytest.fixture
async def site(world: World) -> AsyncIterator[Site]:
    site = await open_site(world)
    yield site
    await site.end()


async def open_site(world: World) -> Site:
    an, phi = await world.join("an"), await world.join("phi")
    # A first letter, beside which the others are plain keystrokes.
    an.type("a")
    await turn()
    site = Site(world, an, phi)
    await turn()
    return site


async def test_keystrokes_are_shown_without_a_turn_of_the_reading_task(
    site: Site,
) -> None:
    assert site.socket.take_now([site.typed("b"), site.typed("c")])
    await turn()
    assert site.phi.read() == "abc"
    assert site.handled == []


async def test_what_is_no_keystroke_goes_the_long_way(site: Site) -> None:
    assert not site.socket.take_now([site.typed("b"), b"presence"])
    await turn()
    assert site.phi.read() == "a"


async def test_nothing_overtakes_what_is_still_being_handled(site: Site) -> None:
    site.busy.clear()
    site.events.put_nowait({"type": "websocket.receive", "bytes": b"presence"})
    await turn()
    assert not site.socket.take_now([site.typed("b")])
    site.busy.set()
    await turn()
    assert site.handled == [b"presence"]
    assert site.socket.take_now([site.typed("c")])


async def test_who_does_not_type_in_a_document_yet_goes_the_long_way(
    site: Site,
) -> None:
    site.socket.typing = None
    assert not site.socket.take_now([site.typed("b")])


async def test_a_socket_that_ends_takes_nothing(world: World) -> None:
    site = await open_site(world)
    site.socket.close(errors.TOO_FAST)
    assert not site.socket.take_now([site.typed("b")])
    await site.serving
    assert not site.socket.take_now([site.typed("c")])


async def test_the_brake_holds_these_too_and_takes_nothing_twice() -> None:
    world = World(limits=Limits(frames_per_s=1.0, frame_burst=2.0))
    world.begin()
    world.engine.start()
    site = await open_site(world)
    first, second, third = (site.typed(letter) for letter in "bcd")
    assert site.socket.take_now([first, second])
    assert not site.socket.take_now([third])
    world.clock.advance(1.0)
    assert site.socket.take_now([third])
    await turn()
    assert site.phi.read() == "abcd"
    await site.end()
    await world.engine.stop()
