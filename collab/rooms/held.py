"""Messages that wait while a room's document is made, or made anew, in their order.

Bounded, in all and for each person: whoever sends more keeps it and comes back, and
takes nobody else's place. Must never lose one of a peer that is still there.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable

from collab import errors
from collab.errors import ProtocolError
from collab.rooms.peer import Peer

logger = logging.getLogger(__name__)

_MAX_BYTES = 50_000_000
_MAX_BYTES_OF_ONE = 10_000_000
# What keeping a message costs beside its bytes.
_LEAST_BYTES = 400


class Held:
    def __init__(self) -> None:
        self._items: list[tuple[Peer, int, Callable[[], None]]] = []
        self._size_bytes = 0
        self._size_of: Counter[str] = Counter()
        """By person: one may come over many sockets."""

    def __bool__(self) -> bool:
        return bool(self._items)

    def add(self, peer: Peer, size_bytes: int, again: Callable[[], None]) -> None:
        """Keep `again` for `release`. Raises ProtocolError when too much waits."""
        size = size_bytes + _LEAST_BYTES
        who = peer.identity.user_id
        if (
            self._size_bytes + size > _MAX_BYTES
            or self._size_of[who] + size > _MAX_BYTES_OF_ONE
        ):
            raise ProtocolError(errors.OVERLOADED)
        self._size_bytes += size
        self._size_of[who] += size
        self._items.append((peer, size, again))

    def add_first(self, peer: Peer, size_bytes: int, again: Callable[[], None]) -> None:
        """The same for what was released, and has to wait again before all others."""
        self.add(peer, size_bytes, again)
        self._items.insert(0, self._items.pop())

    def has_of(self, peer: Peer) -> bool:
        """Whether anything waits of the same person."""
        return self._size_of[peer.identity.user_id] > 0

    def forget(self, peer: Peer) -> None:
        """Keep nothing of one who has left."""
        if self._size_of[peer.identity.user_id]:
            items, self._items = self._items, []
            self._size_bytes, self._size_of = 0, Counter()
            for other, size, again in items:
                if other is not peer:
                    self._items.append((other, size, again))
                    self._size_bytes += size
                    self._size_of[other.identity.user_id] += size

    def release(self) -> None:
        """Handle all; one that is wrong ends its own peer only."""
        items, self._items = self._items, []
        self._size_bytes, self._size_of = 0, Counter()
        for peer, _, again in items:
            _handle(peer, again)

    def release_first(self) -> None:
        """Handle the oldest."""
        peer, size, again = self._items.pop(0)
        self._size_bytes -= size
        self._size_of[peer.identity.user_id] -= size
        _handle(peer, again)


def _handle(peer: Peer, again: Callable[[], None]) -> None:
    try:
        again()
    except ProtocolError as error:
        peer.leave(error.close)
    except Exception:
        logger.exception("a message that was held failed")
        peer.leave(errors.MALFORMED_FRAME)
