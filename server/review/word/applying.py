"""Carry the steps out on the draft as it is, as suggestions; tell what became of each.

From the end to the beginning, so that places before stay what they are. What others did
meanwhile stands: a step that finds its words no more is told of, and nothing is put in
the place of anything. Must never accept or reject what `may_settle` does not allow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment

from collab.content import amending
from collab.content.places import (
    AtomPlace,
    Letter,
    ParagraphPlace,
    TablePlace,
    attributes_of,
)
from collab.content.read import read_child
from collab.content.read_suggestions import read_restyled
from collab.content.suggestions import open_suggestions
from collab.content.tree import MARKS, Content, Paragraph, Suggested
from collab.content.write import suggested_value
from server.publishing.marked import Flow, MarkedParagraph
from server.review.word.building import authored, block_of, paragraph_of, row_of
from server.review.word.joining import join_with_next
from server.review.word.mapping import Line, Mapping
from server.review.word.outcome import Outcome, said
from server.review.word.settling import MaySettle, Settler
from server.review.word.splitting import split
from server.review.word.steps import (
    Delete,
    DeleteAtom,
    DeleteEnd,
    DeleteRow,
    Insert,
    InsertNodes,
    InsertRow,
    NewEnd,
    Reformat,
    Restyle,
    Settle,
    SettleThing,
    Step,
)

Author = Callable[[Suggested], Suggested]
"""Who it is in the draft, and under which id."""


class Applier:
    def __init__(
        self, doc: Doc[Any], base: Flow, author: Author, may_settle: MaySettle
    ) -> None:
        body: XmlFragment = doc.get("body", type=XmlFragment)
        self._named = author
        self._map = Mapping(base, body)
        self.outcome = Outcome()
        self._settler = Settler(self.outcome, may_settle)

    def apply(self, steps: Iterable[Step], known: Set[str]) -> Outcome:
        """`known`: ids of suggestions that the draft has; they are not made twice."""
        by_place: dict[int, list[Step]] = defaultdict(list)
        for step in steps:
            by = getattr(step, "by", None)
            if by is not None and self._named(by).id in known:
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

    def _author(self, by: Suggested) -> Suggested:
        named = self._named(by)
        self.outcome.ids.add(named.id)
        return named

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
        if isinstance(step, DeleteAtom):
            return mapped.atom(step.atom)
        if isinstance(step, SettleThing):
            if step.row is None:
                return mapped.atom(step.number)
            return mapped.table(step.number)
        if isinstance(step, DeleteRow | InsertRow):
            return mapped.table(step.table)
        line = mapped.line(step.paragraph)
        return None if line is None else line.place

    def _at(self, index: int, steps: Sequence[Step]) -> None:
        place = self._map.places[index]
        beside = [s for s in steps if isinstance(s, InsertNodes)]
        for step in reversed([s for s in beside if s.is_after]):
            self._insert_nodes(place, step)
        rest = [s for s in steps if not isinstance(s, InsertNodes)]
        if isinstance(place, ParagraphPlace):
            self._paragraph(index, place, rest)
        elif isinstance(place, TablePlace):
            self._table(rest)
        else:
            self._atom(place, rest)
        for step in reversed([s for s in beside if not s.is_after]):
            self._insert_nodes(place, step)

    # ── paragraphs ──────────────────────────────────────────────────────────────────

    def _paragraph(
        self, index: int, place: ParagraphPlace, steps: Sequence[Step]
    ) -> None:
        if not steps:
            return
        line = self._map.line_at(place)
        element = place.element
        joins = False
        removals: list[tuple[int, int]] = []
        inserts: list[tuple[int, Insert]] = []
        for step in steps:
            if isinstance(step, Delete):
                self._delete(line, step)
            elif isinstance(step, Reformat):
                self._reformat(line, step)
            elif isinstance(step, Restyle):
                self._restyle(element, step)
            elif isinstance(step, DeleteEnd):
                if "deletion" not in attributes_of(element):
                    self._set(element, "deletion", step.by)
                    self._take("deletion", step, "¶")
            elif isinstance(step, Settle):
                if step.end is None:
                    joins |= self._settler.end(element, step)
                else:
                    removals += self._settler.letters(line, step, step.end)
            elif isinstance(step, Insert):
                at = line.place_of(step.at)
                if at is None:
                    self.outcome.miss("changed", step)
                else:
                    inserts.append((at, step))
        self._write(replace(place), removals, inserts)
        if joins and not any(step.ends for _at, step in inserts):
            join_with_next(self._map.places, index)

    def _write(
        self,
        place: ParagraphPlace,
        removals: list[tuple[int, int]],
        inserts: list[tuple[int, Insert]],
    ) -> None:
        """From the end; at one place what goes goes before what comes is written."""
        acts: list[tuple[int, int, int, Any]] = []
        acts += [(start, 1, 0, end) for start, end in removals]
        # Those given first at one place stand first: they are written last.
        acts += [(at, 0, n, step) for n, (at, step) in enumerate(inserts)]
        for at, is_removal, _n, what in sorted(
            acts, key=lambda act: act[:3], reverse=True
        ):
            if is_removal:
                amending.remove_letters(place.element, at, what)
                continue
            lines = [authored(line, self._author) for line in what.lines]
            if what.ends:
                ends = [self._ended(end) for end in what.ends]
                split(place, at, lines, ends)
            else:
                amending.insert_inlines(place.element, at, lines[0])
            self._take("insertion", what, said(what))

    def _ended(self, end: NewEnd) -> NewEnd:
        gone = end.deletion and self._author(end.deletion)
        return replace(end, by=self._author(end.by), deletion=gone)

    def _delete(self, line: Line, step: Delete) -> None:
        value = suggested_value(self._author(step.by))
        done = False

        def wanted(letter: Letter) -> dict[str, Any]:
            nonlocal done
            if "deletion" in letter.attributes:
                return {}
            done = True
            return {"deletion": value}

        for start, end in line.ranges(step.start, step.end):
            amending.format_letters(line.place.element, start, end, wanted)
        if done:
            self._take("deletion", step, step.text)

    def _reformat(self, line: Line, step: Reformat) -> None:
        by = suggested_value(self._author(step.by)) or {}
        (was, was_href), (now, now_href) = step.was, step.now
        busy = done = False

        def wanted(letter: Letter) -> dict[str, Any]:
            nonlocal busy, done
            if "formatting" in letter.attributes:
                busy = True
                return {}
            link = letter.attributes.get("link")
            held = sorted(MARKS & letter.attributes.keys())
            href = link.get("href") if isinstance(link, dict) else None
            values: dict[str, Any] = {
                "formatting": {**by, "before": " ".join(held), "href": href}
            }
            values |= {mark: {} for mark in now - was if mark not in held}
            values |= {mark: None for mark in was - now if mark in held}
            if now_href != was_href:
                values["link"] = {"href": now_href} if now_href else None
            done = True
            return values

        for start, end in line.ranges(step.start, step.end):
            amending.format_letters(line.place.element, start, end, wanted)
        if done:
            self._take("formatting", step, step.text)
        elif busy:
            self.outcome.miss("formatted", step)

    def _restyle(self, element: XmlElement, step: Restyle) -> None:
        held = attributes_of(element)
        if "formatting" in held:
            self.outcome.miss("formatted", step)
            return
        look = step.look
        before = {
            "style": held.get("style", "body"),
            "align": held.get("align"),
            "indent": held.get("indent", 0),
            "number": held.get("number"),
        }
        wanted = {
            "style": look.style or before["style"],
            "align": look.align if look.is_aligned else None,
            "indent": look.indent,
        }
        if all(before[name] == value for name, value in wanted.items()):
            return
        by = suggested_value(self._author(step.by)) or {}
        for name, value in wanted.items():
            amending.set_attribute(element, name, value)
        if wanted["style"] != before["style"]:
            amending.set_attribute(element, "number", None)
        amending.set_attribute(element, "formatting", {**by, "before": before})
        self._take("formatting", step, "¶")

    # ── tables, things, what is new ─────────────────────────────────────────────────

    def _table(self, steps: Sequence[Step]) -> None:
        for step in sorted(steps, key=_row_of, reverse=True):
            if isinstance(step, InsertRow):
                self._insert_row(step)
            elif isinstance(step, DeleteRow):
                row = self._map.row(step.table, step.row)
                if row is None:
                    self.outcome.miss("gone", step)
                elif "deletion" not in attributes_of(row.element):
                    self._set(row.element, "deletion", step.by)
                    self._take("deletion", step, "▤")
            elif isinstance(step, SettleThing) and step.row is not None:
                row = self._map.row(step.number, step.row)
                if row is not None and self._settler.thing(row.element, step):
                    del row.table.children[row.index]

    def _insert_row(self, step: InsertRow) -> None:
        table = self._map.table(step.table)
        at = self._map.row(step.table, step.row)
        before = self._map.row(step.table, step.row - 1) if step.row else None
        near = at or before
        if table is None or near is None or near.columns != len(step.content.cells):
            self.outcome.miss("cells", step)
            return
        index = at.index if at is not None else near.index + 1
        by = self._author(step.by)
        amending.insert_row(near.table, index, row_of(step.content, by))
        self._take("insertion", step, said(step))

    def _atom(self, place: AtomPlace, steps: Sequence[Step]) -> None:
        for step in steps:
            if isinstance(step, DeleteAtom):
                if "deletion" not in attributes_of(place.element):
                    self._set(place.element, "deletion", step.by)
                    self._take("deletion", step, "▭")
            elif isinstance(step, SettleThing) and self._settler.thing(
                place.element, step
            ):
                del place.parent.children[place.index]

    def _insert_nodes(self, place: Any, step: InsertNodes) -> None:
        parent, index = place.parent, place.index + step.is_after
        is_item = isinstance(place, ParagraphPlace) and place.item is not None
        for node in reversed(step.nodes):
            if isinstance(node, MarkedParagraph):
                made = _looking_like(place, paragraph_of(node, self._author), step)
                if is_item and step.is_after:
                    self._insert_in_list(place, node, made)
                    continue
                if is_item and node.in_list:
                    amending.insert_item(place.items, place.item_index, made)
                    continue
                if is_item and not step.is_after:
                    amending.insert_block(place.item, 0, made)
                    continue
                amending.insert_block(parent, index, made)
            elif is_item and place.index == 0 and not step.is_after:
                # An item begins with a paragraph, so nothing else goes before it.
                self.outcome.miss("no_place", replace(step, nodes=(node,)))
            else:
                amending.insert_block(parent, index, block_of(node, self._author))
        self._take("insertion", step, said(step))

    def _insert_in_list(
        self, place: ParagraphPlace, node: MarkedParagraph, made: Paragraph
    ) -> None:
        """Behind a paragraph of an item. What ends an item must not run into the next
        one when it is taken back, so it is an item too, or stands behind the list."""
        assert place.items is not None and place.outside is not None
        is_last = place.index == len(list(place.parent.children)) - 1
        ends_list = place.item_index == len(list(place.items.children)) - 1
        is_nested = getattr(place.outside, "tag", None) == "listItem"
        if not is_last:
            amending.insert_block(place.parent, place.index + 1, made)
        elif node.in_list or not ends_list or is_nested:
            amending.insert_item(place.items, place.item_index + 1, made)
        else:
            amending.insert_block(place.outside, place.outside_index + 1, made)

    def _set(self, element: XmlElement, name: str, by: Suggested) -> None:
        amending.set_attribute(element, name, suggested_value(self._author(by)))

    def _take(self, kind: str, step: Step, text: str) -> None:
        by = getattr(step, "by", None)
        author = self._author(by).author if by is not None else ""
        self.outcome.take(kind, step, text, author)


def _looking_like(place: Any, made: Paragraph, step: InsertNodes) -> Paragraph:
    """Behind a paragraph whose end is only suggested: if both go back, that one runs
    into the new one, and must look as it did."""
    if not (isinstance(place, ParagraphPlace) and step.is_after):
        return made
    held = attributes_of(place.element)
    if not ({"insertion", "deletion"} & held.keys()):
        return made
    look = read_restyled(held.get("formatting"))
    if look is not None:
        style, align = look.style, look.align
        indent, number = look.indent, look.number
    else:
        (was,) = read_child(place.element)
        assert isinstance(was, Paragraph)
        style, align, indent, number = was.style, was.align, was.indent, was.number
    return replace(made, style=style, align=align, indent=indent, number=number)


def known_ids(content: Content) -> frozenset[str]:
    return frozenset(suggestion.id for suggestion in open_suggestions(content))


def _row_of(step: Step) -> int:
    row = getattr(step, "row", None)
    return row if isinstance(row, int) else 0
