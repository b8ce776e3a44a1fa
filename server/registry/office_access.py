"""The door to an organisation's own pages: its rules and its seal.

Whoever works in it (official, head, leader, clerk) may know by which rules it works; a
leader sets them; a clerk keeps the seal. For everybody else, the administrator
included, the pages do not exist: NotFound.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Membership, Organisation, Role, User
from server.common.errors import NotAllowed, NotFound
from server.registry.access import as_id
from server.registry.register_access import KEEPERS, READERS

RULERS = (Role.LEADER,)


@dataclass(frozen=True, slots=True)
class OfficeAccess:
    """An organisation that this person works in, and what they may do there."""

    organisation: Organisation
    may_rule: bool
    may_keep_seal: bool


def _holds(user: User, roles: tuple[Role, ...]) -> Exists:
    return Exists(
        Membership.objects.filter(
            user=user, role__in=roles, unit__organisation=OuterRef("pk")
        )
    )


def _offices(user: User) -> QuerySet[Organisation]:
    if not user.is_active:
        return Organisation.objects.none()
    found = Organisation.objects.filter(_holds(user, READERS))
    return found.annotate(
        may_rule=_holds(user, RULERS), may_keep_seal=_holds(user, KEEPERS)
    ).order_by("name", "pk")


def list_offices(user: User) -> list[OfficeAccess]:
    """Where this person works, by name. One query."""
    return [_access(found) for found in _offices(user)]


def access_office(
    user: User, organisation_id: UUID | str, *, rule: bool = False
) -> OfficeAccess:
    """One query. Raises NotFound, or NotAllowed for who may read but not `rule`."""
    found = _offices(user).filter(pk=as_id(organisation_id)).first()
    if found is None:
        raise NotFound
    access = _access(found)
    if rule and not access.may_rule:
        raise NotAllowed(_("Chỉ lãnh đạo của cơ quan được đặt quy định này."))
    return access


def _access(found: Organisation) -> OfficeAccess:
    return OfficeAccess(
        found,
        may_rule=bool(getattr(found, "may_rule", False)),
        may_keep_seal=bool(getattr(found, "may_keep_seal", False)),
    )
