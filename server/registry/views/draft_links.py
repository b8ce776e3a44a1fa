"""On the page of the process: which issued document a draft replaces or corrects.

Must never decide; what an action refuses is said on the page.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from server.common.errors import AppError, NotFound
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.actions.draft_links import link_draft, unlink_draft
from server.registry.models import LinkKind, described_link
from server.registry.queries.draft_links import linkable
from server.registry.views.requests import person


@login_required
@require_POST
def draft_link(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """`kind` and `document` name the new link; without a kind there is none."""
    kind = request.POST.get("kind", "")
    try:
        if not kind:
            unlink_draft(person(request), draft_id)
            messages.success(request, _("Dự thảo không thay thế, đính chính gì nữa."))
        elif kind in LinkKind.values:
            document = request.POST.get("document", "")
            link = link_draft(person(request), draft_id, LinkKind(kind), document)
            messages.success(request, described_link(link))
        else:
            raise NotFound
    except NotFound:
        raise
    except AppError as error:
        messages.error(request, str(error))
    return redirect("draft_process", draft_id=draft_id)


@never_cache
@login_required
@require_GET
def draft_link_candidates(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    user = person(request)
    draft = access_draft(user, draft_id, Action.WRITE).draft
    q = request.GET.get("q", "")[:200]
    context = {"draft": draft, "found": linkable(user, draft, q), "q": q.strip()}
    return render(request, "registry/_link_candidates.html", context)
