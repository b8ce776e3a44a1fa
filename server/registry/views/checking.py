"""The page that lists what is wrong with the form of a draft, each with its place."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from server.publishing.check import Fault
from server.registry.draft_lists import FaultRow, faults_file
from server.registry.file_answers import paper_answer
from server.registry.form_check import FormCheck, check_form
from server.registry.views.requests import person

FIELD_NAMES: dict[str, str | Promise] = {
    "issuer": gettext_lazy("Cơ quan ban hành"),
    "notation": gettext_lazy("Ký hiệu"),
    "number": gettext_lazy("Số"),
    "place": gettext_lazy("Địa danh"),
    "date": gettext_lazy("Ngày tháng"),
    "deadline": gettext_lazy("Hạn"),
    "subject": gettext_lazy("Trích yếu"),
    "addressees": gettext_lazy("Kính gửi"),
    "recipients": gettext_lazy("Nơi nhận"),
    "signer_authority": gettext_lazy("Quyền hạn người ký"),
    "signer_position": gettext_lazy("Chức vụ người ký"),
    "signer_name": gettext_lazy("Họ tên người ký"),
    "second_name": gettext_lazy("Họ tên người ký bên trái"),
    "invitees": gettext_lazy("Kính mời"),
    "event": gettext_lazy("Tới dự"),
    "purpose": gettext_lazy("Về việc"),
}


@never_cache
@login_required
@require_GET
def draft_check(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    found = check_form(person(request), draft_id)
    rows = _rows(found)
    context = {
        "draft": found.draft,
        "found": found,
        "groups": [
            (_("Phải sửa"), [r for r in rows if r.fault.severity == "error"]),
            (_("Nên xem lại"), [r for r in rows if r.fault.severity == "warning"]),
        ],
    }
    return render(request, "registry/check.html", context)


@login_required
@require_GET
def draft_check_file(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The same list as .xlsx, for who mends the text elsewhere."""
    found = check_form(person(request), draft_id)
    return paper_answer(faults_file(found, _rows(found)))


def _rows(found: FormCheck) -> list[FaultRow]:
    editor = reverse("draft_editor", args=[found.draft.pk])
    return [
        FaultRow(fault, excerpt, _place(fault), editor + _anchor(fault))
        for fault, excerpt in zip(found.faults, found.excerpts, strict=True)
    ]


def _place(fault: Fault) -> str:
    place = fault.place
    if place.paragraph is not None:
        return _("Đoạn %(number)s") % {"number": place.paragraph + 1}
    if place.field:
        return str(FIELD_NAMES.get(place.field, place.field))
    return _("Cả văn bản")


def _anchor(fault: Fault) -> str:
    place = fault.place
    if place.paragraph is not None:
        part = f":{place.start}-{place.end}" if place.end else ""
        return f"#paragraph-{place.paragraph}{part}"
    return f"#field-{place.field}" if place.field else ""
