"""Where the paragraphs and letters that were exported are in the draft as it is now.

Meanwhile others went on writing. A paragraph is found by its words and neighbours, a
letter by the words around it; what is not found is nowhere, and whoever asks must say
so. Must never change the document.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from pycrdt import XmlFragment

from collab.content.comparing.pairing import Pairing
from collab.content.comparing.words import text_spans
from collab.content.places import (
    AtomPlace,
    ParagraphPlace,
    Place,
    RowPlace,
    TablePlace,
    letters_of,
    places_in,
)
from server.publishing.marked import (
    Flow,
    MarkedAtom,
    MarkedCell,
    MarkedParagraph,
    MarkedRow,
    MarkedTable,
    paragraphs_in,
)

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Key:
    kind: str
    text: str


@dataclass(slots=True)
class Settled:
    """What went for good when somebody's decisions were carried out, by its number:
    letters of a paragraph, its end (it ran into the next one), all of it; things."""

    letters: dict[int, set[int]] = field(default_factory=dict)
    ends: set[int] = field(default_factory=set)
    paragraphs: set[int] = field(default_factory=set)
    atoms: set[int] = field(default_factory=set)


class _Entry:
    """Paragraphs that were exported and are one by now, or a table or a thing."""

    def __init__(self, kind: str, ours: Set[str] = frozenset()) -> None:
        self.kind = kind
        self.ours = ours
        self.text = ""
        self.lines: list[Line] = []
        self.place: Place | None = None

    def add(self, old: MarkedParagraph, number: int, gone: set[int]) -> None:
        kept = [at for at in range(len(old.text)) if at not in gone]
        self.lines.append(Line(old, number, self, len(self.text), kept))
        self.text += "".join(old.text[at] for at in kept) if gone else old.text

    @property
    def key(self) -> _Key:
        return _Key(self.kind, self.text)

    @cached_property
    def letters(self) -> list[int | None]:
        """For each letter that was there, the letter that it is now."""
        assert isinstance(self.place, ParagraphPlace)
        now = _others(self.place, self.ours)
        text = "".join(char for _at, char in now)
        found: list[int | None] = [None] * len(self.text)
        for kind, i, j, k, _m in text_spans(self.text, text):
            if kind == "same":
                found[i:j] = [at for at, _char in now[k : k + j - i]]
        return found


@dataclass(eq=False)
class Line:
    """A paragraph that was exported, and where it is. `kept`: letters of it that are
    in the text of its entry, which has them from `start` on."""

    old: MarkedParagraph
    number: int
    entry: _Entry
    start: int
    kept: list[int]

    @property
    def place(self) -> ParagraphPlace:
        assert isinstance(self.entry.place, ParagraphPlace)
        return self.entry.place

    def at(self, letter: int) -> int | None:
        """The letter that it is now; None when it is not there any more."""
        index = bisect_left(self.kept, letter)
        if index == len(self.kept) or self.kept[index] != letter:
            return None
        return self.entry.letters[self.start + index]

    def ranges(self, start: int, end: int) -> list[tuple[int, int]]:
        """Of the letters that are still there."""
        found: list[tuple[int, int]] = []
        for at in map(self.at, range(start, end)):
            if at is None:
                continue
            if found and found[-1][1] == at:
                found[-1] = (found[-1][0], at + 1)
            else:
                found.append((at, at + 1))
        return found

    def place_of(self, at: int) -> int | None:
        """Where to write what was written before that letter."""
        letters = self.entry.letters
        index = self.start + bisect_left(self.kept, at)
        before = letters[index - 1] if index > 0 else None
        if before is not None:
            return before + 1
        after = letters[index] if index < len(letters) else None
        if after is not None:
            return after
        if index == 0 and not letters:
            return 0
        return 0 if not letters_of(self.place.element) else None


class Mapping:
    """`base` is the flow that was exported; of it, `settled` has gone since. Letters
    of the suggestions `ours` were written from the same file, and are looked over."""

    def __init__(
        self,
        base: Flow,
        body: XmlFragment,
        settled: Settled | None = None,
        ours: Set[str] = frozenset(),
    ) -> None:
        self.ours = ours
        self.places = places_in(body)
        self.order = {id(place): index for index, place in enumerate(self.places)}
        self._settled = settled or Settled()
        self._entries: list[_Entry] = []
        self._lines: dict[int, Line] = {}
        self._things: dict[str, list[_Entry]] = {"a": [], "t": []}
        self._row_lines: dict[tuple[int, int], list[int]] = {}  # not of inner tables
        self._rows_hold: dict[tuple[int, int], range] = {}
        self._cells_hold: dict[int, list[tuple[int, MarkedCell, range]]] = {}
        self._count = 0
        self._list(base)
        for entry, place in self._paired():
            entry.place = place

    def line(self, paragraph: int) -> Line | None:
        line = self._lines.get(paragraph)
        is_there = line is not None and isinstance(line.entry.place, ParagraphPlace)
        return line if is_there else None

    def atom(self, number: int) -> AtomPlace | None:
        place = self._things["a"][number].place
        return place if isinstance(place, AtomPlace) else None

    def table(self, number: int) -> TablePlace | None:
        place = self._things["t"][number].place
        return place if isinstance(place, TablePlace) else None

    def row(self, table: int, row: int) -> RowPlace | None:
        for number in self._row_lines.get((table, row), ()):
            line = self.line(number)
            if line is not None and line.place.row is not None:
                return line.place.row
        return None

    def paragraphs_of(self, table: int, row: int) -> range:
        """The numbers of all that stood in the row."""
        return self._rows_hold.get((table, row), range(0))

    def cells(self, table: int) -> Sequence[tuple[int, MarkedCell, range]]:
        """Each with its row and the numbers of the paragraphs that stood in it."""
        return self._cells_hold.get(table, ())

    def _list(self, flow: Flow) -> None:
        """As `places_in`: a table stands before what is in it."""
        joining: _Entry | None = None
        for node in flow:
            if isinstance(node, MarkedParagraph):
                joining = self._add(node, joining)
                continue
            joining = None
            is_atom = isinstance(node, MarkedAtom)
            entry = _Entry(node.kind if isinstance(node, MarkedAtom) else "t")
            held = self._things["a" if is_atom else "t"]
            if not (is_atom and len(held) in self._settled.atoms):
                self._entries.append(entry)
            held.append(entry)
            if isinstance(node, MarkedTable):
                number = len(self._things["t"]) - 1
                for at, row in enumerate(node.rows):
                    self._list_row(number, at, row)

    def _list_row(self, table: int, at: int, row: MarkedRow) -> None:
        first, held = self._count, self._row_lines.setdefault((table, at), [])
        for cell in row.cells:
            begun = number = self._count
            self._list(cell.flow)
            for node in cell.flow:
                if isinstance(node, MarkedParagraph):
                    held.append(number)
                number += sum(1 for _ in paragraphs_in((node,)))
            self._cells_hold.setdefault(table, []).append(
                (at, cell, range(begun, self._count))
            )
        self._rows_hold[table, at] = range(first, self._count)

    def _add(self, node: MarkedParagraph, joining: _Entry | None) -> _Entry | None:
        """The entry into which the next paragraph goes too, when it ran into it."""
        number, gone = self._count, self._settled
        self._count += 1
        if number in gone.paragraphs:
            return joining
        entry = joining or _Entry("p", self.ours)
        entry.add(node, number, gone.letters.get(number, set()))
        self._lines[number] = entry.lines[-1]
        if joining is None:
            self._entries.append(entry)
        return entry if number in gone.ends else None

    def _paired(self) -> Iterator[tuple[_Entry, Place]]:
        held = [entry.key for entry in self._entries]
        now = [_key_of_place(place, self.ours) for place in self.places]
        if held == now:
            yield from zip(self._entries, self.places, strict=True)
            return
        pairing: Pairing[_Key] = Pairing(
            lambda key: _WORD.findall(key.text), lambda a, b: a.kind == b.kind
        )
        i = j = 0
        for kind, _old, _new in pairing.steps(held, now):
            if kind in ("same", "changed"):
                yield self._entries[i], self.places[j]
            i += kind != "inserted"
            j += kind != "deleted"


def _key_of_place(place: Place, ours: Set[str]) -> _Key:
    if isinstance(place, ParagraphPlace):
        if not ours:
            return _Key("p", place.text)
        return _Key("p", "".join(char for _at, char in _others(place, ours)))
    if isinstance(place, AtomPlace):
        return _Key(place.element.tag or "", "")
    return _Key("t", "")


def _others(place: ParagraphPlace, ours: Set[str]) -> list[tuple[int, str]]:
    """The letters that are not of these suggestions, and where they stand."""
    return [
        (at, letter.char)
        for at, letter in enumerate(letters_of(place.element))
        if not ours or _id_of(letter.attributes.get("insertion")) not in ours
    ]


def _id_of(suggested: object) -> str:
    return str(suggested.get("id")) if isinstance(suggested, dict) else ""
