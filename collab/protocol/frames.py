"""The frames of both dialects, decoded to one set of messages and encoded back.

`/collab/` speaks the Hocuspocus framing: document address, type, body; one socket
carries many documents. `/collab/y/<id>` speaks y-websocket: type, body. The Yjs sync
protocol inside is the same. Beside each type stands who may send it.

Must never look inside an update; `collab.protocol.shape` does that.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from collab.errors import UNKNOWN_MESSAGE, ProtocolError
from collab.protocol.wire import (
    malformed,
    read_bytes,
    read_string,
    read_var_uint,
    var_bytes,
    var_string,
    var_uint,
)


class Kind(IntEnum):
    """What a decoded message means, whichever dialect it came in."""

    SYNC_STEP_1 = 1  # "this is what I have": a state vector
    SYNC_STEP_2 = 2  # "this is what you miss": an update
    UPDATE = 3  # a new update
    AWARENESS = 4
    QUERY_AWARENESS = 5
    AUTH = 6  # Hocuspocus only: a token
    STATELESS = 7  # Hocuspocus only: text for the application
    CLOSE = 8  # Hocuspocus only: leave this document
    PING = 9
    PONG = 10


class Message(NamedTuple):
    """`address` names the document as the peer does, and is echoed in every answer."""

    kind: Kind
    address: str
    body: bytes


# Message types of the two wire formats (Hocuspocus `MessageType`, y-websocket).
_SYNC, _AWARENESS, _AUTH, _QUERY_AWARENESS = 0, 1, 2, 3
_SYNC_REPLY, _STATELESS, _BROADCAST_STATELESS, _CLOSE, _SYNC_STATUS = 4, 5, 6, 7, 8
_PING, _PONG = 9, 10
_AUTH_TOKEN, _AUTH_DENIED, _AUTH_GRANTED = 0, 1, 2
# "<document id>" or "<document id>\0<session>"; every answer repeats it.
_MAX_ADDRESS = 300
_SYNC_KINDS = (Kind.SYNC_STEP_1, Kind.SYNC_STEP_2, Kind.UPDATE)

PING_FRAME = bytes((_PING,))
PONG_FRAME = bytes((_PONG,))


def decode_hocuspocus(frame: bytes) -> Message:
    """Raises ProtocolError, also for types that only a server may send."""
    if len(frame) == 1:
        if frame[0] == _PING:
            return Message(Kind.PING, "", b"")
        if frame[0] == _PONG:
            return Message(Kind.PONG, "", b"")
    address, at = read_string(frame, 0)
    if len(address) > _MAX_ADDRESS:
        raise malformed("the document's address is too long")
    kind, at = read_var_uint(frame, at)
    if kind in (_SYNC, _SYNC_REPLY):
        return _sync(address, frame, at)
    if kind == _AWARENESS:
        return Message(Kind.AWARENESS, address, read_bytes(frame, at)[0])
    if kind == _AUTH:
        what, at = read_var_uint(frame, at)
        if what != _AUTH_TOKEN:
            raise ProtocolError(UNKNOWN_MESSAGE, f"auth message {what}")
        token, _ = read_string(frame, at)
        return Message(Kind.AUTH, address, token.encode())
    if kind == _QUERY_AWARENESS:
        return Message(Kind.QUERY_AWARENESS, address, b"")
    if kind == _STATELESS:
        return Message(Kind.STATELESS, address, read_string(frame, at)[0].encode())
    if kind == _CLOSE:
        return Message(Kind.CLOSE, address, b"")
    raise ProtocolError(UNKNOWN_MESSAGE, f"type {kind}")


def decode_y_websocket(frame: bytes) -> Message:
    """Raises ProtocolError. Authentication stands in the address of the socket."""
    kind, at = read_var_uint(frame, 0)
    if kind == _SYNC:
        return _sync("", frame, at)
    if kind == _AWARENESS:
        return Message(Kind.AWARENESS, "", read_bytes(frame, at)[0])
    if kind == _QUERY_AWARENESS:
        return Message(Kind.QUERY_AWARENESS, "", b"")
    raise ProtocolError(UNKNOWN_MESSAGE, f"type {kind}")


def document_of(address: str) -> str:
    """The document's id: a Hocuspocus address may carry a session after a NUL."""
    return address.split("\0", 1)[0]


def _sync(address: str, frame: bytes, at: int) -> Message:
    step, at = read_var_uint(frame, at)
    if step >= len(_SYNC_KINDS):
        raise ProtocolError(UNKNOWN_MESSAGE, f"sync step {step}")
    body, at = read_bytes(frame, at)
    if at != len(frame):
        raise malformed("bytes after the end of the frame")
    return Message(_SYNC_KINDS[step], address, body)


class Encoder:
    """Frames for one address in one dialect."""

    __slots__ = ("_prefix", "speaks_hocuspocus")

    def __init__(self, address: str | None) -> None:
        """`address` None: the y-websocket dialect."""
        self.speaks_hocuspocus = address is not None
        self._prefix = b"" if address is None else var_string(address)

    @property
    def key(self) -> bytes:
        """Peers with equal keys can be given the very same frames."""
        return self._prefix

    def step_1(self, state_vector: bytes) -> bytes:
        return self._prefix + b"\x00\x00" + var_bytes(state_vector)

    def step_2(self, update: bytes) -> bytes:
        return self._prefix + b"\x00\x01" + var_bytes(update)

    @property
    def update_prefix(self) -> bytes:
        """How every frame with an update in this document begins, both ways."""
        return self._prefix + b"\x00\x02"

    def update(self, update: bytes) -> bytes:
        return self.update_prefix + var_bytes(update)

    def awareness(self, payload: bytes) -> bytes:
        return self._prefix + b"\x01" + var_bytes(payload)

    def authenticated(self, *, may_write: bool) -> bytes:
        scope = "read-write" if may_write else "readonly"
        return self._prefix + bytes((_AUTH, _AUTH_GRANTED)) + var_string(scope)

    def denied(self, reason: str) -> bytes:
        return self._prefix + bytes((_AUTH, _AUTH_DENIED)) + var_string(reason)

    def stateless(self, text: str) -> bytes:
        return self._prefix + bytes((_STATELESS,)) + var_string(text)

    def left(self, reason: str) -> bytes:
        return self._prefix + bytes((_CLOSE,)) + var_string(reason)

    def sync_status(self, *, saved: bool) -> bytes:
        # A lib0 signed integer: 0 and 1 encode as themselves.
        return self._prefix + bytes((_SYNC_STATUS,)) + var_uint(1 if saved else 0)
