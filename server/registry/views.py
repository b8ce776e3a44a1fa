"""Pages about drafts."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse


@login_required
def draft_list(request: HttpRequest) -> HttpResponse:
    return HttpResponse("drafts")


@login_required
def draft_new(request: HttpRequest) -> HttpResponse:
    return HttpResponse("new")


@login_required
def draft_import(request: HttpRequest) -> HttpResponse:
    return HttpResponse("import")


@login_required
def draft_editor(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    return HttpResponse("editor")


@login_required
def draft_share(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    return HttpResponse("share")


@login_required
def draft_activity(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    return HttpResponse("activity")
