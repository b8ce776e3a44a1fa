"""Mandates that concern a person. Reads only."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from server.accounts.models import Membership, Role, User
from server.registry.models import Delegation

MOST = 500


def delegations_of(user: User) -> Sequence[Delegation]:
    """Given by or to this person; an administrator also sees those of the office.
    Newest first, ended ones included."""
    theirs = Q(principal=user) | Q(delegate=user) | Q(created_by=user)
    offices = Membership.objects.filter(user=user, role=Role.ADMINISTRATOR)
    theirs |= Q(organisation__in=offices.values("unit__organisation"))
    rows = Delegation.objects.filter(theirs).select_related("principal", "delegate")
    return list(rows.order_by("-created_at", "-pk")[:MOST])
