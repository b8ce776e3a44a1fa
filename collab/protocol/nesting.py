"""How deep shared types stand inside each other in a Yjs update.

The engine deletes and frees a type by calling itself for each type inside: some tens
of thousands of levels, which fit in one frame, exhaust the stack and end the process
with every draft in it. The depth must be known before the engine sees the update.

Depths are upper bounds. A type whose place is not in the update may stand anywhere, so
the chains that begin at different unknown places are added up. Pure; the update must
have passed `shape.check_update`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from collab.protocol import shape
from collab.protocol.keystrokes import is_plain
from collab.protocol.wire import read_var_uint

_Place = tuple[int, int]
# Where a struct stands: the struct it is next to or inside of, and the levels between.
_Link = tuple[int, int, int]


# Some milliseconds of reading.
_SLICE = 1_000


class Measured(bytes):
    """An update whose depth is known, so that nobody reads it again for that."""

    depth = 0


def measured(update: bytes) -> Measured:
    """Measure a large update where its reading stops nobody: off the event loop."""
    known = Measured(update)
    known.depth = depth_of(update)
    return known


def depth_of(update: bytes) -> int:
    """Levels of types that the update can add to a document; 0 if it has no types."""
    if isinstance(update, Measured):
        return update.depth
    if is_plain(update):
        return 0
    depth = 0
    for found in depth_in_slices(update):
        depth = found
    return depth


def depth_in_slices(update: bytes) -> Iterator[int]:
    """As `depth_of`, with a pause after every few milliseconds of work.

    The last value is the depth; those before it say nothing.
    """
    reader = _Reader()
    for _ in reader.read(update):
        yield 0
    yield _sum_of_chains(reader) if reader.types else 0


class _Reader:
    """The structs of an update: where each stands, and which are types."""

    def __init__(self) -> None:
        self.links: list[_Link | None] = []
        self.types: list[int] = []
        self._gaps: set[int] = set()
        self._starts: dict[int, list[int]] = {}
        self._first: dict[int, int] = {}
        self._ends: dict[int, int] = {}

    def read(self, data: bytes) -> Iterator[None]:
        """Pauses after every slice of structs."""
        clients, at = read_var_uint(data, 0)
        for _ in range(clients):
            structs, at = read_var_uint(data, at)
            client, at = read_var_uint(data, at)
            clock, at = read_var_uint(data, at)
            starts: list[int] = []
            first = len(self.links)
            for number in range(1, structs + 1):
                starts.append(clock)
                length, at = self._struct(data, at)
                clock += length
                if number % _SLICE == 0:
                    yield
            self._starts[client] = starts
            self._first[client] = first
            self._ends[client] = clock

    def find(self, client: int, clock: int) -> int | None:
        """The struct that holds this place, if the update has it."""
        starts = self._starts.get(client)
        if not starts or not starts[0] <= clock < self._ends[client]:
            return None
        index = self._first[client] + bisect_right(starts, clock) - 1
        return None if index in self._gaps else index

    def _struct(self, data: bytes, at: int) -> tuple[int, int]:
        """Read one struct; returns its length and the place after it."""
        start, info = at, data[at]
        content = info & 0x1F
        at += 1
        link: _Link | None = None
        if content not in (shape.GC, shape.SKIP):
            sides = info & (shape.ORIGIN | shape.RIGHT_ORIGIN)
            if sides:
                client, at = read_var_uint(data, at)
                clock, at = read_var_uint(data, at)
                link = (client, clock, 0)
                if sides == shape.ORIGIN | shape.RIGHT_ORIGIN:
                    _, at = read_var_uint(data, at)
                    _, at = read_var_uint(data, at)
            else:
                named, at = read_var_uint(data, at)
                if named == 1:
                    at = shape.skip_bytes(data, at)
                else:
                    client, at = read_var_uint(data, at)
                    clock, at = read_var_uint(data, at)
                    link = (client, clock, 1)
                if info & shape.PARENT_SUB:
                    at = shape.skip_bytes(data, at)
        if content == shape.SKIP:
            self._gaps.add(len(self.links))
        elif content == shape.TYPE:
            self.types.append(len(self.links))
        self.links.append(link)
        claimed, end = shape.skip_struct(data, start)
        return claimed or _length(data, at, content), end


def _length(data: bytes, at: int, content: int) -> int:
    """How many clocks the content takes, where the struct does not say it itself."""
    if content == shape.STRING:
        size, at = read_var_uint(data, at)
        text = data[at : at + size].decode("utf-8", "replace")
        # Clocks count UTF-16 code units.
        return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
    if content in (shape.ANY, shape.JSON):
        return read_var_uint(data, at)[0]
    return 1 if content not in (shape.GC, shape.SKIP, shape.DELETED) else 0


def _sum_of_chains(reader: _Reader) -> int:
    """The longest chain of types from each place where chains begin, added up."""
    placed: dict[int, tuple[_Place | None, int]] = {}
    longest: dict[_Place | None, int] = {}
    for index in reader.types:
        base, levels = _place(reader, index, placed)
        longest[base] = max(longest.get(base, 0), levels + 1)
    return sum(longest.values())


def _place(
    reader: _Reader, index: int, placed: dict[int, tuple[_Place | None, int]]
) -> tuple[_Place | None, int]:
    """Where a struct's chain begins (None: a root), and the levels from there."""
    path: list[tuple[int, int]] = []
    here = index
    base: _Place | None = None
    levels = 0
    while True:
        if here in placed:
            base, levels = placed[here]
            break
        # Until it is known; a hostile circle ends here too.
        placed[here] = (None, 0)
        link = reader.links[here]
        if link is None:
            path.append((here, 0))
            break
        client, clock, step = link
        found = reader.find(client, clock)
        if found is None:
            base = (client, clock)
            path.append((here, 0))
            break
        path.append((here, step))
        here = found
    for struct, step in reversed(path):
        levels += step
        placed[struct] = (base, levels)
    return placed[index]
