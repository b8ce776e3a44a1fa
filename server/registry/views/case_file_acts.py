"""What is done with a case file: put in, take out, close, keep back, hand over …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from server.common import clock
from server.common.errors import Conflict, InvalidInput, NotFound
from server.registry.actions import case_file_ends as ends
from server.registry.actions import case_file_entries as entries
from server.registry.case_file_access import CaseFileAccess, access_case_file
from server.registry.case_files.documents import DocumentKind
from server.registry.models import CaseFile
from server.registry.queries import case_files as queries
from server.registry.queries.case_files import Totals
from server.registry.views.form_values import FormValues
from server.registry.views.requests import back, is_partial, person, refresh, show


def _kind(request: HttpRequest) -> DocumentKind:
    try:
        return DocumentKind(request.POST.get("kind", ""))
    except ValueError:
        raise NotFound from None


def _put(request: HttpRequest, case_file_id: UUID | str) -> CaseFile | None:
    """The file, or None when the act was refused and the page says why."""
    try:
        entry = entries.add_entry(
            person(request),
            case_file_id,
            _kind(request),
            request.POST.get("document", ""),
        )
    except (InvalidInput, Conflict) as refused:
        words = [str(refused.message), *map(str, refused.fields.values())]
        messages.error(request, " ".join(words))
        return None
    case_file = entry.case_file
    messages.success(
        request,
        _("Đã đưa văn bản vào hồ sơ %(code)s.") % {"code": case_file.code},
    )
    return case_file


@login_required
@require_POST
def entry_add(request: HttpRequest, case_file_id: UUID) -> HttpResponse:
    """From the page of the file."""
    _put(request, case_file_id)
    return redirect("case_file", case_file_id=case_file_id)


@login_required
@require_POST
def document_put(request: HttpRequest) -> HttpResponse:
    """From the page of a document, into the file that was chosen there."""
    _put(request, request.POST.get("case_file", ""))
    return back(request, "case_file_list")


@login_required
@require_POST
def entry_remove(
    request: HttpRequest, case_file_id: UUID, entry_id: UUID
) -> HttpResponse:
    try:
        entries.remove_entry(person(request), case_file_id, entry_id)
    except Conflict as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("Đã rút văn bản khỏi hồ sơ."))
    return redirect("case_file", case_file_id=case_file_id)


def _act(
    request: HttpRequest,
    access: CaseFileAccess,
    name: str,
    done: str,
    act: Callable[[FormValues], object],
    **more: Any,
) -> HttpResponse:
    """The dialog that asks what is still to be known, and its answer."""
    case_file = access.case_file
    context: dict[str, object] = {
        "case_file": case_file,
        "act": name,
        "data": request.POST,
        **more,
    }
    if request.method == "POST":
        values = FormValues(request.POST)
        try:
            act(values)
        except (InvalidInput, Conflict) as refused:
            context["error"] = refused
        else:
            messages.success(request, done)
            if is_partial(request):
                return refresh(request, "case_file_list")
            return redirect("case_file", case_file_id=case_file.pk)
    return show(request, "case_files/act.html", "case_files/_act.html", context)


@never_cache
@login_required
def case_file_close(request: HttpRequest, case_file_id: UUID) -> HttpResponse:
    access = access_case_file(person(request), case_file_id, keep=True)
    case_file = access.case_file

    def close(values: FormValues) -> None:
        ends_on = values.day("ends_on")
        values.finish()
        ends.close_case_file(person(request), case_file_id, ends_on)

    newest = case_file.entries.aggregate(day=Max("dated_on"))["day"]
    return _act(
        request,
        access,
        "close",
        _("Đã kết thúc hồ sơ %(code)s.") % {"code": case_file.code},
        close,
        totals=queries.totals_of([case_file]).get(case_file.pk, Totals()),
        day=_day(newest),
    )


@never_cache
@login_required
def case_file_reopen(request: HttpRequest, case_file_id: UUID) -> HttpResponse:
    access = access_case_file(person(request), case_file_id, keep=True)
    return _act(
        request,
        access,
        "reopen",
        _("Đã mở lại hồ sơ %(code)s.") % {"code": access.case_file.code},
        lambda values: ends.reopen_case_file(
            person(request), case_file_id, values.text("reason")
        ),
    )


@never_cache
@login_required
def case_file_keep_back(request: HttpRequest, case_file_id: UUID) -> HttpResponse:
    access = access_case_file(person(request), case_file_id, hand_over=True)

    def keep_back(values: FormValues) -> None:
        until = values.day("until")
        values.finish()
        ends.keep_back_case_file(
            person(request), case_file_id, until, values.text("reason")
        )

    return _act(
        request,
        access,
        "keep_back",
        _("Hồ sơ %(code)s được giữ lại.") % {"code": access.case_file.code},
        keep_back,
    )


@never_cache
@login_required
def case_file_hand_over(request: HttpRequest, case_file_id: UUID) -> HttpResponse:
    access = access_case_file(person(request), case_file_id, hand_over=True)

    def hand_over(values: FormValues) -> None:
        on_date = values.day("handed_over_on")
        values.finish()
        ends.hand_over_case_file(person(request), case_file_id, on_date)

    return _act(
        request,
        access,
        "hand_over",
        _("Đã nộp hồ sơ %(code)s vào lưu trữ.") % {"code": access.case_file.code},
        hand_over,
        day=_day(clock.today()),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
