"""Carry out what was done to the letters and ends of one paragraph.

Letters are found by the words around them, as they are in the draft now. Must never
give an end away that has nothing to run into: that is told, with the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from collab.content import amending
from collab.content.adding_looks import (
    TooManyLooksError,
    reformatted_letter,
    restyled_paragraph,
)
from collab.content.places import Letter, ParagraphPlace, attributes_of, letters_of
from collab.content.write import suggested_value
from server.review.word.building import authored
from server.review.word.joining import join_with_next, reaches
from server.review.word.mapping import Line
from server.review.word.outcome import said
from server.review.word.pen import Pen
from server.review.word.settling import Settler
from server.review.word.splitting import split
from server.review.word.steps import (
    Delete,
    DeleteEnd,
    Insert,
    NewEnd,
    Reformat,
    Restyle,
    Settle,
    Step,
)

Removal = tuple[int, int]


class Lettering:
    def __init__(self, pen: Pen, settler: Settler) -> None:
        self._pen = pen
        self._settler = settler

    def apply(
        self,
        index: int,
        place: ParagraphPlace,
        steps: Sequence[Step],
        *,
        is_followed: bool = False,
    ) -> None:
        """`index`: of the place among the places of the map; `is_followed`: something
        new that it can run into stands behind it."""
        is_followed = is_followed or reaches(self._pen.map.places, index)
        joins: Settle | None = None
        removals: list[Removal] = []
        inserts: list[tuple[int, Insert]] = []
        for step in steps:
            line = self._pen.map.line(getattr(step, "paragraph", -1))
            assert line is not None
            if isinstance(step, Delete):
                self._delete(line, step)
            elif isinstance(step, Reformat):
                self._reformat(line, step)
            elif isinstance(step, Restyle):
                self._restyle(place, step)
            elif isinstance(step, DeleteEnd):
                self._delete_end(index, step, steps, is_followed=is_followed)
            elif isinstance(step, Settle):
                if step.end is not None:
                    removals += self._settler.letters(line, step, step.end)
                elif self._settler.end(place.element, step):
                    joins = step
            elif isinstance(step, Insert):
                at = line.place_of(step.at)
                if at is None:
                    self._pen.outcome.miss("changed", step)
                else:
                    inserts.append((at, step))
        self._write(replace(place), removals, inserts)
        if joins is not None:
            self._join(index, joins)

    def _join(self, index: int, step: Settle) -> None:
        places, text = self._pen.map.places, _text_at(self._pen.map.places[index])
        became = join_with_next(places, index)
        if became == "stays" and text:
            self._pen.outcome.miss("edge", replace(step, text=text))
        elif became == "joined":
            self._pen.settled.ends.add(step.paragraph)
        elif became == "gone":
            self._pen.settled.paragraphs.add(step.paragraph)

    def _delete_end(
        self, index: int, step: DeleteEnd, steps: Sequence[Step], *, is_followed: bool
    ) -> None:
        place = self._pen.map.places[index]
        element = place.element
        if "deletion" in attributes_of(element):
            return
        stays = any(
            "deletion" not in letter.attributes for letter in letters_of(element)
        ) or any(isinstance(other, Insert) and said(other) for other in steps)
        if stays and not is_followed:
            # A list or a table stands behind it, into which no paragraph can run.
            self._pen.outcome.miss("edge", step, self._around(index))
            return
        self._pen.set(element, "deletion", step.by)
        self._pen.take("deletion", step, "¶")

    def _around(self, index: int) -> str:
        """The paragraph, and what stands behind it."""
        places = self._pen.map.places
        return "\n".join(filter(None, map(_text_at, places[index : index + 2])))

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
            lines = [authored(line, self._pen.author) for line in what.lines]
            if what.ends:
                ends = [self._ended(end) for end in what.ends]
                split(place, at, lines, ends)
            else:
                amending.insert_inlines(place.element, at, lines[0])
            self._pen.take("insertion", what, said(what))

    def _ended(self, end: NewEnd) -> NewEnd:
        gone = end.deletion and self._pen.author(end.deletion)
        return replace(end, by=self._pen.author(end.by), deletion=gone)

    def _delete(self, line: Line, step: Delete) -> None:
        value = suggested_value(self._pen.author(step.by))
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
            self._pen.take("deletion", step, step.text)

    def _reformat(self, line: Line, step: Reformat) -> None:
        by = self._pen.author(step.by)
        (was, was_href), (now, now_href) = step.was, step.now
        wishes: dict[str, Any] = {mark: mark in now for mark in now ^ was}
        if now_href != was_href:
            wishes["link"] = now_href
        busy = done = False

        def wanted(letter: Letter) -> dict[str, Any]:
            nonlocal busy, done
            try:
                values = reformatted_letter(letter, by, wishes)
            except TooManyLooksError:
                busy = True
                return {}
            done = done or bool(values)
            return values

        for start, end in line.ranges(step.start, step.end):
            amending.format_letters(line.place.element, start, end, wanted)
        if done:
            self._pen.take("formatting", step, step.text)
        if busy:
            self._pen.outcome.miss("formatted", step)

    def _restyle(self, place: ParagraphPlace, step: Restyle) -> None:
        look, lists, element = step.look, step.lists, place.element
        wishes: dict[str, Any] = {
            "align": look.align if look.is_aligned else None,
            "indent": look.indent,
        }
        if look.style:
            wishes["style"] = look.style
        if lists is not None:
            if lists.was_item != (place.item is not None and place.index == 0):
                # Somebody made a list of it meanwhile, or took it out of one.
                self._pen.outcome.miss("list_made", step)
                return
            wishes["nested"] = lists.nested
            if lists.listed is not None:
                wishes["listed"] = lists.listed
        by = self._pen.author(step.by)
        try:
            values = restyled_paragraph(element, by, wishes)
        except TooManyLooksError:
            self._pen.outcome.miss("formatted", step)
            return
        for name, value in values.items():
            amending.set_attribute(element, name, value)
        if values:
            kind = "formatting" if lists is None else "list"
            self._pen.take(kind, step, "¶" if lists is None else step.text or "¶")


def _text_at(place: object) -> str:
    return place.text if isinstance(place, ParagraphPlace) else ""
