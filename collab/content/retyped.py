"""Text that a program deletes and writes again in the same update is not its typist's.

Editors do that: whoever presses Enter inside a paragraph, joins two or moves one, has
one part made anew under their own client id. What comes back with the same letters in
the same update keeps its first writer. Only then: whoever retypes a sentence that
somebody deleted before has written it. Pure; updates in the order of the log.

Must never name anybody for letters that nobody deleted in that update.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from collab.protocol import shape
from collab.protocol.structs import deletions_of, structs_of, text_of

# Shorter pieces say nothing: a word may be typed by anybody.
LEAST_UNITS = 8
# Of one update; above it (a whole long text is replaced) all stays its typist's.
_MOST_UNITS = 200_000

Part = tuple[int, int, int]
"""Client, clock and length in UTF-16 units."""


@dataclass(slots=True)
class _Ranges:
    """Ranges of one client's clocks, in order, that do not overlap."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def add(self, start: int, end: int) -> list[tuple[int, int]]:
        """Returns the parts that are new."""
        first = bisect_right(self.ends, start - 1)
        last = bisect_right(self.starts, end)
        new: list[tuple[int, int]] = []
        at = start
        for here in range(first, last):
            if at < self.starts[here]:
                new.append((at, self.starts[here]))
            at = max(at, self.ends[here])
        if at < end:
            new.append((at, end))
        if first < last:
            start = min(start, self.starts[first])
            end = max(end, self.ends[last - 1])
        self.starts[first:last] = [start]
        self.ends[first:last] = [end]
        return new


@dataclass(slots=True)
class _Sources:
    """Where ranges of one client's clocks were copied from, in their order."""

    starts: list[int] = field(default_factory=list)
    parts: list[tuple[int, int, int]] = field(default_factory=list)
    """Length, and client and clock of the source."""


class Retyped:
    def __init__(self) -> None:
        # Of each client, two bytes for each clock: its letters, or zeros.
        self._letters: dict[int, bytearray] = {}
        self._deleted: dict[int, _Ranges] = {}
        self._sources: dict[int, _Sources] = {}

    def learn(self, update: bytes) -> None:
        """Raises ValueError for what is no update."""
        known = {client: len(held) // 2 for client, held in self._letters.items()}
        written = self._write(update)
        gone = self._delete(update)
        if not written or not gone:
            return
        # What is new itself is no source: it might be its own.
        old = ((c, at, min(size, known.get(c, 0) - at)) for c, at, size in gone)
        pieces = [piece for piece in old if piece[2] >= LEAST_UNITS]
        if sum(length for _, _, length in pieces) <= _MOST_UNITS:
            index = _Index([(self._text(p), p) for p in pieces])
            for part in written:
                for at, source in index.found_in(self._text(part)):
                    self._remember(part[0], part[1] + at, source)

    def writers_of(self, client: int, clock: int, length: int) -> Iterator[Part]:
        """Whose letters these are, piece by piece, as they were first written."""
        todo = [(client, clock, length)]
        while todo:
            client, clock, length = todo.pop()
            own, source = self._split(client, clock, length)
            if own:
                yield client, clock, own
            if source is not None:
                taken = own + source[2]
                if taken < length:
                    todo.append((client, clock + taken, length - taken))
                todo.append(source)

    def _split(self, client: int, clock: int, length: int) -> tuple[int, Part | None]:
        """How many of these are the client's own, and the source of what follows."""
        found = self._sources.get(client)
        if found is None:
            return length, None
        at = bisect_right(found.starts, clock) - 1
        if at >= 0:
            size, source, source_clock = found.parts[at]
            into = clock - found.starts[at]
            if into < size:
                return 0, (source, source_clock + into, min(length, size - into))
        at += 1
        if at == len(found.starts) or found.starts[at] >= clock + length:
            return length, None
        own = found.starts[at] - clock
        size, source, source_clock = found.parts[at]
        return own, (source, source_clock, min(length - own, size))

    def _write(self, update: bytes) -> list[Part]:
        """Keep the letters; the new runs that are long enough."""
        written: list[Part] = []
        for struct in structs_of(update):
            letters = self._letters.setdefault(struct.client, bytearray())
            known = len(letters) // 2
            end = struct.clock + struct.length
            if end <= known or not struct.is_written:
                continue
            letters.extend(bytes(2 * (end - known)))
            if struct.content != shape.STRING:
                continue
            text = text_of(update, struct).encode("utf-16-le", "surrogatepass")
            letters[2 * struct.clock : 2 * end] = text
            start = max(known, struct.clock)
            if end - start >= LEAST_UNITS:
                written.append((struct.client, start, end - start))
        return written

    def _delete(self, update: bytes) -> list[Part]:
        """What nobody had deleted before."""
        return [
            (client, start, end - start)
            for client, clock, length in deletions_of(update)
            for start, end in self._deleted.setdefault(client, _Ranges()).add(
                clock, clock + length
            )
        ]

    def _text(self, part: Part) -> bytes:
        client, clock, length = part
        letters = self._letters.get(client, b"")
        return bytes(letters[2 * clock : 2 * (clock + length)])

    def _remember(self, client: int, clock: int, source: Part) -> None:
        found = self._sources.setdefault(client, _Sources())
        found.starts.append(clock)
        found.parts.append((source[2], source[0], source[1]))


class _Index:
    """Finds pieces of deleted text in what was written."""

    def __init__(self, pieces: Sequence[tuple[bytes, Part]]) -> None:
        self._pieces = pieces
        self._begin: dict[bytes, tuple[int, int]] = {}
        size = 2 * LEAST_UNITS
        for number, (text, _) in enumerate(pieces):
            for at in range(0, len(text) - size + 1, 2):
                gram = text[at : at + size]
                if b"\0\0" not in (gram[i : i + 2] for i in range(0, size, 2)):
                    self._begin.setdefault(gram, (number, at))

    def found_in(self, text: bytes) -> Iterator[tuple[int, Part]]:
        """The place in `text`, in units, and what stood there first."""
        size = 2 * LEAST_UNITS
        at = 0
        while at + size <= len(text):
            begin = self._begin.get(text[at : at + size])
            if begin is None:
                at += 2
                continue
            number, place = begin
            piece, (client, clock, _) = self._pieces[number]
            length = size
            while (
                at + length < len(text)
                and place + length < len(piece)
                and text[at + length : at + length + 2]
                == piece[place + length : place + length + 2]
            ):
                length += 2
            yield at // 2, (client, clock + place // 2, length // 2)
            at += length
