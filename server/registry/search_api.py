"""The API of the search and of saved searches. It only translates: what a person may
find is a part of the search itself."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Query, Router, Status
from pydantic import Field

from server.accounts.api import caller
from server.registry.actions import saved_searches
from server.registry.queries.saved_searches import saved_searches_of
from server.registry.queries.search import search
from server.registry.search_export import export_search
from server.registry.search_schemas import (
    SavedSearchIn,
    SavedSearchName,
    SavedSearchOut,
    SearchOut,
    SearchShown,
    Sort,
    Typed,
)

router = Router(tags=["search"])


@router.get("/search", response=SearchOut)
def search_all(
    request: HttpRequest,
    shown: Query[SearchShown],
    q: Typed = "",
    sort: Sort = "relevance",
    after: Annotated[str, Field(max_length=30)] = "",
) -> SearchOut:
    """Drafts, rows of both books, case files and received documents that the caller may
    open."""
    return SearchOut.of(
        search(caller(request), q, shown.filter(), sort=sort, after=after)
    )


@router.get("/search.xlsx", response={200: bytes})
def search_export(
    request: HttpRequest,
    shown: Query[SearchShown],
    q: Typed = "",
    sort: Sort = "relevance",
) -> HttpResponse:
    """The first 1,000 hits as a spreadsheet, which says so when there are more."""
    file = export_search(caller(request), q, shown.filter(), sort=sort)
    response = HttpResponse(file.data, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    response["Cache-Control"] = "private, no-store"
    return response


@router.get("/saved-searches", response=list[SavedSearchOut])
def saved_list(request: HttpRequest) -> list[SavedSearchOut]:
    return [SavedSearchOut.of(one) for one in saved_searches_of(caller(request))]


@router.post("/saved-searches", response={201: SavedSearchOut})
def saved_create(request: HttpRequest, body: SavedSearchIn) -> Status[SavedSearchOut]:
    saved = saved_searches.save_search(
        caller(request), body.name, query=body.query, filters=body.filters
    )
    return Status(201, SavedSearchOut.of(saved))


@router.patch("/saved-searches/{uuid:saved_id}", response=SavedSearchOut)
def saved_rename(
    request: HttpRequest, saved_id: UUID, body: SavedSearchName
) -> SavedSearchOut:
    return SavedSearchOut.of(
        saved_searches.rename_search(caller(request), saved_id, body.name)
    )


@router.delete("/saved-searches/{uuid:saved_id}", response={204: None})
def saved_delete(request: HttpRequest, saved_id: UUID) -> Status[None]:
    saved_searches.delete_search(caller(request), saved_id)
    return Status(204, None)
