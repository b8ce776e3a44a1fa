"""People who joined a document and stopped reading: lids that were shut, lost networks.

Their sockets stay open and take nothing, so what the server keeps for them is what it
chooses to keep. They speak the plain dialect, in which joining is one question. Must
read nothing before they are asked to, and close nothing before the end.
"""

from __future__ import annotations

import asyncio
import base64
import os
import resource
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from pycrdt import Doc, Text

from collab.protocol.wire import read_bytes, read_var_uint

_AT_ONCE = 50
_RECEIVE_BYTES = 4_096
_SYNC, _STEP_1 = 0, 0
# A masked frame (with the key 0): "send me all that you have".
_QUESTION = b"\x82\x84\0\0\0\0" + bytes((_SYNC, _STEP_1, 1, 0))


class DeadPeer(asyncio.Protocol):
    def __init__(self, host: str, path: str) -> None:
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n"
        ).encode()
        self._buffer = bytearray()
        self._has_begun = False
        self.received = 0
        self.doc: Doc[Any] = Doc()
        self.text = self.doc.get("content", type=Text)
        self.transport: asyncio.Transport | None = None
        self.joined: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        self._buffer += data
        if not self._has_begun:
            head, separator, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not separator:
                return
            assert b" 101 " in head, head
            self._has_begun = True
            self._buffer = bytearray(rest)
        self._read()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.joined.done():
            self.joined.set_exception(error or ConnectionError("refused"))

    def revive(self) -> None:
        """Read again, as fast as anybody, and take in what the server says."""
        assert self.transport is not None
        connection = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_000_000)
        self.transport.resume_reading()

    def _read(self) -> None:
        assert self.transport is not None
        while (frame := self._next()) is not None:
            kind, at = read_var_uint(frame, 0)
            if kind != _SYNC:
                continue
            step, at = read_var_uint(frame, at)
            if step == _STEP_1:
                self.transport.write(_QUESTION)
                continue
            self.doc.apply_update(read_bytes(frame, at)[0])
            if not self.joined.done():
                # The whole document has come: from here on it is dead.
                self.transport.pause_reading()
                self.joined.set_result(None)

    def _next(self) -> bytes | None:
        """The next binary frame; others (pings) are passed over."""
        buffer = self._buffer
        while len(buffer) >= 2:
            size, at = buffer[1] & 0x7F, 2
            if size >= 126:
                at = 4 if size == 126 else 10
                size = int.from_bytes(buffer[2:at], "big")
            if len(buffer) < at + size:
                return None
            is_binary, frame = buffer[0] & 0x0F == 2, bytes(buffer[at : at + size])
            del buffer[: at + size]
            if is_binary:
                return frame
        return None


@asynccontextmanager
async def dead_peers(
    port: int, document: str, token: str, count: int
) -> AsyncIterator[list[DeadPeer]]:
    """So many sockets in the document, all of which have stopped reading."""
    allow_sockets(2 * count)
    path = f"/collab/y/{document}?token={token}"
    peers: list[DeadPeer] = []
    try:
        while len(peers) < count:
            some = min(_AT_ONCE, count - len(peers))
            made = [await connect(port, path, DeadPeer) for _ in range(some)]
            peers += made
            await asyncio.gather(*(peer.joined for peer in made))
        yield peers
    finally:
        for peer in peers:
            if peer.transport is not None:
                peer.transport.abort()


def allow_sockets(count: int) -> None:
    """Let this process, and those it starts from now on, open so many more files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 1_000
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


_P = TypeVar("_P", bound=DeadPeer)


async def connect(port: int, path: str, kind: type[_P]) -> _P:
    loop = asyncio.get_running_loop()
    raw = socket.socket()
    # Set before connecting, or the window has been offered already.
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
    raw.setblocking(False)
    await loop.sock_connect(raw, ("127.0.0.1", port))
    _, peer = await loop.create_connection(
        lambda: kind(f"localhost:{port}", path), sock=raw
    )
    return peer
