"""Who suggests what in a draft: names and colours for the editor and for tools."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from server.accounts.api import caller
from server.review.queries.authors import authors_of

router = Router(tags=["review"])


class AuthorOut(Schema):
    id: str
    name: str
    unit: str
    colour: str


@router.get("/drafts/{uuid:draft_id}/authors", response=list[AuthorOut])
def list_authors(request: HttpRequest, draft_id: UUID) -> list[AuthorOut]:
    """The authors of the suggestions that are open in the committed text."""
    found = authors_of(caller(request), draft_id)
    return [
        AuthorOut(id=each.id, name=each.name, unit=each.unit, colour=each.colour)
        for each in found
    ]
