"""Mandates as rights: which of them hold on a day, on whom each rests, whom it binds.

A mandate that was passed on rests on the one at its far end, and stands only while
everybody in the chain still works: who left gives nothing any more. Reads only. Must
never say what the person at the far end may do; `standing` asks that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from server.accounts.models import User
from server.common import clock
from server.registry.models import Delegation
from server.registry.workflow.authority import Form, Mandate, Power, holds

# Letters of a mandate that rests on no person.
OF_NOBODY = frozenset({Form.TM, Form.Q})
# A mandate rests on one that rests on one: no office writes a longer chain.
CHAIN = ("principal", "under__principal", "under__under__principal")


def mandate_of(delegation: Delegation) -> Mandate:
    powers = {Power.CONTENT} if delegation.may_approve_content else set()
    if delegation.may_sign:
        powers.add(Power.SIGN)
    if delegation.may_direct:
        powers.add(Power.DIRECT)
    return Mandate(
        form=Form(delegation.form),
        in_place_of=delegation.in_place_of,
        starts_on=delegation.starts_on,
        ends_on=_last_day(delegation),
        powers=frozenset(powers),
        is_written=bool(delegation.document),
        under=mandate_of(delegation.under) if delegation.under else None,
    )


def _last_day(delegation: Delegation) -> date | None:
    """A mandate that was ended gives nothing from that moment on."""
    if delegation.ended_at is not None:
        return date.min
    return delegation.ends_on


def links(delegation: Delegation) -> Iterator[Delegation]:
    """The mandate and what it rests on, nearest first."""
    link: Delegation | None = delegation
    while link is not None:
        yield link
        link = link.under


def root_of(delegation: Delegation) -> Delegation:
    """The mandate at the far end."""
    *_before, last = links(delegation)
    return last


def stands_for(delegation: Delegation) -> UUID:
    """The person whose right it is, at the far end when a mandate was passed on: who
    gave it, or who holds a mandate that rests on nobody (TM., Q.)."""
    root = root_of(delegation)
    return root.principal_id or root.delegate_id


def live_of_nobody(on: date) -> QuerySet[Delegation]:
    """Mandates that rest on no person, TM. and Q., and hold on that day; their holders
    still work. No query yet."""
    return Delegation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on),
        principal__isnull=True,
        form__in=OF_NOBODY,
        starts_on__lte=on,
        ended_at__isnull=True,
        delegate__is_active=True,
    ).select_related("delegate")


def bound_by(delegation: Delegation) -> frozenset[UUID]:
    """Everybody in whose place the holder acts: what they did binds the holder."""
    return frozenset(
        link.principal_id for link in links(delegation) if link.principal_id is not None
    )


def gives(delegation: Delegation, power: Power, on: date) -> bool:
    """Whether it gives this power on this day, and everybody in the chain is there.
    Only a collective or a vacant post is stood for without a person."""
    root = root_of(delegation)
    if root.principal_id is None and root.form not in OF_NOBODY:
        return False
    return holds(mandate_of(delegation), power, on) and all(
        link.principal is None or link.principal.is_active for link in links(delegation)
    )


def live_mandates(user_id: UUID, on: date | None = None) -> list[Delegation]:
    """Mandates that this person holds and that hold on that day (today). One query."""
    day = on or clock.today()
    found = (
        Delegation.objects.filter(delegate_id=user_id, ended_at__isnull=True)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)
        .select_related(*CHAIN)
        .order_by("created_at", "pk")
    )
    return [d for d in found if any(gives(d, power, day) for power in Power)]


def standing_in_to_direct(
    organisation_id: UUID, leaders: Sequence[User]
) -> list[Delegation]:
    """Mandates of these leaders, or of nobody (Q.) in this organisation, by which
    somebody who is no leader directs today; one for each. One query."""
    today = clock.today()
    known = {leader.pk for leader in leaders}
    rows = (
        Delegation.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today),
            may_direct=True,
            starts_on__lte=today,
            ended_at__isnull=True,
            delegate__is_active=True,
        )
        .select_related("delegate", *CHAIN)
        .order_by("delegate__name_key", "created_at", "pk")
    )
    found: dict[UUID, Delegation] = {}
    for mandate in rows:
        root = root_of(mandate)
        is_ours = root.principal_id in known or (
            root.principal_id is None and root.organisation_id == organisation_id
        )
        is_new = mandate.delegate_id not in known | found.keys()
        if is_ours and is_new and gives(mandate, Power.DIRECT, today):
            found[mandate.delegate_id] = mandate
    return list(found.values())
