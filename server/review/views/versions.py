"""Pages of a draft's versions: the list with its slider, one version, two compared.

Reading asks the door to the past; writing posts and comes back to the list. The slider
fetches the same address as the page of one version, as a part. Must never decide who
may.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from server.common.errors import AppError, NotFound
from server.registry.abilities import Action
from server.registry.access import Access
from server.registry.file_answers import paper_answer
from server.registry.models import Draft
from server.registry.views.requests import is_partial, number, person
from server.review.actions.steps import catch_up
from server.review.actions.versions import (
    mark_seen,
    name_version,
    rename_version,
    restore_version,
)
from server.review.models import VERSION_NAME_LENGTH, VersionKind
from server.review.past.access import access_past
from server.review.past.reading import content_at, timeline_of
from server.review.past.timeline import Timeline
from server.review.queries.comparing import compared, totals_of
from server.review.queries.versions import (
    Place,
    last_seen,
    newest_of,
    people_between,
    place_named,
    versions_of,
)
from server.review.rendering.sheet import (
    changed_fields,
    compared_sheet,
    pairs_of,
    sheet_of,
)
from server.review.version_lists import versions_file

VIEWS = ("inline", "sides")


@never_cache
@login_required
@require_GET
def version_list(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    user = person(request)
    access = access_past(user, draft_id)
    draft = access.draft
    catch_up(draft)
    mark_seen(user, draft.pk, entering=True)
    timeline = timeline_of(str(draft.pk))
    kinds = [k for k in request.GET.getlist("kind") if k in VersionKind.values]
    reference = request.GET.get("at", "now")
    context = {
        **_version_context(request, access, timeline, reference),
        "found": versions_of(
            draft, timeline, kinds=kinds, page=number(request, "page")
        ),
        "kinds": VersionKind.choices,
        "chosen": kinds,
        "has_last": last_seen(draft, user) is not None,
        "has_signed": newest_of(draft, VersionKind.SIGNED) is not None,
    }
    return render(request, "review/versions.html", context)


@login_required
@require_GET
def version_list_file(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    draft = access_past(person(request), draft_id).draft
    kinds = [k for k in request.GET.getlist("kind") if k in VersionKind.values]
    return paper_answer(versions_file(draft, timeline_of(str(draft.pk)), kinds))


@never_cache
@login_required
@require_GET
def version_one(request: HttpRequest, draft_id: UUID, reference: str) -> HttpResponse:
    """One version; only its sheet when the slider asks."""
    access = access_past(person(request), draft_id)
    timeline = timeline_of(str(access.draft.pk))
    context = _version_context(request, access, timeline, reference)
    page = "_version.html" if is_partial(request) else "version.html"
    response = render(request, f"review/{page}", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _version_context(
    request: HttpRequest, access: Access, timeline: Timeline, reference: str
) -> dict[str, object]:
    draft = access.draft
    place = place_named(draft, person(request), timeline, reference)
    return {
        "draft": draft,
        "place": place,
        "is_now": place.seq == timeline.last_seq,
        "last_seq": timeline.last_seq,
        "sheet": sheet_of(content_at(str(draft.pk), place.seq)),
        "may_write": access.may(Action.WRITE),
        "name_length": VERSION_NAME_LENGTH,
    }


@never_cache
@login_required
@require_GET
def version_compare(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    user = person(request)
    access = access_past(user, draft_id)
    draft = access.draft
    catch_up(draft)
    timeline = timeline_of(str(draft.pk))
    old = place_named(draft, user, timeline, request.GET.get("from") or "first")
    new = place_named(draft, user, timeline, request.GET.get("to") or "now")
    if old.seq > new.seq:
        old, new = new, old
    comparison = compared(str(draft.pk), old.seq, new.seq)
    view = request.GET.get("view", VIEWS[0])
    sides = view == "sides"
    context = {
        "draft": draft,
        "old": old,
        "new": new,
        "choices": _choices(draft, user_places(access, request, timeline)),
        "view": "sides" if sides else "inline",
        "comparison": comparison,
        "totals": totals_of(comparison),
        "people": people_between(timeline, old.seq, new.seq),
        "sheet": None if sides else compared_sheet(comparison),
        "pairs": pairs_of(comparison) if sides else None,
        "field_pairs": changed_fields(comparison) if sides else None,
    }
    return render(request, "review/compare.html", context)


def user_places(
    access: Access, request: HttpRequest, timeline: Timeline
) -> list[tuple[str, Place]]:
    """What is often compared with, as far as it is there."""
    found = []
    for reference in ("first", "last", "signed", "issued", "now"):
        try:
            place = place_named(access.draft, person(request), timeline, reference)
        except NotFound:
            continue
        found.append((reference, place))
    return found


def _choices(
    draft: Draft, places: list[tuple[str, Place]]
) -> list[tuple[str, str, object]]:
    """(value, label, time) for the two lists to choose from."""
    timeline = timeline_of(str(draft.pk))
    rows = versions_of(draft, timeline).lines
    named = [(reference, p.label, p.moment.at) for reference, p in places]
    return [*named, *((str(r.seq), r.label, r.at) for r in rows)]


@login_required
@require_POST
def version_name(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    seq = request.POST.get("seq", "")
    name = request.POST.get("name", "")

    place = int(seq) if seq.isascii() and seq.isdigit() and len(seq) < 16 else None

    def work() -> str:
        version = name_version(person(request), draft_id, name, seq=place)
        return _("Đã đặt tên phiên bản “%(name)s”.") % {"name": version.name}

    return _done(request, draft_id, work, place)


@login_required
@require_POST
def version_rename(
    request: HttpRequest, draft_id: UUID, version_id: UUID
) -> HttpResponse:
    def work() -> str:
        name = request.POST.get("name", "")
        version = rename_version(person(request), draft_id, version_id, name)
        return _("Đã đổi tên phiên bản thành “%(name)s”.") % {"name": version.name}

    return _done(request, draft_id, work)


@login_required
@require_POST
def version_restore(request: HttpRequest, draft_id: UUID, seq: int) -> HttpResponse:
    def work() -> str:
        if restore_version(person(request), draft_id, seq) is None:
            return _("Nội dung hiện tại đã giống phiên bản này, không có gì để sửa.")
        return _("Đã khôi phục phiên bản này. Đây là một lần sửa mới của bạn.")

    return _done(request, draft_id, work)


def _done(
    request: HttpRequest,
    draft_id: UUID,
    work: Callable[[], str],
    place: int | None = None,
) -> HttpResponse:
    """Back to the list, with what was done or why it was not."""
    try:
        messages.success(request, work())
    except NotFound:
        raise
    except AppError as error:
        messages.error(request, str(error))
    address = reverse("version_list", args=[draft_id])
    return redirect(f"{address}?at={place}" if place else address)
