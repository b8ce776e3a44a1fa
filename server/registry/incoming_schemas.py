"""Shapes of the API of incoming work. Names are promises to other programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, cast
from uuid import UUID

from ninja import Schema
from pydantic import Field

from server.common import clock
from server.registry.actions.forwarding_plans import Plan, Recipient
from server.registry.actions.handling import Completion
from server.registry.file_kinds import is_too_old
from server.registry.incoming_access import Handler, IncomingAccess
from server.registry.incoming_terms import Term, term_of, transfer_by
from server.registry.models import (
    Forwarding,
    ForwardingStep,
    IncomingDocument,
    IncomingFile,
)
from server.registry.queries.forwardings import WorkCounts
from server.registry.queries.sent_here import SentHere
from server.registry.register_schemas import IncomingOut
from server.registry.schemas import Strict

Words = Annotated[str, Field(max_length=10_000)]


class RecipientIn(Strict):
    """Exactly one of `unit` and `person`."""

    unit: UUID | None = None
    person: UUID | None = None
    deadline: date | None = None

    def recipient(self) -> Recipient:
        return Recipient(**self.dict())


class ForwardingIn(Strict):
    """All who shall have the document from now on; who is missing is withdrawn."""

    lead: RecipientIn = Field(description="with a deadline; others may have one")
    cooperating: Annotated[list[RecipientIn], Field(max_length=100)] = []
    direction: Words = ""
    given_by: UUID | None = Field(
        None,
        description="whose direction: a leader, or who may direct in a leader's place",
    )
    given_on: date | None = Field(None, description="today unless told")

    def plan(self) -> Plan:
        return Plan(
            self.lead.recipient(),
            [one.recipient() for one in self.cooperating],
            self.direction,
            self.given_by,
            self.given_on,
        )


class AssignmentIn(Strict):
    person: UUID
    deadline: date | None = None
    direction: Words = ""


class NoteIn(Strict):
    note: Words = ""


class ReasonIn(Strict):
    reason: Words


class CompletionIn(Strict):
    """The lead gives `answer` (id or "số, ký hiệu") or `needs_no_answer` and a note."""

    note: Words = ""
    answer: Annotated[str, Field(max_length=100)] = ""
    needs_no_answer: bool = False

    def completion(self) -> Completion:
        return Completion(**self.dict())


class AnswerIn(Strict):
    type: Annotated[str, Field(max_length=10)] = "CV"
    unit: UUID | None = Field(None, description="one of your units; default: main one")


class AnswerOut(Schema):
    draft: UUID


TextKnown = Literal["", "words", "none", "reading", "unreadable"]


class IncomingFileOut(Schema):
    """`pdf_too_old`: a PDF of a version that the law does not take for a scan.
    `text_layer`: whether the search knows its words: "words", "none", "reading" (its
    scanned pages are being recognised), "unreadable"; "" until it was read, and for
    other kinds of files. `text_why`: why not, or not all. `text_pages`: scanned pages
    that are read here; `text_pages_left` and `text_pages_failed` of them.
    """

    id: UUID
    name: str
    content_type: str
    size_bytes: int
    digest: str
    pdf_version: str
    pdf_too_old: bool
    text_layer: TextKnown
    text_why: Annotated[str, Field(max_length=20)]
    text_pages: int
    text_pages_left: int
    text_pages_failed: int
    added_by: str
    added_at: datetime

    @classmethod
    def of(cls, row: IncomingFile, document: IncomingDocument) -> IncomingFileOut:
        return cls(
            id=row.pk,
            name=row.name,
            content_type=row.content_type,
            size_bytes=row.size_bytes,
            digest=row.digest,
            pdf_version=row.pdf_version,
            pdf_too_old=is_too_old(row.pdf_version, document.arrived_on),
            text_layer=cast(TextKnown, row.known.layer) if row.known else "",
            text_why=row.known.why if row.known else "",
            text_pages=row.known.pages_in_all if row.known else 0,
            text_pages_left=len(row.known.pages) if row.known else 0,
            text_pages_failed=row.known.pages_failed if row.known else 0,
            added_by=row.added_by.full_name,
            added_at=row.added_at,
        )


class ForwardingOut(Schema):
    """`term` tells how near `due_on` is today; `may_settle` and `may_assign` are the
    caller's own."""

    id: UUID
    document: UUID
    role: str
    unit: UUID | None
    person: UUID | None
    recipient: str
    deadline: date | None
    direction: str
    given_by: str
    given_in_place_of: str = Field(
        description="KT. Chánh Văn phòng; of no mandate: empty"
    )
    given_on: date
    assignee: UUID | None
    assignee_name: str
    assigned_deadline: date | None
    assigned_direction: str
    due_on: date | None
    term: Term
    state: str
    state_at: datetime
    report: str
    may_settle: bool
    may_assign: bool

    @classmethod
    def of(cls, row: Forwarding, handler: Handler) -> ForwardingOut:
        return cls(
            id=row.pk,
            document=row.document_id,
            role=row.role,
            unit=row.unit_id,
            person=row.person_id,
            recipient=row.recipient_name,
            deadline=row.deadline,
            direction=row.direction,
            given_by=row.given_by.full_name if row.given_by else "",
            given_in_place_of=row.mandate.as_written if row.mandate else "",
            given_on=row.given_on,
            assignee=row.assignee_id,
            assignee_name=row.assignee.full_name if row.assignee else "",
            assigned_deadline=row.assigned_deadline,
            assigned_direction=row.assigned_direction,
            due_on=row.due_on,
            term=term_of(row.due_on, clock.today()) if row.is_open else Term.NONE,
            state=row.state,
            state_at=row.state_at,
            report=row.report,
            may_settle=row.is_open and handler.settles(row),
            may_assign=row.is_open and handler.heads(row),
        )


