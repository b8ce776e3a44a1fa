"""Work on updates as bytes: merge many, and ask whether a document holds one.

A flat merge of thousands of updates is superlinear in the engine, so merging goes in
groups. Must never lose an update whose dependencies have not arrived: the engine's
`Doc.get_update` leaves those out, `merge_updates` keeps them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pycrdt import Doc, get_update, merge_updates

from collab.protocol.shape import EMPTY_UPDATE, read_deletions, read_state_vector

_GROUP = 50
_FAR = 2**63
_Deletion = tuple[int, int, int]


@contextmanager
def engine_faults() -> Iterator[None]:
    """Turn whatever the engine fails with into ValueError.

    A fault inside it arrives as RuntimeError or as pyo3's PanicException, which is no
    Exception and would end the event loop.
    """
    try:
        yield
    except (ValueError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 - see above
        raise ValueError(f"the engine failed: {error!r}") from None


def is_readable(update: bytes) -> bool:
    """Whether the engine can decode the update at all."""
    try:
        with engine_faults():
            merge_updates(update, EMPTY_UPDATE)
    except ValueError:
        return False
    return True


def merge_tree(updates: Sequence[bytes]) -> bytes:
    """Merge in groups of at most 50. One update is returned as it is.

    Raises ValueError if any is malformed, or if there is none.
    """
    if len(updates) == 1:
        return updates[0]
    level = list(updates)
    if not level:
        raise ValueError("nothing to merge")
    with engine_faults():
        while len(level) > 1:
            level = [
                merge_updates(*level[i : i + _GROUP])
                for i in range(0, len(level), _GROUP)
            ]
    return level[0]


def is_integrated(update: bytes, state_vector: bytes) -> bool:
    """Whether a document with this state has taken in all of the update.

    False means that something it depends on has not arrived.
    """
    with engine_faults():
        rest = get_update(update, state_vector)
    return rest[:1] == b"\x00" and _are_known(read_deletions(rest), state_vector)


def _are_known(deletions: Sequence[_Deletion], state_vector: bytes) -> bool:
    """Whether a document with this state has what these delete."""
    if not deletions:
        return True
    clocks = read_state_vector(state_vector)
    return all(
        clock + length <= clocks.get(client, 0) for client, clock, length in deletions
    )


def has_taken_in(doc: Doc[Any], updates: Sequence[bytes]) -> bool:
    """Whether a document that was given just these updates lacks nothing of them.

    Reading tens of thousands of deletions one by one is what a long history costs most:
    here they are compared as bytes. False may also mean that the bytes differ in form.
    """
    with engine_faults():
        state = doc.get_state()
        rests = [get_update(update, state) for update in updates]
        if any(rest[:1] != b"\x00" for rest in rests):
            return False
        return merge_tree(rests) == doc.get_update(state)


def adds_nothing(doc: Doc[Any], update: bytes) -> bool:
    """Whether the document already holds every insertion and deletion of the update."""
    with engine_faults():
        state = doc.get_state()
        rest = get_update(update, state)
        if rest == EMPTY_UPDATE or rest[:1] != b"\x00":
            return rest == EMPTY_UPDATE
        all_deleted = doc.get_update(state)
    if rest == all_deleted:
        # A browser in step answers so: to read tens of thousands of deletions of a long
        # document for each that comes in would stop all rooms meanwhile.
        return True
    wanted = read_deletions(rest)
    if not _are_known(wanted, state):
        return False
    held: dict[int, list[tuple[int, int]]] = {}
    for client, clock, length in read_deletions(all_deleted):
        held.setdefault(client, []).append((clock, clock + length))
    for ranges in held.values():
        ranges.sort()
    return all(
        _covered(clock, clock + length, held.get(client, []))
        for client, clock, length in wanted
    )


def _covered(start: int, end: int, ranges: list[tuple[int, int]]) -> bool:
    # From the last range that begins at or before `start`: a scan of all of them for
    # each deletion would be quadratic.
    first = max(0, bisect_right(ranges, (start, _FAR)) - 1)
    for index in range(first, len(ranges)):
        low, high = ranges[index]
        if low > start:
            break
        if low <= start < high:
            start = high
        if start >= end:
            return True
    return start >= end
