"""Nobody waits for somebody else: slow stores, slow doors, slow readers."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import websockets

from collab import errors
from collab.gateway.outbox import Outbox
from collab.protocol.wire import var_bytes
from collab.rooms.peer import Loss
from tests.support.office import Office
from tests.support.rooms import turn
from tests.support.wait import promised, until_async
from tests.support.wires import (
    WAIT_S,
    Closed,
    Member,
    MemorySite,
    OfficeSite,
    SocketWire,
)

SOON_S = 1.0


@pytest.mark.parametrize("site", ["memory"], indirect=True)
async def test_a_slow_door_of_one_room_does_not_delay_another(site: MemorySite) -> None:
    an, phi = await site.member("chuyenvien"), await site.member("lanhdao")
    opened = asyncio.Event()
    site.world.authorizer.before_answer = opened.wait
    document = site.new_document()
    wire = await site.connect()
    await Member(wire, document, "lanhdao").sign_in()
    await turn()
    numbers = itertools.count()

    async def twenty() -> float:
        started = time.monotonic()
        for number in itertools.islice(numbers, 20):
            await an.send_edit(f"‹{number}›")
            await phi.sees(f"‹{number}›")
        return time.monotonic() - started

    await promised(twenty, SOON_S)
    opened.set()


@pytest.mark.server
@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
async def test_a_reader_that_stops_is_caught_up_and_slows_nobody(
    server: str, open_office: Callable[..., Office]
) -> None:
    site = OfficeSite(open_office(server, DUTHAO_QUEUE_BYTES_PER_SOCKET="200000"))
    try:
        await _outpace_a_reader(site)
    finally:
        await site.close()
        site.office.stop()


async def _outpace_a_reader(site: OfficeSite) -> None:
    writer, colleague = await site.member("chuyenvien"), await site.member("lanhdao")
    socket = await websockets.connect(
        site.office.collab_url,
        max_size=None,
        max_queue=1,
        compression=None,
        ping_interval=None,
        close_timeout=1,
    )
    site.keep(socket)
    slow = Member(SocketWire(socket), site.document, site.token("truongphong"))
    await slow.join()
    sent = 0
    for number in range(160):
        # Each replaces the one before, so that the document stays small.
        before = writer.doc.get_state()
        writer.text.clear()
        writer.text += f"{number:06}" * 15_000
        update = writer.doc.get_update(before)
        sent += len(update)
        await writer.send(b"\x00\x02" + var_bytes(update))
        assert (await writer.next(8)).step == 1
    await writer.type("HẾT")
    async with asyncio.timeout(WAIT_S):
        await colleague.sees("HẾT")
    received = 0
    async with asyncio.timeout(WAIT_S):
        while "HẾT" not in str(slow.text):
            data = await slow.wire.recv()
            received += len(data)
            slow._apply(slow._parse(data))
    assert str(slow.text) == str(writer.text)
    assert received < sent, "nothing was dropped: the queue was not bounded"


class Blocked:
    """An outbox of ten bytes whose socket takes nothing until the gate opens."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.sent: list[bytes] = []
        self.told: list[str] = []

        async def send(event: dict[str, bytes]) -> None:
            await self.gate.wait()
            self.sent.append(event["bytes"])

        self.outbox = Outbox(
            send,  # type: ignore[arg-type]
            max_bytes=10,
            on_blocked=lambda: self.told.append("blocked"),
            on_drained=lambda: self.told.append("drained"),
            on_dropped=lambda: self.told.append("dropped"),
            on_presence_dropped=lambda: self.told.append("presence dropped"),
            on_hopeless=lambda: self.told.append("hopeless"),
        )


