"""Shapes of the API of registers and their books. Names are promises to others."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field

from server.registry.actions.incoming import FollowUp, IncomingEntry
from server.registry.actions.numbers import is_over
from server.registry.actions.outgoing import OutgoingEntry, Sending
from server.registry.actions.registers import RegisterPlan
from server.registry.models import (
    IncomingDocument,
    IssuedNumber,
    OutgoingDocument,
    Register,
)
from server.registry.queries.registers import Run
from server.registry.schemas import Strict

Line = Annotated[str, Field(max_length=2000)]
Count = Annotated[int, Field(ge=0, le=99_999)]
TypeCode = Annotated[str, Field(max_length=10, description="such as CV or QĐ")]
UrgencyName = Literal["normal", "urgent", "very_urgent", "flash"]


class GroupIn(Strict):
    name: Annotated[str, Field(max_length=30)]
    types: list[TypeCode]


class RegisterIn(Strict):
    organisation: UUID
    name: Line
    kind: Literal["outgoing", "incoming", "internal", "copies"]
    form: Literal["decree30", "legal", "party"] = "decree30"
    period: Literal["year", "term"] = "year"
    starts_on: date | None = None
    ends_on: date | None = None
    numbering_mode: Literal["single", "per_type", "groups"] = "single"
    groups: list[GroupIn] = []
    body: UUID | None = Field(None, description="advisory body with its own series")
    starts_after: dict[str, int] = Field(
        {}, description='last number of the paper book by type; "" for a single run'
    )

    def plan(self) -> RegisterPlan:
        return RegisterPlan(**self.dict(exclude={"organisation"}))


class RunOut(Schema):
    period: str
    group: str
    first_number: int
    last_number: int
    last_on: date | None
    used: int
    reserved: int
    void: int

    @classmethod
    def of(cls, run: Run) -> RunOut:
        return cls(**{name: getattr(run, name) for name in cls.model_fields})


class RegisterOut(Schema):
    id: UUID
    organisation: UUID
    organisation_name: str
    body: str
    name: str
    kind: str
    form: str
    period: str
    starts_on: date | None
    ends_on: date | None
    numbering_mode: str
    groups: list[GroupIn]
    active: bool
    may_keep: bool

    @classmethod
    def of(cls, register: Register, may_keep: bool) -> RegisterOut:
        return cls(
            id=register.pk,
            organisation=register.organisation_id,
            organisation_name=register.organisation.name,
            body=register.body.name if register.body else "",
            name=register.name,
            kind=register.kind,
            form=register.form,
            period=register.period,
            starts_on=register.starts_on,
            ends_on=register.ends_on,
            numbering_mode=register.numbering_mode,
            groups=[GroupIn(**group) for group in register.groups],
            active=register.is_active,
            may_keep=may_keep,
        )


class RegisterWithRunsOut(RegisterOut):
    runs: list[RunOut]


class NumberOut(Schema):
    """`document` is the row that bears the number, if one does."""

    id: UUID
    period: str
    group: str
    number: int
    suffix: str
    state: str
    document_type: str
    issued_on: date
    reason: str
    expires_at: datetime | None
    expired: bool
    document: UUID | None

    @classmethod
    def of(cls, number: IssuedNumber) -> NumberOut:
        row = getattr(number, "outgoing_document", None) or getattr(
            number, "incoming_document", None
        )
        return cls(
            id=number.pk,
            period=number.period,
            group=number.group,
            number=number.number,
            suffix=number.suffix,
            state=number.state,
            document_type=number.document_type,
            issued_on=number.issued_on,
            reason=number.reason,
            expires_at=number.expires_at,
            expired=is_over(number),
            document=row.pk if row else None,
        )


class ReservationIn(Strict):
    """With `after` the number is put behind that one, with a letter: 12a."""

    document_type: TypeCode
    on_date: date | None = Field(None, description="today unless told")
    reason: Line
    expires_at: AwareDatetime | None = None
    after: int | None = Field(None, ge=1, le=9_999_999)


class VoidIn(Strict):
    reason: Line


class OutgoingIn(Strict):
    document_type: TypeCode
    subject: Line
    signer_name: Line
    signer_position: Line = ""
    signer_authority: Line = ""
    recipients_text: Annotated[str, Field(max_length=5000)] = ""
    archive_unit: Line = ""
    copies: Count | None = None
    pages: Count | None = None
    sent_on: date | None = None
    note: Line = ""
    urgency: UrgencyName = "normal"
    deadline: date | None = None
    on_date: date | None = Field(None, description="date of the document; today")
    unit: UUID | None = Field(None, description="unit in the notation of a công văn")
    number: UUID | None = Field(None, description="id of a reserved number to use")
    is_second: bool = Field(
        False, description="another document bears this number already: yes"
    )

    def entry(self) -> OutgoingEntry:
        others = {"on_date", "unit", "number", "is_second"}
        return OutgoingEntry(**self.dict(exclude=others))


SEEN = "what the change was made from: fields that are the same there stay as they are"


class SendingFields(Strict):
    archive_unit: Line = ""
    copies: Count | None = None
    sent_on: date | None = None
    note: Line = ""

    def sending(self) -> Sending:
        return Sending(**self.dict(exclude={"seen"}))


class SendingIn(SendingFields):
    seen: SendingFields | None = Field(None, description=SEEN)


class OutgoingOut(Schema):
    id: UUID
    register_id: UUID
    draft: UUID | None
    number: int
    suffix: str
    notation: str
    full_number: str
    document_type: str
    type_name: str
    subject: str
    issued_on: date
    signer_name: str
    signer_position: str
    signer_authority: str
    recipients_text: str
    archive_unit: str
    copies: int | None
    pages: int | None
    sent_on: date | None
    note: str
    urgency: str
    deadline: date | None
    state: str
    number_state: str

    @classmethod
    def of(cls, row: OutgoingDocument) -> OutgoingOut:
        derived = {"id", "draft", "type_name", "number_state"}
        return cls(
            id=row.pk,
            draft=row.draft_id,
            type_name=row.type_name,
            number_state=row.issued_number.state,
            **{n: getattr(row, n) for n in cls.model_fields if n not in derived},
        )


class IncomingIn(Strict):
    document_type: TypeCode
    issuer: Line
    subject: Line
    full_number: Line = Field("", description="as it stands on the document")
    issued_on: date | None = None
    arrived_on: date | None = Field(None, description="today unless told")
    channel: Literal["paper", "electronic"] = "paper"
    signer_name: Line = ""
    signer_position: Line = ""
    urgency: UrgencyName = "normal"
    pages: Count | None = None
    forwarded_to: Annotated[str, Field(max_length=5000)] = ""
    forwarded_on: date | None = None
    file_notation: Line = ""
    deadline: date | None = None
    note: Line = ""
    is_second: bool = Field(False, description="it stands in the book already: yes")

    def entry(self) -> IncomingEntry:
        return IncomingEntry(**self.dict(exclude={"is_second"}))


class FollowUpFields(Strict):
    forwarded_to: Annotated[str, Field(max_length=5000)] = ""
    forwarded_on: date | None = None
    file_notation: Line = ""
    deadline: date | None = None
    progress: Line = ""
    answer_number: Line = ""
    answered_on: date | None = None
    note: Line = ""

    def change(self) -> FollowUp:
        return FollowUp(**self.dict(exclude={"seen"}))


class FollowUpIn(FollowUpFields):
    seen: FollowUpFields | None = Field(None, description=SEEN)


class StampOut(Schema):
    """What the stamp ĐẾN says: Decree 30, appendix IV, part II.1 (35 × 50 mm)."""

    organisation: str
    number: int
    arrived_on: date
    forwarded_to: str
    file_notation: str

    @classmethod
    def of(cls, row: IncomingDocument) -> StampOut:
        return cls(
            organisation=row.register.organisation.name.upper(),
            number=row.number,
            arrived_on=row.arrived_on,
            forwarded_to=row.forwarded_to,
            file_notation=row.file_notation,
        )


class IncomingOut(Schema):
    id: UUID
    register_id: UUID
    number: int
    arrived_on: date
    channel: str
    issuer: str
    document_number: str
    notation: str
    full_number: str
    issued_on: date | None
    document_type: str
    type_name: str
    subject: str
    signer_name: str
    signer_position: str
    urgency: str
    pages: int | None
    forwarded_to: str
    forwarded_on: date | None
    file_notation: str
    deadline: date | None
    progress: str
    answer_number: str
    answered_on: date | None
    answer: UUID | None
    note: str
    number_state: str

    @classmethod
    def of(cls, row: IncomingDocument) -> IncomingOut:
        derived = {"id", "answer", "type_name", "number_state"}
        return cls(
            id=row.pk,
            answer=row.answer_id,
            type_name=row.type_name,
            number_state=row.issued_number.state,
            **{n: getattr(row, n) for n in cls.model_fields if n not in derived},
        )
