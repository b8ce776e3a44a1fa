"""uvicorn's protocol and ours hear the same from the same bytes, however cut."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import Frame, Opcode

from collab.gateway.lean_uvicorn import LeanWebSocket
from collab.gateway.outbox import WRITE_FRAME
from collab.gateway.reading import GIVE_FRAMES, READ_FRAMES, frames_of
from tests.support.websocket_frames import FRAMES, MOST, frame

HANDSHAKE = (
    b"GET /collab/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


class Wire(asyncio.Transport):
    """What was written, and whether reading is paused."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 5), "sockname": ("127.0.0.1", 6)})
        self.written = bytearray()
        self.is_paused = False
        self.is_closed = False

    def write(self, data: Any) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    def pause_reading(self) -> None:
        self.is_paused = True

    def resume_reading(self) -> None:
        self.is_paused = False


class Site:
    """A protocol whose application accepts and notes what it hears."""

    def __init__(
        self, kind: type[WebSocketsSansIOProtocol], *, together: bool = False
    ) -> None:
        """`together`: the application asks for all frames of a piece at once."""
        self.heard: list[dict[str, Any]] = []
        self.scope: dict[str, Any] = {}
        self.held = asyncio.Event()
        self.held.set()

        async def app(scope: Any, receive: Any, send: Any) -> None:
            self.scope = scope
            await receive()
            await send({"type": "websocket.accept"})
            if together:
                receive = scope["extensions"][READ_FRAMES]
            while True:
                await self.held.wait()
                event = await receive()
                self.heard.append(event)
                if event["type"] == "websocket.disconnect":
                    return

        config = Config(
            app,
            ws_max_size=MOST,
            ws_per_message_deflate=False,
            ws_ping_interval=None,
            log_level="warning",
        )
        config.load()
        self.protocol = kind(config=config, server_state=ServerState(), app_state={})
        self.wire = Wire()

    async def open(self) -> None:
        self.protocol.connection_made(self.wire)
        self.protocol.data_received(HANDSHAKE)
        await turn()
        assert b" 101 " in self.wire.written
        self.wire.written.clear()

    async def feed(self, *pieces: bytes) -> None:
        for piece in pieces:
            if not self.wire.is_closed:
                self.protocol.data_received(piece)
        await turn()

    async def end(self) -> None:
        self.protocol.connection_lost(None)
        await turn()


async def turn() -> None:
    for _ in range(30):
        await asyncio.sleep(0)


async def both(*pieces: bytes) -> tuple[Site, Site]:
    sites = Site(WebSocketsSansIOProtocol), Site(LeanWebSocket)
    for site in sites:
        await site.open()
        await site.feed(*pieces)
        await site.end()
    return sites


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(frames=FRAMES, cuts=st.lists(st.integers(1, 400), max_size=12))
async def test_both_hear_the_same_however_the_bytes_are_cut(
    frames: list[bytes], cuts: list[int]
) -> None:
    data, pieces = b"".join(frames), []
    for cut in cuts:
        pieces.append(data[:cut])
        data = data[cut:]
    theirs, ours = await both(*[p for p in [*pieces, data] if p])
    said, heard = [
        [e for e in site.heard if e["type"] == "websocket.receive"]
        for site in (theirs, ours)
    ]
    assert ours.heard[-1] == theirs.heard[-1]
    assert ours.wire.is_closed == theirs.wire.is_closed
    if theirs.heard[-1].get("code") in (1002, 1009):
        # uvicorn forgets good messages that came in one piece with a bad frame.
        assert heard[: len(said)] == said
    else:
        assert heard == said


async def test_frames_that_came_in_one_piece_are_handed_over_in_one_piece() -> None:
    site = Site(LeanWebSocket, together=True)
    await site.open()
    words = [b"%d" % number for number in range(20)]
    frames = [frame(Opcode.BINARY, word) for word in words]
    await site.feed(b"".join(frames[:12]) + frames[12][:3], frames[12][3:])
    await site.feed(frames[13] + frame(Opcode.PING, b"?") + b"".join(frames[14:]))
    heard = [list(frames_of(event) or ()) for event in site.heard]
    assert heard == [words[:12], words[12:13], words[13:14], words[14:]]
    await site.end()


