"""Raw y-websocket peers that cost little, so that the server is what is measured."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import websockets
from pycrdt import Doc, Text

from collab.protocol.wire import read_bytes, var_bytes

if TYPE_CHECKING:
    from tests.support.office import Office

_MARK = re.compile(rb"<(\d{9})>")


class BenchPeer:
    """Types marks and notes when the marks of others arrive."""

    def __init__(self, office: Office, draft_id: str, user: str = "chuyenvien") -> None:
        base = office.collab_url.rstrip("/")
        self._url = f"{base}/y/{draft_id}?token={office.token(user)}"
        self._socket: websockets.ClientConnection | None = None
        self.first_state: list[bytes] = []
        """The updates of a long document, the last of them the answer."""
        self.first_state_s = 0.0

    async def open(self) -> None:
        """Connect and wait for the document."""
        started = time.perf_counter()
        self._socket = await websockets.connect(
            self._url, max_size=None, compression=None, ping_interval=None
        )
        await self._socket.send(b"\x00\x00" + var_bytes(b"\x00"))
        async for frame in self._socket:
            assert isinstance(frame, bytes)
            if frame[:2] in (b"\x00\x01", b"\x00\x02"):
                self.first_state.append(read_bytes(frame, 2)[0])
            if frame[:2] == b"\x00\x01":
                break
        self.first_state_s = time.perf_counter() - started

    async def send_update(self, update: bytes) -> None:
        assert self._socket is not None
        await self._socket.send(b"\x00\x02" + var_bytes(update))

    async def settled(self) -> None:
        """Wait until the server has taken everything that was sent: its answer to a
        question comes after it. What arrives meanwhile is let go."""
        assert self._socket is not None
        await self._socket.send(b"\x00\x00" + var_bytes(b"\x00"))
        async for frame in self._socket:
            if frame[:2] == b"\x00\x01":
                break

    async def note_arrivals(self, arrivals: list[tuple[int, float]]) -> None:
        """Run until cancelled: note (mark, time) for each mark that arrives."""
        assert self._socket is not None
        async for frame in self._socket:
            assert isinstance(frame, bytes)
            now = time.perf_counter()
            for found in _MARK.finditer(frame):
                arrivals.append((int(found.group(1)), now))

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()


class MarkWriter:
    """Makes single-insert updates that carry a findable mark of 11 characters."""

    def __init__(self) -> None:
        self._doc: Doc[Any] = Doc()
        self._text = self._doc.get("content", type=Text)
        self._last = b""
        self._subscription = self._doc.observe(self._keep)

    def _keep(self, event: Any) -> None:
        self._last = event.update

    def update(self, number: int) -> bytes:
        self._text.insert(len(self._text), f"<{number:09d}>")
        return self._last
