"""The one door to a register and to the rows of its book.

Whoever works in the organisation (official, head, leader, clerk) reads its registers;
its clerks also keep them: they give numbers and write rows. The administrator runs the
system and, by that role, reads nothing. For everybody else a register does not exist:
NotFound, the same as for one that was never opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Membership, Organisation, Role, User
from server.common.errors import NotAllowed, NotFound
from server.registry.access import as_id
from server.registry.models import (
    IncomingDocument,
    IssuedNumber,
    OutgoingDocument,
    Register,
)

READERS = (Role.OFFICIAL, Role.HEAD, Role.LEADER, Role.CLERK)
KEEPERS = (Role.CLERK,)


@dataclass(frozen=True, slots=True)
class RegisterAccess:
    """A register that this person reads; `may_keep` when they also keep it."""

    register: Register
    may_keep: bool


def _holds(user: User, roles: tuple[Role, ...], organisation: str) -> Exists:
    held = Membership.objects.filter(
        user=user, role__in=roles, unit__organisation=OuterRef(organisation)
    )
    return Exists(held)


def readable_registers(user: User) -> QuerySet[Register]:
    """Every register this person reads, each with `may_keep`. No query yet."""
    if not user.is_active:
        return Register.objects.none()
    return Register.objects.filter(_holds(user, READERS, "organisation")).annotate(
        may_keep=_holds(user, KEEPERS, "organisation")
    )


def kept_organisations(user: User) -> QuerySet[Organisation]:
    """The organisations whose registers this person keeps, by name. No query yet."""
    if not user.is_active:
        return Organisation.objects.none()
    return Organisation.objects.filter(_holds(user, KEEPERS, "pk")).order_by(
        "name", "pk"
    )


def access_register(
    user: User, register_id: UUID | str, *, keep: bool = False
) -> RegisterAccess:
    """One query. Raises NotFound, or NotAllowed for a reader who wants to `keep`."""
    register = (
        readable_registers(user)
        .filter(pk=as_id(register_id))
        .select_related("organisation__parent", "body")
        .first()
    )
    if register is None:
        raise NotFound
    may_keep = bool(getattr(register, "may_keep", False))
    if keep and not may_keep:
        raise NotAllowed(_("Chỉ văn thư của cơ quan được ghi vào sổ này."))
    return RegisterAccess(register, may_keep)


def access_number(
    user: User, number_id: UUID | str, *, keep: bool = False
) -> IssuedNumber:
    """The number with its register. Two queries. Raises as `access_register` does."""
    number = IssuedNumber.objects.filter(pk=as_id(number_id)).first()
    if number is None:
        raise NotFound
    number.register = access_register(user, number.register_id, keep=keep).register
    return number


def access_outgoing(
    user: User, document_id: UUID | str, *, keep: bool = False
) -> tuple[OutgoingDocument, bool]:
    """The row, and whether this person keeps its book. Two queries."""
    row = (
        OutgoingDocument.objects.filter(pk=as_id(document_id))
        .select_related("issued_number", "created_by")
        .first()
    )
    if row is None:
        raise NotFound
    access = access_register(user, row.register_id, keep=keep)
    row.register = access.register
    return row, access.may_keep


def access_incoming(
    user: User, document_id: UUID | str, *, keep: bool = False
) -> tuple[IncomingDocument, bool]:
    """The row, and whether this person keeps its book. Two queries."""
    row = (
        IncomingDocument.objects.filter(pk=as_id(document_id))
        .select_related("issued_number", "created_by", "answer")
        .first()
    )
    if row is None:
        raise NotFound
    access = access_register(user, row.register_id, keep=keep)
    row.register = access.register
    return row, access.may_keep
