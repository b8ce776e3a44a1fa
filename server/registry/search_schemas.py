"""Shapes of the API of the search. Names are promises to other programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.utils.html import escape, format_html
from ninja import Schema
from pydantic import Field

from server.registry.document_types import name_of
from server.registry.models import SAVED_NAME_LENGTH, SavedSearch, SearchEntry
from server.registry.queries.search import Hit, SearchPage
from server.registry.schemas import Strict
from server.registry.search.query import MAX_LENGTH
from server.registry.search.snippet import Fragment
from server.registry.search_filter import DEFAULT_DAYS, SearchFilter
from server.registry.search_labels import address_of, kind_name

Typed = Annotated[
    str,
    Field(
        max_length=MAX_LENGTH,
        description='words (all must occur), "a phrase", -without; accents optional',
    ),
]
Sort = Literal["relevance", "-date", "date"]
SavedName = Annotated[str, Field(max_length=SAVED_NAME_LENGTH)]


class SearchShown(Schema):
    """Which documents. `deadline`: any, one that passed, or one within `days`; of the
    document, or of what the caller must do about one that was received."""

    kind: Literal["", "draft", "outgoing", "incoming", "received", "case_file"] = ""
    type: Annotated[str, Field(max_length=10)] = ""
    year: Annotated[int, Field(ge=1900, le=9999)] | None = None
    organisation: UUID | None = None
    state: Annotated[str, Field(max_length=20)] = ""
    urgency: Literal["", "normal", "urgent", "very_urgent", "flash"] = ""
    deadline: Literal["", "has", "over", "within"] = ""
    days: Annotated[int, Field(ge=0, le=3650)] = DEFAULT_DAYS

    def filter(self) -> SearchFilter:
        return SearchFilter(
            kind=self.kind,
            document_type=self.type,
            year=self.year,
            organisation=str(self.organisation or ""),
            state=self.state,
            urgency=self.urgency,
            deadline=self.deadline,
            days=self.days,
        )


class HitOut(Schema):
    """`snippet` is HTML: the text escaped, hits in <mark>. `address` is the page.
    `deadline`: the document's, or the caller's own where that is nearer."""

    kind: str
    id: UUID
    number: str
    title: str
    document_type: str
    type_name: str
    dated_on: date
    origin: str
    organisation: UUID | None
    organisation_name: str
    state: str
    urgency: str
    deadline: date | None
    snippet: str
    address: str

    @classmethod
    def of(cls, hit: Hit) -> HitOut:
        entry: SearchEntry = hit.entry
        return cls(
            kind=kind_name(entry),
            id=entry.object_id,
            number=entry.number,
            title=entry.title,
            document_type=entry.document_type,
            type_name=name_of(entry.document_type, entry.dated_on),
            dated_on=entry.dated_on,
            origin=entry.origin,
            organisation=entry.organisation_id,
            organisation_name=entry.organisation.name if entry.organisation else "",
            state=entry.state,
            urgency=entry.urgency,
            deadline=hit.day.on if hit.day else None,
            snippet=as_html(hit.snippet),
            address=address_of(entry),
        )


class SearchOut(Schema):
    """`total` counts up to 1,000; `more` says that there are more than that. `next`
    continues after the last item, as `after`; "" at the end."""

    items: list[HitOut]
    total: int
    more: bool
    next: str

    @classmethod
    def of(cls, page: SearchPage) -> SearchOut:
        return cls(
            items=[HitOut.of(hit) for hit in page.hits],
            total=page.total,
            more=page.more,
            next=page.next,
        )


class SavedSearchIn(Strict):
    """`filters` as in the query of /search, without the empty ones."""

    name: SavedName
    query: Typed = ""
    filters: dict[str, Annotated[str, Field(max_length=100)]] = {}


class SavedSearchName(Strict):
    name: SavedName


class SavedSearchOut(Schema):
    id: UUID
    name: str
    query: str
    filters: dict[str, str]
    created_at: datetime

    @classmethod
    def of(cls, saved: SavedSearch) -> SavedSearchOut:
        return cls(**{name: getattr(saved, name) for name in cls.model_fields})


def as_html(fragments: tuple[Fragment, ...]) -> str:
    """Escaped; what was sought in <mark>."""
    return str(
        "".join(
            format_html("<mark>{}</mark>", part.text)
            if part.is_hit
            else escape(part.text)
            for part in fragments
        )
    )
