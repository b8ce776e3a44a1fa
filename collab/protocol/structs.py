"""Which writer put what into an update, read without the engine.

Yjs gives each browser a random client id, and every struct of an update says whose it
is. That is the only trace of authorship that a merged document keeps. Pure; the update
must have passed `shape.check_update` (what the log holds has).

Format: Yjs update encoding version 1 (yjs `src/utils/updates.js`, `structs/*`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from collab.errors import ProtocolError
from collab.protocol import shape
from collab.protocol.wire import read_var_uint, var_bytes

_NOT_WRITTEN = frozenset({shape.GC, shape.SKIP})
# They say it themselves, and a hostile one says 0.
_SAY_THEIR_LENGTH = _NOT_WRITTEN | {shape.DELETED}


@dataclass(frozen=True, slots=True)
class Struct:
    """`start`, `end`: where its content stands in the update. `length` in clocks."""

    client: int
    clock: int
    length: int
    content: int
    start: int
    end: int

    @property
    def is_written(self) -> bool:
        """Somebody's content, be it deleted since; not a gap or collected rubbish."""
        return self.content not in _NOT_WRITTEN


def structs_of(update: bytes) -> Iterator[Struct]:
    """Every struct, in the order of the update. Raises ValueError when malformed."""
    try:
        yield from _structs(update)
    except (ProtocolError, IndexError) as error:
        raise ValueError(f"not an update: {error}") from None


def _structs(data: bytes) -> Iterator[Struct]:
    clients, at = read_var_uint(data, 0)
    for _ in range(clients):
        count, at = read_var_uint(data, at)
        client, at = read_var_uint(data, at)
        clock, at = read_var_uint(data, at)
        for _ in range(count):
            content = data[at] & 0x1F
            start = at if content in _NOT_WRITTEN else _content_start(data, at)
            length, end = measure(data, at)
            yield Struct(client, clock, length, content, start, end)
            clock += length
            at = end


def deletions_of(update: bytes) -> list[tuple[int, int, int]]:
    """Client, clock and length of what it deletes. Raises ValueError when malformed."""
    try:
        clients, at = read_var_uint(update, 0)
        for _ in range(clients):
            count, at = read_var_uint(update, at)
            _, at = read_var_uint(update, at)
            _, at = read_var_uint(update, at)
            for _ in range(count):
                _, at = shape.skip_struct(update, at)
        return shape.read_deletions(b"\x00" + update[at:])
    except (ProtocolError, IndexError) as error:
        raise ValueError(f"not an update: {error}") from None


def text_of(update: bytes, struct: Struct) -> str:
    """The text of a string struct of this update."""
    size, at = read_var_uint(update, struct.start)
    return update[at : at + size].decode("utf-8", "replace")


def rewrite_strings(update: bytes, text_for: Callable[[Struct, int], str]) -> bytes:
    """The same update with the text of every string struct replaced.

    `text_for` is given the struct and its length in UTF-16 units, and must give text
    of exactly that length: places, marks and deletions then mean the same as before.
    """
    parts: list[bytes] = []
    at = 0
    for struct in structs_of(update):
        if struct.content != shape.STRING:
            continue
        parts.append(update[at : struct.start])
        parts.append(var_bytes(text_for(struct, struct.length).encode()))
        at = struct.end
    parts.append(update[at:])
    return b"".join(parts)


def measure(data: bytes, at: int) -> tuple[int, int]:
    """How many clocks the struct at `at` takes, and the place after it."""
    claimed, end = shape.skip_struct(data, at)
    content = data[at] & 0x1F
    if content in _SAY_THEIR_LENGTH:
        return claimed, end
    return _length(data, _content_start(data, at), content), end


def units(text: bytes) -> int:
    """The length of a string in UTF-16 code units, as clocks count."""
    if text.isascii():
        return len(text)
    return len(text.decode("utf-8", "replace").encode("utf-16-le")) // 2


def _content_start(data: bytes, at: int) -> int:
    info = data[at]
    at += 1
    for side in (shape.ORIGIN, shape.RIGHT_ORIGIN):
        if info & side:
            _, at = read_var_uint(data, at)
            _, at = read_var_uint(data, at)
    if not info & (shape.ORIGIN | shape.RIGHT_ORIGIN):
        named, at = read_var_uint(data, at)
        if named == 1:
            at = shape.skip_bytes(data, at)
        else:
            _, at = read_var_uint(data, at)
            _, at = read_var_uint(data, at)
        if info & shape.PARENT_SUB:
            at = shape.skip_bytes(data, at)
    return at


def _length(data: bytes, at: int, content: int) -> int:
    """How many clocks the content takes, where the struct does not say it itself."""
    if content == shape.STRING:
        size, at = read_var_uint(data, at)
        return units(data[at : at + size])
    if content in (shape.ANY, shape.JSON):
        return read_var_uint(data, at)[0]
    return 1
