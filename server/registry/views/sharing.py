"""The share dialog: who has access and why, and giving access."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from collab.ports import Level
from server.accounts.models import Unit, User
from server.common.errors import AppError, InvalidInput
from server.registry import holders
from server.registry.abilities import Action
from server.registry.access import Access, access_draft, find_access
from server.registry.actions import shares
from server.registry.models import LEVEL_CHOICES, level_name
from server.registry.queries.sharing import candidates, who_has_access
from server.registry.views.requests import is_partial, person, show

DEFAULT_LEVEL = "edit"


@never_cache
@login_required
@require_GET
def draft_share(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    access = access_draft(person(request), draft_id, Action.SEE_SHARES)
    return _dialog(request, access)


@never_cache
@login_required
@require_GET
def share_candidates(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """People and units for the words typed so far."""
    access = access_draft(person(request), draft_id, Action.SHARE)
    q = request.GET.get("q", "")[:100]
    people, units = candidates(access.draft, q)
    context = {
        "draft": access.draft,
        "q": q.strip(),
        "people": people,
        "units": units,
        "levels": _levels(),
        "default_level": DEFAULT_LEVEL,
    }
    return render(request, "registry/_candidates.html", context)


@login_required
@require_POST
def share_put(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Share with one more, or change the level of one who has access."""

    def act() -> None:
        user = person(request)
        draft = access_draft(user, draft_id, Action.SHARE).draft
        to: User | Unit
        if request.POST.get("unit"):
            to = holders.unit(request.POST["unit"], draft.organisation)
        else:
            to = holders.person(request.POST.get("user", ""))
        shares.share(user, draft_id, to=to, level=_level(request))

    return _after(request, draft_id, act)


@login_required
@require_POST
def share_end(request: HttpRequest, draft_id: UUID, share_id: UUID) -> HttpResponse:
    def act() -> None:
        shares.end_share(person(request), draft_id, share_id)

    return _after(request, draft_id, act)


def _after(
    request: HttpRequest, draft_id: UUID, act: Callable[[], None]
) -> HttpResponse:
    """The dialog as it is after the act, with the fault if there was one."""
    fault: AppError | None = None
    if find_access(person(request), draft_id) is not None:
        try:
            act()
        except AppError as error:
            fault = error
    access = find_access(person(request), draft_id)
    if access is None:
        # He gave back his own right (or never had one): there is nothing to show.
        if not is_partial(request):
            return redirect("draft_list")
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("draft_list")
        return response
    return _dialog(request, access, fault)


def _dialog(
    request: HttpRequest, access: Access, fault: AppError | None = None
) -> HttpResponse:
    context: dict[str, object] = {
        "draft": access.draft,
        "holders": who_has_access(access.draft),
        "may_share": access.may(Action.SHARE),
        "levels": _levels(),
        "fault": fault,
    }
    return show(request, "share.html", "_share.html", context)


def _levels() -> list[tuple[str, object]]:
    return [(level_name(value), label) for value, label in LEVEL_CHOICES]


def _level(request: HttpRequest) -> Level:
    name = request.POST.get("level", "").upper()
    if name not in Level.__members__:
        raise InvalidInput
    return Level[name]
