"""Who may be named in a thread: those who reach the draft and may comment on it.

The other direction of `server.registry.access.reach_of`, for a whole draft at once.
Reads only. Must never widen what the door says: naming somebody gives no right.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from collab.ports import Level
from server.accounts import queries as accounts
from server.accounts.models import Membership, Role, User
from server.registry.access import units_under
from server.registry.models import Draft, DraftShare


def reachable(draft: Draft, q: str = "") -> QuerySet[User]:
    """Active people who may comment on the draft, by given name. Up to four queries
    before the people are read."""
    shares = DraftShare.objects.filter(draft=draft, level__gte=Level.COMMENT)
    units = shares.filter(unit__isnull=False).values_list("unit", flat=True)
    # By that role an administrator reads nothing.
    members = Membership.objects.exclude(role=Role.ADMINISTRATOR)
    reached = Q(pk__in=shares.filter(user__isnull=False).values("user")) | Q(
        pk__in=members.filter(unit__in=units_under(frozenset(units))).values("user")
    )
    if draft.unit_id is not None:
        above = accounts.ancestor_ids([draft.unit_id])
        heads = Membership.objects.filter(unit__in=above, role=Role.HEAD)
        reached |= Q(pk__in=heads.values("user"))
    return accounts.people(q).filter(reached)


def among(draft: Draft, ids: Iterable[UUID]) -> dict[UUID, User]:
    """Those of `ids` that may be named."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {user.pk: user for user in reachable(draft).filter(pk__in=wanted)}
