"""The page on which a draft is written. The text itself comes over the WebSocket."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from collab.ports import Level
from server.accounts.models import User
from server.accounts.queries import main_unit
from server.common import clock, providers
from server.common.errors import NotFound
from server.registry.abilities import Action
from server.registry.access import Access, access_draft
from server.registry.colours import colour_of
from server.registry.models import level_name
from server.registry.type_forms import heads, type_choices, type_forms, zeros
from server.registry.views.requests import person

# The version of the document's structure that this server's editor writes.
SCHEMA = 4


@never_cache
@login_required
@require_GET
@ensure_csrf_cookie
def draft_editor(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    access = access_draft(person(request), draft_id, Action.OPEN)
    boot = boot_data(access, person(request), csrf=get_token(request))
    context = {"draft": access.draft, "boot": boot}
    return render(request, "registry/editor.html", context)


def boot_data(access: Access, user: User, *, csrf: str) -> dict[str, Any]:
    """What the editor needs before it connects. It proves nothing: the socket asks
    for rights again, and every frame is judged by the server."""
    draft = access.draft
    stored = providers.document_store.get().head(str(draft.pk))
    if stored is None:
        raise NotFound
    archived = draft.archived_at is not None
    base = f"/api/v1/drafts/{draft.pk}"
    unit = main_unit(user)
    return {
        "draftId": str(draft.pk),
        "title": draft.title,
        "level": level_name(Level.VIEW if archived else access.level),
        "epoch": stored.epoch,
        "schema": SCHEMA,
        "now": clock.now().isoformat(),
        "language": "en" if (get_language() or "vi").startswith("en") else "vi",
        "user": {
            "id": str(user.pk),
            "name": user.full_name,
            "unit": unit.name if unit else "",
            "colour": colour_of(user.pk),
        },
        "urls": {
            "collab": "/collab/",
            "images": f"{base}/images",
            "docx": f"{base}/export.docx",
            "reviewDocx": f"{base}/export.docx?review=1",
            "reviewedDocx": _reviewed(access),
            "pdf": f"{base}/export.pdf",
            "list": reverse("draft_list"),
            "share": reverse("draft_share", args=[draft.pk]),
            "rename": base,
            "activity": reverse("draft_activity", args=[draft.pk]),
            "process": reverse("draft_process", args=[draft.pk]),
            "formatCheck": f"{base}/format-check",
            "signatureBlock": f"{base}/signature-block",
            # The past is for those who may comment; others are not led to it.
            "versions": _versions(access),
            "seen": f"{base}/seen",
            "authors": f"{base}/authors",
            "threads": f"{base}/threads",
            "asked": f"/api/v1/opinion-requests?draft={draft.pk}",
        },
        "forms": type_forms(),
        "heads": heads(),
        "types": type_choices(),
        "zeros": zeros(),
        "csrf": csrf,
        "archived": archived,
        "readsThreads": access.may(Action.SEE_ACTIVITY),
    }


def _versions(access: Access) -> str:
    if not access.may(Action.SEE_ACTIVITY):
        return ""
    return reverse("version_list", args=[access.draft.pk])


def _reviewed(access: Access) -> str:
    """Where a Word file comes back to; nowhere for whoever may not suggest."""
    if not access.may(Action.SUGGEST):
        return ""
    return reverse("reviewed_word", args=[access.draft.pk])
