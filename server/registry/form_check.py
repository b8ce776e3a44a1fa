"""The check of form on a draft as it is committed, for pages and API.

It reads and reports. A fault is mended by somebody's edit in the room, never from
here: the fix of a fault is data for the editor.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from collab.content.tree import Content, iter_paragraphs
from server.accounts.models import User
from server.publishing.check import Fault, check
from server.publishing.rules import RuleSet, rules_for
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.exports import committed_content
from server.registry.models import Draft
from server.registry.secrecy import marks_today

_EXCERPT = 90


@dataclass(frozen=True, slots=True)
class FormCheck:
    """`excerpts` are the words around each fault, in the order of `faults`."""

    draft: Draft
    rules: RuleSet
    faults: tuple[Fault, ...]
    excerpts: tuple[str, ...]

    @property
    def errors(self) -> int:
        return sum(fault.is_severe for fault in self.faults)

    @property
    def warnings(self) -> int:
        return len(self.faults) - self.errors


def check_form(actor: User, draft_id: UUID | str) -> FormCheck:
    """Raises what `access_draft` raises, and NotFound when the text is gone."""
    draft = access_draft(actor, draft_id, Action.OPEN).draft
    content = committed_content(draft)
    rules = rules_for(content.fields)
    faults = check(content, rules, marks_today())
    texts = [paragraph.text for paragraph in iter_paragraphs(content.blocks)]

    def excerpt(fault: Fault) -> str:
        place = fault.place
        if place.paragraph is not None:
            return _around(texts[place.paragraph], place.start, place.end)
        if place.field:
            text = str(getattr(content.fields, place.field))
            return _around(text, place.start, place.end)
        return ""

    return FormCheck(draft, rules, faults, tuple(map(excerpt, faults)))


def severe_faults(content: Content) -> tuple[Fault, ...]:
    """What must be mended before the form can be called right. No query.

    A secrecy mark is none of it: whoever accepts a fault of form says why, but what
    bears a mark goes no further whatever is said (`server.registry.secrecy`).
    """
    return tuple(fault for fault in check(content) if fault.is_severe)


def _around(text: str, start: int, end: int) -> str:
    """The words at a place with what stands beside them; whole words only."""
    start, end = min(start, len(text)), min(end, len(text))
    first = max(0, start - _EXCERPT // 3)
    last = min(len(text), max(end, first + _EXCERPT), first + 2 * _EXCERPT)
    if first:
        space = text.find(" ", first, start)
        first = first if space < 0 else space
    if last < len(text):
        space = text.rfind(" ", end, last)
        last = last if space < 0 else space
    before = "… " if first else ""
    after = " …" if last < len(text) else ""
    return before + " ".join(text[first:last].split()) + after
