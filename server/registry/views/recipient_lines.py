"""The lines of a distribution list in a form: find, add, read back.

A line is a group of fields that share a random mark, so lines may be added and taken
off in any order without renumbering. No rights here: the page behind them asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from server.accounts import queries as accounts
from server.accounts.models import Organisation, Unit, User
from server.common import clock, text
from server.common.errors import InvalidInput
from server.common.ids import new_code
from server.registry.issuing.plan import MAX_RECIPIENTS, RecipientPlan
from server.registry.issuing.terms import offered_deadline, offered_term
from server.registry.models import RecipientChannel

SUGGESTED = 5
KINDS = ("organisation", "unit", "person")


@dataclass(frozen=True, slots=True)
class Line:
    """One recipient in the form. `kind` is one of KINDS or "" for one from outside."""

    mark: str
    plan: RecipientPlan

    @property
    def kind(self) -> str:
        return next((k for k in KINDS if getattr(self.plan, k)), "")

    @property
    def key(self) -> UUID | None:
        return getattr(self.plan, self.kind) if self.kind else None

    @property
    def channels(self) -> list[tuple[str, str]]:
        """Who is not in this system cannot be reached on it."""
        return [
            (value, str(label))
            for value, label in RecipientChannel.choices
            if self.kind or value != RecipientChannel.IN_APP
        ]


@dataclass(frozen=True, slots=True)
class Candidate:
    kind: str
    key: UUID
    name: str
    detail: str


def lines_of(plans: Iterable[RecipientPlan]) -> list[Line]:
    return [Line(new_code(), plan) for plan in plans]


def offered_for(urgency: str) -> dict[str, object]:
    """What the form fills in where "must act" is ticked and no day was named."""
    return {
        "offered_term": offered_term(urgency),
        "offered_day": offered_deadline(urgency, clock.today()),
    }


def read_lines(data: QueryDict) -> list[Line]:
    """Raises InvalidInput for a day or an id that cannot be read."""
    marks = list(dict.fromkeys(data.getlist("line")))
    return [Line(mark, _read(data, mark)) for mark in marks[: MAX_RECIPIENTS + 1]]


def _read(data: QueryDict, mark: str) -> RecipientPlan:
    def value(name: str) -> str:
        return str(data.get(f"{name}_{mark}", "")).strip()

    keys: dict[str, UUID] = {}
    kind, key = value("kind"), value("key")
    if kind in KINDS and key:
        try:
            keys[kind] = UUID(key)
        except ValueError:
            raise InvalidInput(_("Không có nơi nhận này.")) from None
    return RecipientPlan(
        name=value("name"),
        channel=value("channel"),
        address=value("address"),
        purpose=value("purpose"),
        must_act=bool(value("must_act")),
        deadline=_day(value("deadline")),
        **keys,
    )


def _day(value: str) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidInput(_("Ngày này không có trong lịch.")) from None


def new_line(kind: str, key: str, name: str) -> Line:
    """A line that was just chosen or typed. Raises InvalidInput."""
    if not kind:
        channel = RecipientChannel.PAPER
        return Line(new_code(), RecipientPlan(name=name.strip(), channel=channel))
    try:
        found = _find(kind, UUID(key))
    except ValueError:
        found = None
    if found is None:
        raise InvalidInput(_("Không có nơi nhận này."))
    shown = found.full_name if isinstance(found, User) else found.name
    plan = RecipientPlan(
        name=shown,
        organisation=found.pk if isinstance(found, Organisation) else None,
        unit=found.pk if isinstance(found, Unit) else None,
        person=found.pk if isinstance(found, User) else None,
    )
    return Line(new_code(), plan)


def _find(kind: str, key: UUID) -> Organisation | Unit | User | None:
    if kind == "organisation":
        return Organisation.objects.filter(pk=key).first()
    if kind == "unit":
        return Unit.objects.filter(pk=key).first()
    return User.objects.filter(pk=key, is_active=True).first()


def candidates(q: str, own: Organisation | None) -> list[Candidate]:
    """Organisations, our own units and people whose names have these words."""
    key = text.search_key(q)
    if not key:
        return []
    offices = [
        office
        for office in Organisation.objects.order_by("name")
        if key in text.search_key(f"{office.name} {office.abbreviation}")
    ]
    units = Unit.objects.filter(search_key__contains=key, organisation=own)
    people = accounts.people(q)[:SUGGESTED]
    return [
        *(
            Candidate("organisation", o.pk, o.name, o.abbreviation)
            for o in offices[:SUGGESTED]
        ),
        *(
            Candidate("unit", u.pk, u.name, u.abbreviation)
            for u in units.order_by("search_key")[:SUGGESTED]
        ),
        *(Candidate("person", p.pk, p.full_name, p.title) for p in people),
    ]
