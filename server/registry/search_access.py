"""What a person may find: exactly what the doors of drafts and registers would open.

The same reach as `server.registry.access` and `register_access`, written as one
condition on the entries, so that it is a part of the search itself: pages stay full and
counts true. Must never be replaced by a look at the hits afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from server.accounts.models import Organisation, User
from server.registry.access import Reach, reach_of, units_under
from server.registry.models import Draft, DraftShare, Register, SearchEntry, SearchKind
from server.registry.register_access import readable_registers
from server.registry.search import scope


@dataclass(frozen=True, slots=True)
class Findable:
    """`entries` are what may be found, no query yet. `scopes` are words of which each
    of them has at least one: they make a search quick and open nothing by themselves.
    Without any, the person finds nothing."""

    entries: QuerySet[SearchEntry, SearchEntry]
    scopes: tuple[str, ...]
    organisations: QuerySet[Organisation, Organisation]


def findable(user: User) -> Findable:
    """Two queries, three for the head of a unit."""
    if not user.is_active:
        return Findable(SearchEntry.objects.none(), (), Organisation.objects.none())
    reach = reach_of(user.pk)
    led = units_under(reach.headed)
    drafts = _reached_drafts(reach, led)
    registers = readable_registers(user)
    keys = list(registers.values_list("pk", flat=True))
    return Findable(
        SearchEntry.objects.filter(
            _in_registers(registers) | _of_drafts(reach, led),
        ),
        (
            *(scope.of_register(key) for key in keys),
            scope.shared_with_person(user.pk),
            *(scope.shared_with_unit(unit) for unit in sorted(reach.above)),
            *(scope.of_unit(unit) for unit in sorted(led)),
        ),
        Organisation.objects.filter(
            Q(pk__in=registers.order_by().values("organisation"))
            | Q(pk__in=drafts.order_by().values("organisation"))
        ),
    )


def _reached_drafts(reach: Reach, led: frozenset[UUID]) -> QuerySet[Draft, Draft]:
    reached = Q(pk__in=_shared(reach))
    if led:
        reached |= Q(unit_id__in=led)
    return Draft.objects.filter(reached)


def _of_drafts(reach: Reach, led: frozenset[UUID]) -> Q:
    reached = Q(object_id__in=_shared(reach))
    if led:
        reached |= Q(unit_id__in=led)
    return Q(kind=SearchKind.DRAFT) & reached


def _shared(reach: Reach) -> QuerySet[DraftShare, Any]:
    shares = DraftShare.objects.order_by()
    # Two lists of ids, not one OR: each is answered by its own index.
    by_name = shares.filter(user_id=reach.user_id).values("draft")
    if not reach.above:
        return by_name
    return by_name.union(shares.filter(unit_id__in=reach.above).values("draft"))


def _in_registers(registers: QuerySet[Register]) -> Q:
    return Q(register_id__in=registers.order_by().values("pk"))