async def test_a_blocked_outbox_drops_what_may_be_dropped_and_keeps_order() -> None:
    it = Blocked()
    it.outbox.put(b"first", Loss.RESYNC)
    it.outbox.put(b"ack 1", Loss.NEVER)
    it.outbox.put(b"update", Loss.RESYNC)
    it.outbox.put(b"ack 2", Loss.NEVER)
    assert it.told[:2] == ["blocked", "dropped"]
    it.gate.set()
    await until_async(lambda: "drained" in it.told)
    assert it.sent == [b"first", b"ack 1", b"ack 2"]
    it.gate.clear()
    for _ in range(60):
        it.outbox.put(b"never read", Loss.NEVER)
    assert it.told[-1] == "hopeless"
    it.outbox.close()
    it.gate.set()
    await turn()


@pytest.mark.parametrize(
    ("taken", "is_stuck"),
    [([0, 20_000], False), ([0, 9_000], True), ([None, None], True)],
)
async def test_who_takes_little_by_little_is_not_stuck(
    taken: list[int | None], is_stuck: bool
) -> None:
    it = Blocked()
    told = iter(taken)
    it.outbox.taken_bytes = lambda: next(told)
    it.outbox.put(b"a long document", Loss.RESYNC)
    assert it.outbox.blocked_since is not None
    later = it.outbox.blocked_since + 61
    assert it.outbox.is_stuck(later, 60) is is_stuck
    if not is_stuck:
        # It has as long again to take the next part.
        assert not it.outbox.is_stuck(later + 60, 60)
    it.outbox.close()
    it.gate.set()
    await turn()


async def test_carets_are_dropped_before_any_letter_is() -> None:
    it = Blocked()
    it.outbox.put(b"first", Loss.RESYNC)
    it.outbox.put(b"abcd", Loss.RESYNC)
    it.outbox.put(b"caret", Loss.FIRST)
    it.outbox.put(b"ef", Loss.RESYNC)
    assert it.told == ["blocked", "presence dropped"]
    it.gate.set()
    await until_async(lambda: "drained" in it.told)
    assert it.sent == [b"first", b"abcd", b"ef"]


class Searched(deque[Any]):
    """A queue that counts how often all of it is looked at."""

    times = 0

    def __iter__(self) -> Iterator[Any]:
        self.times += 1
        return super().__iter__()


async def test_a_queue_that_nothing_may_be_dropped_from_is_not_searched() -> None:
    """A writer who reads no acknowledgement would cost more with each of them."""
    it = Blocked()
    it.outbox.put(b"first", Loss.RESYNC)
    queue = it.outbox._queue = Searched()
    for _ in range(15):
        it.outbox.put(b"an acknowledgement"[:10], Loss.NEVER)
    assert queue.times == 0
    it.outbox.put(b"caret", Loss.FIRST)
    it.outbox.put(b"update", Loss.RESYNC)
    assert it.told == ["blocked", "presence dropped", "dropped"]
    it.gate.set()
    await until_async(lambda: "drained" in it.told)
    assert it.sent == [b"first", *[b"an acknowl"] * 15]


@pytest.mark.parametrize("site", ["memory"], indirect=True)
async def test_one_document_open_twice_on_a_blocked_socket_is_whole_in_both(
    site: MemorySite,
) -> None:
    """The first blocks the socket with an edit that the second still lacks."""
    reader = await site.member("truongphong")
    session = f"{site.document}\0second"
    other = await Member(reader.wire, session, "truongphong").join()
    an = await site.member("chuyenvien")
    peers = [
        peer
        for peer in site.world.room(site.document).peers
        if peer.identity.user_id == "truongphong"
    ]
    assert len(peers) == 2
    socket: Any = peers[0].outlet
    gate, real = asyncio.Event(), socket.outbox._send

    async def blocked(event: dict[str, object]) -> None:
        await gate.wait()
        await real(event)

    socket.outbox._send, socket.outbox._max_bytes = blocked, 10
    for number in range(3):
        await an.type(f"A{number} ")
    assert all(peer.is_lagging for peer in peers)
    gate.set()
    both = {reader.address: reader, other.address: other}
    while not all("A2" in str(member.text) for member in both.values()):
        data = await reader.wire.recv()
        for address, member in both.items():
            if data.startswith(address):
                member._apply(member._parse(data))
    assert str(reader.text) == str(other.text) == "A0 A1 A2 "


