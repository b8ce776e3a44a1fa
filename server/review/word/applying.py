"""Carry the steps out on the draft as it is, as suggestions; tell what became of each.

From the end to the beginning, so that places before stay what they are. What others did
meanwhile stands: a step that finds its words no more is told of, and nothing is put in
the place of anything. Must never accept or reject what `may_settle` does not allow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from typing import Any

from pycrdt import Doc, XmlFragment

from collab.content.places import ParagraphPlace, TablePlace
from collab.content.suggestions import open_suggestions
from collab.content.tree import Content
from server.publishing.marked import Flow, MarkedParagraph
from server.review.word.lettering import Lettering
from server.review.word.mapping import Mapping, Settled
from server.review.word.outcome import Outcome
from server.review.word.pen import Author, Pen
from server.review.word.placing import Placing
from server.review.word.settling import MaySettle, Settler
from server.review.word.steps import (
    DeleteAtom,
    DeleteColumns,
    DeleteRow,
    InsertColumns,
    InsertNodes,
    InsertRow,
    Recell,
    Resize,
    SettleCells,
    SettleColumns,
    SettleThing,
    Step,
    Widen,
)
from server.review.word.tabling import Tabling

_OF_TABLES = (
    DeleteRow
    | InsertRow
    | InsertColumns
    | DeleteColumns
    | SettleColumns
    | Recell
    | Widen
    | SettleCells
)


class Applier:
    """`settled`: what has gone already; afterwards it holds what goes by this too.
    `ours`: ids of what was suggested from the same file before; `left`: as for
    `Settler`."""

    def __init__(
        self,
        doc: Doc[Any],
        base: Flow,
        author: Author,
        may_settle: MaySettle,
        settled: Settled,
        ours: Set[str] = frozenset(),
        left: Set[str] = frozenset(),
    ) -> None:
        body: XmlFragment = doc.get("body", type=XmlFragment)
        self.outcome = Outcome()
        self._map = Mapping(base, body, settled, ours)
        self._pen = Pen(author, self._map, self.outcome, settled)
        settler = Settler(self._pen, may_settle, left)
        self._letters = Lettering(self._pen, settler)
        self._tables = Tabling(self._pen, settler)
        self._placing = Placing(self._pen, settler)

    def apply(self, steps: Iterable[Step], known: Set[str]) -> Outcome:
        """`known`: ids of suggestions that the draft has; they are not made twice."""
        by_place: dict[int, list[Step]] = defaultdict(list)
        for step in steps:
            by = getattr(step, "by", None)
            if by is not None and self._pen.named(by).id in known:
                self.outcome.already += 1
                continue
            place = self._place(step)
            if place is None:
                self.outcome.miss("gone", step)
            else:
                by_place[self._map.order[id(place)]].append(step)
        for index in sorted(by_place, reverse=True):
            self._at(index, by_place[index])
        self.outcome.taken.reverse()
        return self.outcome

    def _place(self, step: Step) -> Any:
        mapped = self._map
        if isinstance(step, InsertNodes):
            number = step.beside.number
            if step.beside.kind == "t":
                return mapped.table(number)
            if step.beside.kind == "a":
                return mapped.atom(number)
            line = mapped.line(number)
            return None if line is None else line.place
        if isinstance(step, DeleteAtom | Resize):
            return mapped.atom(step.atom)
        if isinstance(step, SettleThing):
            if step.row is None:
                return mapped.atom(step.number)
            return mapped.table(step.number)
        if isinstance(step, _OF_TABLES):
            return mapped.table(step.table)
        line = mapped.line(step.paragraph)
        return None if line is None else line.place

    def _at(self, index: int, steps: Sequence[Step]) -> None:
        place = self._map.places[index]
        beside = [s for s in steps if isinstance(s, InsertNodes)]
        for step in reversed([s for s in beside if s.is_after]):
            self._placing.insert(place, step)
        rest = [s for s in steps if not isinstance(s, InsertNodes)]
        if isinstance(place, ParagraphPlace):
            follows = any(
                step.is_after and isinstance(step.nodes[0], MarkedParagraph)
                for step in beside
            )
            self._letters.apply(index, place, rest, is_followed=follows)
        elif isinstance(place, TablePlace):
            self._tables.apply(place, rest)
        else:
            self._placing.thing(place, rest)
        for step in reversed([s for s in beside if not s.is_after]):
            self._placing.insert(place, step)


def known_ids(content: Content) -> frozenset[str]:
    return frozenset(suggestion.id for suggestion in open_suggestions(content))
