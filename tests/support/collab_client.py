"""A Yjs client in Python that speaks the Hocuspocus dialect and counts what is saved.

It knows of every edit whether the server said "saved", which is what the tests of
faults are about. Must never take a shortcut past the socket.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import Any

import websockets
from pycrdt import Doc, Text

from collab.protocol.wire import (
    read_bytes,
    read_string,
    read_var_uint,
    var_bytes,
    var_string,
)
from tests.support.wait import until_async

_SYNC, _AWARENESS, _AUTH, _STATELESS, _SYNC_STATUS = 0, 1, 2, 5, 8


class CollabClient:
    """One person in one document. Edits survive `disconnect`, as in a browser."""

    def __init__(self, collab_url: str, document_id: str, token: str) -> None:
        self.url = collab_url
        self.document_id = document_id
        self.token = token
        self.doc: Doc[Any] = Doc()
        self.text: Text = self.doc.get("content", type=Text)
        self.saved: set[str] = set()
        self.scope: str | None = None
        self.denied: str | None = None
        self.refused = 0
        self.notices: list[str] = []
        self.is_synced = False
        self._address = var_string(document_id)
        self._socket: websockets.ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        # What each update frame on its way holds; None for the answer to a question.
        self._on_their_way: deque[list[str]] = deque()
        self._unsent: list[str] = []
        self._subscription = self.doc.observe(self._changed)
        self._applying = False
        self._marks: list[str] = []
        self._sending: set[asyncio.Future[None]] = set()

    async def connect(self) -> None:
        """Open, sign in, and begin to sync; raises OSError if nobody listens."""
        self._socket = await websockets.connect(
            self.url, max_size=None, compression=None, ping_interval=None
        )
        self._on_their_way.clear()
        self.is_synced = False
        self._reader = asyncio.create_task(self._read(self._socket))
        await self._send(bytes((_AUTH, 0)) + var_string(self.token) + var_string("4"))
        state = self.doc.get_state()
        await self._send(bytes((_SYNC, 0)) + var_bytes(state))

    async def synced(self, timeout: float = 20) -> None:  # noqa: ASYNC109 - a deadline
        await until_async(lambda: self.is_synced, timeout, what="the client is synced")

    async def disconnect(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        if self._socket is not None:
            with contextlib.suppress(Exception):
                await self._socket.close()
        self._socket = None

    @property
    def is_connected(self) -> bool:
        return self._reader is not None and not self._reader.done()

    @property
    def close_code(self) -> int | None:
        return None if self._socket is None else self._socket.close_code

    @property
    def unsaved(self) -> list[str]:
        return self._unsent

    def type(self, mark: str) -> None:
        """Insert a mark at the end of one's own words; it is sent at once."""
        self._marks = [mark]
        self._unsent.append(mark)
        self.text.insert(len(self.text), mark)

    # ── wire ────────────────────────────────────────────────────────────────────

    def _changed(self, event: Any) -> None:
        if self._applying or self._socket is None:
            return
        marks, self._marks = self._marks, []
        self._on_their_way.append(marks)
        body = bytes((_SYNC, 2)) + var_bytes(event.update)
        sending = asyncio.ensure_future(self._send_quietly(body))
        self._sending.add(sending)
        sending.add_done_callback(self._sending.discard)

    async def _send(self, body: bytes) -> None:
        assert self._socket is not None
        await self._socket.send(self._address + body)

    async def _send_quietly(self, body: bytes) -> None:
        # The edit stays in the document and is sent again after the reconnect.
        with contextlib.suppress(websockets.ConnectionClosed, AssertionError, OSError):
            await self._send(body)

    async def _read(self, socket: websockets.ClientConnection) -> None:
        with contextlib.suppress(websockets.ConnectionClosed, OSError):
            async for frame in socket:
                assert isinstance(frame, bytes)
                await self._take(frame)

    async def _take(self, frame: bytes) -> None:
        if len(frame) == 1:
            return
        _, at = read_string(frame, 0)
        kind, at = read_var_uint(frame, at)
        if kind == _AUTH:
            what, at = read_var_uint(frame, at)
            word, _ = read_string(frame, at)
            if what == 1:
                self.denied = word
            else:
                self.scope = word
        elif kind == _STATELESS:
            self.notices.append(read_string(frame, at)[0])
        elif kind == _SYNC_STATUS:
            if frame[at] == 1:
                self._acknowledged()
            else:
                self.refused += 1
                self._on_their_way.popleft()
        elif kind == _SYNC:
            step, at = read_var_uint(frame, at)
            body, _ = read_bytes(frame, at)
            if step == 0:
                # Everything not saved so far goes along in this answer.
                self._on_their_way.append(list(self._unsent))
                update = self.doc.get_update(body)
                await self._send(bytes((_SYNC, 1)) + var_bytes(update))
            else:
                self._applying = True
                try:
                    self.doc.apply_update(body)
                finally:
                    self._applying = False
                self.is_synced = self.is_synced or step == 1

    def _acknowledged(self) -> None:
        for mark in self._on_their_way.popleft():
            self.saved.add(mark)
            if mark in self._unsent:
                self._unsent.remove(mark)
