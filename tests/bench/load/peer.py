"""A WebSocket client that costs next to nothing: the server is what is measured.

It speaks both dialects, answers pings, notes the arrival of probes, and keeps the bytes
of the updates when asked. Frames are masked with the key 0 (RFC 6455 allows any key),
so they can be built before the clock starts. Must never be used as an example of a
client: it trusts its server.
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
import time
from collections.abc import Callable
from typing import cast

from collab.protocol.wire import (
    read_bytes,
    read_string,
    var_bytes,
    var_string,
)

PROBE = re.compile(rb"<(\d{9})>")
_SYNC, _STEP_1, _STEP_2, _UPDATE, _AUTH = 0, 0, 1, 2, 2


def frame(payload: bytes, opcode: int = 2) -> bytes:
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | opcode, 0x80 | size))
    elif size < 65_536:
        head = bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 0xFF)) + size.to_bytes(8, "big")
    return head + b"\0\0\0\0" + payload


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
        self._buffer = b""
        self._upgraded = False
        self._transport: asyncio.Transport | None = None
        self.synced: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.arrivals: list[tuple[int, float]] = []
        self.kept: list[bytes] | None = None
        self.first_state_bytes = 0
        self.frames = 0
        self.closed: str | None = None
        self.on_probe: Callable[[int], None] | None = None

    # ── the socket ──────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = self.closed or str(error or "closed")
        if not self.synced.done():
            self.synced.set_exception(ConnectionError(self.closed))

    def data_received(self, data: bytes) -> None:
        data = self._buffer + data if self._buffer else data
        if not self._upgraded:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._buffer = data
                return
            if b" 101 " not in data[:40]:
                raise ConnectionError(data[:80])
            self._upgraded = True
            data = data[end + 4 :]
            self._greet()
        at, size = 0, len(data)
        while size - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                length, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if size < start + length:
                break
            self._frame(data[at] & 0x0F, data[start : start + length])
            at = start + length
        self._buffer = data[at:]

    def write(self, frames: bytes) -> None:
        assert self._transport is not None
        self._transport.write(frames)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # ── the dialects ────────────────────────────────────────────────────────────

    def update_frame(self, update: bytes) -> bytes:
        return frame(self._address + bytes((_SYNC, _UPDATE)) + var_bytes(update))

    def _greet(self) -> None:
        if self._hocuspocus:
            sign_in = bytes((_AUTH, 0)) + var_string(self._token) + var_string("4")
            self.write(frame(self._address + sign_in))
        step_1 = bytes((_SYNC, _STEP_1)) + var_bytes(b"\0")
        self.write(frame(self._address + step_1))

    def _frame(self, opcode: int, payload: bytes) -> None:
        if opcode == 9:
            self.write(frame(payload, opcode=10))
        elif opcode == 8:
            self.closed = repr(payload[:60])
        elif opcode == 2:
            self._message(payload)

    def _message(self, payload: bytes) -> None:
        self.frames += 1
        at = 0
        if self._hocuspocus:
            _document, at = read_string(payload, 0)
        if payload[at] != _SYNC:
            return
        kind = payload[at + 1]
        if kind == _STEP_2 and not self.synced.done():
            state, _end = read_bytes(payload, at + 2)
            self.first_state_bytes = len(state)
            self.synced.set_result(None)
        if kind == _STEP_1:
            # The server asks what it lacks: nothing.
            answer = bytes((_SYNC, _STEP_2)) + var_bytes(b"\0\0")
            self.write(frame(self._address + answer))
            return
        now = time.perf_counter()
        for found in PROBE.finditer(payload):
            self.arrivals.append((int(found[1]), now))
        if self.kept is not None:
            update, _end = read_bytes(payload, at + 2)
            self.kept.append(update)


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
