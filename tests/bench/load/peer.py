"""A WebSocket client that costs next to nothing: the server is what is measured.

It has two lives. Until `measure()` it reads every message and answers as a client must.
From then on it only walks over the heads of the frames, answers pings, and looks for
probes in the whole piece that arrived: one search in C for each piece, not one for each
frame, and no copy. Frames are masked with the key 0 (RFC 6455 allows any key), so they
can be built before the clock starts.

Must never be used as an example of a client: it trusts its server.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import time
from typing import cast

from collab.protocol.wire import (
    read_bytes,
    read_string,
    var_bytes,
    var_string,
    var_uint,
)

PROBE = b"<probe "
PROBE_DIGITS = 9
_SYNC, _STEP_1, _STEP_2, _UPDATE, _AUTH, _STATUS = 0, 0, 1, 2, 2, 8
_BINARY, _CLOSE, _PING, _PONG = 0x82, 8, 9, 10
_AWARENESS = 1
_DIALECT_PING, _DIALECT_PONG = b"\x09", b"\x0a"


def probe(mark: int) -> str:
    """Text that the peers find in what arrives."""
    return f"{PROBE.decode()}{mark:0{PROBE_DIGITS}d}>"


def frame(payload: bytes, opcode: int = 2) -> bytes:
    """A client's frame."""
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | opcode, 0x80 | size))
    elif size < 65_536:
        head = bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 0xFF)) + size.to_bytes(8, "big")
    return head + b"\0\0\0\0" + payload


def payloads(data: bytes) -> list[bytes]:
    """The messages in a server's whole frames, without pings and the like."""
    found, at = [], 0
    while at < len(data):
        start, end = _bounds(data, at)
        if data[at] == _BINARY and end - start > 1:
            found.append(data[start:end])
        at = end
    return found


def _bounds(data: bytes, at: int) -> tuple[int, int]:
    """Where the payload of a server's frame begins and ends; the head must be there."""
    length = data[at + 1]
    if length < 126:
        return at + 2, at + 2 + length
    if length == 126:
        return at + 4, at + 4 + int.from_bytes(data[at + 2 : at + 4], "big")
    return at + 10, at + 10 + int.from_bytes(data[at + 2 : at + 10], "big")


