"""When a room flushes: what came in one turn of the event loop goes out as one.

No timer: the busier the process, the more comes in a turn; and in a room where nothing
was flushed for a moment an edit does not even wait for the turn's end. A batch is
capped in edits and bytes: one pause of the process cannot pile up work that takes
seconds. In its turn a room takes no more than fits in a few milliseconds, by what the
last batches took (`pace`); the rest waits for the next turn. Rooms take their turns in
the order in which their first edit came. Must never drop an edit, nor change the order
of one writer's edits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

from collab.rooms.pace import Pace
from collab.rooms.peer import Peer

MOST = 2_000
MOST_BYTES = 4_000_000
# Edits that are no keystrokes are read one by one; how long that takes is not known
# before the first.
_FIRST_OTHERS = 200
# Small edits that go in any case: what they take is hardly theirs, and a room must not
# fall behind for what every flush costs it.
_LEAST = 16
_LEAST_BYTES = 64_000
# A room that had no turn for so long flushes at once what comes: hardly anything else
# comes with it, and a turn of its own costs more than the letter.
_QUIET_S = 0.02


class Batch(NamedTuple):
    edits: list[tuple[Peer, bytes]]
    are_plain: bool
    """Every edit is a keystroke (`keystrokes.is_plain`)."""


class Pending:
    def __init__(
        self,
        soon: Callable[[Callable[[], None]], object],
        flush: Callable[[bool], None],
        monotonic: Callable[[], float],
    ) -> None:
        """`soon` calls later in this turn; `flush` shall `take`, as it is told: a part
        that is paced, or a whole batch."""
        self._soon = soon
        self._flush = flush
        self._monotonic = monotonic
        self._turned_at = monotonic()
        self._is_due = False
        self._edits: list[tuple[Peer, bytes]] = []
        self._bytes = 0
        self._are_plain = True
        self._pace_of_plain = Pace(MOST, MOST)
        self._pace_of_others = Pace(_FIRST_OTHERS, MOST)

    def __bool__(self) -> bool:
        return bool(self._edits)

    def add(self, peer: Peer, updates: Sequence[bytes], *, are_plain: bool) -> None:
        """Queue edits; flushes at once when the batch is full."""
        self._edits += [(peer, update) for update in updates]
        self._bytes += sum(map(len, updates))
        self._are_plain = self._are_plain and are_plain
        while self._is_full():
            before = len(self._edits)
            self._flush(False)
            if len(self._edits) >= before:
                break  # nobody takes: the room is being made anew, or has ended
        if not self._edits or self._is_due:
            return
        if self._monotonic() - self._turned_at >= _QUIET_S:
            self._turn()
        else:
            self._be_due()

    def put_first(self, edits: list[tuple[Peer, bytes]]) -> None:
        """Put back what was taken and did no harm."""
        self._edits = [*edits, *self._edits]
        self._bytes += sum(len(update) for _, update in edits)
        self._are_plain = False

    def take(self, *, is_paced: bool = False) -> Batch:
        """The oldest: a whole batch, or what may hold the loop in one turn. One at
        least."""
        count = self._paced() if is_paced else MOST
        if count < _LEAST:
            count = max(count, self._within(_LEAST, _LEAST_BYTES))
        if self._bytes > MOST_BYTES:
            count = self._within(count, MOST_BYTES)
        if count >= len(self._edits):
            return self.take_all()
        taken, self._edits = self._edits[:count], self._edits[count:]
        self._bytes -= sum(len(update) for _, update in taken)
        return Batch(taken, self._are_plain)

    def take_all(self) -> Batch:
        batch = Batch(self._edits, self._are_plain)
        self._edits, self._bytes, self._are_plain = [], 0, True
        return batch

    def took(self, batch: Batch, seconds: float) -> None:
        """Tell how long the edits of a batch took, without sending them to anybody."""
        pace = self._pace_of_plain if batch.are_plain else self._pace_of_others
        pace.learn(len(batch.edits), seconds)

    def _paced(self) -> int:
        pace = self._pace_of_plain if self._are_plain else self._pace_of_others
        return pace.allowed

    def _within(self, count: int, size_bytes: int) -> int:
        """How many of the oldest are that small together; one at least."""
        sizes = accumulate(len(update) for _, update in self._edits[:count])
        return max(1, sum(size <= size_bytes for size in sizes))

    def _is_full(self) -> bool:
        return len(self._edits) >= MOST or self._bytes >= MOST_BYTES

    def _be_due(self) -> None:
        if not self._is_due:
            self._is_due = True
            self._soon(self._turn)

    def _turn(self) -> None:
        self._is_due = False
        self._turned_at = self._monotonic()
        before = len(self._edits)
        if before:
            try:
                self._flush(True)
            finally:
                if 0 < len(self._edits) < before:
                    self._be_due()
