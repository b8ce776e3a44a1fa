"""Shapes of the API of issuing and distribution. Names are promises to others."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from server.common.http import error_body
from server.registry.document_types import name_of
from server.registry.issuing.addresses import verify_url
from server.registry.issuing.lines import FirstList
from server.registry.issuing.plan import IssuePlan, RecipientPlan
from server.registry.models import (
    IssuedFiles,
    IssueRecord,
    OutgoingDocument,
    Recall,
)
from server.registry.process_schemas import Digest, PersonOut
from server.registry.queries.issue_preview import IssuePreview
from server.registry.queries.issued_api_reads import Issued
from server.registry.register_schemas import Count, Line
from server.registry.schemas import Strict

ChannelName = Literal["in_app", "paper", "email", "exchange"]


class RecipientIn(Strict):
    """At most one of the three ids; else `name` is somebody outside this system."""

    name: Line = ""
    organisation: UUID | None = None
    unit: UUID | None = None
    person: UUID | None = None
    channel: ChannelName = "in_app"
    address: Line = ""
    purpose: Line = ""
    must_act: bool = Field(False, description="yes: `deadline` must be given")
    deadline: date | None = Field(None, description="the last day that is in time")

    def plan(self) -> RecipientPlan:
        return RecipientPlan(**self.dict())


class PreviewIn(Strict):
    register_id: UUID
    recipients: list[RecipientIn] = []
    number: UUID | None = Field(None, description="id of a reserved number to use")
    digest: Digest = ""
    expected: Line = Field("", description="`number` of the preview; empty: any")
    expected_on: date | None = Field(
        None, description="`issued_on` of the preview; empty: the day of the issue"
    )
    archive_unit: Line = ""
    copies: Count | None = None
    note: Line = ""
    is_second: bool = Field(
        False, description="another document bears the same number: yes"
    )

    def plan(self) -> IssuePlan:
        return IssuePlan(
            register_id=self.register_id,
            seen=self.digest,
            recipients=tuple(line.plan() for line in self.recipients),
            number_id=self.number,
            expected=self.expected,
            expected_on=self.expected_on,
            archive_unit=self.archive_unit,
            copies=self.copies,
            note=self.note,
            is_second=self.is_second,
        )


class IssueIn(PreviewIn):
    """`digest` is that of the preview; another text is not issued."""

    digest: Digest


class RecipientPlanOut(Schema):
    name: str
    organisation: UUID | None
    unit: UUID | None
    person: UUID | None
    channel: str
    address: str
    purpose: str
    must_act: bool
    deadline: date | None

    @classmethod
    def of(cls, plan: RecipientPlan) -> RecipientPlanOut:
        return cls(**{name: getattr(plan, name) for name in cls.model_fields})


class FirstListOut(Schema):
    """What was read from kính gửi and nơi nhận; a person completes it."""

    recipients: list[RecipientPlanOut]
    archive_unit: str
    offered: date | None = Field(
        description="the deadline in the list that is only offered: nobody named one"
    )

    @classmethod
    def of(cls, found: FirstList) -> FirstListOut:
        lines = [RecipientPlanOut.of(plan) for plan in found.recipients]
        return cls(
            recipients=lines, archive_unit=found.archive_unit, offered=found.offered
        )


class RefusalOut(Schema):
    """The error that the issue would answer now."""

    code: str
    message: str
    fields: dict[str, str]


class PreviewOut(Schema):
    """The number is held for nobody: another clerk may take it first."""

    register_id: UUID
    number: str
    notation: str
    full_number: str
    issued_on: date
    document_type: str
    type_name: str
    subject: str
    signer_name: str
    signer_position: str
    is_signed: bool
    recipients: list[RecipientPlanOut]
    warnings: list[str]
    refusal: RefusalOut | None
    digest: str

    @classmethod
    def of(cls, shown: IssuePreview) -> PreviewOut:
        refusal = shown.refusal
        return cls(
            register_id=shown.register.pk,
            number=shown.given.number,
            notation=shown.notation,
            full_number=shown.full_number,
            issued_on=shown.given.issued_on,
            document_type=shown.entry.document_type,
            type_name=name_of(shown.entry.document_type, shown.given.issued_on),
            subject=shown.entry.subject,
            signer_name=shown.entry.signer_name,
            signer_position=shown.entry.signer_position,
            is_signed=shown.is_signed,
            recipients=[RecipientPlanOut.of(plan) for plan in shown.recipients],
            warnings=list(shown.warnings),
            refusal=RefusalOut(**error_body(refusal)) if refusal else None,
            digest=shown.digest,
        )


class DigestsOut(Schema):
    """SHA-256 of each file; `content` is that of the approved text."""

    pdf: str
    docx: str
    state: str
    content: str

    @classmethod
    def of(cls, files: IssuedFiles) -> DigestsOut:
        return cls(**{name: getattr(files, name) for name in cls.model_fields})


class LinkedOut(Schema):
    id: UUID
    full_number: str
    issued_on: date

    @classmethod
    def of(cls, row: OutgoingDocument) -> LinkedOut:
        return cls(id=row.pk, full_number=row.full_number, issued_on=row.issued_on)

    @classmethod
    def maybe(cls, row: OutgoingDocument | None) -> LinkedOut | None:
        return cls.of(row) if row else None


class RecallOut(Schema):
    reason: str
    by: PersonOut
    at: datetime

    @classmethod
    def maybe(cls, recall: Recall | None) -> RecallOut | None:
        if recall is None:
            return None
        return cls(reason=recall.reason, by=PersonOut.of(recall.by), at=recall.at)


class IssuedOut(Schema):
    """`verify_url` stands in the QR code on paper and answers to anybody."""

    id: UUID
    draft: UUID | None
    full_number: str
    issued_on: date
    state: str
    is_signed: bool
    code: str
    verify_url: str
    digests: DigestsOut
    replaces: LinkedOut | None
    corrects: LinkedOut | None
    replaced_by: list[LinkedOut]
    corrected_by: list[LinkedOut]
    recall: RecallOut | None

    @classmethod
    def of(cls, found: Issued) -> IssuedOut:
        document, files = found.document, found.files
        return cls(
            id=document.pk,
            draft=document.draft_id,
            full_number=document.full_number,
            issued_on=document.issued_on,
            state=document.state,
            is_signed=files.is_signed,
            code=files.code,
            verify_url=verify_url(files.code),
            digests=DigestsOut.of(files),
            replaces=LinkedOut.maybe(found.replaces),
            corrects=LinkedOut.maybe(found.corrects),
            replaced_by=[LinkedOut.of(row) for row in found.replaced_by],
            corrected_by=[LinkedOut.of(row) for row in found.corrected_by],
            recall=RecallOut.maybe(found.recall),
        )


class RecordOut(Schema):
    """`digest` is the SHA-256 of `payload` in UTF-8; `previous` that of the record
    before it in the organisation's chain."""

    sequence: int
    kind: str
    previous: str
    digest: str
    payload: str
    at: datetime

    @classmethod
    def of(cls, row: IssueRecord) -> RecordOut:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class RecordsOut(Schema):
    """`issued` proves the issue; `later` what became of the document, oldest first."""

    issued: RecordOut
    later: list[RecordOut]