class SentHereOut(Schema):
    """As it was issued in this system: its files are those of
    /outgoing-documents/{document}. `standing`: in_force, recalled, replaced, corrected.
    """

    document: UUID
    standing: str

    @classmethod
    def of(cls, sent: SentHere) -> SentHereOut:
        return cls(document=sent.document.pk, standing=sent.standing.standing)


class HandlingOut(Schema):
    """A document in hand. `transfer_by` is the last day to register and forward it."""

    document: IncomingOut
    files: list[IncomingFileOut]
    forwardings: list[ForwardingOut]
    transfer_by: date
    may_keep: bool
    may_direct: bool
    may_answer: bool
    sent_here: SentHereOut | None

    @classmethod
    def of(
        cls,
        access: IncomingAccess,
        files: list[IncomingFile],
        sent: SentHere | None,
    ) -> HandlingOut:
        document = access.document
        return cls(
            document=IncomingOut.of(document),
            sent_here=SentHereOut.of(sent) if sent else None,
            files=[IncomingFileOut.of(row, document) for row in files],
            forwardings=[
                ForwardingOut.of(row, access.handler) for row in access.forwardings
            ],
            transfer_by=transfer_by(document.arrived_on, document.urgency),
            may_keep=access.may_keep,
            may_direct=access.may_direct,
            may_answer=access.may_answer,
        )


class WorkOut(Schema):
    """One line of the list of work: the document in short and, but in the tab
    "to_forward", the forwarding."""

    document: UUID
    number: int
    arrived_on: date
    issuer: str
    full_number: str
    subject: str
    urgency: str
    transfer_by: date
    forwarding: ForwardingOut | None


class WorkCountsOut(Schema):
    """`to_forward` is null for those who direct no documents."""

    waiting: int
    in_progress: int
    over: int
    to_forward: int | None

    @classmethod
    def of(cls, counts: WorkCounts) -> WorkCountsOut:
        return cls(**{name: getattr(counts, name) for name in cls.model_fields})


class ForwardingStepOut(Schema):
    forwarding: UUID
    recipient: str
    act: str
    by: str
    at: datetime
    note: str
    deadline: date | None
    person: str

    @classmethod
    def of(cls, row: ForwardingStep) -> ForwardingStepOut:
        return cls(
            forwarding=row.forwarding_id,
            recipient=row.forwarding.recipient_name,
            act=row.act,
            by=row.by.full_name,
            at=row.at,
            note=row.note,
            deadline=row.deadline,
            person=row.person.full_name if row.person else "",
        )
