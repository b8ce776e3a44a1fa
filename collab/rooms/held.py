"""Messages that wait while a room's document is made anew, in their order.

Bounded: whoever sends more keeps it and comes back. Must never lose one of a peer
that is still there.
"""

from __future__ import annotations

from collections.abc import Callable

from collab import errors
from collab.errors import ProtocolError
from collab.rooms.peer import Peer

_MAX_BYTES = 50_000_000
_LEAST_BYTES = 100


class Held:
    def __init__(self) -> None:
        self._items: list[tuple[Peer, Callable[[], None]]] = []
        self._size_bytes = 0

    def __bool__(self) -> bool:
        return bool(self._items)

    def add(self, peer: Peer, size_bytes: int, again: Callable[[], None]) -> None:
        """Keep `again` for `release`. Raises ProtocolError when too much waits."""
        self._size_bytes += size_bytes + _LEAST_BYTES
        if self._size_bytes > _MAX_BYTES:
            raise ProtocolError(errors.OVERLOADED)
        self._items.append((peer, again))

    def release(self) -> None:
        """Handle all; one that is wrong ends its own peer only."""
        items, self._items, self._size_bytes = self._items, [], 0
        for peer, again in items:
            try:
                again()
            except ProtocolError as error:
                peer.leave(error.close)
