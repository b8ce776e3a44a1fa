"""The check of form: what a draft must still have before it is approved.

Which rules hold, how grave they are and where the norm says so is data of the
rule-set. Pure: it reads a content tree and changes nothing.
"""

from __future__ import annotations

from collab.content.normal import normalise
from collab.content.tree import Content
from server.publishing.check.faults import Checked, Fault, Fix, Place
from server.publishing.check.of_fields import check_fields
from server.publishing.check.of_secrecy import check_secrecy
from server.publishing.check.of_structure import check_structure
from server.publishing.check.of_words import check_words
from server.publishing.rules import RuleSet, rules_for
from server.publishing.secrecy_marks import SecrecyMarks

__all__ = ["Fault", "Fix", "Place", "check"]


def check(
    content: Content,
    rules: RuleSet | None = None,
    marks: SecrecyMarks | None = None,
) -> tuple[Fault, ...]:
    """All faults: those of the letterhead first, then by their place in the text.

    Secrecy marks are faults where the caller says which words are one.
    """
    doc = Checked(normalise(content), rules or rules_for(content.fields))
    check_fields(doc)
    check_structure(doc)
    check_words(doc)
    if marks is not None:
        check_secrecy(doc, marks)
    return tuple(sorted(doc.found, key=_order))


def _order(fault: Fault) -> tuple[int, int, int]:
    place = fault.place
    if place.paragraph is None:
        return (0, -1, place.start)
    return (1, place.paragraph, place.start)
