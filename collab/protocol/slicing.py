"""Cut a large update into small ones that can be applied one after the other.

The engine holds the interpreter while it applies an update: a long document in one
piece would stop every room of the process for as long. Each slice finds what it depends
on in those before it, as an update that the engine itself would take in at once.

Format: Yjs update encoding version 1. Pure; the update must have passed
`shape.check_update`. Must never leave out or repeat anything.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from collab.errors import ProtocolError
from collab.protocol import shape
from collab.protocol.structs import measure, units
from collab.protocol.wire import read_var_uint, var_uint

# Worth a pattern of its own.
_MANY = 200
_LARGE_BYTES = 200_000
_SLICE_BYTES = 60_000

_Place = tuple[int, int]


@dataclass(slots=True)
class _Section:
    """The structs of one client: where each begins, in bytes and in clocks."""

    client: int
    at: array[int] = field(default_factory=lambda: array("Q"))
    clocks: array[int] = field(default_factory=lambda: array("Q"))
    needs: dict[int, list[_Place]] = field(default_factory=dict)
    """By the number of a struct: places of other clients that it stands beside."""
    needy: list[int] = field(default_factory=list)
    """The numbers in `needs`, in order."""
    done: int = 0

    def free_until(self) -> int:
        """The number of the next struct after this that needs another client's."""
        needy = self.needy
        at = bisect_right(needy, self.done)
        return needy[at] if at < len(needy) else len(self.at) - 1


def pieces(update: bytes) -> Sequence[bytes]:
    """What to give the engine in place of `update`: pieces that each hold the
    interpreter for a few milliseconds. What is malformed is left to the engine."""
    if len(update) <= _LARGE_BYTES:
        return (update,)
    try:
        return list(slices(update, _SLICE_BYTES))
    except (ProtocolError, IndexError):
        return (update,)


def slices(update: bytes, most_bytes: int) -> Iterator[bytes]:
    """Updates of about `most_bytes`, to be applied in this order."""
    sections, deletions_at, has_gaps = _read(update)
    if has_gaps or len(update) <= most_bytes:
        yield update
        return
    writer = _Writer(update, most_bytes)
    for section, end in _in_order(sections):
        yield from writer.add(section, end)
    rest = writer.finish()
    if rest:
        yield rest
    yield from _deletions(update, deletions_at, most_bytes)


def _read(data: bytes) -> tuple[dict[int, _Section], int, bool]:
    """The sections, where the deletions begin, and whether something is missing."""
    sections: dict[int, _Section] = {}
    has_gaps = False
    clients, at = read_var_uint(data, 0)
    for _ in range(clients):
        count, at = read_var_uint(data, at)
        client, at = read_var_uint(data, at)
        clock, at = read_var_uint(data, at)
        section = sections[client] = _Section(client)
        typical = _typical(client) if count > _MANY else None
        for number in range(count):
            section.at.append(at)
            section.clocks.append(clock)
            usual = typical.match(data, at) if typical is not None else None
            if usual is not None:
                start = usual.end()
                at = start + data[start - 1]
                clock += units(data[start:at])
                continue
            content = data[at] & 0x1F
            if content == shape.SKIP:
                has_gaps = True
            elif content != shape.GC:
                needs = [p for p in _beside(data, at) if p[0] != client]
                if needs:
                    section.needs[number] = needs
                    section.needy.append(number)
            length, at = measure(data, at)
            clock += length
        section.at.append(at)
        section.clocks.append(clock)
    return sections, at, has_gaps


def _typical(client: int) -> re.Pattern[bytes]:
    """What most structs of a client are: text beside what the same client wrote."""
    place = re.escape(var_uint(client)) + rb"[\x80-\xff]{0,3}[\x00-\x7f]"
    return re.compile(
        rb"(?:[\x84\x44]%b|\xc4%b%b)[\x01-\x7f]" % (place, place, place), re.DOTALL
    )


