"""How much the system itself keeps of what a peer does not read, and how it is taken.

Left alone it keeps megabytes for each, out of a store that all sockets share: a
thousand peers that stopped reading fill it, and then nobody's frames get through
(measured: 1.5 MB each). What is sent and under way is not meant, so that a fast reader
far away is served as before.

A line so slow that a long document takes minutes looks as one that is dead: no ping is
answered before all in front of it has come. What tells them apart is that bytes are
taken. Must never be asked for each frame: it is a call of the system.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable

_MOST_UNSENT_BYTES = 128 * 1024

TAKEN_BYTES = "duthao.taken_bytes"
"""Name in the scope's extensions of a way to ask what the peer has taken so far.

`taken() -> int | None`: bytes since the connection began; None where nobody knows.
"""
TakenBytes = Callable[[], int | None]

# `tcpi_bytes_acked` in Linux's `struct tcp_info`, since 4.1.
_ACKED = struct.Struct("=Q")
_ACKED_AT = 120


def keep_little_unsent(connection: socket.socket) -> None:
    """Where the system can be told (Linux, macOS); elsewhere nothing changes."""
    option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    if option is not None and connection.family != socket.AF_UNIX:
        connection.setsockopt(socket.IPPROTO_TCP, option, _MOST_UNSENT_BYTES)


def taken_bytes(connection: socket.socket | None) -> int | None:
    """Bytes of which the peer's system said that it has them, where the system here
    can tell (Linux)."""
    option = getattr(socket, "TCP_INFO", None)
    if option is None or connection is None or connection.family == socket.AF_UNIX:
        return None
    try:
        told = connection.getsockopt(
            socket.IPPROTO_TCP, option, _ACKED_AT + _ACKED.size
        )
    except OSError:
        return None
    if len(told) < _ACKED_AT + _ACKED.size:
        return None
    (acked,) = _ACKED.unpack_from(told, _ACKED_AT)
    return int(acked)
