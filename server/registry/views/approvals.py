"""The queue "Chờ tôi duyệt": what waits for me, approvals of mine that are void, and
mandates that somebody else gave in my name."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from server.registry.actions.reading import note_voided
from server.registry.queries.approvals import (
    count_waiting,
    void_notices,
    waiting_for,
)
from server.registry.queries.delegations import (
    count_unnoted,
    is_over,
    powers_of,
    unnoted_by,
)
from server.registry.views.delegations import POWERS
from server.registry.views.requests import person


@never_cache
@login_required
@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    user = person(request)
    context = {
        "waiting": waiting_for(user),
        "void": void_notices(user),
        "mandates": [
            (given, is_over(given), [POWERS[power] for power in powers_of(given)])
            for given in unnoted_by(user)
        ],
    }
    return render(request, "registry/approvals.html", context)


@never_cache
@require_GET
def approvals_count(request: HttpRequest) -> HttpResponse:
    """The number beside the word in the bar; empty when nothing waits.

    Asked apart, so that no page waits for it, and also by a page whose session has
    ended: that one must not get the sign-in page into its bar.
    """
    if not request.user.is_authenticated:
        return HttpResponse()
    user = person(request)
    return HttpResponse(str(count_waiting(user) + count_unnoted(user) or ""))


@login_required
@require_POST
def approval_noted(request: HttpRequest, approval_id: UUID) -> HttpResponse:
    note_voided(person(request), approval_id)
    return redirect("approvals")
