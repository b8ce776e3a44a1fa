"""What somebody accepted or rejected in Word, done to the suggestions of the draft.

Must never settle what `may_settle` does not allow: that is told, and stays open.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pycrdt import XmlElement

from collab.content import amending
from collab.content.places import attributes_of, letters_of
from collab.content.tree import MARKS
from server.review.word.mapping import Line
from server.review.word.pen import Pen
from server.review.word.steps import Settle, SettleThing

MaySettle = Callable[[str, bool], bool]
"""Whether a suggestion of that author may be accepted (True) or rejected (False)."""


class Settler:
    def __init__(self, pen: Pen, may_settle: MaySettle) -> None:
        self._outcome = pen.outcome
        self._settled = pen.settled
        self._may_settle = may_settle

    def letters(self, line: Line, step: Settle, until: int) -> list[tuple[int, int]]:
        """Marks go at once; ranges of letters that are to go are returned."""
        goes = (step.kind, step.accept) in (("insertion", False), ("deletion", True))
        gone: list[tuple[int, int]] = []
        refused = done = False
        letters = letters_of(line.place.element)
        for old in range(step.start, until):
            at = line.at(old)
            value = None if at is None else letters[at].attributes.get(step.kind)
            if at is None or not isinstance(value, dict):
                continue
            if not self._may_settle(str(value.get("author")), step.accept):
                refused = True
                continue
            done = True
            if goes:
                gone.append((at, at + 1))
                self._settled.letters.setdefault(line.number, set()).add(old)
            else:
                self._letter(line.place.element, at, step, value)
        if done:
            self._outcome.take(_word(step.accept), step, step.text)
        if refused:
            self._outcome.miss("settled", step)
        return gone

    def _letter(
        self, element: XmlElement, at: int, step: Settle, value: dict[str, Any]
    ) -> None:
        values: dict[str, Any] = {step.kind: None}
        if step.kind == "formatting" and not step.accept:
            values |= dict.fromkeys(sorted(MARKS))
            values |= {mark: {} for mark in str(value.get("before") or "").split()}
            href = value.get("href")
            values["link"] = {"href": href} if href else None
        amending.format_letters(element, at, at + 1, lambda _letter: values)

    def end(self, element: XmlElement, step: Settle) -> bool:
        """Whether the end of the paragraph goes."""
        value = attributes_of(element).get(step.kind)
        if not isinstance(value, dict):
            return False
        if not self._may_settle(str(value.get("author")), step.accept):
            self._outcome.miss("settled", step)
            return False
        self._outcome.take(_word(step.accept), step, "¶")
        amending.set_attribute(element, step.kind, None)
        before = value.get("before")
        if step.kind == "formatting":
            if not step.accept and isinstance(before, dict):
                for name in ("style", "align", "indent", "number"):
                    amending.set_attribute(element, name, before.get(name))
            return False
        return step.accept == (step.kind == "deletion")

    def thing(self, element: XmlElement, step: SettleThing) -> bool:
        """Whether it goes."""
        value = attributes_of(element).get(step.kind)
        if not isinstance(value, dict):
            return False
        if not self._may_settle(str(value.get("author")), step.accept):
            self._outcome.miss("settled", step)
            return False
        self._outcome.take(_word(step.accept), step, "▭")
        amending.set_attribute(element, step.kind, None)
        return step.accept == (step.kind == "deletion")


def _word(accept: bool) -> str:
    return "accepted" if accept else "rejected"
