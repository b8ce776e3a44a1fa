"""Read people and units: search without diacritics, trees, memberships.

Only active people are found. Must never write, and never decide about rights.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet

from server.accounts.models import (
    AccessToken,
    Membership,
    Organisation,
    Role,
    Unit,
    User,
)
from server.common import text


def people(q: str = "") -> QuerySet[User]:
    """Active people with every word of `q` in their names, by given name.

    Each comes with `main_memberships`: the memberships, the primary one first.
    """
    found = User.objects.filter(_has_words(q), is_active=True)
    return found.prefetch_related(with_main_unit()).order_by("name_key", "username")


def units(q: str = "") -> QuerySet[Unit]:
    """Units with every word of `q` in name or abbreviation, by organisation."""
    found = Unit.objects.filter(_has_words(q)).select_related("organisation", "parent")
    return found.order_by("organisation__name", "search_key", "id")


def tokens_of(user: User) -> QuerySet[AccessToken]:
    """The user's tokens that are not revoked, newest first (expired ones too)."""
    return user.tokens.filter(revoked_at=None).order_by("-created_at")


def memberships_of(user: User) -> list[Membership]:
    """The primary membership first, then by unit."""
    return list(
        user.memberships.select_related("unit__organisation").order_by(
            "-is_primary", "unit__search_key", "role"
        )
    )


def main_unit(user: User) -> Unit | None:
    """The unit shown beside the name: the primary one, else the first."""
    held = getattr(user, "main_memberships", None)
    if held is None:
        held = memberships_of(user)
    return held[0].unit if held else None


def unit_ids_of(user: User, *roles: Role) -> set[uuid.UUID]:
    """The units in which the user holds a role (any role when none is named)."""
    held = Membership.objects.filter(user=user)
    if roles:
        held = held.filter(role__in=roles)
    return set(held.values_list("unit_id", flat=True))


def ancestor_ids(unit_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """The units given and all above them. One read a level of the tree."""
    found: set[uuid.UUID] = set()
    level = set(unit_ids)
    while level:
        found |= level
        below = Unit.objects.filter(id__in=level, parent__isnull=False)
        level = set(below.values_list("parent_id", flat=True)) - found
    return found


def descendant_ids(unit_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """The units given and all below them. One read a level of the tree."""
    found: set[uuid.UUID] = set()
    level = set(unit_ids)
    while level:
        found |= level
        children = Unit.objects.filter(parent_id__in=level).values_list("id", flat=True)
        level = set(children) - found
    return found


def with_those_above(organisation: Organisation | None) -> frozenset[uuid.UUID]:
    """The organisation and all above it. One read a level that was not read before."""
    found: set[uuid.UUID] = set()
    while organisation is not None and organisation.id not in found:
        found.add(organisation.id)
        organisation = organisation.parent
    return frozenset(found)


def works_in_or_below(user: User, organisation_ids: Iterable[uuid.UUID]) -> bool:
    """Whether the user holds any role in one of the organisations, or in one that
    stands under it. One read a level of the tree."""
    found: set[uuid.UUID] = set()
    level = set(organisation_ids)
    while level:
        found |= level
        below = Organisation.objects.filter(parent_id__in=level)
        level = set(below.values_list("id", flat=True)) - found
    return Membership.objects.filter(user=user, unit__organisation__in=found).exists()


def _has_words(q: str) -> Q:
    """Each word of `q` begins a word of the key: Vietnamese syllables are too short
    to be sought in the middle of others ("an" would find almost everybody)."""
    condition = Q()
    for word in text.search_key(q).split():
        condition &= Q(search_key__startswith=word) | Q(search_key__contains=f" {word}")
    return condition


def with_main_unit(path: str = "") -> Prefetch[str]:
    """Makes `main_unit` of many people free: `path` leads to them, as in "user__"."""
    return Prefetch(
        f"{path}memberships",
        Membership.objects.select_related("unit__organisation").order_by(
            "-is_primary", "id"
        ),
        to_attr="main_memberships",
    )
