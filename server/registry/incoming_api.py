"""The API of incoming work: files, forwardings, progress, answers, papers, the list.

It only translates: rights are asked at the door, rules are in the actions, which the
pages call too.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import File, Router, Status, UploadedFile
from pydantic import Field

from server.accounts.api import caller
from server.accounts.schemas import Page
from server.registry.actions import forwardings as actions
from server.registry.actions import handling, incoming_answers, incoming_files
from server.registry.books import Format
from server.registry.file_answers import file_answer, paper_answer
from server.registry.incoming_access import (
    access_forwarding,
    access_incoming_document,
)
from server.registry.incoming_lists import work_file
from server.registry.incoming_papers import slip_file, stamp_file
from server.registry.incoming_schemas import (
    AnswerIn,
    AnswerOut,
    AssignmentIn,
    CompletionIn,
    ForwardingIn,
    ForwardingOut,
    ForwardingStepOut,
    HandlingOut,
    IncomingFileOut,
    NoteIn,
    ReasonIn,
    WorkCountsOut,
    WorkOut,
)
from server.registry.incoming_terms import transfer_by
from server.registry.models import Forwarding, IncomingDocument
from server.registry.queries import forwardings as queries
from server.registry.queries.forwardings import Desk, Tab
from server.registry.queries.sent_here import sent_here

router = Router(tags=["incoming"])
PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]
_DOCUMENT = "/incoming-documents/{uuid:document_id}"
_FORWARDING = "/forwardings/{uuid:forwarding_id}"


@router.get("/incoming-work", response=Page[WorkOut])
def work_list(
    request: HttpRequest, tab: Tab = Tab.WAITING, page: PageNumber = 1
) -> Page[WorkOut]:
    """What waits for me or my units; `to_forward` for clerks and leaders."""
    desk = Desk.of(caller(request))
    if tab is Tab.TO_FORWARD:
        documents = queries.list_to_forward(desk, page)
        items = [_work(row, None, desk) for row in documents.rows]
        return Page(
            items=items, count=documents.total, page=documents.number,
            pages=documents.pages,
        )  # fmt: skip
    found = queries.list_work(desk, tab, page)
    items = [_work(row.document, row, desk) for row in found.rows]
    return Page(items=items, count=found.total, page=found.number, pages=found.pages)


def _work(document: IncomingDocument, row: Forwarding | None, desk: Desk) -> WorkOut:
    return WorkOut(
        document=document.pk,
        number=document.number,
        arrived_on=document.arrived_on,
        issuer=document.issuer,
        full_number=document.full_number,
        subject=document.subject,
        urgency=document.urgency,
        transfer_by=transfer_by(document.arrived_on, document.urgency),
        forwarding=ForwardingOut.of(row, desk.handler) if row else None,
    )


@router.get("/incoming-work/counts", response=WorkCountsOut)
def work_counts(request: HttpRequest) -> WorkCountsOut:
    return WorkCountsOut.of(queries.count_work(Desk.of(caller(request))))


@router.get("/incoming-work.xlsx", response={200: bytes})
def work_export(request: HttpRequest, tab: Tab = Tab.WAITING) -> HttpResponse:
    """The whole tab as a spreadsheet."""
    user = caller(request)
    return paper_answer(work_file(Desk.of(user), tab, user))


@router.get(f"{_DOCUMENT}/handling", response=HandlingOut)
def handling_read(request: HttpRequest, document_id: UUID) -> HandlingOut:
    """The document with files, forwardings and what the caller may do."""
    return _handling(request, document_id)


@router.put(f"{_DOCUMENT}/forwardings", response=HandlingOut)
def document_forward(
    request: HttpRequest, document_id: UUID, body: ForwardingIn
) -> HandlingOut:
    """Forward it, or change to whom it is forwarded: the whole list is replaced."""
    actions.forward(caller(request), document_id, body.plan())
    return _handling(request, document_id)


@router.get(f"{_DOCUMENT}/history", response=list[ForwardingStepOut])
def forwarding_history(
    request: HttpRequest, document_id: UUID
) -> list[ForwardingStepOut]:
    document = access_incoming_document(caller(request), document_id).document
    return [ForwardingStepOut.of(row) for row in queries.history_of(document)]


@router.post(f"{_DOCUMENT}/files", response={201: IncomingFileOut})
def file_attach(
    request: HttpRequest, document_id: UUID, file: File[UploadedFile]
) -> Status[IncomingFileOut]:
    """A scan or file, known by its bytes: PDF, images, Office files, archives."""
    row = incoming_files.attach_file(caller(request), document_id, file)
    return Status(201, IncomingFileOut.of(row, row.document))


@router.post(f"{_DOCUMENT}/files/received", response={201: IncomingFileOut})
def file_attach_received(
    request: HttpRequest, document_id: UUID
) -> Status[IncomingFileOut]:
    """Attach the PDF that the sender issued in this system; once, however often."""
    row = incoming_files.attach_received(caller(request), document_id)
    return Status(201, IncomingFileOut.of(row, row.document))


@router.get(f"{_DOCUMENT}/files/{{uuid:file_id}}", response={200: bytes})
def file_read(
    request: HttpRequest, document_id: UUID, file_id: UUID, show: bool = False
) -> HttpResponseBase:
    """The bytes; with `show` a PDF or an image is not offered for download."""
    served = incoming_files.open_file(caller(request), document_id, file_id)
    return file_answer(request, served, show=show)


@router.post(f"{_DOCUMENT}/files/{{uuid:file_id}}/remove", response={204: None})
def file_remove(
    request: HttpRequest, document_id: UUID, file_id: UUID, body: ReasonIn
) -> Status[None]:
    """Take off what was attached by mistake; it stays on record."""
    incoming_files.remove_file(caller(request), document_id, file_id, body.reason)
    return Status(204, None)


@router.post(f"{_DOCUMENT}/answer", response={201: AnswerOut})
def answer_begin(
    request: HttpRequest, document_id: UUID, body: AnswerIn
) -> Status[AnswerOut]:
    """Begin a draft that answers; once issued it is the answer in the book."""
    draft = incoming_answers.begin_answer(
        caller(request), document_id, type_code=body.type, unit_id=body.unit
    )
    return Status(201, AnswerOut(draft=draft.pk))


@router.get(f"{_DOCUMENT}/slip.{{format}}", response={200: bytes})
def slip_print(
    request: HttpRequest, document_id: UUID, format: Literal["pdf", "docx"]
) -> HttpResponse:
    """Phiếu giải quyết văn bản đến."""
    access = access_incoming_document(caller(request), document_id)
    return paper_answer(slip_file(access, Format(format)))


@router.get(f"{_DOCUMENT}/stamp.pdf", response={200: bytes})
def stamp_print(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The stamp ĐẾN on a page of 50 × 35 mm."""
    document = access_incoming_document(caller(request), document_id).document
    return paper_answer(stamp_file(document))


