"""The page "Tìm kiếm": the box, the filters, the hits, and the searches one keeps."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from server.accounts.models import Membership, User
from server.common import clock
from server.common.errors import AppError, InvalidInput
from server.registry.actions import saved_searches as actions
from server.registry.document_types import known_types
from server.registry.models import SavedSearch, Urgency
from server.registry.queries.saved_searches import saved_searches_of
from server.registry.queries.search import SearchPage, organisations_of, search
from server.registry.search.query import MAX_LENGTH
from server.registry.search_export import export_search
from server.registry.search_filter import (
    KINDS,
    SORTS,
    SearchFilter,
    filter_from,
    filters_of,
)
from server.registry.search_labels import DEADLINE_LABELS, STATES
from server.registry.views.requests import back, is_partial, person, show

_NAMES = (
    "kind", "type", "year", "organisation", "state", "urgency", "deadline", "days",
)  # fmt: skip
# Whoever searches wants the recent years; older ones are found by words.
_YEARS = 10


@never_cache
@login_required
@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    user = person(request)
    asked = _asked(request.GET)
    error: AppError | None = None
    found: SearchPage | None = None
    shown = SearchFilter()
    try:
        shown = filter_from(asked)
        if asked["q"].strip() or shown or request.GET.get("all"):
            after = request.GET.get("after", "")
            found = search(user, asked["q"], shown, sort=asked["sort"], after=after)
    except InvalidInput as refused:
        error = refused
    kept = {k: v for k, v in asked.items() if v and (k, v) != ("sort", SORTS[0])}
    if "deadline" not in kept or kept["deadline"] != "within":
        kept.pop("days", None)
    address = "?" + urlencode(kept)
    context: dict[str, object] = {
        "asked": asked,
        "found": found,
        "error": error,
        "address": address,
        "export": f"{reverse('search_export')}{address}",
        "next": f"{address}&after={found.next}" if found and found.next else "",
        "is_later": bool(request.GET.get("after")),
        "narrowing": len([k for k in kept if k not in ("q", "sort", "days")]),
        "is_partial": is_partial(request),
        "own": _own_organisations(user),
    }
    if not is_partial(request):
        context |= _choices(user)
        context["saved"] = [_link(one) for one in saved_searches_of(user)]
    response = show(request, "search/page.html", "search/_found.html", context)
    if error is not None and not is_partial(request):
        response.status_code = error.http_status
    return response


def _asked(data: Mapping[str, str]) -> dict[str, str]:
    asked = {name: data.get(name, "").strip()[:100] for name in _NAMES}
    sort = data.get("sort", "")
    return {
        "q": data.get("q", "")[:MAX_LENGTH],
        **asked,
        "sort": sort if sort in SORTS else SORTS[0],
    }


def _choices(user: User) -> dict[str, object]:
    this_year = clock.today().year
    return {
        "kinds": [(kind.value, kind.label) for kind in KINDS],
        "types": known_types(),
        "years": range(this_year, this_year - _YEARS, -1),
        "organisations": organisations_of(user),
        "states": STATES.items(),
        "urgencies": Urgency.choices,
        "deadlines": DEADLINE_LABELS,
    }


def _own_organisations(user: User) -> set[UUID]:
    """Where this person works: a hit of there alone need not say where it is from. One
    query, as it is asked with every letter that is typed."""
    held = Membership.objects.filter(user=user)
    return set(held.values_list("unit__organisation_id", flat=True))


def _link(saved: SavedSearch) -> dict[str, object]:
    query = urlencode({"q": saved.query, **saved.filters, "all": 1})
    return {"id": saved.pk, "name": saved.name, "address": f"?{query}"}


@never_cache
@login_required
@require_GET
def search_export(request: HttpRequest) -> HttpResponse:
    asked = _asked(request.GET)
    file = export_search(
        person(request), asked["q"], filter_from(asked), sort=asked["sort"]
    )
    response = HttpResponse(file.data, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    return response


@login_required
@require_POST
def saved_create(request: HttpRequest) -> HttpResponse:
    asked = _asked(request.POST)
    try:
        filters = filters_of(filter_from(asked), asked["sort"])
        saved = actions.save_search(
            person(request),
            request.POST.get("name", ""),
            query=asked["q"],
            filters=filters,
        )
    except AppError as refused:
        _say(request, refused)
        return back(request, reverse("search"))
    messages.success(request, _("Đã lưu tìm kiếm “%(name)s”.") % {"name": saved.name})
    return redirect(f"{reverse('search')}{_link(saved)['address']}")


@login_required
@require_POST
def saved_rename(request: HttpRequest, saved_id: UUID) -> HttpResponse:
    try:
        actions.rename_search(person(request), saved_id, request.POST.get("name", ""))
    except InvalidInput as refused:
        _say(request, refused)
    except AppError as refused:
        if refused.http_status == 404:
            raise
        _say(request, refused)
    return back(request, reverse("search"))


@login_required
@require_POST
def saved_delete(request: HttpRequest, saved_id: UUID) -> HttpResponse:
    actions.delete_search(person(request), saved_id)
    return back(request, reverse("search"))


def _say(request: HttpRequest, error: AppError) -> None:
    field = next(iter(error.fields.values()), "")
    messages.error(request, f"{error.message} {field}".strip())
