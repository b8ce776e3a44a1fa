"""The page of an issued document: its files, who got it, and what is to be done.

Every button is one action; what was refused is said on the page. Must never decide.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from server.common import clock
from server.common.errors import AppError, InvalidInput, NotFound
from server.registry.actions.distribution import (
    add_recipients,
    chase,
    report_outside,
    report_sent,
)
from server.registry.actions.linked_drafts import begin_linked_draft, is_replaced
from server.registry.actions.recalling import (
    confirm_recall_outside,
    recall,
)
from server.registry.actions.recipient_days import give_deadline
from server.registry.issued_access import (
    access_distribution,
    access_issued_files,
    right_to_recall,
)
from server.registry.issued_files import FileForm, read_issued, read_page
from server.registry.issuing.steps import AFTER
from server.registry.models import (
    REASON_LENGTH,
    IssuedFiles,
    IssueRecord,
    LinkKind,
    OutgoingState,
    RecipientChannel,
    RecipientState,
    RecordKind,
)
from server.registry.queries.distribution import (
    Shown,
    count_told_by_hand,
    distribution_of,
)
from server.registry.register_access import readable_registers
from server.registry.views import copying
from server.registry.views.form_values import FormValues
from server.registry.views.recipient_lines import offered_for, read_lines
from server.registry.views.requests import person


@never_cache
@login_required
@require_GET
def distribution(request: HttpRequest, document_id: UUID) -> HttpResponse:
    user = person(request)
    document, may_keep = access_distribution(user, document_id)
    asked = request.GET.get("show", "")
    shown = Shown(asked) if asked in set(Shown) else Shown.ALL
    is_recalled = document.state == OutgoingState.RECALLED
    # A signer of an organisation above has the document, and not the book.
    reads_book = readable_registers(user).filter(pk=document.register_id).exists()
    may_link = reads_book and not is_replaced(document)
    context: dict[str, object] = {
        "document": document,
        "files": IssuedFiles.objects.get(document=document),
        "record": IssueRecord.objects.filter(
            document=document, kind=RecordKind.ISSUED
        ).first(),
        "found": distribution_of(document, shown),
        "shown": shown,
        "may_keep": may_keep,
        "may_recall": not is_recalled
        and (may_keep or right_to_recall(user, document) is not None),
        "may_read": _may_read(request, document_id),
        "is_recalled": is_recalled,
        "asks_to_confirm": is_recalled or document.state == OutgoingState.REPLACED,
        "reads_book": reads_book,
        "may_replace": may_link,
        "may_correct": may_link and not is_recalled,
        "reason_length": REASON_LENGTH,
        "today": clock.today(),
        "copying": copying.context_of(document, may_keep=may_keep),
        "after": {s.value: [t for t in AFTER[s] if t != "opened"] for s in AFTER},
        **offered_for(document.urgency),
    }
    return render(request, "registry/distribution.html", context)


def _may_read(request: HttpRequest, document_id: UUID) -> bool:
    try:
        access_issued_files(person(request), document_id)
    except AppError:
        return False
    return True


@login_required
@require_POST
def distribution_act(request: HttpRequest, document_id: UUID, act: str) -> HttpResponse:
    """One act on the list or on the document, then the page again."""
    doings: dict[str, Callable[[HttpRequest, UUID], str]] = {
        "chase": _chase,
        "sent": _sent,
        "add": _add,
        "report": _report,
        "recall": _recall,
        "confirm": _confirm,
        "deadline": _deadline,
    }
    if act not in doings:
        raise NotFound
    try:
        messages.success(request, doings[act](request, document_id))
    except NotFound:
        raise
    except AppError as error:
        said = [str(error), *(str(m) for m in error.fields.values())]
        messages.error(request, " ".join(dict.fromkeys(said)))
    return redirect("distribution", document_id=document_id)


def _chase(request: HttpRequest, document_id: UUID) -> str:
    only = request.POST.getlist("recipient") or None
    note = request.POST.get("note", "")
    rows = chase(person(request), document_id, only, note)
    told = sum(row.channel == RecipientChannel.IN_APP for row in rows)
    noted = len(rows) - told
    said = []
    if told:
        said.append(
            ngettext(
                "Đã đôn đốc %(count)s nơi nhận.",
                "Đã đôn đốc %(count)s nơi nhận.",
                told,
            )
            % {"count": told}
        )
    if noted:
        said.append(
            ngettext(
                "Ghi nhận đôn đốc %(count)s nơi nhận ngoài hệ thống: hãy tự báo.",
                "Ghi nhận đôn đốc %(count)s nơi nhận ngoài hệ thống: hãy tự báo.",
                noted,
            )
            % {"count": noted}
        )
    return " ".join(said)


def _sent(request: HttpRequest, document_id: UUID) -> str:
    note = request.POST.get("note", "")
    # The page offers channels only where several wait; none chosen there is a slip.
    only = request.POST.getlist("channel") if "channels" in request.POST else None
    if only == []:
        raise InvalidInput(_("Hãy chọn cách gửi đã thực hiện."))
    count = len(report_sent(person(request), document_id, note, channels=only))
    return ngettext(
        "Đã ghi nhận gửi %(count)s nơi nhận.",
        "Đã ghi nhận gửi %(count)s nơi nhận.",
        count,
    ) % {"count": count}


def _add(request: HttpRequest, document_id: UUID) -> str:
    plans = [line.plan for line in read_lines(request.POST)]
    if not plans:
        raise InvalidInput(_("Hãy thêm ít nhất một nơi nhận."))
    made = add_recipients(person(request), document_id, plans)
    return _("Đã gửi thêm: %(names)s.") % {"names": ", ".join(r.name for r in made)}


def _report(request: HttpRequest, document_id: UUID) -> str:
    state = request.POST.get("state", "")
    if state not in RecipientState.values:
        raise InvalidInput(_("Hãy chọn một trạng thái."))
    row = report_outside(
        person(request),
        document_id,
        request.POST.get("recipient", ""),
        RecipientState(state),
        request.POST.get("note", ""),
    )
    return _("%(name)s: %(state)s.") % {
        "name": row.name,
        "state": RecipientState(row.state).label,
    }


def _deadline(request: HttpRequest, document_id: UUID) -> str:
    values = FormValues(request.POST)
    day = values.day("deadline")
    values.finish()
    if day is None:
        raise InvalidInput(_("Hãy ghi hạn."))
    only = request.POST.getlist("recipient") or None
    count = len(give_deadline(person(request), document_id, day, only))
    return ngettext(
        "Đã ghi hạn cho %(count)s nơi nhận.",
        "Đã ghi hạn cho %(count)s nơi nhận.",
        count,
    ) % {"count": count}


def _recall(request: HttpRequest, document_id: UUID) -> str:
    made = recall(person(request), document_id, request.POST.get("reason", ""))
    said = _(
        "Đã thu hồi văn bản. Nơi nhận trên hệ thống không xem được nữa và thấy yêu cầu"
        " xác nhận ở đầu danh sách nhận được."
    )
    outside = count_told_by_hand(made.document)
    if not outside:
        return said
    more = ngettext(
        "Còn %(count)s nơi nhận ngoài hệ thống: hãy tự báo, rồi ghi nhận đã thu hồi.",
        "Còn %(count)s nơi nhận ngoài hệ thống: hãy tự báo, rồi ghi nhận đã thu hồi.",
        outside,
    )
    return f"{said} {more % {'count': outside}}"


def _confirm(request: HttpRequest, document_id: UUID) -> str:
    row = confirm_recall_outside(
        person(request),
        document_id,
        request.POST.get("recipient", ""),
        request.POST.get("note", ""),
    )
    return _("%(name)s đã xác nhận.") % {"name": row.name}


@login_required
@require_POST
def document_link(request: HttpRequest, document_id: UUID, kind: str) -> HttpResponse:
    """Begin the draft that replaces or corrects this document."""
    if kind not in LinkKind.values:
        raise NotFound
    try:
        draft = begin_linked_draft(person(request), document_id, LinkKind(kind))
    except NotFound:
        raise
    except AppError as error:
        messages.error(request, str(error))
        return redirect("distribution", document_id=document_id)
    return redirect("draft_editor", draft_id=draft.pk)


# ── files ───────────────────────────────────────────────────────────────────────


@login_required
@require_GET
def issued_file(request: HttpRequest, document_id: UUID, form: str) -> HttpResponse:
    """The .docx or the PDF, byte for byte as it was issued."""
    if form not in set(FileForm):
        raise NotFound
    file = read_issued(person(request), document_id, FileForm(form))
    response = HttpResponse(file.data, content_type=file.content_type)
    is_download = "download" in request.GET or form == FileForm.DOCX
    header = content_disposition_header(is_download, file.name)
    response["Content-Disposition"] = header or "attachment"
    # A recall must reach the next look, so nothing is kept on the way.
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_GET
def issued_page(request: HttpRequest, document_id: UUID, page: int) -> HttpResponse:
    """A page as a picture."""
    picture, _tag = read_page(person(request), document_id, page)
    response = HttpResponse(picture, content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    return response
