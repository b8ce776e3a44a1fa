"""Parts of the form of a distribution list. Only clerks compose one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from server.common.errors import NotFound
from server.registry.register_access import kept_organisations
from server.registry.views.recipient_lines import candidates, new_line
from server.registry.views.requests import person


@never_cache
@login_required
@require_GET
def recipient_candidates(request: HttpRequest) -> HttpResponse:
    """Whom the words that were typed may mean."""
    office = kept_organisations(person(request)).first()
    if office is None:
        raise NotFound
    q = request.GET.get("recipient_q", "")[:200].strip()
    context = {"found": candidates(q, office), "q": q}
    return render(request, "registry/_recipient_candidates.html", context)


@never_cache
@login_required
@require_GET
def recipient_line(request: HttpRequest) -> HttpResponse:
    """A new line for the list; nothing in the place of one that is taken off."""
    if not kept_organisations(person(request)).exists():
        raise NotFound
    if "drop" in request.GET:
        return HttpResponse("")
    line = new_line(
        request.GET.get("kind", ""),
        request.GET.get("key", ""),
        request.GET.get("name", "")[:200],
    )
    return render(request, "registry/_recipient_line.html", {"line": line})
