"""The lists of drafts, and what their row menus do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from server.common.errors import Conflict, InvalidInput
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.actions import drafts as actions
from server.registry.queries.activity import activity_of
from server.registry.queries.drafts import (
    DEFAULT_SORT,
    PAGE_SIZE,
    Scope,
    list_drafts,
)
from server.registry.views.requests import back, number, person, refresh, show

TABS: list[tuple[Scope, str | Promise]] = [
    (Scope.MINE, gettext_lazy("Của tôi")),
    (Scope.UNIT, gettext_lazy("Đơn vị tôi")),
    (Scope.SHARED, gettext_lazy("Được chia sẻ")),
    (Scope.ARCHIVED, gettext_lazy("Lưu trữ")),
]
# Names first, times newest first: what people mean by the first click.
COLUMNS: list[tuple[str, str | Promise]] = [
    ("title", gettext_lazy("Tên dự thảo")),
    ("type", gettext_lazy("Loại văn bản")),
    ("-updated", gettext_lazy("Cập nhật")),
]


@dataclass(frozen=True, slots=True)
class Header:
    """A column head that sorts; `state` is "ascending", "descending" or empty."""

    label: str | Promise
    address: str
    state: str


@dataclass(frozen=True, slots=True)
class Tab:
    scope: Scope
    label: str | Promise
    address: str
    is_shown: bool


@never_cache
@login_required
@require_GET
def draft_list(request: HttpRequest) -> HttpResponse:
    scope = _scope(request.GET.get("scope", ""))
    q = request.GET.get("q", "")[:200]
    sort = request.GET.get("sort", DEFAULT_SORT)
    try:
        found = list_drafts(
            person(request), scope, q=q, sort=sort, page=number(request, "page")
        )
    except InvalidInput:
        # An address typed or kept from long ago: show the list, not a fault.
        sort = DEFAULT_SORT
        found = list_drafts(person(request), scope, q=q, page=number(request, "page"))

    def address(**changed: object) -> str:
        kept = {"scope": scope.value, "q": q, "sort": sort, **changed}
        return "?" + urlencode({k: v for k, v in kept.items() if v not in ("", 1)})

    context: dict[str, object] = {
        "scope": scope.value,
        "q": q,
        "sort": sort,
        "found": found,
        "tabs": [
            Tab(tab, label, address(scope=tab.value, page=""), tab is scope)
            for tab, label in TABS
        ],
        "headers": _headers(sort, address),
        "previous": address(page=found.number - 1) if found.number > 1 else "",
        "next": address(page=found.number + 1) if found.number < found.pages else "",
        "first_shown": (found.number - 1) * PAGE_SIZE + 1,
        "export": reverse("draft_list_file") + address(page=""),
        "here": request.get_full_path(),
    }
    return show(request, "list.html", "_drafts.html", context)


def _scope(name: str) -> Scope:
    return Scope(name) if name in Scope.__members__.values() else Scope.MINE


def _headers(sort: str, address: Callable[..., str]) -> dict[str, Header]:
    headers = {}
    for first, label in COLUMNS:
        name = first.removeprefix("-")
        is_sorted = sort.removeprefix("-") == name
        down = sort.startswith("-")
        other = name if down else f"-{name}"
        headers[name] = Header(
            label,
            address(sort=other if is_sorted else first),
            ("descending" if down else "ascending") if is_sorted else "",
        )
    return headers


@never_cache
@login_required
def draft_rename(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The dialog, and its answer."""
    draft = access_draft(person(request), draft_id, Action.RENAME).draft
    context: dict[str, object] = {"draft": draft, "title": draft.title}
    if request.method == "POST":
        try:
            actions.rename(person(request), draft_id, request.POST.get("title", ""))
        except (InvalidInput, Conflict) as error:
            context |= {"error": error, "title": request.POST.get("title", "")}
        else:
            return refresh(request, "draft_list")
    return show(request, "rename.html", "_rename.html", context)


@login_required
@require_POST
def draft_archive(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    draft = actions.archive(person(request), draft_id)
    messages.success(
        request, _("Đã cất “%(title)s” vào lưu trữ.") % {"title": draft.title}
    )
    return back(request, "draft_list")


@login_required
@require_POST
def draft_restore(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    draft = actions.restore(person(request), draft_id)
    messages.success(request, _("Đã khôi phục “%(title)s”.") % {"title": draft.title})
    return back(request, "draft_list")


@never_cache
@login_required
@require_GET
def draft_activity(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    access = access_draft(person(request), draft_id, Action.SEE_ACTIVITY)
    context = {
        "draft": access.draft,
        "found": activity_of(access.draft, number(request, "page")),
    }
    return render(request, "registry/activity.html", context)
