"""The shapes of the accounts' part of the API. Names are promises to other programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, Literal, TypeVar
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from server.accounts import queries
from server.accounts.models import AccessToken, Membership, Unit, User

T = TypeVar("T")


class Page(Schema, Generic[T]):
    """One page of a list; `count` is the length of the whole list."""

    items: list[T]
    count: int
    page: int
    pages: int


class UnitOut(Schema):
    id: UUID
    name: str
    abbreviation: str
    organisation: str
    parent: str | None

    @classmethod
    def of(cls, unit: Unit) -> UnitOut:
        return cls(
            id=unit.id,
            name=unit.name,
            abbreviation=unit.abbreviation,
            organisation=unit.organisation.name,
            parent=unit.parent.name if unit.parent else None,
        )


class PersonOut(Schema):
    id: UUID
    username: str
    full_name: str
    title: str
    unit: str

    @classmethod
    def of(cls, user: User) -> PersonOut:
        unit = queries.main_unit(user)
        return cls(
            id=user.id,
            username=user.username,
            full_name=user.full_name,
            title=user.title,
            unit=unit.name if unit else "",
        )


class MembershipOut(Schema):
    unit_id: UUID
    unit: str
    organisation: str
    role: str
    primary: bool

    @classmethod
    def of(cls, membership: Membership) -> MembershipOut:
        return cls(
            unit_id=membership.unit_id,
            unit=membership.unit.name,
            organisation=membership.unit.organisation.name,
            role=membership.role,
            primary=membership.is_primary,
        )


class MeOut(Schema):
    id: UUID
    username: str
    full_name: str
    title: str
    phone: str
    email: str
    language: str
    administrator: bool
    memberships: list[MembershipOut]

    @classmethod
    def of(cls, user: User) -> MeOut:
        return cls(
            id=user.id,
            username=user.username,
            full_name=user.full_name,
            title=user.title,
            phone=user.phone,
            email=user.email,
            language=user.language,
            administrator=user.is_staff,
            memberships=[MembershipOut.of(m) for m in queries.memberships_of(user)],
        )


class TokenIn(Schema):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
    ]
    scope: Literal["read", "write"] = "write"
    expires_at: datetime | None = Field(
        None, description="ISO 8601 with an offset; default: the office's setting"
    )


class TokenOut(Schema):
    id: UUID
    name: str
    prefix: str
    scope: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None

    @classmethod
    def of(cls, token: AccessToken) -> TokenOut:
        return cls(
            id=token.id,
            name=token.name,
            prefix=token.prefix,
            scope=token.scope,
            created_at=token.created_at,
            expires_at=token.expires_at,
            last_used_at=token.last_used_at,
        )


class NewTokenOut(Schema):
    """The only answer that ever holds the secret."""

    token: TokenOut
    secret: str
