"""Who wrote a draft: the shares on its page, and the text in its authors' colours.

Reading asks the door to the past, as the past tells who wrote. Must never decide who
may.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from collab.content.comparing.changes import Piece
from server.registry.file_answers import paper_answer
from server.registry.views.requests import person
from server.review.past.access import access_past
from server.review.queries.authorship import (
    authored_changes,
    authorship_of,
    field_pieces,
)
from server.review.rendering.sheet import authored_sheet
from server.review.version_lists import contributors_file


@never_cache
@login_required
@require_GET
def version_authors(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    draft = access_past(person(request), draft_id).draft
    found = authorship_of(draft)
    changes, author_of = authored_changes(found.authored)
    pieces = field_pieces(found.authored, author_of)
    shown = {
        one.key: (f"dt-by-{one.colour}", one.name)
        for one in found.contributors
        if one.colour is not None
    }

    def by(piece: Piece) -> tuple[str, str] | None:
        return shown.get(author_of.get(id(piece), ""))

    fields = found.authored.content.fields
    context = {
        "draft": draft,
        "contributors": found.contributors,
        "sheet": authored_sheet(fields, pieces, changes, by),
    }
    return render(request, "review/authors.html", context)


@login_required
@require_GET
def authors_file(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The shares of those who wrote; the coloured text is printed from its page."""
    draft = access_past(person(request), draft_id).draft
    return paper_answer(contributors_file(draft, authorship_of(draft).contributors))


@never_cache
@login_required
@require_GET
def contributors(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """A part for the page of the draft."""
    draft = access_past(person(request), draft_id).draft
    context = {"draft": draft, "contributors": authorship_of(draft).contributors}
    return render(request, "review/_contributors_card.html", context)
