"""The live CRDT document of a room, and what has not found its place in it yet.

The engine keeps an update whose dependencies are missing aside and leaves it out of
what it encodes. A room must not: whoever joins now would never get it. So such
updates are kept here and added to every answer until they are integrated.

Bound to no thread, but only one thread may use it at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pycrdt import Doc

from collab.protocol.updates import adds_nothing, is_integrated, merge_tree

EMPTY_STATE_VECTOR = b"\x00"


class DamagedDocument(Exception):
    """The engine failed in the middle of an update: rebuild from the log."""


class LiveDocument:
    def __init__(self, stored: Sequence[bytes]) -> None:
        self._doc: Doc[Any] = Doc()
        self._unintegrated: list[bytes] = []
        self._full: bytes | None = None
        self._state: bytes | None = None
        self._size_bytes = 0
        if stored:
            merged = merge_tree(stored)
            self.apply(merged)
            if not self._unintegrated:
                self._full = merged
        self._size_bytes = len(self.full())

    def apply(self, update: bytes) -> None:
        """Take in an update.

        Raises ValueError if it cannot be decoded (nothing has changed) and
        DamagedDocument if the engine failed on it (anything may have changed).
        """
        try:
            self._doc.apply_update(update)
        except ValueError:
            raise
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - see below
            # A failure inside the engine arrives as RuntimeError or as pyo3's
            # PanicException, which is no Exception.
            raise DamagedDocument(repr(error)) from None
        self._full = None
        self._state = None
        self._size_bytes += len(update)
        state = self.state_vector()
        self._unintegrated = [
            u for u in (*self._unintegrated, update) if not is_integrated(u, state)
        ]

    def state_vector(self) -> bytes:
        if self._state is None:
            self._state = self._doc.get_state()
        return self._state

    def diff(self, state_vector: bytes) -> bytes:
        """All that a peer with this state vector misses."""
        if state_vector == EMPTY_STATE_VECTOR:
            return self.full()
        update = self._doc.get_update(state_vector)
        return (
            merge_tree([update, *self._unintegrated]) if self._unintegrated else update
        )

    def full(self) -> bytes:
        """The whole document as one update, kept until the next change."""
        if self._full is None:
            self._full = merge_tree([self._doc.get_update(), *self._unintegrated])
            self._size_bytes = len(self._full)
        return self._full

    def has_room_for(self, added_bytes: int, limit_bytes: int) -> bool:
        """Whether the document stays within the limit. Encodes only when in doubt."""
        if self._size_bytes + added_bytes <= limit_bytes:
            return True
        return len(self.full()) + added_bytes <= limit_bytes

    def holds(self, update: bytes) -> bool:
        """Whether the update would change nothing."""
        return adds_nothing(self._doc, update)

    @property
    def has_unintegrated(self) -> bool:
        return bool(self._unintegrated)


def find_harmful(
    stored: Sequence[bytes], suspects: Iterable[bytes]
) -> tuple[LiveDocument, list[bool]]:
    """Rebuild the document and try each suspect on a copy of its own.

    Returns the rebuilt document without the suspects, and for each whether it harms.
    """
    document = LiveDocument(stored)
    verdicts: list[bool] = []
    for update in suspects:
        probe = LiveDocument([document.full()])
        try:
            probe.apply(update)
        except (ValueError, DamagedDocument):
            verdicts.append(True)
        else:
            verdicts.append(False)
    return document, verdicts


def snapshot_of(stored: Sequence[bytes]) -> bytes:
    """One update that holds all of `stored`, with deleted text collected where safe.

    Text that was deleted is dropped only when every insertion and deletion has found
    its place; otherwise the plain merge is kept, which loses nothing.
    """
    merged = merge_tree(stored)
    doc: Doc[Any] = Doc()
    doc.apply_update(merged)
    return doc.get_update() if is_integrated(merged, doc.get_state()) else merged
