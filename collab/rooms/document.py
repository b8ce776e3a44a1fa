"""The live CRDT document of a room, and what has not found its place in it yet.

The engine keeps an update whose dependencies are missing aside and leaves it out of
what it encodes. A room must not: whoever joins now would never get it. So such
updates are kept here and added to every answer until they are integrated.

Bound to no thread, but only one thread may use it at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, TypeVar

from pycrdt import Doc

from collab.protocol.keystrokes import join_typed
from collab.protocol.nesting import depth_in_slices, depth_of
from collab.protocol.slicing import pieces
from collab.protocol.updates import (
    adds_nothing,
    engine_faults,
    has_taken_in,
    is_integrated,
    merge_tree,
)

EMPTY_STATE_VECTOR = b"\x00"

_MAX_WAITING = 50
_LEAST_STEP_BYTES = 200
_PARTS = 20
# Levels of types inside each other. Tables in lists in tables take some ten; the
# engine ends the process somewhere above twenty thousand.
MAX_DEPTH = 1_000
# A document up to this size is measured while it is loaded, a larger one beside it; an
# update up to this size, when it is applied.
_SMALL_BYTES = 50_000
_PAUSE_S = 0.002
# Depth is added up from edit to edit and measured only above this.
_MAX_DEPTH_ADDED_UP = 2 * MAX_DEPTH


T = TypeVar("T")


class DamagedDocument(Exception):
    """The engine failed in the middle of an update: rebuild from the log."""


class LiveDocument:
    def __init__(self, stored: Sequence[bytes]) -> None:
        self._doc: Doc[Any] = Doc()
        self._unintegrated: list[bytes] = []
        self._retry_after = 0
        self._full: bytes | None = None
        self._state: bytes | None = None
        self._size_bytes = 0
        # None: not yet measured. What came after the measured part is added up.
        self._depth: int | None = 0
        self._depth_added = 0
        if stored:
            self._load(stored)
        self._size_bytes = len(self.full())
        if self._size_bytes > _SMALL_BYTES:
            self._depth = None
        elif stored:
            self._depth = depth_of(self.full())

    def _load(self, stored: Sequence[bytes]) -> None:
        """Take in what the log holds; its depth was judged when it came.

        One after the other: the engine takes five times as long to collect what was
        deleted out of one large merged update (measured with 260,000 edits). Only a
        history in which something came before what it depends on is merged first.
        """
        parts = [piece for update in stored for piece in pieces(update)]
        for part in parts:
            self._feed(part)
        if has_taken_in(self._doc, parts):
            return
        self._doc = Doc()
        merged = merge_tree(stored)
        self._feed(merged)
        self._sort_out(merged, retried=False)
        if not self._unintegrated:
            self._full = merged

    @property
    def unmeasured(self) -> bytes | None:
        """What must be read before the depth is known; None when it is."""
        return self.full() if self._depth is None else None

    def is_as_deep_as(self, depth: int) -> None:
        """Tell what was measured of `unmeasured`; more may have come since."""
        if self._depth is None:
            self._depth = depth

    def apply(
        self,
        update: bytes,
        *,
        added_depth: int | None = None,
        is_one_piece: bool = False,
    ) -> None:
        """Take in an update. `added_depth`: what `depth_of` says of it, or more;
        `is_one_piece`: it is one insertion or one deletion.

        Raises ValueError if it cannot be decoded (nothing has changed) and
        DamagedDocument if the engine failed on it (anything may have changed).
        """
        if added_depth is None:
            added_depth = depth_of(update)
        before = self._state
        fed = self._with_what_waited(update)
        self._feed(fed)
        self._full = None
        self._state = None
        self._size_bytes += len(update)
        self._depth_added += added_depth
        if (
            is_one_piece
            and not self._unintegrated
            and before is not None
            and before != self.state_vector()
        ):
            return  # it found its place: nothing else was there to change the state
        self._sort_out(update, retried=fed is not update)

    def take(self, updates: Sequence[bytes], *, is_flat: bool = False) -> bytes:
        """Apply all of them at once, and return them as one. Raises as `apply`.

        `is_flat`: all are keystrokes (`keystrokes.is_plain`), and bring no types.
        """
        joined = join_typed(updates)
        merged = merge_tree(joined)
        if is_flat:
            added_depth = 0
        elif len(merged) <= _SMALL_BYTES:
            added_depth = depth_of(merged)
        else:
            # What is large was measured where it came from.
            added_depth = sum(map(depth_of, updates))
        is_one_piece = is_flat and len(joined) == 1
        self.apply(merged, added_depth=added_depth, is_one_piece=is_one_piece)
        return bytes(merged)

    def _feed(self, update: bytes) -> None:
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

    def _with_what_waited(self, update: bytes) -> bytes:
        """Give the engine what waits together with what comes, now and then.

        What the engine itself keeps aside it does not always find again when the
        rest arrives (measured: a third of shuffled histories); merged in one update,
        it does. A peer may send any amount that never fits, so it is tried only after
        as many bytes as a part of that have arrived.
        """
        self._retry_after -= len(update) + _LEAST_STEP_BYTES
        if not self._unintegrated or self._retry_after > 0:
            return update
        return merge_tree([*self._unintegrated, update])

    def _sort_out(self, update: bytes, *, retried: bool) -> None:
        state = self.state_vector()
        if not is_integrated(update, state):
            self._unintegrated.append(update)
            if len(self._unintegrated) > _MAX_WAITING:
                self._unintegrated = [merge_tree(self._unintegrated)]
        if retried:
            self._unintegrated = [
                u for u in self._unintegrated if not is_integrated(u, state)
            ]
            self._retry_after = sum(map(len, self._unintegrated)) // _PARTS

    def state_vector(self) -> bytes:
        if self._state is None:
            self._state = self._doc.get_state()
        return self._state

    def missing(self, state_vector: bytes) -> list[bytes]:
        """The updates that a peer with this state vector lacks; never none."""
        return [self.diff(state_vector)]

    def diff(self, state_vector: bytes) -> bytes:
        """All that a peer with this state vector misses. Raises ValueError."""
        if state_vector == EMPTY_STATE_VECTOR:
            return self.full()
        with engine_faults():
            update = self._doc.get_update(state_vector)
        return (
            merge_tree([update, *self._unintegrated]) if self._unintegrated else update
        )

    def full(self) -> bytes:
        """The whole document as one update, kept until the next change."""
        if self._full is None:
            with engine_faults():
                whole = self._doc.get_update()
            self._full = merge_tree([whole, *self._unintegrated])
            self._size_bytes = len(self._full)
        return self._full

    def has_room_for(self, added_bytes: int, limit_bytes: int) -> bool:
        """Whether the document stays within the limit. Encodes only when in doubt."""
        if self._size_bytes + added_bytes <= limit_bytes:
            return True
        return len(self.full()) + added_bytes <= limit_bytes

    def has_depth_for(self, updates: Sequence[bytes]) -> bool:
        """Whether these edits leave the document flat enough for the engine.

        Measures the whole document only when the depths added up come too far.
        Raises ValueError if the engine cannot read the edits.
        """
        added = sum(depth_of(update) for update in updates)
        if not added:
            return True
        if self._depth is None:
            self._depth, self._depth_added = depth_of(self.full()), 0
        if self._depth + self._depth_added + added <= _MAX_DEPTH_ADDED_UP:
            return True
        self._depth, self._depth_added = depth_of(self.full()), 0
        return depth_of(merge_tree([self.full(), *updates])) <= MAX_DEPTH

    def holds(self, update: bytes) -> bool:
        """Whether the update would change nothing."""
        return adds_nothing(self._doc, update)

    @property
    def has_unintegrated(self) -> bool:
        return bool(self._unintegrated)


async def measure_depth(document: LiveDocument) -> None:
    """Learn how deep a long document is before the first edit asks for it.

    In slices between which the event loop serves everybody: on a thread it would take
    the interpreter away from them for longer.
    """
    whole = document.unmeasured
    if whole is not None:
        depth = 0
        for found in depth_in_slices(whole):
            depth = found
            await asyncio.sleep(_PAUSE_S)
        document.is_as_deep_as(depth)


def fit(
    document: LiveDocument,
    batch: list[tuple[T, bytes]],
    limit_bytes: int,
    *,
    are_flat: bool = False,
) -> tuple[list[tuple[T, bytes]], list[tuple[T, bytes]]]:
    """Divide a batch into what the document has room for, and what is too much for it.

    Too much is what makes it too large or nests too deep. What only deletes always
    fits, or nobody could make the document smaller again. `are_flat`: they bring no
    types.
    """
    small, too_large = _fit_size(document, batch, limit_bytes)
    if are_flat:
        return small, too_large
    fitting, too_deep = _fit_depth(document, small)
    return fitting, [*too_large, *too_deep]


def _fit_size(
    document: LiveDocument, batch: list[tuple[T, bytes]], limit_bytes: int
) -> tuple[list[tuple[T, bytes]], list[tuple[T, bytes]]]:
    if document.has_room_for(sum(len(u) for _, u in batch), limit_bytes):
        return batch, []
    fitting: list[tuple[T, bytes]] = []
    too_large: list[tuple[T, bytes]] = []
    size = 0
    for item in batch:
        update = item[1]
        if update[:1] == b"\x00":
            fitting.append(item)
        elif document.has_room_for(size + len(update), limit_bytes):
            size += len(update)
            fitting.append(item)
        else:
            too_large.append(item)
    return fitting, too_large


def _fit_depth(
    document: LiveDocument, batch: list[tuple[T, bytes]]
) -> tuple[list[tuple[T, bytes]], list[tuple[T, bytes]]]:
    """Divide a batch into what may be applied, and all of those who nest too deep."""
    if _is_flat_enough(document, [update for _, update in batch]):
        return batch, []
    flat: list[bytes] = []
    deep: set[T] = set()
    # A writer's edits build on each other; one look at each writer is enough.
    for writer in dict.fromkeys(writer for writer, _ in batch):
        theirs = [update for other, update in batch if other == writer]
        if _is_flat_enough(document, [*flat, *theirs]):
            flat += theirs
        else:
            deep.add(writer)
    return (
        [item for item in batch if item[0] not in deep],
        [item for item in batch if item[0] in deep],
    )


def _is_flat_enough(document: LiveDocument, updates: Sequence[bytes]) -> bool:
    try:
        return document.has_depth_for(updates)
    except ValueError:
        # Unreadable: whoever applies it finds out which edit it is.
        return True


def find_harmful(
    stored: Sequence[bytes], suspects: Sequence[bytes]
) -> tuple[LiveDocument, list[bool]]:
    """Rebuild the document and try each suspect on a copy of its own.

    Returns the rebuilt document without the suspects, and for each whether it harms.
    Raises ValueError or DamagedDocument if what is stored cannot be read itself.
    """
    document = LiveDocument(stored)
    full = document.full()
    verdicts = [False] * len(suspects)

    def search(start: int, end: int) -> None:
        """By halves: thousands of edits may wait behind the one that harms."""
        if start == end or not _harms(full, suspects[start:end]):
            return
        if end - start == 1:
            verdicts[start] = True
            return
        middle = (start + end) // 2
        search(start, middle)
        search(middle, end)

    search(0, len(suspects))
    return document, verdicts


def _harms(full: bytes, suspects: Sequence[bytes]) -> bool:
    try:
        LiveDocument([full]).apply(merge_tree(suspects))
    except (ValueError, DamagedDocument):
        return True
    return False


def snapshot_of(stored: Sequence[bytes]) -> bytes:
    """One update that holds all of `stored`, with deleted text collected where safe.

    Text that was deleted is dropped only when every insertion and deletion has found
    its place; otherwise the plain merge is kept, which loses nothing. Raises ValueError
    if the engine cannot read it.
    """
    merged = merge_tree(stored)
    doc: Doc[Any] = Doc()
    with engine_faults():
        for piece in pieces(merged):
            doc.apply_update(piece)
        return doc.get_update() if is_integrated(merged, doc.get_state()) else merged
