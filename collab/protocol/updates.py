"""Work on updates as bytes: merge many, and ask whether a document holds one.

A flat merge of thousands of updates is superlinear in the engine, so merging goes in
groups. Must never lose an update whose dependencies have not arrived: the engine's
`Doc.get_update` leaves those out, `merge_updates` keeps them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pycrdt import Doc, get_update, merge_updates

from collab.protocol.shape import read_deletions, read_state_vector

_GROUP = 50


def merge_tree(updates: Sequence[bytes]) -> bytes:
    """Merge in groups of at most 50. One update is returned as it is.

    Raises ValueError if any is malformed, or if there is none.
    """
    level = list(updates)
    if not level:
        raise ValueError("nothing to merge")
    while len(level) > 1:
        level = [
            merge_updates(*level[i : i + _GROUP]) for i in range(0, len(level), _GROUP)
        ]
    return level[0]


def is_integrated(update: bytes, state_vector: bytes) -> bool:
    """Whether a document with this state has taken in all of the update.

    False means that something it depends on has not arrived.
    """
    rest = get_update(update, state_vector)
    if rest[:1] != b"\x00":
        return False
    deletions = read_deletions(rest)
    if not deletions:
        return True
    clocks = read_state_vector(state_vector)
    return all(
        clock + length <= clocks.get(client, 0) for client, clock, length in deletions
    )


def adds_nothing(doc: Doc[Any], update: bytes) -> bool:
    """Whether the document already holds every insertion and deletion of the update."""
    state = doc.get_state()
    if not is_integrated(update, state):
        return False
    wanted = read_deletions(get_update(update, state))
    if not wanted:
        return True
    held: dict[int, list[tuple[int, int]]] = {}
    for client, clock, length in read_deletions(doc.get_update(state)):
        held.setdefault(client, []).append((clock, clock + length))
    return all(
        _covered(clock, clock + length, sorted(held.get(client, ())))
        for client, clock, length in wanted
    )


def _covered(start: int, end: int, ranges: list[tuple[int, int]]) -> bool:
    for low, high in ranges:
        if low <= start < high:
            start = high
        if start >= end:
            return True
    return start >= end
