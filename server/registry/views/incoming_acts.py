"""What is done on the pages of incoming work: forward, settle, answer, attach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from server.accounts.models import Unit, User
from server.common import clock
from server.common.errors import AppError, Conflict, InvalidInput, NotFound
from server.registry.actions import forwardings as actions
from server.registry.actions import handling, incoming_answers
from server.registry.actions.forwarding_plans import Plan, Recipient, directors_of
from server.registry.actions.handling import Completion
from server.registry.actions.incoming_files import attach_file, remove_file
from server.registry.incoming_access import (
    IncomingAccess,
    access_forwarding,
    access_incoming_document,
    find_incoming_document,
)
from server.registry.incoming_terms import usual_deadlines
from server.registry.issuing.terms import offered_deadline, offered_term
from server.registry.models import DIRECTION_LENGTH
from server.registry.views.form_values import FormValues
from server.registry.views.incoming import document_page
from server.registry.views.requests import person, refresh

# Empty rows that the form offers for those who cooperate.
SPARE_ROWS = 2
ACTS = ("take_up", "progress", "complete", "return", "assign")


@dataclass(frozen=True, slots=True)
class _RecipientRow:
    """What stands in one row of the form: "unit:<id>" or "person:<id>", and a day."""

    value: str = ""
    deadline: str = ""


@never_cache
@login_required
def incoming_forward(request: HttpRequest, document_id: UUID) -> HttpResponse:
    access = access_incoming_document(person(request), document_id, direct=True)
    error: AppError | None = None
    if request.method == "POST":
        try:
            actions.forward(person(request), document_id, _plan(request))
        except (InvalidInput, Conflict) as refused:
            error = refused
        else:
            messages.success(request, _("Đã chuyển văn bản."))
            return redirect("incoming_document", document_id=document_id)
    lead, cooperating = _rows(request, access)
    offered = None
    is_settled = access.lead is not None and access.lead.is_done
    if request.method != "POST" and not lead.deadline and not is_settled:
        offered = offered_deadline(access.document.urgency, clock.today())
        lead = replace(lead, deadline=offered.isoformat())
    organisation = access.document.organisation_id
    directors = directors_of(organisation)
    mine = next((d for d in directors if d.person == request.user), None)
    context = {
        **_choices(access),
        "access": access,
        "row": access.document,
        "lead": lead,
        "is_settled": is_settled,
        "first_day": _first_day(access),
        "offered": offered,
        "offered_term": offered_term(access.document.urgency),
        "cooperating": [*cooperating, *[_RecipientRow()] * SPARE_ROWS],
        "directors": directors if access.may_keep else [],
        "in_place": mine.mandate if mine else None,
        "direction": _typed(request, "direction", _held_direction(access)),
        "given_by": _typed(request, "given_by", _held_giver(access)),
        "given_on": _typed(request, "given_on", clock.today().isoformat()),
        "usual": usual_deadlines(clock.today()),
        "today": clock.today(),
        "direction_length": DIRECTION_LENGTH,
        "error": error,
    }
    status = error.http_status if error else 200
    return render(request, "registry/incoming/forward.html", context, status=status)


@never_cache
@login_required
@require_GET
def cooperating_row(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """One more empty row of the form."""
    access = access_incoming_document(person(request), document_id, direct=True)
    context = {**_choices(access), "one": _RecipientRow()}
    return render(request, "registry/incoming/_cooperating.html", context)


def _choices(access: IncomingAccess) -> dict[str, Any]:
    organisation = access.document.organisation_id
    people = User.objects.filter(
        is_active=True, memberships__unit__organisation_id=organisation
    )
    return {
        "units": Unit.objects.filter(organisation_id=organisation).order_by(
            "search_key"
        ),
        "people": people.distinct().order_by("name_key", "pk"),
    }


def _rows(
    request: HttpRequest, access: IncomingAccess
) -> tuple[_RecipientRow, list[_RecipientRow]]:
    """As they were typed, else as they are."""
    if request.method == "POST":
        typed = list(_typed_rows(request))
        lead = _RecipientRow(
            request.POST.get("lead", ""), request.POST.get("lead_deadline", "")
        )
        return lead, [row for row in typed if row.value]
    rows = [
        _RecipientRow(
            f"unit:{f.unit_id}" if f.unit_id else f"person:{f.person_id}",
            f.deadline.isoformat() if f.deadline else "",
        )
        for f in access.forwardings
    ]
    if access.lead is None:
        # What the document itself asks for, unless the day is past.
        deadline = access.document.deadline
        if deadline is not None and deadline < clock.today():
            deadline = None
        return _RecipientRow("", deadline.isoformat() if deadline else ""), rows
    return rows[0], rows[1:]


def _first_day(access: IncomingAccess) -> date:
    """Of the calendar: today, or the lead's day if it is past, for it may stay."""
    held = access.lead.deadline if access.lead else None
    return min(filter(None, (held, clock.today())))