def _beside(data: bytes, at: int) -> list[_Place]:
    """The places that a struct is next to, or inside of."""
    info = data[at]
    at += 1
    places: list[_Place] = []
    for side in (shape.ORIGIN, shape.RIGHT_ORIGIN):
        if info & side:
            client, at = read_var_uint(data, at)
            clock, at = read_var_uint(data, at)
            places.append((client, clock))
    if not places:
        named, at = read_var_uint(data, at)
        if named != 1:
            client, at = read_var_uint(data, at)
            clock, at = read_var_uint(data, at)
            places.append((client, clock))
    return places


def _in_order(sections: dict[int, _Section]) -> Iterator[tuple[_Section, int]]:
    """Every struct after those that it needs; each client's own in their order.

    As runs: a section from where it was `done`, and the number of a struct behind.
    """
    for first in sections.values():
        path = [(first, first.clocks[-1])]
        on_path = {first.client}
        while path:
            section, upto = path[-1]
            if section.clocks[section.done] >= upto:
                path.pop()
                on_path.discard(section.client)
                continue
            wanted = _wanted(section, sections, on_path)
            if wanted is not None:
                path.append(wanted)
                on_path.add(wanted[0].client)
                continue
            end = min(bisect_left(section.clocks, upto), section.free_until())
            yield section, end
            section.done = end


def _wanted(
    section: _Section, sections: dict[int, _Section], on_path: set[int]
) -> tuple[_Section, int] | None:
    """What has to come before a section's next struct, and up to where.

    Nothing of a client on the path: that is a circle, which the engine will never take
    in anyway.
    """
    for client, clock in section.needs.get(section.done, ()):
        other = sections.get(client)
        if other is None or client in on_path:
            continue
        if other.clocks[other.done] <= clock < other.clocks[-1]:
            return other, clock + 1
    return None


class _Writer:
    def __init__(self, data: bytes, most_bytes: int) -> None:
        self._data = data
        self._most = most_bytes
        self._size = 0
        self._runs: dict[int, tuple[_Section, int, int]] = {}

    def add(self, section: _Section, end: int) -> Iterator[bytes]:
        """Add a client's structs from where it was done; the slices that get full."""
        at, here = section.at, section.done
        while here < end:
            full = bisect_left(at, at[here] + self._most - self._size, here + 1, end)
            run = self._runs.get(section.client, (section, here, here))
            self._runs[section.client] = (section, run[1], full)
            self._size += at[full] - at[here]
            here = full
            if self._size >= self._most:
                yield self.finish() or b""

    def finish(self) -> bytes | None:
        if not self._runs:
            return None
        parts = [var_uint(len(self._runs))]
        for section, first, end in self._runs.values():
            parts += [
                var_uint(end - first),
                var_uint(section.client),
                var_uint(section.clocks[first]),
                self._data[section.at[first] : section.at[end]],
            ]
        self._runs, self._size = {}, 0
        return b"".join((*parts, b"\x00"))


def _deletions(data: bytes, at: int, most_bytes: int) -> Iterator[bytes]:
    """Of as many clients in one as fit: a long document has thousands, a hostile one
    hundreds of thousands, and every piece is held against all of them."""
    clients, at = read_var_uint(data, at)
    full: list[bytes] = []
    size = 0
    for _ in range(clients):
        client, at = read_var_uint(data, at)
        count, at = read_var_uint(data, at)
        start, number = at, 0
        for left in range(count - 1, -1, -1):
            _, at = read_var_uint(data, at)
            _, at = read_var_uint(data, at)
            number += 1
            if size + at - start < most_bytes and left:
                continue
            full.append(var_uint(client) + var_uint(number) + data[start:at])
            size += len(full[-1])
            start, number = at, 0
            if size >= most_bytes:
                yield b"\x00" + var_uint(len(full)) + b"".join(full)
                full, size = [], 0
    if full:
        yield b"\x00" + var_uint(len(full)) + b"".join(full)
