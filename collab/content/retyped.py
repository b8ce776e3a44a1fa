"""Text that is deleted and comes back as it was is not the mover's.

Editors do that: whoever presses Enter inside a paragraph, joins two or moves one, has
one part made anew under their own client id. What comes back with the same letters in
the same update keeps its first writer. So does what one person cut and soon after put
in again in one piece, or undid the deletion of: once, for a cut moves words and does
not multiply them. Whoever retypes a sentence, letter by letter, has written it. Pure;
updates in the order of the log.

Must never name anybody for letters that nobody deleted, or that somebody else did.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collab.protocol import shape
from collab.protocol.structs import deletions_of, structs_of, text_of

# Shorter pieces say nothing: a word may be typed by anybody.
LEAST_UNITS = 8
# What comes in one piece was not typed: people do not type that much at once.
LEAST_PASTED = 16
# How long after it was cut, and how much of one person's.
LONGEST_CUT = timedelta(minutes=30)
_MOST_CUT = 100_000
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


@dataclass(frozen=True, slots=True)
class _Cut:
    at: datetime
    part: Part


class Retyped:
    def __init__(self) -> None:
        self._cuts: dict[str, list[_Cut]] = {}
        """What each person deleted last and did not put in again."""
        # Of each client, two bytes for each clock: its letters, or zeros.
        self._letters: dict[int, bytearray] = {}
        self._deleted: dict[int, _Ranges] = {}
        self._sources: dict[int, _Sources] = {}

    def learn(
        self, update: bytes, by: str | None = None, at: datetime | None = None
    ) -> None:
        """`by`: who alone wrote it, and when. Raises ValueError for no update."""
        known = {client: len(held) // 2 for client, held in self._letters.items()}
        written, written_units = self._write(update)
        gone = self._delete(update)
        if not written and not gone:
            return
        # What is new itself is no source: it might be its own.
        old = ((c, low, min(size, known.get(c, 0) - low)) for c, low, size in gone)
        pieces = [piece for piece in old if piece[2] >= LEAST_UNITS]
        if sum(length for _, _, length in pieces) > _MOST_UNITS:
            return
        left, used = self._match(written, pieces)
        if by is None or at is None:
            return
        cuts = [cut for cut in self._cuts.pop(by, []) if at - cut.at <= LONGEST_CUT]
        pasted = [part for part in left if part[2] >= LEAST_PASTED]
        if cuts and pasted:
            _, taken = self._match(pasted, [cut.part for cut in cuts])
            cuts = [
                _Cut(cut.at, part) for cut in cuts for part in _without(cut.part, taken)
            ]
        if written_units < LEAST_UNITS:
            # Who writes as well makes anew, or puts something else in its place.
            cuts += [_Cut(at, part) for p in pieces for part in _without(p, used)]
        self._keep(by, cuts)

    def restored(self, update: bytes, parts: Iterable[tuple[Part, int]]) -> None:
        """An update that brought an earlier text back: each part of it is of a client
        who is told. Raises ValueError."""
        self._write(update)
        self._delete(update)
        for (client, clock, length), source in sorted(parts):
            self._remember(client, clock, (source, 0, length))

    def forget_cuts(self) -> None:
        """What was cut before can come back no more."""
        self._cuts.clear()

    def _match(
        self, written: Sequence[Part], pieces: Sequence[Part]
    ) -> tuple[list[Part], list[Part]]:
        """Pass on the authors of these pieces where their words were written. Returns
        what else was written, and what of the pieces was used."""
        if not written or not pieces:
            return list(written), []
        index = _Index([(self._text(p), p) for p in pieces])
        left: list[Part] = []
        used: list[Part] = []
        for client, clock, length in written:
            done = 0
            for at, source in index.found_in(self._text((client, clock, length))):
                self._remember(client, clock + at, source)
                used.append(source)
                left.append((client, clock + done, at - done))
                done = at + source[2]
            left.append((client, clock + done, length - done))
        return [part for part in left if part[2] > 0], used

    def _keep(self, by: str, cuts: list[_Cut]) -> None:
        kept: list[_Cut] = []
        size = 0
        for cut in reversed(cuts):
            size += cut.part[2]
            if size > _MOST_CUT:
                break
            if cut.part[2] >= LEAST_UNITS:
                kept.append(cut)
        if kept:
            self._cuts[by] = kept[::-1]

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

    def _write(self, update: bytes) -> tuple[list[Part], int]:
        """Keep the letters; the new runs that are long enough, and the units of all."""
        written: list[Part] = []
        total = 0
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
            total += end - start
            if end - start >= LEAST_UNITS:
                written.append((struct.client, start, end - start))
        return written, total

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
        at = bisect_right(found.starts, clock)
        found.starts.insert(at, clock)
        found.parts.insert(at, (source[2], source[0], source[1]))


def _without(part: Part, used: Iterable[Part]) -> Iterator[Part]:
    """What is left of a part."""
    client, start, length = part
    end = start + length
    ranges = sorted((at, at + size) for c, at, size in used if c == client)
    for low, high in ranges:
        if low >= end or high <= start:
            continue
        if low > start:
            yield client, start, low - start
        start = max(start, high)
    if start < end:
        yield client, start, end - start


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
