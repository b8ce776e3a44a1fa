"""Mandates that concern a person, and what the person may give. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from server.accounts.models import Membership, Role, Unit, User
from server.common import clock
from server.registry.models import Delegation
from server.registry.procedure import PROCEDURE
from server.registry.workflow.authority import Form, Power

MOST = 500
PAGE_SIZE = 25

# What a power of one's own comes from.
ROLE_OF_POWER = {
    Power.CONTENT: Role.HEAD,
    Power.SIGN: Role.LEADER,
    Power.DIRECT: Role.LEADER,
}


def powers_of(given: Delegation) -> tuple[Power, ...]:
    """What the mandate itself gives, in the order of `Power`."""
    held = {
        Power.CONTENT: given.may_approve_content,
        Power.SIGN: given.may_sign,
        Power.DIRECT: given.may_direct,
    }
    return tuple(power for power in Power if held[power])


@dataclass(frozen=True, slots=True)
class Givable:
    """`passable` are mandates the person holds that may be passed on; an administrator
    writes down everybody's in the organisations that he `administers`."""

    powers: frozenset[Power]
    passable: Sequence[Delegation]
    administers: frozenset[UUID]

    @property
    def is_administrator(self) -> bool:
        return bool(self.administers)

    def __bool__(self) -> bool:
        return bool(self.powers or self.passable or self.is_administrator)

    @property
    def forms(self) -> tuple[Form, ...]:
        """What rests on no mandate (TM. and Q.) nobody gives but the administrator."""
        if self.is_administrator:
            return tuple(Form)
        rules = PROCEDURE.on(clock.today()).forms
        return tuple(form for form in Form if rules[form].may_rest_on)


@dataclass(frozen=True, slots=True)
class DelegationPage:
    """`number` counts from 1; no mandates at all are one empty page."""

    rows: Sequence[Delegation]
    total: int
    number: int
    pages: int


def delegations_of(user: User) -> Sequence[Delegation]:
    """Given by or to this person; an administrator also sees those of the office.
    Newest first, ended ones included."""
    return list(_of(user)[:MOST])


def list_delegations(user: User, page: int = 1) -> DelegationPage:
    """The same, a page at a time. Three queries."""
    found = _of(user)
    total = found.count()
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(page, 1), pages)
    first = (number - 1) * PAGE_SIZE
    rows = found.select_related("under__principal", "under__under")
    return DelegationPage(list(rows[first : first + PAGE_SIZE]), total, number, pages)


def newest_delegations(user: User, most: int) -> Sequence[Delegation]:
    """The first `most` of the same list, with what they rest on. One query."""
    return list(_of(user).select_related("under__principal", "under__under")[:most])


def units_of(mine: Givable) -> Sequence[Unit]:
    """The units for which an administrator writes down an acting head, by name."""
    found = Unit.objects.filter(organisation__in=mine.administers)
    return list(found.order_by("organisation", "name", "pk"))


def unnoted_by(user: User) -> Sequence[Delegation]:
    """Mandates of this person that somebody else wrote down, not yet noted; ended ones
    too, because they gave something meanwhile. The newest first. One query."""
    rows = _unnoted(user).select_related(
        "principal", "delegate", "created_by", "under__under"
    )
    return list(rows.order_by("-created_at", "-pk")[:MOST])


def count_unnoted(user: User) -> int:
    return _unnoted(user).count()


def _unnoted(user: User) -> QuerySet[Delegation]:
    found = Delegation.objects.filter(principal=user, noted_at__isnull=True)
    return found.exclude(created_by=user)


def givable(user: User) -> Givable:
    """What this person may give to others today. Two queries."""
    offices = Membership.objects.filter(user=user)
    roles = set(offices.values_list("role", "unit__organisation_id"))
    names = {role for role, _office in roles}
    rules = PROCEDURE.on(clock.today()).forms.values()
    passable = frozenset[Form]().union(*(rule.may_rest_on for rule in rules))
    held = Delegation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today()),
        delegate=user,
        ended_at__isnull=True,
        form__in=[form.value for form in passable],
    )
    return Givable(
        frozenset(power for power, role in ROLE_OF_POWER.items() if role in names),
        list(
            held.select_related("principal", "under__under").order_by(
                "-created_at", "-pk"
            )
        ),
        frozenset(office for role, office in roles if role == Role.ADMINISTRATOR),
    )


def is_over(given: Delegation) -> bool:
    """Ended, or past its last day, by itself or by what it rests on."""
    link: Delegation | None = given
    while link is not None:
        if link.ended_at is not None:
            return True
        if link.ends_on is not None and link.ends_on < clock.today():
            return True
        link = link.under
    return False


def may_end(user: User, given: Delegation, administers: frozenset[UUID]) -> bool:
    """As `end_delegation` judges, for the button."""
    return not is_over(given) and (
        given.organisation_id in administers
        or user.pk in (given.principal_id, given.created_by_id)
    )


def _of(user: User) -> QuerySet[Delegation]:
    theirs = Q(principal=user) | Q(delegate=user) | Q(created_by=user)
    offices = Membership.objects.filter(user=user, role=Role.ADMINISTRATOR)
    theirs |= Q(organisation__in=offices.values("unit__organisation"))
    rows = Delegation.objects.filter(theirs).select_related(
        "principal", "delegate", "created_by", "unit"
    )
    return rows.order_by("-created_at", "-pk")
