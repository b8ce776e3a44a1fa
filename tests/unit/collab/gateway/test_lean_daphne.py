"""daphne's protocol and ours hear the same from the same bytes, however cut."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from daphne.ws_protocol import WebSocketFactory
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.testing import StringTransport
from websockets.frames import Frame, Opcode

from collab.gateway.lean_daphne import LeanFactory, _write
from collab.gateway.outbox import WRITE_FRAME
from collab.gateway.reading import GIVE_FRAMES, READ_FRAMES, frames_of
from tests.support.websocket_frames import FRAMES, MOST, frame

HANDSHAKE = (
    b"GET /collab/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


class Wire(StringTransport):  # type: ignore[misc]
    """A transport that only a test ends."""

    def setTcpNoDelay(self, enabled: bool) -> None: ...

    def registerProducer(self, producer: Any, streaming: bool) -> None: ...

    def unregisterProducer(self) -> None: ...


class FakeServer:
    """As much of daphne's server as its protocol asks for."""

    root_path = ""
    proxy_forwarded_address_header = None

    def __init__(self) -> None:
        self.queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def protocol_connected(self, protocol: Any) -> None: ...

    def protocol_disconnected(self, protocol: Any) -> None: ...

    def log_action(self, *words: Any) -> None: ...

    def create_application(self, protocol: Any, scope: Any) -> Any:
        return self.queue


class Site:
    def __init__(self, factory: type[WebSocketFactory]) -> None:
        self.server = FakeServer()
        made = factory(self.server, server="duthao")
        made.setProtocolOptions(
            maxMessagePayloadSize=MOST,
            maxFramePayloadSize=MOST,
            openHandshakeTimeout=0,
            closeHandshakeTimeout=0,
        )
        self.protocol = made.buildProtocol(None)
        self.wire = Wire()
        # Under daphne the HTTP side hands these over.
        self.protocol._raw_query_string = b""
        self.protocol.makeConnection(self.wire)
        self.protocol.dataReceived(HANDSHAKE)
        self.protocol.serverAccept()
        assert b" 101 " in self.wire.value()
        self.wire.clear()

    def feed(self, *pieces: bytes) -> None:
        for piece in pieces:
            if not self.wire.disconnecting:
                self.protocol.dataReceived(piece)

    def heard(self) -> list[dict[str, Any]]:
        events = []
        while not self.server.queue.empty():
            events.append(self.server.queue.get_nowait())
        return [e for e in events if e["type"] != "websocket.connect"]


@given(frames=FRAMES, cuts=st.lists(st.integers(1, 400), max_size=12))
def test_both_hear_the_same_however_the_bytes_are_cut(
    frames: list[bytes], cuts: list[int]
) -> None:
    data, pieces = b"".join(frames), []
    for cut in cuts:
        pieces.append(data[:cut])
        data = data[cut:]
    theirs, ours = Site(WebSocketFactory), Site(LeanFactory)
    for site in (theirs, ours):
        site.feed(*[p for p in [*pieces, data] if p])
    assert ours.heard() == theirs.heard()
    assert ours.wire.value() == theirs.wire.value()
    assert ours.wire.disconnecting == theirs.wire.disconnecting
    assert ours.protocol.state == theirs.protocol.state


async def test_frames_that_came_in_one_piece_are_handed_over_in_one_piece() -> None:
    site = Site(LeanFactory)
    receive = site.protocol.extensions()[READ_FRAMES]
    assert (await receive())["type"] == "websocket.connect"
    words = [b"%d" % number for number in range(20)]
    frames = [frame(Opcode.BINARY, word) for word in words]
    site.feed(b"".join(frames[:12]) + frames[12][:3], frames[12][3:])
    heard = [list(frames_of(event) or ()) for event in site.heard()]
    assert heard == [words[:12], words[12:13]]


async def test_frames_are_offered_first_and_none_overtakes_one_that_waits() -> None:
    site = Site(LeanFactory)
    receive = site.protocol.extensions()[READ_FRAMES]
    assert (await receive())["type"] == "websocket.connect"
    taken: list[bytes] = []

    def take(frames: Sequence[bytes]) -> bool:
        if b"presence" in frames:
            return False
        taken.extend(frames)
        return True

    site.protocol.extensions()[GIVE_FRAMES](take)
    site.feed(frame(Opcode.BINARY, b"a") + frame(Opcode.BINARY, b"b"))
    assert (taken, site.heard()) == ([b"a", b"b"], [])
    site.feed(frame(Opcode.BINARY, b"presence"))
    site.feed(frame(Opcode.BINARY, b"c"))
    heard = [list(frames_of(event) or ()) for event in site.heard()]
    assert heard == [[b"presence"], [b"c"]]
    site.feed(frame(Opcode.BINARY, b"d"))
    assert taken == [b"a", b"b", b"d"]