def _typed_rows(request: HttpRequest) -> list[_RecipientRow]:
    values = request.POST.getlist("cooperating")
    days = request.POST.getlist("cooperating_deadline")
    days += [""] * (len(values) - len(days))
    return [_RecipientRow(*pair) for pair in zip(values, days, strict=False)]


def _typed(request: HttpRequest, name: str, otherwise: str) -> str:
    return request.POST.get(name, "") if request.method == "POST" else otherwise


def _held_direction(access: IncomingAccess) -> str:
    return access.lead.direction if access.lead else ""


def _held_giver(access: IncomingAccess) -> str:
    lead = access.lead
    return str(lead.given_by_id) if lead and lead.given_by_id else ""


def _plan(request: HttpRequest) -> Plan:
    values = FormValues(request.POST)
    lead = _recipient(values.text("lead"), values, "lead_deadline")
    cooperating = []
    faulty: dict[str, Any] = {}
    for row in _typed_rows(request):
        if not row.value:
            continue
        own = FormValues({"cooperating_deadline": row.deadline})
        cooperating.append(_recipient(row.value, own, "cooperating_deadline"))
        try:
            own.finish()
        except InvalidInput as refused:
            faulty.update(refused.fields)
    given_on = values.day("given_on")
    values.finish()
    if faulty:
        raise InvalidInput(fields=faulty)
    return Plan(
        lead,
        cooperating,
        values.text("direction"),
        values.text("given_by") or None,
        given_on,
    )


def _recipient(value: str, values: FormValues, day: str) -> Recipient:
    kind, _colon, found = value.partition(":")
    return Recipient(
        unit=found if kind == "unit" else None,
        person=found if kind == "person" else None,
        deadline=values.day(day),
    )


@never_cache
@login_required
@require_POST
def forwarding_act(request: HttpRequest, forwarding_id: UUID, act: str) -> HttpResponse:
    """One deed on one part of the work; a refusal keeps what was typed."""
    if act not in ACTS:
        raise NotFound
    user, data = person(request), request.POST
    forwarding, _access = access_forwarding(user, forwarding_id)
    document_id = forwarding.document_id
    try:
        _do(user, forwarding_id, act, data)
    except (InvalidInput, Conflict) as refused:
        access = access_incoming_document(user, document_id)
        return document_page(
            request, access, refused, act=act, forwarding=forwarding_id, data=data
        )
    messages.success(request, _done(act))
    if find_incoming_document(user, document_id) is None:
        # What was given back is out of sight.
        return redirect("incoming_work")
    return redirect("incoming_document", document_id=document_id)


def _do(user: User, forwarding_id: UUID, act: str, data: Mapping[str, str]) -> None:
    values = FormValues(data)
    note = values.text("note")
    if act == "take_up":
        handling.take_up(user, forwarding_id, note)
    elif act == "progress":
        handling.report_progress(user, forwarding_id, note)
    elif act == "return":
        handling.give_back(user, forwarding_id, values.text("reason"))
    elif act == "complete":
        completion = Completion(
            note, values.text("answer").strip(), values.ticked("needs_no_answer")
        )
        handling.complete(user, forwarding_id, completion)
    else:
        deadline = values.day("deadline")
        values.finish()
        actions.assign(
            user, forwarding_id, person=values.text("person"),
            deadline=deadline, direction=values.text("direction"),
        )  # fmt: skip


def _done(act: str) -> str:
    return {
        "take_up": _("Đã nhận xử lý."),
        "progress": _("Đã ghi tiến độ."),
        "complete": _("Đã hoàn thành."),
        "return": _("Đã trả lại."),
        "assign": _("Đã giao người giải quyết."),
    }[act]


@login_required
@require_POST
def incoming_answer(request: HttpRequest, document_id: UUID) -> HttpResponse:
    draft = incoming_answers.begin_answer(person(request), document_id)
    return redirect("draft_editor", draft_id=draft.pk)


@login_required
@require_POST
def incoming_files_add(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Several at once; each that is refused is named, the others are kept."""
    access_incoming_document(person(request), document_id, keep=True)
    attach_all(request, document_id)
    return refresh(request, reverse("incoming_document", args=[document_id]))


def attach_all(request: HttpRequest, document_id: UUID) -> None:
    """Attach every file of the form, and tell of each what became of it."""
    added = 0
    for file in request.FILES.getlist("files"):
        try:
            attach_file(person(request), document_id, file)
        except AppError as refused:
            messages.error(request, f"{file.name}: {refused.message}")
        else:
            added += 1
    if added:
        said = ngettext("Đã đính kèm %(n)s tệp.", "Đã đính kèm %(n)s tệp.", added)
        messages.success(request, said % {"n": added})


@login_required
@require_POST
def incoming_file_remove(
    request: HttpRequest, document_id: UUID, file_id: UUID
) -> HttpResponse:
    user = person(request)
    try:
        remove_file(user, document_id, file_id, request.POST.get("reason", ""))
    except InvalidInput as refused:
        return document_page(
            request, access_incoming_document(user, document_id), refused
        )
    messages.success(request, _("Đã gỡ tệp. Tệp vẫn còn trong lịch sử."))
    return redirect("incoming_document", document_id=document_id)
