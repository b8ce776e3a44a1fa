"""Where the paragraphs and letters that were exported are in the draft as it is now.

Meanwhile others went on writing. A paragraph is found by its words and neighbours, a
letter by the words around it; what is not found is nowhere, and whoever asks must say
so. Must never change the document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
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
    MarkedParagraph,
    MarkedRow,
    MarkedTable,
    Node,
    paragraphs_in,
)

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Key:
    kind: str
    text: str


@dataclass(eq=False)
class Line:
    """A paragraph that was exported, and where it is."""

    old: MarkedParagraph
    place: ParagraphPlace

    @cached_property
    def letters(self) -> list[int | None]:
        """For each letter that was there, the letter that it is now."""
        now = "".join(letter.char for letter in letters_of(self.place.element))
        found: list[int | None] = [None] * len(self.old.text)
        for kind, i, j, k, _m in text_spans(self.old.text, now):
            if kind == "same":
                found[i:j] = range(k, k + j - i)
        return found

    def ranges(self, start: int, end: int) -> list[tuple[int, int]]:
        """Of the letters that are still there."""
        found: list[tuple[int, int]] = []
        for at in self.letters[start:end]:
            if at is None:
                continue
            if found and found[-1][1] == at:
                found[-1] = (found[-1][0], at + 1)
            else:
                found.append((at, at + 1))
        return found

    def place_of(self, at: int) -> int | None:
        """Where to write what was written before that letter."""
        before = self.letters[at - 1] if at > 0 else None
        if before is not None:
            return before + 1
        after = self.letters[at] if at < len(self.letters) else None
        if after is not None:
            return after
        if at == 0 and not self.letters:
            return 0
        return 0 if not letters_of(self.place.element) else None


class Mapping:
    """`base` is the flow that was exported."""

    def __init__(self, base: Flow, body: XmlFragment) -> None:
        self.places = places_in(body)
        self.order = {id(place): index for index, place in enumerate(self.places)}
        self.olds: list[MarkedParagraph] = list(paragraphs_in(base))
        self._lines: dict[int, Line] = {}
        self._at: dict[int, Line] = {}
        self._atoms: dict[int, AtomPlace] = {}
        self._tables: dict[int, TablePlace] = {}
        self._rows: dict[tuple[int, int], RowPlace] = {}
        nodes = _listed(base)
        self._note(nodes, dict(self._paired(nodes)))

    def line(self, paragraph: int) -> Line | None:
        return self._lines.get(paragraph)

    def line_at(self, place: ParagraphPlace) -> Line:
        return self._at[id(place)]

    def atom(self, number: int) -> AtomPlace | None:
        return self._atoms.get(number)

    def table(self, number: int) -> TablePlace | None:
        return self._tables.get(number)

    def row(self, table: int, row: int) -> RowPlace | None:
        return self._rows.get((table, row))

    def _paired(self, nodes: Sequence[Node]) -> list[tuple[int, Place]]:
        """Index of an old node, and its place."""
        held = [_key_of_node(node) for node in nodes]
        now = [_key_of_place(place) for place in self.places]
        if held == now:
            return list(enumerate(self.places))
        pairing: Pairing[_Key] = Pairing(
            lambda key: _WORD.findall(key.text), lambda a, b: a.kind == b.kind
        )
        found: list[tuple[int, Place]] = []
        i = j = 0
        for kind, _old, _new in pairing.steps(held, now):
            if kind in ("same", "changed"):
                found.append((i, self.places[j]))
            i += kind != "inserted"
            j += kind != "deleted"
        return found

    def _note(self, nodes: Sequence[Node], found: dict[int, Place]) -> None:
        paragraphs = tables = atoms = 0
        numbers: dict[int, int] = {}
        for index, node in enumerate(nodes):
            place = found.get(index)
            if isinstance(node, MarkedParagraph):
                numbers[id(node)] = paragraphs
                if isinstance(place, ParagraphPlace):
                    line = Line(node, place)
                    self._lines[paragraphs] = self._at[id(place)] = line
                paragraphs += 1
            elif isinstance(node, MarkedAtom):
                if isinstance(place, AtomPlace):
                    self._atoms[atoms] = place
                atoms += 1
            else:
                if isinstance(place, TablePlace):
                    self._tables[tables] = place
                tables += 1
        number = -1
        for node in nodes:
            if isinstance(node, MarkedTable):
                number += 1
                for at, row in enumerate(node.rows):
                    place_of_row = self._row_place(row, numbers)
                    if place_of_row is not None:
                        self._rows[number, at] = place_of_row

    def _row_place(self, row: MarkedRow, numbers: dict[int, int]) -> RowPlace | None:
        for cell in row.cells:
            for node in cell:
                line = self._lines.get(numbers.get(id(node), -1))
                if line is not None and line.place.row is not None:
                    return line.place.row
        return None


def _listed(flow: Flow) -> list[Node]:
    """As `places_in`: a table stands before what is in it."""
    found: list[Node] = []
    for node in flow:
        found.append(node)
        if isinstance(node, MarkedTable):
            for row in node.rows:
                for cell in row.cells:
                    found += _listed(cell)
    return found


def _key_of_node(node: Node) -> _Key:
    if isinstance(node, MarkedParagraph):
        return _Key("p", node.text)
    return _Key(node.kind if isinstance(node, MarkedAtom) else "t", "")


def _key_of_place(place: Place) -> _Key:
    if isinstance(place, ParagraphPlace):
        return _Key("p", place.text)
    if isinstance(place, AtomPlace):
        return _Key(place.element.tag or "", "")
    return _Key("t", "")
