"""Write a row of a book, look at one, and add what happened to it later."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from server.accounts.models import Unit, User
from server.common import clock
from server.common.errors import Conflict, InvalidInput
from server.registry.actions import incoming, outgoing
from server.registry.actions.numbers import types_of
from server.registry.incoming_access import find_incoming_document
from server.registry.models import (
    Channel,
    DocumentCopy,
    IncomingDocument,
    OutgoingDocument,
    Register,
    Urgency,
)
from server.registry.queries.case_files import filing_of
from server.registry.queries.registers import reserved_numbers
from server.registry.queries.sent_here import sent_here
from server.registry.register_access import (
    access_incoming,
    access_outgoing,
    access_register,
)
from server.registry.views.form_values import WAS, FormValues, refill
from server.registry.views.incoming_acts import attach_all
from server.registry.views.requests import person


@never_cache
@login_required
def entry_new(request: HttpRequest, register_id: UUID) -> HttpResponse:
    """The form of a new row; which one depends on the book."""
    register = access_register(person(request), register_id, keep=True).register
    context: dict[str, Any] = {
        "register": register,
        "types": types_of(register),
        "urgencies": Urgency.choices,
        "today": clock.today(),
        "data": request.POST,
    }
    if request.method == "POST":
        write = _write_incoming if register.is_incoming else _write_outgoing
        try:
            return write(request, register)
        except (InvalidInput, Conflict) as refused:
            context["error"] = refused
    more: dict[str, Any]
    if register.is_incoming:
        template = "new_incoming.html"
        more = {
            "channels": Channel.choices,
            "period": register.period_on(clock.today()),
        }
    else:
        units = Unit.objects.filter(organisation_id=register.organisation_id)
        template = "new_outgoing.html"
        more = {
            "units": units.order_by("search_key"),
            "reserved": reserved_numbers(register),
        }
    error = context.get("error")
    return render(
        request,
        f"registry/registers/{template}",
        {**context, **more},
        status=error.http_status if error else 200,
    )


def _write_outgoing(request: HttpRequest, register: Register) -> HttpResponse:
    values = FormValues(request.POST)
    entry = outgoing.OutgoingEntry(
        document_type=values.text("document_type"),
        subject=values.text("subject"),
        signer_name=values.text("signer_name"),
        signer_position=values.text("signer_position"),
        recipients_text=values.text("recipients_text"),
        archive_unit=values.text("archive_unit"),
        copies=values.count("copies"),
        pages=values.count("pages"),
        sent_on=values.day("sent_on"),
        note=values.text("note"),
        urgency=values.text("urgency") or Urgency.NORMAL,
        deadline=values.day("deadline"),
    )
    on_date = values.day("on_date")
    values.finish()
    row = outgoing.register_outgoing(
        person(request),
        register.pk,
        entry,
        on_date=on_date,
        unit_id=values.text("unit"),
        number_id=values.text("number"),
        is_second=values.ticked("is_second"),
    )
    messages.success(
        request, _("Đã vào sổ: số %(number)s.") % {"number": row.full_number}
    )
    return redirect("outgoing_entry", document_id=row.pk)


def _write_incoming(request: HttpRequest, register: Register) -> HttpResponse:
    values = FormValues(request.POST)
    entry = incoming.IncomingEntry(
        document_type=values.text("document_type"),
        issuer=values.text("issuer"),
        subject=values.text("subject"),
        full_number=values.text("full_number"),
        issued_on=values.day("issued_on"),
        arrived_on=values.day("arrived_on"),
        channel=values.text("channel") or Channel.PAPER,
        signer_name=values.text("signer_name"),
        signer_position=values.text("signer_position"),
        urgency=values.text("urgency") or Urgency.NORMAL,
        pages=values.count("pages"),
        forwarded_to=values.text("forwarded_to"),
        forwarded_on=values.day("forwarded_on"),
        file_notation=values.text("file_notation"),
        deadline=values.day("deadline"),
        note=values.text("note"),
    )
    values.finish()
    row = incoming.register_incoming(
        person(request), register.pk, entry, is_second=values.ticked("is_second")
    )
    messages.success(
        request, _("Đã vào sổ: số đến %(number)s.") % {"number": row.written}
    )
    attach_all(request, row.pk)
    return redirect("incoming_entry", document_id=row.pk)


@never_cache
@login_required
@require_GET
def entry_duplicate(request: HttpRequest, register_id: UUID) -> HttpResponse:
    """A warning while one types: the same document stands in the book already, or what
    goes out would bear a number that another document bears."""
    user = person(request)
    values = FormValues(request.GET)
    found: IncomingDocument | OutgoingDocument | None
    if access_register(user, register_id).register.is_incoming:
        found = incoming.duplicate_of(
            user,
            register_id,
            full_number=request.GET.get("full_number", "")[:100],
            issuer=request.GET.get("issuer", "")[:300],
            issued_on=values.day("issued_on"),
        )
        template = "_duplicate.html"
    else:
        found = outgoing.duplicate_of(
            user,
            register_id,
            document_type=values.text("document_type"),
            on_date=values.day("on_date"),
            unit_id=values.text("unit"),
            number_id=values.text("number"),
        )
        template = "_duplicate_number.html"
    return render(request, f"registry/registers/{template}", {"found": found})


@never_cache
@login_required
def outgoing_entry(request: HttpRequest, document_id: UUID) -> HttpResponse:
    row, may_keep = access_outgoing(person(request), document_id)
    context: dict[str, Any] = {"row": row, "may_keep": may_keep}
    context["copied"] = _address_of_copied(person(request), row)
    if request.method == "POST":
        try:
            outgoing.record_sending(
                person(request),
                document_id,
                _sending(request),
                seen=_sending(request, WAS) if _says_what_it_saw(request) else None,
            )
        except (InvalidInput, Conflict) as refused:
            context["error"] = refused
            row = context["row"] = access_outgoing(person(request), document_id)[0]
        else:
            messages.success(request, _("Đã ghi vào sổ."))
            return redirect("outgoing_entry", document_id=document_id)
    return _entry(request, "outgoing.html", context, outgoing.sending_of(row))


def _address_of_copied(user: User, row: OutgoingDocument) -> str:
    """Where the document is that this row is a copy of; empty for every other row.

    Who reads the book but never got the received document sees its row only.
    """
    copy = DocumentCopy.objects.filter(row=row).first()
    if copy is None:
        return ""
    if copy.source_id:
        return reverse("distribution", args=[copy.source_id]) + "#copies"
    if find_incoming_document(user, str(copy.incoming_id)) is None:
        return reverse("incoming_entry", args=[copy.incoming_id])
    return reverse("incoming_document", args=[copy.incoming_id]) + "#copies"


@never_cache
@login_required
def incoming_entry(request: HttpRequest, document_id: UUID) -> HttpResponse:
    row, may_keep = access_incoming(person(request), document_id)
    context: dict[str, Any] = {"row": row, "may_keep": may_keep}
    context["in_hand"] = find_incoming_document(person(request), document_id)
    context["sent"] = sent_here(row)
    if request.method == "POST":
        try:
            incoming.follow_up(
                person(request),
                document_id,
                _follow_up(request),
                seen=_follow_up(request, WAS) if _says_what_it_saw(request) else None,
            )
        except (InvalidInput, Conflict) as refused:
            context["error"] = refused
            row = context["row"] = access_incoming(person(request), document_id)[0]
        else:
            messages.success(request, _("Đã ghi vào sổ."))
            return redirect("incoming_entry", document_id=document_id)
    return _entry(request, "incoming.html", context, incoming.known_of(row))


def _says_what_it_saw(request: HttpRequest) -> bool:
    return f"{WAS}note" in request.POST


def _sending(request: HttpRequest, before: str = "") -> outgoing.Sending:
    """What was typed, or with `WAS` what the form was made of."""
    values = FormValues(request.POST, before)
    sending = outgoing.Sending(
        archive_unit=values.text("archive_unit"),
        copies=values.count("copies"),
        sent_on=values.day("sent_on"),
        note=values.text("note"),
    )
    values.finish()
    return sending


def _follow_up(request: HttpRequest, before: str = "") -> incoming.FollowUp:
    values = FormValues(request.POST, before)
    change = incoming.FollowUp(
        forwarded_to=values.text("forwarded_to"),
        forwarded_on=values.day("forwarded_on"),
        file_notation=values.text("file_notation"),
        deadline=values.day("deadline"),
        progress=values.text("progress"),
        answer_number=values.text("answer_number"),
        answered_on=values.day("answered_on"),
        note=values.text("note"),
    )
    values.finish()
    return change


def _entry(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    fields: dict[str, Any],
) -> HttpResponse:
    error = context.get("error")
    context["filing"] = filing_of(person(request), context["row"])
    told = error is not None and error.code == "row_changed"
    filled = refill(fields, request.POST, told=told)
    return render(
        request,
        f"registry/registers/{template}",
        {**context, "shown": filled.shown, "was": filled.was},
        status=error.http_status if error else 200,
    )
