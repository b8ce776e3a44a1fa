"""What a check of form finds: faults with a place, a source and sometimes a fix.

A fix is data, never an act: a live document is only changed by an edit of somebody who
is in it. Offsets count characters (code points) of the field, or of the paragraph's
own text with a line break as one; automatic labels are not part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from collab.content.tree import Content, iter_paragraphs
from server.common.errors import Message
from server.publishing.letterhead import clean_text
from server.publishing.parts import is_reference, split_parts
from server.publishing.rules import day_of
from server.publishing.rules.model import RuleSet, Severity

FixKind = Literal["replace", "remove", "number"]
SEVERE: Severity = "error"  # which rules are, is data of the rule-set


@dataclass(frozen=True, slots=True)
class Place:
    """A field by name, or a paragraph by its index in `tree.iter_paragraphs`; with
    neither, the document as a whole."""

    field: str = ""
    paragraph: int | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Fix:
    """`replace`: put `new` where `old` stands at the place. `remove`: take the
    paragraph away. `number`: give the paragraph the label `new`; "" = automatic."""

    kind: FixKind
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Fault:
    """`message` is a lazy translation; `quote` the words that are meant."""

    rule_id: str
    severity: Severity
    message: Message
    source: str
    place: Place
    quote: str = ""
    fix: Fix | None = None

    @property
    def is_severe(self) -> bool:
        """Whether the form is not right as long as this stands."""
        return self.severity == SEVERE


class Checked:
    """A document on its way through the checks."""

    def __init__(self, content: Content, rules: RuleSet) -> None:
        self.content = content
        self.rules = rules
        self.day = day_of(content.fields)
        self.found: list[Fault] = []
        self.kind = rules.type_layout(content.fields.document_type)
        self.paragraphs = tuple(iter_paragraphs(content.blocks))
        self.texts = tuple(clean_text(p.text) for p in self.paragraphs)
        self.parts = split_parts(content.blocks, rules)
        self.main_count = sum(1 for _ in iter_paragraphs(self.parts[0].blocks))
        self.references = _references(self.texts)

    def add(
        self,
        rule_id: str,
        message: Message,
        place: Place,
        *,
        quote: str = "",
        fix: Fix | None = None,
    ) -> None:
        """Nothing happens when the rule-set has no such rule."""
        rule = self.rules.checks.get(rule_id)
        if rule is not None:
            source = self.rules.source_of(f"checks.{rule_id}")
            self.found.append(Fault(rule_id, rule, message, source, place, quote, fix))

    def replace(
        self, rule_id: str, message: Message, at: Place, old: str, new: str | None
    ) -> None:
        """A fault of the words at a place; `new` None when no machine can fix it."""
        fix = None if new is None or new == old else Fix("replace", old, new)
        self.add(rule_id, message, at, quote=old, fix=fix)

    def passages(self) -> Iterator[tuple[Place, str]]:
        """Every text that people wrote: the fields of prose, then the paragraphs."""
        for name in PROSE_FIELDS:
            text = clean_text(getattr(self.content.fields, name))
            if text:
                yield Place(field=name, end=len(text)), text
        for index, text in enumerate(self.texts):
            yield Place(paragraph=index, end=len(text)), text


def _references(texts: tuple[str, ...]) -> frozenset[int]:
    """The lines that say what an appendix is issued with, to the bracket's end."""
    found: set[int] = set()
    is_open = False
    for index, text in enumerate(texts):
        if is_reference(text):
            is_open = text.lstrip().startswith("(")
        elif not is_open:
            continue
        found.add(index)
        is_open = is_open and ")" not in text
    return frozenset(found)


SHOUTED = 0.7  # from which share of capitals a line is a heading, not prose
PROSE_FIELDS = ("subject", "addressees", "recipients", "invitees", "event", "purpose")


def part_of(place: Place, start: int, end: int) -> Place:
    return Place(place.field, place.paragraph, start, end)


def is_shouted(text: str) -> bool:
    """A line in capitals: its words are no abbreviations."""
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return False
    return sum(c.isupper() for c in letters) / len(letters) > SHOUTED
