"""What somebody accepted or rejected in Word, done to the suggestions of the draft.

Must never settle what `may_settle` does not allow: that is told, and stays open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set

from pycrdt import XmlElement

from collab.content import amending
from collab.content.cell_looks import is_width, wishes_of
from collab.content.layers import Decide
from collab.content.places import Letter, attributes_of, letters_of
from collab.content.read import read_cell
from collab.content.settling_looks import (
    looks_on,
    settled_cell,
    settled_letter,
    settled_paragraph,
)
from collab.content.tree import Suggested
from server.review.word.mapping import Line
from server.review.word.pen import Pen
from server.review.word.steps import Settle, SettleCells, SettleThing

MaySettle = Callable[[str, bool], bool]
"""Whether a suggestion of that author may be accepted (True) or rejected (False)."""


class Settler:
    """`left`: ids of suggestions that no file accepts, as they came from Word: to write
    out what stands there is what somebody does who never saw them, too."""

    def __init__(
        self, pen: Pen, may_settle: MaySettle, left: Set[str] = frozenset()
    ) -> None:
        self._outcome = pen.outcome
        self._settled = pen.settled
        self._may_settle = may_settle
        self._left = left

    def may(self, by: Suggested, *, accept: bool) -> bool:
        return self._may_settle(by.author, accept)

    def stays(self, ident: object, *, accept: bool) -> bool:
        return accept and ident in self._left

    def letters(self, line: Line, step: Settle, until: int) -> list[tuple[int, int]]:
        """Marks go at once; ranges of letters that are to go are returned."""
        goes = (step.kind, step.accept) in (("insertion", False), ("deletion", True))
        gone: list[tuple[int, int]] = []
        refused = done = False
        letters = letters_of(line.place.element)
        for old in range(step.start, until):
            at = line.at(old)
            if at is None:
                continue
            if step.kind == "formatting":
                look = self._look(line.place.element, letters[at], at, step)
                done, refused = done or look[0], refused or look[1]
                continue
            value = letters[at].attributes.get(step.kind)
            if not isinstance(value, dict):
                continue
            if self.stays(value.get("id"), accept=step.accept):
                continue
            if not self._may_settle(str(value.get("author")), step.accept):
                refused = True
                continue
            done = True
            if goes:
                gone.append((at, at + 1))
                self._settled.letters.setdefault(line.number, set()).add(old)
            else:
                amending.format_letters(
                    line.place.element, at, at + 1, lambda _: {step.kind: None}
                )
        if done:
            self._outcome.take(_word(step.accept), step, step.text)
        if refused:
            self._outcome.miss("settled", step)
        return gone

    def _look(
        self, element: XmlElement, letter: Letter, at: int, step: Settle
    ) -> tuple[bool, bool]:
        """Whether something was decided, and whether something may not be. Word knows
        one change of look, which stands for all that are suggested."""
        found = looks_on(letter)
        decide = self._decide(step)
        values = settled_letter(letter, decide)
        if values:
            amending.format_letters(element, at, at + 1, lambda _letter: values)
        return bool(values), self._is_refused(found, step)

    def _is_refused(
        self, found: Iterable[Suggested], step: Settle | SettleCells
    ) -> bool:
        return any(
            not self.stays(by.id, accept=step.accept)
            and not self._may_settle(by.author, step.accept)
            for by in found
        )

    def end(self, element: XmlElement, step: Settle) -> bool:
        """Whether the end of the paragraph goes."""
        value = attributes_of(element).get(step.kind)
        if not isinstance(value, dict):
            return False
        if self.stays(value.get("id"), accept=step.accept):
            return False
        if not self._may_settle(str(value.get("author")), step.accept):
            self._outcome.miss("settled", step)
            return False
        self._outcome.take(_word(step.accept), step, "¶")
        if step.kind == "formatting":
            for name, wanted in settled_paragraph(element, self._decide(step)).items():
                amending.set_attribute(element, name, wanted)
            return False
        amending.set_attribute(element, step.kind, None)
        return step.accept == (step.kind == "deletion")

    def _decide(self, step: Settle | SettleCells) -> Decide:
        def decide(by: Suggested) -> bool | None:
            if self.stays(by.id, accept=step.accept):
                return None
            return step.accept if self._may_settle(by.author, step.accept) else None

        return decide

    def cell(self, element: XmlElement, step: SettleCells) -> tuple[bool, bool]:
        """Whether something was decided, and whether something may not be."""
        cell = read_cell(element)
        concerned = {
            layer.by
            for layer in (wishes_of(cell) if cell is not None else ())
            if any(_is_about(name, step) for name in layer.wishes)
        }
        decide = self._decide(step)
        values = settled_cell(
            element, lambda by: decide(by) if by in concerned else None
        )
        for name, value in values.items():
            amending.set_attribute(element, name, value)
        return bool(values), self._is_refused(concerned, step)

    def thing(self, element: XmlElement, step: SettleThing) -> bool:
        """Whether it goes."""
        value = attributes_of(element).get(step.kind)
        if not isinstance(value, dict):
            return False
        if self.stays(value.get("id"), accept=step.accept):
            return False
        if not self._may_settle(str(value.get("author")), step.accept):
            self._outcome.miss("settled", step)
            return False
        self._outcome.take(_word(step.accept), step, "▭")
        amending.set_attribute(element, step.kind, None)
        return step.accept == (step.kind == "deletion")


def _is_about(name: str, step: SettleCells) -> bool:
    if step.about == "look":
        return name == "headed" or is_width(name)
    return name == step.about


def _word(accept: bool) -> str:
    return "accepted" if accept else "rejected"
