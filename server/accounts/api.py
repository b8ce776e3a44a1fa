"""The accounts' part of the HTTP API: me, my tokens, and finding people and units.

It only translates. People and units are open to everyone who is signed in: one must
be able to find a colleague to share a draft with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar, cast
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router, Status
from pydantic import Field

from server.accounts import access, actions, queries
from server.accounts.models import User
from server.accounts.schemas import (
    MeOut,
    NewTokenOut,
    Page,
    PersonOut,
    TokenIn,
    TokenOut,
    UnitOut,
)
from server.common import clock
from server.common.errors import NotAllowed

M = TypeVar("M", bound=Model)
router = Router(tags=["accounts"])

PAGE_SIZE = 20

Words = Annotated[str, Field(max_length=100, description="words, diacritics optional")]
PageNumber = Annotated[int, Field(ge=1, le=10_000)]


def caller(request: HttpRequest) -> User:
    """The person whom the API's authentication let in."""
    return cast(User, request.auth)  # type: ignore[attr-defined]


@router.get("/me", response=MeOut, summary="Who am I")
def read_me(request: HttpRequest) -> MeOut:
    return MeOut.of(caller(request))


@router.get("/me/tokens", response=list[TokenOut], summary="My access tokens")
def list_tokens(request: HttpRequest) -> list[TokenOut]:
    return [TokenOut.of(token) for token in queries.tokens_of(caller(request))]


@router.post("/me/tokens", response={201: NewTokenOut}, summary="Mint an access token")
def mint_token(request: HttpRequest, payload: TokenIn) -> Status[NewTokenOut]:
    """The secret is in this answer and nowhere else. Needs a session: a token that
    could mint its successor would never end."""
    user = caller(request)
    if "Authorization" in request.headers:
        raise NotAllowed(
            _("Hãy tạo mã truy cập trên trang tài khoản."), code="session_required"
        )
    expires_at = payload.expires_at
    if expires_at is not None and expires_at.tzinfo is None:
        expires_at = expires_at.replace(tzinfo=clock.VIETNAM)
    token, secret = actions.mint_token(user, payload.name, payload.scope, expires_at)
    return Status(201, NewTokenOut(token=TokenOut.of(token), secret=secret))


@router.delete("/me/tokens/{uuid:token_id}", response={204: None}, summary="Revoke")
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    user = caller(request)
    actions.revoke_token(user, access.access_token(user, token_id))
    return HttpResponse(status=204)


@router.get("/people", response=Page[PersonOut], summary="Find people")
def list_people(
    request: HttpRequest, q: Words = "", page: PageNumber = 1
) -> Page[PersonOut]:
    """Active people by given name; every word of `q` must be in the name."""
    found = _page(queries.people(q), page)
    return Page[PersonOut](
        items=[PersonOut.of(user) for user in found.items],
        count=found.count,
        page=page,
        pages=found.pages,
    )


@router.get("/units", response=Page[UnitOut], summary="Find units")
def list_units(
    request: HttpRequest, q: Words = "", page: PageNumber = 1
) -> Page[UnitOut]:
    """Units by organisation; every word of `q` must be in the name or abbreviation."""
    found = _page(queries.units(q), page)
    return Page[UnitOut](
        items=[UnitOut.of(unit) for unit in found.items],
        count=found.count,
        page=page,
        pages=found.pages,
    )


@dataclass(frozen=True, slots=True)
class _Slice(Generic[M]):
    items: list[M]
    count: int
    pages: int


def _page(rows: QuerySet[M], number: int) -> _Slice[M]:
    """A page after the last one is empty, not an error: a list may shrink."""
    pages = Paginator(rows, PAGE_SIZE)
    items = list(pages.page(number).object_list) if number <= pages.num_pages else []
    return _Slice(items, pages.count, pages.num_pages)
