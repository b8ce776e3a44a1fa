"""The load's client on bytes: what it finds however they are cut, what it answers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pycrdt import Doc, Text

from collab.protocol.wire import var_bytes, var_string
from tests.bench.load.jobs import Job
from tests.bench.load.peer import LoadPeer, frame, probe
from tests.bench.load.steady import text_of
from tests.bench.load.writing import (
    due,
    history,
    insertion,
    left_by_history,
    prepare,
)

DOCUMENT = "du-thao-1"
ADDRESS = var_string(DOCUMENT)


class Written:
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        self.bytes = b""

    def write(self, data: bytes) -> None:
        self.bytes += data


def from_server(payload: bytes, opcode: int = 2) -> bytes:
    """As `frame`, but as a server sends it: not masked."""
    masked = frame(payload, opcode)
    head = len(masked) - len(payload) - 4
    return bytes((masked[0], masked[1] & 0x7F)) + masked[2:head] + payload


def update(words: str, clock: int = 0) -> bytes:
    body = var_bytes(insertion(7, clock, words))
    return from_server(ADDRESS + b"\x00\x02" + body)


async def opened() -> tuple[LoadPeer, Written]:
    peer = LoadPeer(DOCUMENT, hocuspocus=True, token="t", path="/", host="h")
    written = Written()
    peer.connection_made(written)  # type: ignore[arg-type]
    peer.data_received(b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n")
    written.bytes = b""
    return peer, written


async def measured() -> tuple[LoadPeer, Written]:
    peer, written = await opened()
    peer.measure()
    return peer, written


@pytest.mark.parametrize("cut", [1, 2, 3, 5, 17, 64, 1_000, 1_000_000])
async def test_probes_are_found_however_the_bytes_are_cut(cut: int) -> None:
    peer, _ = await measured()
    peer.kept = []
    words = ["a" * 90 + probe(1), probe(22), "b" * 70_000 + probe(333), "c" * 40]
    clocks = [sum(map(len, words[:number])) for number in range(len(words))]
    stream = b"".join(map(update, words, clocks))

    for at in range(0, len(stream), cut):
        peer.data_received(stream[at : at + cut])

    assert [mark for mark, _ in peer.arrivals] == [1, 22, 333]
    assert peer.frames == len(words)
    assert text_of(peer.updates()) == "".join(words)


async def test_echo_of_its_own_probe_is_no_delivery() -> None:
    peer, _ = await measured()
    peer.own = range(5, 8)

    peer.data_received(update(probe(4)) + update(probe(5)) + update(probe(8)))

    assert [mark for mark, _ in peer.arrivals] == [4, 8]


async def test_every_acknowledgement_is_counted() -> None:
    peer, _ = await measured()
    peer.acknowledged = 0
    status = from_server(ADDRESS + b"\x08\x01")

    peer.data_received(status * 3 + update("x") + status[:4])
    peer.data_received(status[4:])

    assert peer.acknowledged == 4


@pytest.mark.parametrize("open_peer", [opened, measured])
async def test_pings_are_answered_before_and_while_measuring(open_peer: Any) -> None:
    peer, written = await open_peer()

    peer.data_received(from_server(b"hello", opcode=9))
    assert written.bytes == frame(b"hello", opcode=10)

    written.bytes = b""
    peer.data_received(from_server(b"\x09"))
    assert written.bytes == frame(b"\x0a")


async def test_reason_of_a_close_is_told_by_the_next_write() -> None:
    peer, _ = await measured()

    peer.data_received(from_server((4408).to_bytes(2, "big") + b"too_slow", opcode=8))

    with pytest.raises(ConnectionError, match="4408 too_slow"):
        peer.write(b"x")


async def test_first_state_opens_and_questions_are_answered() -> None:
    peer, written = await opened()
    begun, state = insertion(8, 0, "một tài liệu dài"), insertion(7, 0, "có sẵn")

    peer.data_received(from_server(ADDRESS + b"\x00\x02" + var_bytes(begun)))
    assert not peer.synced.done()
    peer.data_received(from_server(ADDRESS + b"\x00\x01" + var_bytes(state)))
    peer.data_received(from_server(ADDRESS + b"\x00\x00" + var_bytes(b"\x00")))

    await peer.synced
    assert peer.first_state == [begun, state]
    assert written.bytes == frame(ADDRESS + b"\x00\x01" + var_bytes(b"\x00\x00"))


async def test_written_updates_are_those_of_an_engine() -> None:
    peer, _ = await opened()
    (writer,) = prepare([peer], 60, 10)
    doc: Doc[Any] = Doc(client_id=1_000_000)
    text = doc.get("content", type=Text)
    made: list[bytes] = []
    kept = doc.observe(lambda event: made.append(event.update))

    for number in range(60):
        words = probe(writer.marks[number]) if number in writer.marks else "a"
        text.insert(len(str(text)), words)
    doc.unobserve(kept)

    assert writer.updates == made
    assert writer.characters == len(str(text))
    assert len(writer.marks) == 6


async def test_marks_of_all_writers_differ() -> None:
    peers = [(await opened())[0] for _ in range(30)]

    writers = prepare(peers, 30 * 7, 3)

    marks = [mark for writer in writers for mark in writer.marks.values()]
    assert len(set(marks)) == len(marks)
    assert all(mark in w.peer.own for w in writers for mark in w.marks.values())


@pytest.mark.parametrize("writers", [1, 3, 7])
def test_writers_take_turns(writers: int) -> None:
    for number in range(40):
        shares = [due(number, index, writers) for index in range(writers)]
        assert sum(shares) == number
        assert max(shares) - min(shares) <= 1


def test_history_leaves_the_text_that_it_says() -> None:
    assert len(text_of(history(1_000))) == left_by_history(1_000) == 600


async def test_first_of_each_document_is_there_before_its_others_come() -> None:
    there: list[str] = []
    early: list[str] = []

    class Doors(Job):
        async def open(self, document: str) -> Any:
            is_first = document not in there
            there.append(document)
            for _ in range(3):
                await asyncio.sleep(0)
                if is_first and there.count(document) > 1:
                    early.append(document)
            return f"{document}{there.count(document)}"

    job = Doors("hold", "h", 1, "plain", "/", "t", 1, [])
    opened = await job.open_all(name for name in "abcd" for _ in range(3))

    assert early == []
    assert [str(peer)[0] for peer in opened] == list("aaabbbcccddd")


@pytest.mark.parametrize("hocuspocus", [True, False])
async def test_what_a_server_took_is_acknowledged_or_echoed(hocuspocus: bool) -> None:
    peer = LoadPeer(DOCUMENT, hocuspocus=hocuspocus, token="t", path="/", host="h")
    peer.connection_made(Written())  # type: ignore[arg-type]
    peer.data_received(b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n")
    peer.measure()
    peer.acknowledged = 0
    status = from_server(ADDRESS + b"\x08\x01")
    echo = from_server(b"\x00\x02" + var_bytes(insertion(7, 0, "x")))

    peer.data_received(echo + (status if hocuspocus else echo) + status[:5])

    assert peer.taken == (1 if hocuspocus else 2)
