"""Carry updates and presence between the processes that hold the same room.

The bus may drop messages, so nothing here is the truth: each update is named
(process, number), its commit is announced with its `seq`, and a room that finds a
gap reads the log. Without a bus (one process) nothing is sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from collab.errors import ProtocolError
from collab.protocol.wire import read_bytes, read_var_uint, var_bytes, var_uint
from storage.ports import Bus

logger = logging.getLogger(__name__)


class RelayKind(IntEnum):
    UPDATE = 0  # number, update: applied there, on its way to the log
    COMMITTED = 1  # number, seq
    AWARENESS = 2  # states that the sender vouches for
    HELLO = 3  # a process opened the room: tell it who is here


class Relayed(NamedTuple):
    kind: RelayKind
    process_id: bytes
    number: int
    seq: int
    body: bytes


def topic_of(document_id: str) -> str:
    return f"room.{document_id}"


def encode(
    kind: RelayKind,
    process_id: bytes,
    *,
    number: int = 0,
    seq: int = 0,
    body: bytes = b"",
) -> bytes:
    return (
        var_uint(kind)
        + var_bytes(process_id)
        + var_uint(number)
        + var_uint(seq)
        + var_bytes(body)
    )


def decode(data: bytes) -> Relayed:
    """Raises ProtocolError or ValueError on anything but a relayed message."""
    kind, at = read_var_uint(data, 0)
    process_id, at = read_bytes(data, at)
    number, at = read_var_uint(data, at)
    seq, at = read_var_uint(data, at)
    body, _ = read_bytes(data, at)
    return Relayed(RelayKind(kind), process_id, number, seq, body)


class Relay:
    """The bus as one room sees it. `deliver` gets the messages of other processes."""

    def __init__(
        self,
        bus: Bus,
        process_id: bytes,
        document_id: str,
        deliver: Callable[[Relayed], None],
    ) -> None:
        self._bus = bus
        self._process_id = process_id
        self._topic = topic_of(document_id)
        self._deliver = deliver

    async def open(self) -> None:
        await self._bus.subscribe(self._topic, self._handle)

    async def close(self) -> None:
        await self._bus.unsubscribe(self._topic, self._handle)

    def send(
        self, kind: RelayKind, *, number: int = 0, seq: int = 0, body: bytes = b""
    ) -> None:
        self._bus.publish_soon(
            self._topic,
            encode(kind, self._process_id, number=number, seq=seq, body=body),
        )

    def _handle(self, topic: str, payload: bytes) -> None:
        try:
            message = decode(payload)
        except (ProtocolError, ValueError):
            logger.warning("unreadable message on %s", topic)
            return
        if message.process_id != self._process_id:
            self._deliver(message)
