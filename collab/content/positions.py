"""Yjs relative positions as bytes: what a browser writes, checked and taken apart.

A relative position names a letter of the document by its writer and clock, or an end of
a shared type. It comes from strangers, so every read is bounded. Pure. Must never
decide whether the document has that letter; `collab.content.anchors` looks.
"""

from __future__ import annotations

from dataclasses import dataclass

from collab.errors import ProtocolError
from collab.protocol.wire import read_string, read_var_uint

MAX_POSITION_BYTES = 120
_ITEM, _ROOT, _TYPE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Position:
    """`item` or `nested` is (writer, clock); `root` the name of a shared type.

    `sticks_right` says which neighbour it stays with when something is written there.
    """

    item: tuple[int, int] | None = None
    nested: tuple[int, int] | None = None
    root: str | None = None
    sticks_right: bool = True


def read_position(data: bytes) -> Position:
    """Raises ValueError for bytes that are no relative position."""
    if len(data) > MAX_POSITION_BYTES:
        raise ValueError("a relative position is shorter")
    try:
        kind, at = read_var_uint(data, 0)
        if kind == _ROOT:
            root, at = read_string(data, at)
            return Position(root=root, sticks_right=_sticks_right(data, at))
        if kind not in (_ITEM, _TYPE):
            raise ValueError("no such kind of relative position")
        writer, at = read_var_uint(data, at)
        clock, at = read_var_uint(data, at)
    except ProtocolError as error:
        raise ValueError(str(error)) from None
    right = _sticks_right(data, at)
    if kind == _ITEM:
        return Position(item=(writer, clock), sticks_right=right)
    return Position(nested=(writer, clock), sticks_right=right)


def _sticks_right(data: bytes, at: int) -> bool:
    """The last byte is a signed number of lib0; older writers leave it out."""
    if at == len(data):
        return True
    if at != len(data) - 1 or data[at] & 0x80:
        raise ValueError("a relative position ends after its side")
    return not data[at] & 0x40