class Line:
    """As much of Twisted's connection as writing asks for; it takes `room` bytes."""

    TLS = False

    def __init__(self, room: int, *, waiting: bytes = b"") -> None:
        self.room = room
        self.sent = b""
        self.dataBuffer = waiting
        self._tempDataBuffer: list[bytes] = []
        self.connected = True
        self.disconnecting = self._writeDisconnected = False
        self.is_lost = False

    def writeSomeData(self, data: bytes) -> int | Exception:
        if self.is_lost:
            return ConnectionError()
        part = data[: self.room]
        self.sent += part
        self.room -= len(part)
        return len(part)

    def write(self, data: bytes) -> None:
        self._tempDataBuffer.append(data)

    @property
    def all(self) -> bytes:
        return self.sent + self.dataBuffer + b"".join(self._tempDataBuffer)


@pytest.mark.parametrize("room", [0, 1, 4, 5, 100])
def test_what_does_not_go_out_in_one_call_follows_in_order(room: int) -> None:
    line = Line(room)
    for words in (b"first", b"second"):
        _write(line, words)
    assert line.all == b"firstsecond"
    assert line.sent == b"firstsecond"[:room]


def test_nothing_overtakes_what_waits_in_the_transport() -> None:
    line = Line(100, waiting=b"before ")
    _write(line, b"after")
    assert line.all == b"before after"
    assert line.sent == b""


@pytest.mark.parametrize("what", ["lost", "ended", "closing", "half closed"])
def test_a_broken_connection_is_left_to_twisted(what: str) -> None:
    line = Line(100)
    line.is_lost = what == "lost"
    line.connected = what != "ended"
    line.disconnecting = what == "closing"
    line._writeDisconnected = what == "half closed"
    _write(line, b"words")
    assert line.sent == b""
    assert line._tempDataBuffer == [b"words"]


def test_a_message_is_written_as_a_frame_any_number_of_times() -> None:
    site = Site(LeanFactory)
    write = site.protocol.extensions()[WRITE_FRAME]
    for size in (0, 1, 125, 126, 65_535, 65_536):
        site.wire.clear()
        assert write(b"x" * size)
        once = Frame(Opcode.BINARY, b"x" * size).serialize(mask=False)
        assert site.wire.value() == once
    site.wire.clear()
    assert write(b"saved", 3)
    assert site.wire.value() == Frame(Opcode.BINARY, b"saved").serialize(mask=False) * 3


@pytest.mark.parametrize("closed", [True, False])
def test_nothing_is_written_to_a_socket_that_is_closing(closed: bool) -> None:
    site = Site(LeanFactory)
    if closed:
        site.protocol.sendClose()
    site.wire.clear()
    assert site.protocol.extensions()[WRITE_FRAME](b"words", 1) is not closed
    assert bool(site.wire.value()) is not closed


async def test_nothing_is_written_to_a_full_socket_until_there_is_room() -> None:
    site = Site(LeanFactory)
    write, brake = site.protocol.extensions()[WRITE_FRAME], site.protocol.brake
    brake.pauseProducing()
    assert not write(b"x", 1)
    waiting = asyncio.ensure_future(brake.released())
    await asyncio.sleep(0)
    assert not waiting.done()
    brake.resumeProducing()
    await waiting
    assert write(b"x", 1)


async def test_who_waits_for_a_socket_that_is_lost_goes_on() -> None:
    brake = Site(LeanFactory).protocol.brake
    brake.pauseProducing()
    waiting = asyncio.ensure_future(brake.released())
    brake.stopProducing()
    await waiting


@pytest.mark.parametrize("large", [False, True])
async def test_nothing_more_is_read_while_much_waits_for_the_application(
    large: bool,
) -> None:
    """Else whoever sends faster than is taken fills the memory."""
    site = Site(LeanFactory)
    receive = site.protocol.extensions()[READ_FRAMES]
    assert (await receive())["type"] == "websocket.connect"
    size, count = (MOST, 1_000_000 // MOST + 1) if large else (10, 201)
    site.feed(*[frame(Opcode.BINARY, b"x" * size)] * (count - 1))
    assert site.wire.producerState == "producing"
    site.feed(frame(Opcode.BINARY, b"x" * size))
    assert site.wire.producerState == "paused"
    for _ in range(count - 1):
        await receive()
    assert site.wire.producerState == "paused"
    await receive()
    assert site.wire.producerState == "producing"


async def test_an_application_that_takes_frames_singly_is_read_for_again() -> None:
    site = Site(LeanFactory)
    site.feed(*[frame(Opcode.BINARY, b"x")] * 300)
    assert site.wire.producerState == "paused"
    site.heard()
    site.server.websocket_timeout = -1  # type: ignore[attr-defined]
    site.server.ping_interval = 1_000  # type: ignore[attr-defined]
    site.protocol.check_timeouts()
    assert site.wire.producerState == "producing"
