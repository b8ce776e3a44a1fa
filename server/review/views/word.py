"""The page to which a Word file comes back: look first, then take it.

The file stays chosen in the form between the two, so that nothing is kept of one that
is only looked at. Must never decide who may.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from server.common.errors import AppError, InvalidInput, NotFound
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.uploads import read_upload
from server.registry.views.requests import is_partial, person
from server.review.actions.word_review import look_at, take
from server.review.word.telling import tell


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def reviewed_word(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    user = person(request)
    access = access_draft(user, draft_id, Action.SUGGEST)
    context: dict[str, object] = {
        "draft": access.draft,
        "limit_mb": settings.MAX_IMPORT_BYTES // 1_000_000,
    }
    status = 200
    if request.method == "POST":
        try:
            context |= _read(request, draft_id)
        except NotFound:
            raise
        except AppError as error:
            context["error"], status = error, error.http_status
    if is_partial(request):
        # htmx shows only answers that succeed.
        return render(request, "review/_word_told.html", context)
    return render(request, "review/word.html", context, status=status)


def _read(request: HttpRequest, draft_id: UUID) -> dict[str, object]:
    file = request.FILES.get("file")
    if file is None:
        raise InvalidInput(_("Hãy chọn một tệp .docx."))
    data = read_upload(file, settings.MAX_IMPORT_BYTES)
    user, head = person(request), request.POST.getlist("head")
    is_taken = request.POST.get("act") == "take"
    found = (
        take(user, draft_id, data, head) if is_taken else look_at(user, draft_id, data)
    )
    return {"told": tell(found), "is_taken": is_taken, "head": head}
