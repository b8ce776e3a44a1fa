"""A Python program with y-py, the predecessor of our engine, over plain y-websocket.

It shares no code with the server: frames are built here by hand, and the document is
y-py's. One thread only, because y-py's objects may not change threads.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import y_py
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.support.office import Office
from tests.support.wait import until

SYNC, STEP_1, STEP_2, UPDATE = 0, 0, 1, 2
CONVERGE_SECONDS = 20.0


def _var_uint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _read_var_uint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


class YPyPeer:
    def __init__(self, office: Office, document_id: str, token: str) -> None:
        self.doc = y_py.YDoc()
        self.text = self.doc.get_text("content")
        self.facts = self.doc.get_map("facts")
        self._office = office
        self._path = f"y/{document_id}?token={token}"
        self._open = ExitStack()
        self._socket: ClientConnection | None = None
        self._applying = False
        self.doc.observe_after_transaction(self._changed)
        self.connect()

    def connect(self) -> None:
        self._socket = self._open.enter_context(
            connect(
                self._office.collab_url + self._path, compression=None, max_size=None
            )
        )
        self._send(STEP_1, y_py.encode_state_vector(self.doc))

    def disconnect(self) -> None:
        self._socket = None
        self._open.close()

    def write(self, deed: Callable[[Any], None]) -> None:
        """Change the document in one transaction."""
        with self.doc.begin_transaction() as transaction:
            deed(transaction)

    def append(self, text: str) -> None:
        self.write(lambda transaction: self.text.extend(transaction, text))

    def state(self) -> bytes:
        self.read()
        return bytes(y_py.encode_state_as_update(self.doc))

    def until(self, claim: Callable[[], Any], what: str) -> None:
        def asked() -> bool:
            self.read()
            return bool(claim())

        until(asked, CONVERGE_SECONDS, what=what)

    def read(self) -> None:
        """Apply whatever has arrived."""
        while self._socket is not None:
            try:
                frame = self._socket.recv(timeout=0)
            except TimeoutError:
                return
            except ConnectionClosed:
                self._socket = None
                return
            assert isinstance(frame, bytes)
            self._receive(frame)

    def _receive(self, frame: bytes) -> None:
        if frame[0] != SYNC:
            return
        _length, at = _read_var_uint(frame, 2)
        body = frame[at:]
        if frame[1] == STEP_1:
            self._send(STEP_2, y_py.encode_state_as_update(self.doc, body))
            return
        self._applying = True
        try:
            y_py.apply_update(self.doc, body)
        finally:
            self._applying = False

    def _changed(self, event: Any) -> None:
        if not self._applying and self._socket is not None:
            self._send(UPDATE, event.get_update())

    def _send(self, step: int, body: bytes) -> None:
        assert self._socket is not None
        body = bytes(body)
        self._socket.send(bytes((SYNC, step)) + _var_uint(len(body)) + body)
