"""Who shall have an incoming document: the plan that a leader or the clerk makes.

Checked here before anything is written: recipients that exist and stand once, a term
for who leads, terms that can be kept, whose direction it is. Reads only.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from server.accounts.models import Role, Unit, User
from server.common import clock
from server.common.errors import Message
from server.registry.entry_fields import Checker
from server.registry.incoming_access import IncomingAccess
from server.registry.mandates import standing_in_to_direct
from server.registry.models import (
    DIRECTION_LENGTH,
    Delegation,
    ForwardingRole,
)

MOST_RECIPIENTS = 50
Key = tuple[UUID | None, UUID | None]


@dataclass(frozen=True, slots=True)
class Recipient:
    """A unit or a person, by id, and the day by which the work is to be done."""

    unit: UUID | str | None = None
    person: UUID | str | None = None
    deadline: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Who shall have the document. The lead has a deadline, others may have one.
    `given_by` is the leader whose direction it is, or who directs in a leader's place;
    None is allowed to the clerk, for what needs no direction."""

    lead: Recipient
    cooperating: Sequence[Recipient] = ()
    direction: str = ""
    given_by: UUID | str | None = None
    given_on: date | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One recipient that exists: (unit, None) or (None, person)."""

    key: Key
    role: str
    deadline: date | None


@dataclass(frozen=True, slots=True)
class Direction:
    """What was said, by whom, by which mandate of a leader if not by a leader, when."""

    words: str
    giver: User | None
    mandate: Delegation | None
    on: date


def checked(
    actor: User, access: IncomingAccess, plan: Plan
) -> tuple[list[Wanted], Direction]:
    """The recipients, the lead first, and the direction.

    Raises InvalidInput naming every unusable field. Five queries.
    """
    check = Checker()
    document = access.document
    direction = check.paragraph("direction", plan.direction, DIRECTION_LENGTH)
    given_on = plan.given_on or clock.today()
    check.not_after("given_on", given_on, clock.today(), _("Ngày này chưa tới."))
    early = _("Không thể trước ngày đến.")
    check.not_before("given_on", given_on, document.arrived_on, early)
    giver, mandate = _giver(check, actor, access, plan.given_by)
    if len(plan.cooperating) >= MOST_RECIPIENTS:
        check.faults["cooperating"] = _("Nhiều nhất %(limit)s nơi nhận.") % {
            "limit": MOST_RECIPIENTS
        }
        check.finish()
    units, people = _known(access, (plan.lead, *plan.cooperating))
    live = {(f.unit_id, f.person_id): f for f in access.forwardings}
    wanted: list[Wanted] = []
    for index, one in enumerate((plan.lead, *plan.cooperating)):
        name = "cooperating" if index else "lead"
        role = ForwardingRole.COOPERATING if index else ForwardingRole.LEAD
        key = _key(one, units, people)
        if key is None:
            check.faults[name] = _("Hãy chọn một đơn vị hoặc một người của cơ quan.")
            continue
        if any(key == other.key for other in wanted):
            check.faults[name] = _("Mỗi nơi nhận chỉ được chọn một lần.")
        held, term = live.get(key), f"{name}_deadline"
        check_term(check, term, one.deadline, held.deadline if held else None)
        is_done = held is not None and held.is_done
        if not index and one.deadline is None and not is_done:
            check.faults[term] = _no_term({**units, **people}[str(key[0] or key[1])])
        wanted.append(Wanted(key, role, one.deadline))
    check.finish()
    return wanted, Direction(direction, giver, mandate, given_on)


def _no_term(name: str) -> Message:
    """Who leads and has no day is never late, and chased by nobody."""
    return _(
        "“%(name)s” chủ trì mà chưa có hạn. Hãy ghi ngày phải giải quyết xong."
    ) % {"name": name[:60]}


def _giver(
    check: Checker, actor: User, access: IncomingAccess, given_by: UUID | str | None
) -> tuple[User | None, Delegation | None]:
    directors = {
        str(one.person.pk): one for one in directors_of(access.document.organisation_id)
    }
    found = directors.get(str(given_by or actor.pk))
    if given_by and found is None:
        check.faults["given_by"] = _(
            "Hãy chọn một lãnh đạo của cơ quan, hoặc người được ủy quyền chỉ đạo."
        )
    elif given_by and found and not access.may_keep and found.person != actor:
        # Only the clerk writes down what somebody else said.
        check.faults["given_by"] = _("Chỉ văn thư ghi được ý kiến của người khác.")
    return (found.person, found.mandate) if found else (None, None)


@dataclass(frozen=True, slots=True)
class Director:
    """Who may direct today: a leader, or by `mandate` in a leader's place."""

    person: User
    mandate: Delegation | None = None


def directors_of(organisation_id: UUID) -> list[Director]:
    """The leaders by name, then those who stand in for one. Two queries."""
    leaders = leaders_of(organisation_id)
    stand_ins = standing_in_to_direct(organisation_id, leaders)
    return [*map(Director, leaders), *(Director(d.delegate, d) for d in stand_ins)]


def leaders_of(organisation_id: UUID) -> list[User]:
    """The active leaders of an organisation, by name. One query."""
    found = User.objects.filter(
        is_active=True,
        memberships__role=Role.LEADER,
        memberships__unit__organisation_id=organisation_id,
    )
    return list(found.distinct().order_by("name_key", "pk"))


def _known(
    access: IncomingAccess, recipients: Iterable[Recipient]
) -> tuple[dict[str, str], dict[str, str]]:
    """Those named that belong to the organisation, id to name. Two queries."""
    organisation = access.document.organisation_id
    given = list(recipients)
    units = [u for u in (_valid(r.unit) for r in given) if u]
    people = [p for p in (_valid(r.person) for r in given) if p]
    known_units = Unit.objects.filter(pk__in=units, organisation_id=organisation)
    known_people = User.objects.filter(
        pk__in=people,
        is_active=True,
        memberships__unit__organisation_id=organisation,
    )
    return (
        {str(pk): name for pk, name in known_units.values_list("pk", "name")},
        {str(pk): name for pk, name in known_people.values_list("pk", "full_name")},
    )


def _valid(value: UUID | str | None) -> UUID | None:
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None


def _key(one: Recipient, units: Container[str], people: Container[str]) -> Key | None:
    """Exactly one of the two, and known."""
    unit, person = _valid(one.unit), _valid(one.person)
    if (unit is None) == (person is None):
        return None
    if unit is not None:
        return (unit, None) if str(unit) in units else None
    return (None, person) if str(person) in people else None


def check_term(
    check: Checker, name: str, deadline: date | None, held: date | None
) -> None:
    """Nobody is given a day that is past; the one that was given before may stay, so
    that what is late can still be passed on."""
    if deadline != held:
        check.not_before(name, deadline, clock.today(), _("Hạn này đã qua."))
