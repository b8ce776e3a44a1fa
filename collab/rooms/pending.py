"""When a room flushes: what came in one turn of the event loop goes out as one.

No timer: whoever types alone waits for nothing, and the busier the process, the more
comes in a turn. A batch is capped, so that one pause of the process cannot pile up
work that takes seconds; rooms take their turns in the order in which their first edit
came. Must never drop an edit, nor change the order of one writer's edits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from collab.rooms.peer import Peer

MOST = 2_000
MOST_BYTES = 4_000_000


class Batch(NamedTuple):
    edits: list[tuple[Peer, bytes]]
    are_plain: bool
    """Every edit is a keystroke (`keystrokes.is_plain`)."""


class Pending:
    def __init__(
        self, soon: Callable[[Callable[[], None]], object], flush: Callable[[], None]
    ) -> None:
        """`soon` calls later in this turn; `flush` shall `take` what waits."""
        self._soon = soon
        self._flush = flush
        self._is_due = False
        self._edits: list[tuple[Peer, bytes]] = []
        self._bytes = 0
        self._are_plain = True

    def __bool__(self) -> bool:
        return bool(self._edits)

    def add(self, peer: Peer, updates: Sequence[bytes], *, are_plain: bool) -> None:
        """Queue edits; flushes at once when the batch is full."""
        self._edits += [(peer, update) for update in updates]
        self._bytes += sum(map(len, updates))
        self._are_plain = self._are_plain and are_plain
        if len(self._edits) >= MOST or self._bytes >= MOST_BYTES:
            self._flush()
        elif not self._is_due:
            self._is_due = True
            self._soon(self._turn)

    def put_first(self, edits: list[tuple[Peer, bytes]]) -> None:
        """Put back what was taken and did no harm."""
        self._edits = [*edits, *self._edits]
        self._bytes += sum(len(update) for _, update in edits)
        self._are_plain = False

    def take(self) -> Batch:
        batch = Batch(self._edits, self._are_plain)
        self._edits, self._bytes, self._are_plain = [], 0, True
        return batch

    def _turn(self) -> None:
        self._is_due = False
        if self._edits:
            self._flush()
