"""How much the system itself keeps of what a peer does not read.

Left alone it keeps megabytes for each, out of a store that all sockets share: a
thousand peers that stopped reading fill it, and then nobody's frames get through
(measured: 1.5 MB each). What is sent and under way is not meant, so that a fast reader
far away is served as before.
"""

from __future__ import annotations

import socket

_MOST_UNSENT_BYTES = 128 * 1024


def keep_little_unsent(connection: socket.socket) -> None:
    """Where the system can be told (Linux, macOS); elsewhere nothing changes."""
    option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    if option is not None and connection.family != socket.AF_UNIX:
        connection.setsockopt(socket.IPPROTO_TCP, option, _MOST_UNSENT_BYTES)
