"""Who may be asked to take part in the process of a draft. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from server.accounts.models import Membership, Role, Unit, User
from server.accounts.queries import with_those_above
from server.common import clock
from server.registry.mandates import live_of_nobody
from server.registry.models import Delegation, Draft
from server.registry.standing import policy_of, unit_path
from server.registry.workflow.authority import Form


@dataclass(frozen=True, slots=True)
class Signer:
    """Whom a draft can be submitted to; `mandate` is of nobody (TM., Q.)."""

    person: User
    mandate: Delegation | None = None

    @property
    def post(self) -> str:
        """An acting head is named as one: "Q. Chánh Văn phòng"."""
        if self.mandate is not None and self.mandate.form == Form.Q:
            return self.mandate.as_written
        return self.person.title


def eligible_signers(draft: Draft) -> Sequence[Signer]:
    """Leaders of the draft's organisation and of those above it, and who may sign there
    today by TM. or Q., by name. Two queries."""
    offices = with_those_above(draft.organisation)
    leaders = User.objects.filter(
        is_active=True,
        memberships__role=Role.LEADER,
        memberships__unit__organisation__in=offices,
    )
    found = {one.pk: Signer(one) for one in leaders.distinct()}
    acting = live_of_nobody(clock.today()).filter(
        may_sign=True, organisation__in=offices
    )
    # Of several the acting post is the one that is named.
    for mandate in acting.order_by("form", "created_at", "pk"):
        known = found.get(mandate.delegate_id)
        if known is None or known.mandate is None:
            found[mandate.delegate_id] = Signer(mandate.delegate, mandate)
    return sorted(found.values(), key=lambda one: (one.person.name_key, one.person.pk))


def heads_of(draft: Draft) -> Sequence[User]:
    """Heads of the draft's unit and of those above it, acting ones (Q.) included."""
    heads = User.objects.filter(
        is_active=True,
        memberships__role=Role.HEAD,
        memberships__unit__in=unit_path(draft),
    )
    return list(dict.fromkeys([*heads.distinct(), *acting_heads(draft)]))


def acting_heads(draft: Draft) -> Sequence[User]:
    """Who approves the content today by a mandate of nobody that names such a unit."""
    found = live_of_nobody(clock.today()).filter(
        may_approve_content=True, unit__in=unit_path(draft)
    )
    return [mandate.delegate for mandate in found]


def stand_ins(principals: Sequence[User], *, sign: bool) -> Sequence[User]:
    """Who holds, or will hold, a mandate of one of these people, passed on or not."""
    power = Q(may_sign=True) if sign else Q(may_approve_content=True)
    whose = Q(principal__in=principals) | Q(under__principal__in=principals)
    live = Delegation.objects.filter(power & whose).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today()), ended_at__isnull=True
    )
    return list(User.objects.filter(is_active=True, mandates_held__in=live).distinct())


def checking_units(draft: Draft) -> Sequence[Unit]:
    """The units whose clerks, or whose members, check the format of this draft."""
    clerks = Membership.objects.filter(
        role=Role.CLERK, unit__organisation=draft.organisation_id
    )
    units = Q(pk__in=clerks.values("unit"))
    named = policy_of(draft.organisation_id).checking_unit_id
    if named is not None:
        units |= Q(pk=named)
    return list(Unit.objects.filter(units))
