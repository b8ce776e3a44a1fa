"""Who may be asked to take part in the process of a draft. Reads only."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from server.accounts.models import Membership, Role, Unit, User
from server.accounts.queries import with_those_above
from server.common import clock
from server.registry.models import Delegation, Draft
from server.registry.standing import policy_of, unit_path


def eligible_signers(draft: Draft) -> Sequence[User]:
    """Leaders of the draft's organisation and of those above it, by name."""
    return list(
        User.objects.filter(
            is_active=True,
            memberships__role=Role.LEADER,
            memberships__unit__organisation__in=with_those_above(draft.organisation),
        )
        .distinct()
        .order_by("name_key")
    )


def heads_of(draft: Draft) -> Sequence[User]:
    """Heads of the draft's unit and of those above it."""
    return list(
        User.objects.filter(
            is_active=True,
            memberships__role=Role.HEAD,
            memberships__unit__in=unit_path(draft),
        ).distinct()
    )


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
