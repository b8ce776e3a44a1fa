"""What was sent to me, my unit or my organisation, and what I do with it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from server.common.errors import AppError, InvalidInput, NotFound
from server.registry.access import as_id
from server.registry.actions.distribution import (
    Acceptance,
    accept,
    mark_opened,
    take_step,
)
from server.registry.actions.recalling import confirm_recall
from server.registry.issued_access import access_received_document, access_recipient
from server.registry.issuing.steps import AFTER
from server.registry.models import (
    REASON_LENGTH,
    OutgoingState,
    Recall,
    RecipientState,
    Register,
    RegisterKind,
)
from server.registry.queries.public_documents import public_document
from server.registry.queries.received import (
    COUNTED,
    FILTERS,
    count_waiting,
    list_received,
)
from server.registry.register_access import kept_organisations, readable_registers
from server.registry.views.requests import is_partial, person


@never_cache
@login_required
@require_GET
def received_list(request: HttpRequest) -> HttpResponse:
    shown = request.GET.get("show", "")
    shown = shown if shown in FILTERS else ""
    after = request.GET.get("after", "")[:100]
    page = list_received(person(request), shown=shown, after=after)
    context = {"page": page, "shown": shown, "is_first": not after}
    # The next rows are put below those that are there.
    more = is_partial(request) and bool(after)
    template = "_received_rows.html" if more else "received.html"
    return render(request, f"registry/{template}", context)


@never_cache
@require_GET
def received_count(request: HttpRequest) -> HttpResponse:
    """The number beside the word in the bar; empty also for a page whose session has
    ended."""
    if not request.user.is_authenticated:
        return HttpResponse()
    count = count_waiting(person(request))
    shown = f"{COUNTED - 1}+" if count >= COUNTED else str(count or "")
    return HttpResponse(shown)


@never_cache
@login_required
@require_GET
def received_one(request: HttpRequest, recipient_id: UUID) -> HttpResponse:
    """Looking at it is the first step: the sender sees that it was opened."""
    user = person(request)
    mark_opened(user, recipient_id)
    row = access_recipient(user, recipient_id)
    is_recalled = row.document.state == OutgoingState.RECALLED
    context = {
        "row": row,
        "document": row.document,
        "is_recalled": is_recalled,
        "recall": Recall.objects.filter(document=row.document).first(),
        "standing": public_document(row.document),
        "steps": row.steps.select_related("by"),
        "acts": [] if is_recalled else AFTER[RecipientState(row.state)],
        "registers": _incoming_registers(request, row.organisation_id),
        "reason_length": REASON_LENGTH,
        "pages": range(1, min(row.document.pages or 1, 12) + 1),
    }
    return render(request, "registry/received_one.html", context)


@never_cache
@login_required
@require_GET
def received_document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """A hit of the search: to the page on which this person has the document."""
    row = access_received_document(person(request), document_id)
    try:
        access_recipient(person(request), row.pk)
    except NotFound:
        return redirect("incoming_document", document_id=row.incoming_id)
    return redirect("received_one", recipient_id=row.pk)


def _incoming_registers(
    request: HttpRequest, organisation_id: UUID | None
) -> list[Register]:
    if organisation_id is None:
        return []
    books = readable_registers(person(request)).filter(
        organisation__in=kept_organisations(person(request)),
        organisation_id=organisation_id,
        kind=RegisterKind.INCOMING,
        is_active=True,
    )
    return list(books.order_by("name"))


@login_required
@require_POST
def received_act(request: HttpRequest, recipient_id: UUID, act: str) -> HttpResponse:
    doings: dict[str, Callable[[HttpRequest, UUID], str]] = {
        "accept": _accept,
        "recall": _confirm,
    }
    if act not in doings and act not in RecipientState.values:
        raise NotFound
    try:
        messages.success(request, doings.get(act, _step)(request, recipient_id))
    except NotFound:
        raise
    except AppError as error:
        said = [str(error), *(str(m) for m in error.fields.values())]
        messages.error(request, " ".join(dict.fromkeys(said)))
    return redirect("received_one", recipient_id=recipient_id)


def _accept(request: HttpRequest, recipient_id: UUID) -> str:
    register = request.POST.get("register", "")
    if not register:
        raise InvalidInput(_("Hãy chọn một sổ văn bản đến."))
    acceptance = Acceptance(as_id(register), bool(request.POST.get("is_second")))
    incoming = accept(person(request), recipient_id, acceptance)
    return _("Đã tiếp nhận và vào sổ: số đến %(number)s.") % {
        "number": incoming.written
    }


def _step(request: HttpRequest, recipient_id: UUID) -> str:
    act = request.resolver_match.kwargs["act"] if request.resolver_match else ""
    state = RecipientState(act)
    take_step(person(request), recipient_id, state, request.POST.get("note", ""))
    return str(state.label)


def _confirm(request: HttpRequest, recipient_id: UUID) -> str:
    confirm_recall(person(request), recipient_id, request.POST.get("note", ""))
    return _("Đã xác nhận.")
