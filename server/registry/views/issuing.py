"""The page on which the clerk issues: what will go out, to whom, under which number.

Everything is shown before the one button is pressed, and what was shown is what goes
out: number, date and the digest of the text travel with the form. Must never decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from server.accounts.models import User
from server.common.errors import AppError, InvalidInput, NotFound
from server.publishing.pdf_pages import page_count, page_picture
from server.registry.abilities import Action
from server.registry.access import access_draft, as_id
from server.registry.actions.issuing import issue, issued_already
from server.registry.actions.numbers import types_of
from server.registry.issuing.plan import IssuePlan, RecipientPlan
from server.registry.models import Draft, Register, RegisterKind
from server.registry.queries.issue_preview import (
    preview_issue,
    preview_pdf,
    suggested_list,
)
from server.registry.queries.registers import reserved_numbers
from server.registry.refusals import refused
from server.registry.register_access import kept_organisations, readable_registers
from server.registry.seen import seen_digest
from server.registry.standing import Worker, standing_of
from server.registry.texts import committed
from server.registry.views.form_values import FormValues
from server.registry.views.recipient_lines import (
    Line,
    lines_of,
    offered_for,
    read_lines,
)
from server.registry.views.requests import person
from server.registry.workflow.table import Act, Row, verdict

# More pages than these are looked at in the PDF itself.
SHOWN_PAGES = 12


@never_cache
@login_required
def draft_issue(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    user = person(request)
    access = access_draft(user, draft_id, Action.OPEN)
    draft = access.draft
    done = issued_already(draft)
    if done is not None:
        return redirect("distribution", document_id=done.pk)
    found = verdict(standing_of(access, Worker.of(user)).facts, Act.ISSUE)
    if not isinstance(found, Row):
        messages.error(request, str(refused(found)))
        return redirect("draft_process", draft_id=draft_id)
    data = request.POST if request.method == "POST" else request.GET
    register = _chosen(user, draft, data)
    context: dict[str, object] = {
        "draft": draft,
        "registers": _registers(user, draft),
        "register": register,
        "data": data,
    }
    status = 200
    if request.method == "POST":
        try:
            return _issue(request, draft, register)
        except NotFound:
            raise
        except AppError as refusal:
            context["error"], status = refusal, refusal.http_status
            context["lines"] = _kept_lines(request.POST)
    else:
        first = suggested_list(draft)
        context["lines"] = lines_of(first.recipients)
        context["archive_unit"] = first.archive_unit
        context["offered"] = first.offered
    lines = cast(list[Line], context["lines"])
    context |= offered_for(committed(draft.pk).content.fields.urgency)
    context |= _preview(user, draft, register, data, lines)
    return render(request, "registry/issue.html", context, status=status)


def _issue(
    request: HttpRequest, draft: Draft, register: Register | None
) -> HttpResponse:
    if register is None:
        raise InvalidInput(fields={"register": _("Hãy chọn một sổ văn bản đi.")})
    values = FormValues(request.POST)
    copies = values.count("copies")
    values.finish()
    plan = _plan(
        request.POST,
        register,
        recipients=[line.plan for line in read_lines(request.POST)],
        copies=copies,
    )
    document = issue(person(request), draft.pk, plan)
    messages.success(
        request,
        _("Đã phát hành văn bản số %(number)s.") % {"number": document.full_number},
    )
    return redirect("distribution", document_id=document.pk)


def _plan(
    data: QueryDict,
    register: Register,
    *,
    recipients: Sequence[RecipientPlan] = (),
    copies: int | None = None,
) -> IssuePlan:
    number = data.get("number", "")
    return IssuePlan(
        register_id=register.pk,
        seen=data.get("seen", ""),
        recipients=tuple(recipients),
        number_id=as_id(number) if number else None,
        expected=data.get("expected", ""),
        expected_on=_day(data.get("expected_on", "")),
        archive_unit=data.get("archive_unit", ""),
        copies=copies,
        note=data.get("note", ""),
        is_second=bool(data.get("is_second")),
    )


def _day(value: str) -> date | None:
    """As the preview wrote it into the form; anything else is no word about a day."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _kept_lines(data: QueryDict) -> list[Line]:
    """What was typed stays in the form, as far as it can be read."""
    try:
        return read_lines(data)
    except InvalidInput:
        return []