class LoadPeer(asyncio.Protocol):
    """One document on one socket."""

    def __init__(
        self, document: str, *, hocuspocus: bool, token: str, path: str, host: str
    ) -> None:
        self._address = var_string(document) if hocuspocus else b""
        self._hocuspocus, self._token = hocuspocus, token
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n"
        ).encode()
        status = self._address + bytes((_STATUS, 1))
        self._acknowledgement = bytes((_BINARY, len(status))) + status
        self._rest = b""
        self._is_upgraded = self._is_measured = False
        self._transport: asyncio.Transport | None = None
        self.synced: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.arrivals: list[tuple[int, float]] = []
        """Each probe of others that came, as often as it came, and when."""
        self.own = range(0)
        """Marks of the probes it writes itself: some servers echo them."""
        self.first_state: list[bytes] = []
        """The updates that it was sent until it was told that it has all."""
        self.kept: list[bytes] | None = None
        """Whole frames since the clock started, of one who keeps them."""
        self.acknowledged: int | None = None
        """How many of its updates were acknowledged, of one who counts them."""
        self.frames = 0
        self.closed: str | None = None

    # ── the socket ──────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = self.closed or str(error or "the server ended the connection")
        if not self.synced.done():
            self.synced.set_exception(ConnectionError(self.closed))

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        at, size = 0, len(data)
        if not self._is_upgraded:
            at = self._upgrade(data)
            if not self._is_upgraded:
                self._rest = data
                return
        while size - at >= 2:
            length = data[at + 1]
            if length < 126:
                end = at + 2 + length
            elif size - at < 10:
                break
            else:
                end = _bounds(data, at)[1]
            if end > size:
                break
            if data[at] != _BINARY or length == 1:
                self._control(data, at)
            elif not self._is_measured:
                self._message(data[_bounds(data, at)[0] : end])
            at = end
            self.frames += 1
        self._rest = data[at:] if at < size else b""
        if self._is_measured:
            self._look(data, at)

    def _look(self, data: bytes, end: int) -> None:
        """Find what is measured in the whole frames that end at `end`.

        A probe is the text of one edit and never parted among frames.
        """
        at = data.find(PROBE, 0, end)
        if at >= 0:
            now = time.perf_counter()
            while at >= 0:
                at += len(PROBE)
                mark = int(data[at : at + PROBE_DIGITS])
                if mark not in self.own:
                    self.arrivals.append((mark, now))
                at = data.find(PROBE, at, end)
        if self.kept is not None:
            self.kept.append(data[:end])
        if self.acknowledged is not None:
            self.acknowledged += data.count(self._acknowledgement, 0, end)

    @property
    def taken(self) -> int:
        """How many of its updates the server is known to have taken, with nobody else
        in the document: by its acknowledgements, or by its echo in the dialect that has
        none."""
        return (self.acknowledged or 0) if self._hocuspocus else self.frames

    def measure(self) -> None:
        """The clock starts: from now on only look for probes."""
        self._is_measured = True
        self.frames = 0

    def write(self, frames: bytes) -> None:
        assert self._transport is not None
        if self.closed is not None:
            raise ConnectionError(f"a connection was lost: {self.closed}")
        self._transport.write(frames)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _upgrade(self, data: bytes) -> int:
        """Read the answer to the handshake; where the first frame begins."""
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return 0
        if b" 101 " not in data[:40]:
            self.closed = repr(data[:80])
            self.close()
            return 0
        self._is_upgraded = True
        self._greet()
        return end + 4

    def _control(self, data: bytes, at: int) -> None:
        """Answer a ping, of the socket's protocol or of the dialect; note a close."""
        start, end = _bounds(data, at)
        opcode = data[at] & 0x0F
        if data[start:end] == _DIALECT_PING:
            self.write(frame(_DIALECT_PONG))
        elif opcode == _PING:
            self.write(frame(data[start:end], opcode=_PONG))
        elif opcode == _CLOSE:
            code = int.from_bytes(data[start : start + 2], "big")
            self.closed = f"closed with {code} {data[start + 2 : end].decode()}"

    # ── the dialects ────────────────────────────────────────────────────────────

    def update_frame(self, update: bytes) -> bytes:
        return frame(self._address + bytes((_SYNC, _UPDATE)) + var_bytes(update))

    def caret_frame(self, client: int, clock: int) -> bytes:
        """Where this person's caret stands after its `clock`-th letter, as editors tell
        it: the state that y-prosemirror keeps, in an awareness update."""
        place = {"client": client, "clock": max(0, clock - 1)}
        end = {"type": None, "tname": None, "item": place, "assoc": -1}
        user = {"name": "Trần Thị Ánh Tuyết", "color": "#1c5d99"}
        state = {"user": user, "cursor": {"anchor": end, "head": end}}
        text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
        said = b"\x01" + var_uint(client) + var_uint(clock + 1) + var_string(text)
        return frame(self._address + bytes((_AWARENESS,)) + var_bytes(said))

    def updates(self) -> list[bytes]:
        """The Yjs updates in what was kept."""
        found = []
        for payload in payloads(b"".join(self.kept or [])):
            kind, body = self._sync_message(payload)
            if kind in (_STEP_2, _UPDATE):
                found.append(body)
        return found

    def _greet(self) -> None:
        if self._hocuspocus:
            sign_in = bytes((_AUTH, 0)) + var_string(self._token) + var_string("4")
            self.write(frame(self._address + sign_in))
        step_1 = bytes((_SYNC, _STEP_1)) + var_bytes(b"\0")
        self.write(frame(self._address + step_1))

    def _sync_message(self, payload: bytes) -> tuple[int | None, bytes]:
        """Kind and body of a message of the sync protocol; (None, b"") of another."""
        at = read_string(payload, 0)[1] if self._hocuspocus else 0
        if len(payload) < at + 2 or payload[at] != _SYNC:
            return None, b""
        return payload[at + 1], read_bytes(payload, at + 2)[0]

    def _message(self, payload: bytes) -> None:
        kind, body = self._sync_message(payload)
        if kind in (_STEP_2, _UPDATE) and not self.synced.done():
            self.first_state.append(body)
            if kind == _STEP_2:
                self.synced.set_result(None)
        elif kind == _STEP_1:
            # The server asks what it lacks: nothing.
            answer = bytes((_SYNC, _STEP_2)) + var_bytes(b"\0\0")
            self.write(frame(self._address + answer))


async def open_peer(
    host: str, port: int, document: str, *, dialect: str, token: str, path: str
) -> LoadPeer:
    """Connected and in sync. `path` may hold {document} and {token}."""
    loop = asyncio.get_running_loop()
    address = path.format(document=document, token=token)
    _transport, peer = await loop.create_connection(
        lambda: LoadPeer(
            document,
            hocuspocus=dialect == "hocuspocus",
            token=token,
            path=address,
            host=f"{host}:{port}",
        ),
        host,
        port,
    )
    await asyncio.wait_for(asyncio.shield(peer.synced), 60)
    return peer
