"""Read nơi nhận and kính gửi as a first distribution list for the clerk to complete.

Lines are people's words ("CT, các Phó CT UBND tỉnh (b/c);"), so nothing is sent to what
was guessed: the clerk sees the list, changes it and confirms it. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from collab.content.tree import Fields
from server.common import text
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import RecipientChannel

# What offices write behind a recipient, and what it means. No decree lists these
# letters: they are words of the trade that the product knows, and the clerk sees and
# changes what was made of them.
_PURPOSES = {
    "b/c": "để báo cáo",
    "t/h": "để thực hiện",
    "p/h": "để phối hợp",
    "đ/b": "để biết",
}
_IN_BRACKETS = re.compile(r"\s*\((?P<words>[^()]*)\)\s*$")
_ARCHIVE = re.compile(r"^lưu\s*:?\s*", re.IGNORECASE)
_AS_ABOVE = "nhu tren"


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Folded names of the organisations in the system and of our own units."""

    organisations: Mapping[str, UUID]
    units: Mapping[str, UUID]


@dataclass(frozen=True, slots=True)
class FirstList:
    """`offered` is the day that stands in the list where nobody has named one."""

    recipients: tuple[RecipientPlan, ...]
    archive_unit: str
    offered: date | None = None


def first_list(
    fields: Fields,
    known: KnownNames,
    deadline: date | None,
    spared: Collection[UUID] = (),
) -> FirstList:
    """The addressees must act, by `deadline` if there is one, but for the `spared`
    organisations; the others are informed. Each stands once."""
    found: dict[tuple[object, ...], RecipientPlan] = {}
    archive_unit = ""
    for line in _lines(fields.addressees):
        plan = _plan(line, known, must_act=deadline is not None)
        is_asked = plan.must_act and plan.organisation not in spared
        plan = replace(plan, must_act=is_asked, deadline=deadline if is_asked else None)
        found.setdefault(plan.key, plan)
    for line in _lines(fields.recipients):
        if _ARCHIVE.match(line):
            archive_unit = _ARCHIVE.sub("", line)
            continue
        if text.search_key(line) == _AS_ABOVE:
            continue
        plan = _plan(line, known, must_act=False)
        found.setdefault(plan.key, plan)
    return FirstList(tuple(found.values()), archive_unit)


def continued(first: FirstList, earlier: Sequence[RecipientPlan]) -> FirstList:
    """For a document that replaces or corrects another: whoever got that one comes
    first, then whom the letterhead names besides."""
    had = {_who(plan) for plan in earlier} | {_named(plan) for plan in earlier}
    more = (p for p in first.recipients if had.isdisjoint((_who(p), _named(p))))
    return replace(first, recipients=(*earlier, *more))


def _who(plan: RecipientPlan) -> tuple[object, ...]:
    return plan.key if plan.is_here else _named(plan)


def _named(plan: RecipientPlan) -> tuple[object, ...]:
    return (text.search_key(plan.name),)


def _lines(words: str) -> list[str]:
    stripped = (line.strip().lstrip("-–•").strip() for line in words.splitlines())
    clean = (line.rstrip(";.,/ ").strip() for line in stripped)
    return [line for line in clean if line and line != "…"]


def _plan(line: str, known: KnownNames, *, must_act: bool) -> RecipientPlan:
    purpose = ""
    brackets = _IN_BRACKETS.search(line)
    if brackets and brackets["words"].strip().lower() in _PURPOSES:
        purpose = _PURPOSES[brackets["words"].strip().lower()]
        line = line[: brackets.start()]
    key = text.search_key(line)
    organisation, unit = known.organisations.get(key), known.units.get(key)
    is_here = organisation is not None or unit is not None
    return RecipientPlan(
        name=line[:200],
        organisation=organisation,
        unit=None if organisation else unit,
        channel=RecipientChannel.IN_APP if is_here else RecipientChannel.PAPER,
        purpose=purpose,
        must_act=must_act,
    )
