"""Which entries of the log a room has taken in, without reading the log for each.

Pure. The room learns of entries in any order: its own commits, and those of other
processes. As long as they join without a gap, nothing need be read.
"""

from __future__ import annotations


class KnownSequence:
    """`upto` is the last seq below which nothing is missing."""

    __slots__ = ("_ahead", "_snapshot", "upto")

    def __init__(self, upto: int, snapshot: int = 0) -> None:
        self.upto = upto
        self._snapshot = snapshot
        self._ahead: set[int] = set()

    @property
    def tail_length(self) -> int:
        """Updates in the log after the last snapshot."""
        return self.upto - self._snapshot

    def snapshot_stored(self, upto: int) -> None:
        self._snapshot = max(self._snapshot, upto)

    def learn(self, seq: int) -> None:
        if seq > self.upto:
            self._ahead.add(seq)
            self._close_gap()

    def read_upto(self, seq: int) -> None:
        """Everything up to `seq` was read from the log."""
        if seq > self.upto:
            self.upto = seq
            self._ahead = {s for s in self._ahead if s > seq}
            self._close_gap()

    def rewind(self, upto: int) -> None:
        """The document was made anew from the log as far as `upto`."""
        self.upto = upto
        self._ahead.clear()

    def _close_gap(self) -> None:
        while self.upto + 1 in self._ahead:
            self.upto += 1
            self._ahead.discard(self.upto)

    @property
    def has_gap(self) -> bool:
        return bool(self._ahead)