@pytest.mark.parametrize("site", ["memory"], indirect=True)
async def test_each_document_of_a_blocked_socket_is_caught_up(
    site: MemorySite,
) -> None:
    """Helping the first document blocks again; the second must not be forgotten."""
    second = site.new_document()
    reader = await site.member("truongphong")
    other = await Member(reader.wire, second, "truongphong").join()
    an, b = await site.member("chuyenvien"), await site.member("chuyenvien", second)
    peers = [
        next(p for p in site.world.room(d).peers if p.identity.user_id == "truongphong")
        for d in (site.document, second)
    ]
    socket = peers[0].outlet
    gate = asyncio.Event()
    real = socket.outbox._send  # type: ignore[attr-defined]

    async def slow(event: dict[str, object]) -> None:
        await gate.wait()
        gate.clear()
        await real(event)

    socket.outbox._send = slow  # type: ignore[attr-defined]
    socket.outbox._max_bytes = 10  # type: ignore[attr-defined]
    for number in range(5):
        await an.type(f"A{number} ")
        await b.type(f"B{number} ")
    assert all(peer.is_lagging for peer in peers)

    async def open_slowly() -> None:
        while any(peer.is_lagging or peer.base_state for peer in peers):
            gate.set()
            await asyncio.sleep(0)

    await asyncio.wait_for(open_slowly(), WAIT_S)
    docs = {reader.address: reader, other.address: other}
    gate.set()
    while "A4" not in str(reader.text) or "B4" not in str(other.text):
        gate.set()
        data = await reader.wire.recv()
        for address, member in docs.items():
            if data.startswith(address):
                member._apply(member._parse(data))
    assert str(reader.text) == "A0 A1 A2 A3 A4 "
    assert str(other.text) == "B0 B1 B2 B3 B4 "


@pytest.mark.parametrize("site", ["memory"], indirect=True)
async def test_a_reader_that_cannot_be_caught_up_is_sent_away(
    site: MemorySite,
) -> None:
    """It would never again be sent what others write, and not know it."""
    reader = await site.member("truongphong")
    room = site.world.room(site.document)
    (peer,) = room.peers
    peer.is_lagging, peer.base_state = True, b"\xff"  # no engine reads this
    peer.outlet._drained()  # type: ignore[attr-defined]
    with pytest.raises(Closed):
        while True:
            await asyncio.wait_for(reader.wire.recv(), WAIT_S)
    site.assert_counted(errors.MALFORMED_FRAME)


@pytest.mark.parametrize("site", ["memory"], indirect=True)
async def test_a_watch_that_failed_once_goes_on(site: MemorySite) -> None:
    reader = await site.member("truongphong")
    (peer,) = site.world.room(site.document).peers
    socket: Any = peer.outlet

    def fail() -> None:
        raise ValueError("the engine failed")

    socket.watch_turn, before = fail, socket._timer
    with suppress(ValueError):
        socket._watch()
    assert socket._timer is not before
    await reader.wire.close()


@pytest.mark.parametrize("site", ["memory"], indirect=True)
async def test_sockets_that_die_in_admission_leave_no_count(site: MemorySite) -> None:
    opened = asyncio.Event()
    site.world.authorizer.before_answer = opened.wait
    wires = []
    for _ in range(5):
        wire = await site.connect()
        await Member(wire, site.document, "lanhdao").sign_in()
        wires.append(wire)
    await turn()
    engine = site.world.engine
    assert engine.handshakes == 5
    for wire in wires[:4]:
        await wire.close()
    opened.set()
    await wires[4].close()
    await turn()
    assert engine.handshakes == 0
    assert not engine.connections
    assert not engine.sockets
    room = engine.rooms.find(site.document)
    assert room is None or not room.peers
