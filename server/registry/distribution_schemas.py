"""Shapes of the API of distribution. Names are promises to other programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from server.registry.issue_schemas import (
    ChannelName,
    DigestsOut,
    RecipientIn,
    RecipientPlanOut,
)
from server.registry.models import (
    OutgoingState,
    Recipient,
    RecipientState,
    RecipientStep,
)
from server.registry.process_schemas import PersonOut, Reason
from server.registry.schemas import Strict


class RecipientsIn(Strict):
    recipients: Annotated[list[RecipientIn], Field(min_length=1)]


class ReportIn(Strict):
    state: RecipientState
    note: Reason = ""


class ChaseIn(Strict):
    """Without `recipients` all who are waited for are chased."""

    recipients: list[UUID] | None = None
    note: Reason = ""


class DeadlineIn(Strict):
    """Without `recipients` all who must act without a day get this one."""

    recipients: list[UUID] | None = None
    deadline: date


class SentIn(Strict):
    """Without `channels` all who wait for it were sent it."""

    channels: list[ChannelName] | None = None
    note: Reason = ""


class ReasonIn(Strict):
    reason: Reason


class NoteIn(Strict):
    note: Reason = ""


class LinkIn(Strict):
    kind: Literal["replaces", "corrects"]


class LinkedDraftOut(Schema):
    draft: UUID


class StepOfRecipientOut(Schema):
    """`kind`: a state, or chased, recall_asked, recall_confirmed, replaced,
    replaced_confirmed, corrected, deadline."""

    kind: str
    note: str
    by: PersonOut | None
    at: datetime

    @classmethod
    def of(cls, step: RecipientStep) -> StepOfRecipientOut:
        return cls(
            kind=step.kind, note=step.note, by=PersonOut.maybe(step.by), at=step.at
        )


class RecipientOut(RecipientPlanOut):
    id: UUID
    position: int
    state: str
    state_at: datetime
    state_by: PersonOut | None
    sent_at: datetime
    opened_at: datetime | None
    chased: int
    chased_at: datetime | None
    recall_state: str
    steps: list[StepOfRecipientOut]

    @classmethod
    def of_row(cls, row: Recipient) -> RecipientOut:
        odd = {"organisation", "unit", "person", "state_by", "steps"}
        same: dict[str, Any] = {
            name: getattr(row, name) for name in cls.model_fields if name not in odd
        }
        return cls(
            organisation=row.organisation_id,
            unit=row.unit_id,
            person=row.person_id,
            state_by=PersonOut.maybe(row.state_by),
            steps=[StepOfRecipientOut.of(step) for step in row.steps.all()],
            **same,
        )


class AcceptIn(Strict):
    register_id: UUID
    is_second: bool = Field(False, description="it stands in the book already: yes")


_OF_DOCUMENT = (
    "full_number",
    "document_type",
    "subject",
    "issued_on",
    "signer_name",
    "urgency",
)
_OF_RECIPIENT = (
    "name",
    "purpose",
    "must_act",
    "deadline",
    "state",
    "state_at",
    "sent_at",
    "opened_at",
    "chased",
    "chased_at",
    "recall_state",
)


class ReceivedOut(Schema):
    """`digests` is null after a recall: the files are closed then."""

    id: UUID
    document: UUID
    issuer: str
    full_number: str
    document_type: str
    type_name: str
    subject: str
    issued_on: date
    signer_name: str
    urgency: str
    document_state: str
    name: str = Field(description="as whom: the person, unit or organisation")
    purpose: str
    must_act: bool
    deadline: date | None
    state: str
    state_at: datetime
    sent_at: datetime
    opened_at: datetime | None
    chased: int
    chased_at: datetime | None
    recall_state: str
    incoming: UUID | None
    digests: DigestsOut | None

    @classmethod
    def of(cls, row: Recipient) -> ReceivedOut:
        document = row.document
        is_closed = document.state == OutgoingState.RECALLED
        return cls(
            id=row.pk,
            document=document.pk,
            issuer=document.organisation.name,
            type_name=document.type_name,
            document_state=document.state,
            incoming=row.incoming_id,
            digests=None if is_closed else DigestsOut.of(document.issued_files),
            **{name: getattr(document, name) for name in _OF_DOCUMENT},
            **{name: getattr(row, name) for name in _OF_RECIPIENT},
        )