# ── what will go out ────────────────────────────────────────────────────────────


@never_cache
@login_required
@require_POST
def issue_preview(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The part with number, warnings and pages, after another register or number."""
    user = person(request)
    draft = access_draft(user, draft_id, Action.OPEN).draft
    register = _chosen(user, draft, request.POST)
    context: dict[str, object] = {
        "draft": draft,
        "register": register,
        "data": request.POST,
    }
    lines = _kept_lines(request.POST)
    context |= _preview(user, draft, register, request.POST, lines)
    return render(request, "registry/_issue_preview.html", context)


@never_cache
@login_required
@require_GET
def issue_preview_pdf(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    response = HttpResponse(
        _preview_file(request, draft_id), content_type="application/pdf"
    )
    response["Content-Disposition"] = "inline; filename=xem-truoc.pdf"
    return response


@never_cache
@login_required
@require_GET
def issue_preview_page(request: HttpRequest, draft_id: UUID, page: int) -> HttpResponse:
    picture = page_picture(_preview_file(request, draft_id), page)
    return HttpResponse(picture, content_type="image/png")


def _preview_file(request: HttpRequest, draft_id: UUID) -> bytes:
    user = person(request)
    draft = access_draft(user, draft_id, Action.OPEN).draft
    register = _chosen(user, draft, request.GET)
    if register is None:
        raise Http404
    return preview_pdf(user, draft.pk, _plan(request.GET, register))


def _preview(
    user: User,
    draft: Draft,
    register: Register | None,
    data: QueryDict,
    lines: Sequence[Line],
) -> dict[str, object]:
    if register is None:
        return {}
    now = committed(draft.pk)
    reserved = [
        held
        for held in reserved_numbers(register)
        if held.document_type in {"", now.content.fields.document_type}
        or held.document_type == draft.document_type
    ]
    shown: dict[str, object] = {
        "reserved": reserved,
        "seen": seen_digest(draft.pk, now.digest),
    }
    try:
        recipients = [line.plan for line in lines]
        # What was typed before is no word about the number that is shown now.
        plan = replace(
            _plan(data, register, recipients=recipients), expected="", expected_on=None
        )
        preview = preview_issue(user, draft.pk, plan)
        shown["preview"] = preview
        # That the number is borne already is asked on the page, beside the pages.
        refusal = preview.refusal
        if refusal is None or refusal.code == "duplicate_document":
            count = page_count(preview_pdf(user, draft.pk, plan))
            shown["pages"] = range(1, min(count, SHOWN_PAGES) + 1)
            shown["page_count"] = count
            number = data.get("number", "")
            shown["query"] = f"register={register.pk}&number={number}"
    except NotFound:
        raise
    except AppError as error:
        shown["preview_error"] = error
    return shown


def _registers(user: User, draft: Draft) -> list[Register]:
    return list(
        readable_registers(user)
        .filter(
            organisation__in=kept_organisations(user),
            organisation_id=draft.organisation_id,
            kind__in=(RegisterKind.OUTGOING, RegisterKind.INTERNAL),
            is_active=True,
        )
        .select_related("organisation", "body")
        .order_by("-kind", "name")
    )


def _chosen(user: User, draft: Draft, data: QueryDict) -> Register | None:
    """The register that was asked for, else the first that takes this type."""
    registers = _registers(user, draft)
    asked = data.get("register", "")
    for register in registers:
        if str(register.pk) == asked:
            return register
    for register in registers:
        if draft.document_type in {kind.code for kind in types_of(register)}:
            return register
    return None
