"""The list "Văn bản đến của tôi" and the page of one document in hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from server.common import clock
from server.common.errors import AppError, Message, NotFound
from server.registry.actions.forwardings import members_of
from server.registry.incoming_access import IncomingAccess, access_incoming_document
from server.registry.incoming_lists import LABELS
from server.registry.incoming_terms import transfer_by, usual_deadlines
from server.registry.models import DIRECTION_LENGTH, Forwarding
from server.registry.queries import forwardings as queries
from server.registry.queries.forwardings import Desk, Tab, WorkCounts
from server.registry.queries.sent_here import sent_here
from server.registry.views.copying import received_context_of
from server.registry.views.requests import number, person, show


@dataclass(frozen=True, slots=True)
class TabLink:
    """`count` is None for a tab whose number says nothing (what is done)."""

    name: str
    label: Message
    count: int | None
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Task:
    """One part of the work that is the person's to do, with whom a head may name."""

    row: Forwarding
    may_settle: bool
    may_assign: bool
    members: list[Any]


@never_cache
@login_required
@require_GET
def incoming_work(request: HttpRequest) -> HttpResponse:
    desk = Desk.of(person(request))
    counts = queries.count_work(desk)
    tab = _tab(request, counts)
    page = number(request, "page")
    found: queries.WorkPage[Any]
    if tab is Tab.TO_FORWARD:
        found = queries.list_to_forward(desk, page)
    else:
        found = queries.list_work(desk, tab, page)

    def address(page: int) -> str:
        return f"?tab={tab}" + (f"&page={page}" if page > 1 else "")

    context: dict[str, object] = {
        "tab": tab.value,
        "tabs": _tabs(tab, counts),
        "found": found,
        "previous": address(found.number - 1) if found.number > 1 else "",
        "next": address(found.number + 1) if found.number < found.pages else "",
    }
    return show(request, "incoming/list.html", "incoming/_list.html", context)


def _tab(request: HttpRequest, counts: WorkCounts) -> Tab:
    try:
        asked = Tab(request.GET.get("tab", ""))
    except ValueError:
        return counts.first
    if asked is Tab.TO_FORWARD and counts.to_forward is None:
        return counts.first
    return asked


def _tabs(shown: Tab, counts: WorkCounts) -> list[TabLink]:
    numbers: dict[Tab, int | None] = {
        Tab.WAITING: counts.waiting,
        Tab.IN_PROGRESS: counts.in_progress,
        Tab.OVER: counts.over,
        Tab.DONE: None,
    }
    if counts.to_forward is not None:
        numbers = {Tab.TO_FORWARD: counts.to_forward, **numbers}
    return [
        TabLink(tab.value, LABELS[tab], count, tab is shown)
        for tab, count in numbers.items()
    ]


@never_cache
@require_GET
def incoming_count(request: HttpRequest) -> HttpResponse:
    """The number beside the word in the bar; empty when nothing waits, also for a page
    whose session has ended."""
    waiting = 0
    if request.user.is_authenticated:
        waiting = queries.count_work(Desk.of(person(request))).urgent
    return HttpResponse(str(waiting) if waiting else "")


@never_cache
@login_required
@require_GET
def incoming_document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    access = access_incoming_document(person(request), document_id)
    return document_page(request, access)


@never_cache
@login_required
@require_GET
def incoming_file_words(
    request: HttpRequest, document_id: UUID, file_id: UUID
) -> HttpResponse:
    """What is known of the words of one file, asked again while it is being read."""
    document = access_incoming_document(person(request), document_id).document
    files = queries.files_of(document)
    file = next((one for one in files if one.pk == file_id), None)
    if file is None:
        raise NotFound
    context = {"row": document, "file": file}
    return render(request, "registry/incoming/_file_words.html", context)


def document_page(
    request: HttpRequest,
    access: IncomingAccess,
    error: AppError | None = None,
    **typed: object,
) -> HttpResponse:
    """The page, also after an act that was refused: `typed` is what was written."""
    document = access.document
    last = transfer_by(document.arrived_on, document.urgency)
    sent = sent_here(document)
    waits = document.forwarded_on is None and document.answered_on is None
    context = {
        "access": access,
        "row": document,
        "files": queries.files_of(document),
        "sent": sent,
        "history": queries.history_of(document),
        "tasks": _tasks(access),
        "transfer_by": last,
        "is_transfer_late": waits and not access.is_void and clock.today() > last,
        "registered_late_on": queries.handled_late(document, last),
        "usual": usual_deadlines(clock.today()),
        "direction_length": DIRECTION_LENGTH,
        "copying": received_context_of(access, sent),
        "error": error,
        "typed": typed,
    }
    status = error.http_status if error else 200
    return render(request, "registry/incoming/document.html", context, status=status)


def _tasks(access: IncomingAccess) -> list[Task]:
    if access.is_void:
        return []
    tasks = []
    for row in access.forwardings:
        settles, heads = access.handler.settles(row), access.handler.heads(row)
        if row.is_open and (settles or heads):
            members = members_of(row) if heads else []
            tasks.append(Task(row, settles, heads, members))
    return tasks
