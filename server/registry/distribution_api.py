"""The API of distribution: lists of recipients, recall, and what one received.

It only translates, like `issue_api`: `actions.distribution` and `actions.recalling`
act, behind the doors of `issued_access`.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from server.accounts.api import caller
from server.accounts.schemas import Page
from server.registry.actions import distribution, recalling
from server.registry.actions.distribution import Acceptance
from server.registry.actions.linked_drafts import begin_linked_draft
from server.registry.actions.recipient_days import give_deadline
from server.registry.distribution_schemas import (
    AcceptIn,
    ChaseIn,
    DeadlineIn,
    LinkedDraftOut,
    LinkIn,
    NoteIn,
    ReasonIn,
    ReceivedOut,
    RecipientOut,
    RecipientsIn,
    ReportIn,
    SentIn,
)
from server.registry.issue_schemas import IssuedOut
from server.registry.issued_access import access_distribution, access_recipient
from server.registry.models import LinkKind, OutgoingDocument, RecipientState
from server.registry.queries.issued_api_reads import issued_of, recipients_of
from server.registry.queries.received import Deadline, Wanted, page_of_received
from server.registry.register_schemas import IncomingOut

router = Router(tags=["distribution"])
PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]


@router.get(
    "/outgoing-documents/{uuid:document_id}/recipients", response=list[RecipientOut]
)
def recipient_list(request: HttpRequest, document_id: UUID) -> list[RecipientOut]:
    """The whole list, each with its history; for whoever works in the organisation or
    would sign the document today."""
    document, _keeps = access_distribution(caller(request), document_id)
    return _shown(document)


@router.post(
    "/outgoing-documents/{uuid:document_id}/recipients",
    response={201: list[RecipientOut]},
)
def recipient_add(
    request: HttpRequest, document_id: UUID, body: RecipientsIn
) -> Status[list[RecipientOut]]:
    """Send it to more. Nobody is ever taken off a list."""
    plans = [line.plan() for line in body.recipients]
    made = distribution.add_recipients(caller(request), document_id, plans)
    return Status(201, _shown(made[0].document, [row.pk for row in made]))


@router.post(
    "/outgoing-documents/{uuid:document_id}/recipients/{uuid:recipient_id}/report",
    response=RecipientOut,
)
def recipient_report(
    request: HttpRequest, document_id: UUID, recipient_id: UUID, body: ReportIn
) -> RecipientOut:
    """Note what a recipient outside this system did."""
    row = distribution.report_outside(
        caller(request), document_id, recipient_id, body.state, body.note
    )
    return _shown(row.document, [row.pk])[0]


@router.post(
    "/outgoing-documents/{uuid:document_id}/recipients/{uuid:recipient_id}"
    "/confirm-recall",
    response=RecipientOut,
)
def recipient_confirm_recall(
    request: HttpRequest, document_id: UUID, recipient_id: UUID, body: NoteIn
) -> RecipientOut:
    """Note that a recipient outside this system keeps no copy of what was recalled,
    or knows what was replaced."""
    row = recalling.confirm_recall_outside(
        caller(request), document_id, recipient_id, body.note
    )
    return _shown(row.document, [row.pk])[0]


@router.post(
    "/outgoing-documents/{uuid:document_id}/chase", response=list[RecipientOut]
)
def recipient_chase(
    request: HttpRequest, document_id: UUID, body: ChaseIn
) -> list[RecipientOut]:
    """Đôn đốc. Answers who was chased: those who have done everything are not. After a
    recall or a replacement, those who have not confirmed it."""
    user = caller(request)
    chased = distribution.chase(user, document_id, body.recipients, body.note)
    document, _keeps = access_distribution(user, document_id)
    return _shown(document, [row.pk for row in chased])


@router.post("/outgoing-documents/{uuid:document_id}/sent", response=list[RecipientOut])
def recipient_sent(
    request: HttpRequest, document_id: UUID, body: SentIn
) -> list[RecipientOut]:
    """Note that those in the state `to_send` were sent it: on paper, by e-mail, over
    the exchange. Answers whom."""
    user = caller(request)
    sent = distribution.report_sent(
        user, document_id, body.note, channels=body.channels
    )
    document, _keeps = access_distribution(user, document_id)
    return _shown(document, [row.pk for row in sent])


@router.post(
    "/outgoing-documents/{uuid:document_id}/deadline", response=list[RecipientOut]
)
def recipient_deadline(
    request: HttpRequest, document_id: UUID, body: DeadlineIn
) -> list[RecipientOut]:
    """Give a day to those who must act and have none: they were sent it before a day
    was obligatory. Answers whom; a day that somebody has is never changed."""
    user = caller(request)
    given = give_deadline(user, document_id, body.deadline, body.recipients)
    document, _keeps = access_distribution(user, document_id)
    return _shown(document, [row.pk for row in given])


@router.post("/outgoing-documents/{uuid:document_id}/recall", response=IssuedOut)
def document_recall(
    request: HttpRequest, document_id: UUID, body: ReasonIn
) -> IssuedOut:
    """Thu hồi: the files close to every recipient at once."""
    user = caller(request)
    recalling.recall(user, document_id, body.reason)
    return IssuedOut.of(issued_of(access_distribution(user, document_id)[0]))


@router.post(
    "/outgoing-documents/{uuid:document_id}/link", response={201: LinkedDraftOut}
)
def document_link(
    request: HttpRequest, document_id: UUID, body: LinkIn
) -> Status[LinkedDraftOut]:
    """A new draft of yours whose issue will replace or correct this document."""
    kind = LinkKind(body.kind)
    draft = begin_linked_draft(caller(request), document_id, kind)
    return Status(201, LinkedDraftOut(draft=draft.pk))


@router.get("/received", response=Page[ReceivedOut])
def received_list(
    request: HttpRequest,
    state: RecipientState | None = None,
    unopened: bool = False,
    deadline: Deadline = "",
    to_confirm: bool = False,
    page: PageNumber = 1,
) -> Page[ReceivedOut]:
    """What you received: first what was recalled or replaced and waits for your
    confirmation (`to_confirm`: only that), then the rest, newest first. `deadline`: any
    = something to do by a day is not done, late = and the day is past. What was
    recalled or replaced is neither late nor unopened."""
    wanted = Wanted(
        state or "", unopened=unopened, deadline=deadline, to_confirm=to_confirm
    )
    found = page_of_received(caller(request), wanted, page)
    return Page(
        items=[ReceivedOut.of(row) for row in found.rows],
        count=found.total,
        page=found.number,
        pages=found.pages,
    )


@router.get("/received/{uuid:recipient_id}", response=ReceivedOut)
def received_read(request: HttpRequest, recipient_id: UUID) -> ReceivedOut:
    """The first look is noted, and the issuing office sees it."""
    distribution.mark_opened(caller(request), recipient_id)
    return _received(request, recipient_id)


@router.post("/received/{uuid:recipient_id}/accept", response={201: IncomingOut})
def received_accept(
    request: HttpRequest, recipient_id: UUID, body: AcceptIn
) -> Status[IncomingOut]:
    """Enter it into your organisation's incoming book."""
    incoming = distribution.accept(
        caller(request), recipient_id, Acceptance(body.register_id, body.is_second)
    )
    return Status(201, IncomingOut.of(incoming))


@router.post("/received/{uuid:recipient_id}/step", response=ReceivedOut)
def received_step(
    request: HttpRequest, recipient_id: UUID, body: ReportIn
) -> ReceivedOut:
    """Report what you do with it: accepted, refused (with a note), processing, done."""
    distribution.take_step(caller(request), recipient_id, body.state, body.note)
    return _received(request, recipient_id)


@router.post("/received/{uuid:recipient_id}/confirm-recall", response=ReceivedOut)
def received_confirm_recall(
    request: HttpRequest, recipient_id: UUID, body: NoteIn
) -> ReceivedOut:
    """Report that you keep no copy of what was recalled, or know what was replaced."""
    recalling.confirm_recall(caller(request), recipient_id, body.note)
    return _received(request, recipient_id)


def _received(request: HttpRequest, recipient_id: UUID) -> ReceivedOut:
    return ReceivedOut.of(access_recipient(caller(request), recipient_id))


def _shown(
    document: OutgoingDocument, only: list[UUID] | None = None
) -> list[RecipientOut]:
    return [RecipientOut.of_row(row) for row in recipients_of(document, only)]