async def test_frames_are_offered_first_and_none_overtakes_one_that_waits() -> None:
    site = Site(LeanWebSocket, together=True)
    await site.open()
    taken: list[bytes] = []

    def take(frames: Sequence[bytes]) -> bool:
        if b"presence" in frames:
            return False
        taken.extend(frames)
        return True

    site.scope["extensions"][GIVE_FRAMES](take)
    await site.feed(frame(Opcode.BINARY, b"a") + frame(Opcode.BINARY, b"b"))
    assert (taken, site.heard) == ([b"a", b"b"], [])
    presence, later = (frame(Opcode.BINARY, word) for word in (b"presence", b"c"))
    site.protocol.data_received(presence)
    await site.feed(later)
    assert taken == [b"a", b"b"]
    heard = [list(frames_of(event) or ()) for event in site.heard]
    assert heard == [[b"presence"], [b"c"]]
    await site.feed(frame(Opcode.BINARY, b"d"))
    assert taken == [b"a", b"b", b"d"]
    await site.end()


async def test_the_same_message_is_written_several_times_at_once() -> None:
    site = Site(LeanWebSocket)
    await site.open()
    assert site.scope["extensions"][WRITE_FRAME](b"saved", 3)
    once = Frame(Opcode.BINARY, b"saved").serialize(mask=False)
    assert bytes(site.wire.written) == once * 3
    await site.end()


async def test_a_message_is_written_as_uvicorn_writes_it() -> None:
    site = Site(LeanWebSocket)
    await site.open()
    write = site.scope["extensions"][WRITE_FRAME]
    for size in (0, 1, 125, 126, 65_535, 65_536):
        site.wire.written.clear()
        assert write(b"x" * size)
        assert bytes(site.wire.written) == Frame(Opcode.BINARY, b"x" * size).serialize(
            mask=False
        )
    await site.end()


@pytest.mark.parametrize("reason", ["full", "lost", "closing"])
async def test_nothing_is_written_at_once_when_it_has_to_wait(reason: str) -> None:
    site = Site(LeanWebSocket)
    await site.open()
    if reason == "full":
        site.protocol.pause_writing()
    elif reason == "lost":
        await site.end()
    else:
        site.wire.close()
    before = bytes(site.wire.written)
    assert not site.scope["extensions"][WRITE_FRAME](b"words")
    assert bytes(site.wire.written) == before


@pytest.mark.parametrize("together", [False, True])
async def test_a_socket_is_read_no_further_while_the_application_is_busy(
    together: bool,
) -> None:
    site = Site(LeanWebSocket, together=together)
    await site.open()
    site.held.clear()
    await site.feed(frame(Opcode.BINARY, b"x") * 50)
    assert not site.wire.is_paused
    await site.feed(frame(Opcode.BINARY, b"x") * 500)
    assert site.wire.is_paused
    site.held.set()
    for _ in range(40):
        await turn()
    assert not site.wire.is_paused
    assert sum(len(frames_of(event) or ()) for event in site.heard) == 550
    await site.end()


@pytest.mark.parametrize(
    ("taken", "is_alive"), [([10, 20], True), ([10, 10], False), ([None, None], False)]
)
async def test_a_ping_that_waits_behind_a_long_document_ends_nobody_who_takes_it(
    taken: list[int | None], is_alive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(LeanWebSocket)
    await site.open()
    site.protocol.ping_timeout = 20.0
    told = iter(taken)
    monkeypatch.setattr(site.protocol, "taken_bytes", lambda: next(told))
    site.protocol.send_keepalive_ping()
    site.protocol.keepalive_timeout()
    assert site.wire.is_closed is not is_alive
    await site.end()


async def test_bytes_that_come_before_the_answer_are_left_to_uvicorn() -> None:
    site = Site(LeanWebSocket)
    whole = frame(Opcode.BINARY, b"early")
    site.protocol.connection_made(site.wire)
    site.protocol.data_received(HANDSHAKE)
    site.protocol.data_received(whole[:3])
    await turn()
    site.protocol.data_received(whole[3:] + frame(Opcode.BINARY, b"late"))
    await turn()
    assert [e["bytes"] for e in site.heard] == [b"early", b"late"]
    await site.end()