@router.post(f"{_FORWARDING}/take-up", response=ForwardingOut)
def forwarding_take_up(
    request: HttpRequest, forwarding_id: UUID, body: NoteIn
) -> ForwardingOut:
    row = handling.take_up(caller(request), forwarding_id, body.note)
    return _forwarding(request, row)


@router.post(f"{_FORWARDING}/progress", response=ForwardingOut)
def forwarding_progress(
    request: HttpRequest, forwarding_id: UUID, body: NoteIn
) -> ForwardingOut:
    row = handling.report_progress(caller(request), forwarding_id, body.note)
    return _forwarding(request, row)


@router.post(f"{_FORWARDING}/complete", response=ForwardingOut)
def forwarding_complete(
    request: HttpRequest, forwarding_id: UUID, body: CompletionIn
) -> ForwardingOut:
    row = handling.complete(caller(request), forwarding_id, body.completion())
    return _forwarding(request, row)


@router.post(f"{_FORWARDING}/return", response={204: None})
def forwarding_return(
    request: HttpRequest, forwarding_id: UUID, body: ReasonIn
) -> Status[None]:
    """To the head who assigned it, or to the clerk. The caller may lose sight of it."""
    handling.give_back(caller(request), forwarding_id, body.reason)
    return Status(204, None)


@router.post(f"{_FORWARDING}/assign", response=ForwardingOut)
def forwarding_assign(
    request: HttpRequest, forwarding_id: UUID, body: AssignmentIn
) -> ForwardingOut:
    """The head of the unit names who settles it."""
    row = actions.assign(caller(request), forwarding_id, **body.dict())
    return _forwarding(request, row)


def _handling(request: HttpRequest, document_id: UUID) -> HandlingOut:
    access = access_incoming_document(caller(request), document_id)
    document = access.document
    return HandlingOut.of(access, queries.files_of(document), sent_here(document))


def _forwarding(request: HttpRequest, row: Forwarding) -> ForwardingOut:
    found, access = access_forwarding(caller(request), row.pk)
    return ForwardingOut.of(found, access.handler)
