"""Shapes of the API of case files. Names are promises to others."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from server.registry.actions.case_files import LANGUAGE, CaseFilePlan
from server.registry.case_files.documents import DocumentKind, Facts
from server.registry.models import CaseFile
from server.registry.queries.case_files import Line, Totals
from server.registry.register_schemas import Line as Words
from server.registry.schemas import Strict

Code = Annotated[str, Field(max_length=30)]


class CaseFileIn(Strict):
    """Codes of `retention`, `rights` and `work` are those of /case-file-choices."""

    title: Words
    retention: Code
    code: Words = Field("", description="such as 01.TCCB; the next one when empty")
    year: int | None = Field(None, ge=1900, le=9999, description="of `starts_on`")
    rights: Code = "open"
    work: Code = "work"
    creator: Words = ""
    language: Words = LANGUAGE
    starts_on: date | None = Field(None, description="today unless told")
    description: Words = ""

    def plan(self) -> CaseFilePlan:
        return CaseFilePlan(**{n: getattr(self, n) for n in CaseFileIn.model_fields})


class NewCaseFileIn(CaseFileIn):
    unit: UUID


class CloseIn(Strict):
    ends_on: date | None = Field(None, description="day of the last document")


class ReopenIn(Strict):
    reason: Words


class HandOverIn(Strict):
    handed_over_on: date | None = Field(None, description="today unless told")


class KeepBackIn(Strict):
    until: date = Field(description="the new last day to hand it over")
    reason: Words


class EntryIn(Strict):
    kind: DocumentKind
    document: UUID


class ChoiceOut(Schema):
    code: str
    name: str


class ChoicesOut(Schema):
    retention: list[ChoiceOut]
    rights: list[ChoiceOut]
    work: list[ChoiceOut]


class CaseFileOut(Schema):
    id: UUID
    organisation: UUID
    organisation_name: str
    unit: UUID
    unit_name: str
    year: int
    code: str
    title: str
    retention: str
    rights: str
    work: str
    creator: str
    language: str
    starts_on: date
    ends_on: date | None
    description: str
    state: str
    due_on: date | None = Field(description="last day to hand it over")
    kept_from: date | None = Field(
        description="what that day was by the rules, when the file is kept back"
    )
    kept_reason: str
    notice_on: date | None
    handed_over_on: date | None
    created_at: datetime
    documents: int
    pages: int

    @classmethod
    def of(cls, case_file: CaseFile, totals: Totals) -> CaseFileOut:
        return cls(**_values(case_file, totals))


class OneCaseFileOut(CaseFileOut):
    may_keep: bool
    may_hand_over: bool

    @classmethod
    def with_rights(
        cls, case_file: CaseFile, totals: Totals, *, keep: bool, hand_over: bool
    ) -> OneCaseFileOut:
        return cls(**_values(case_file, totals), may_keep=keep, may_hand_over=hand_over)


def _values(case_file: CaseFile, totals: Totals) -> dict[str, Any]:
    derived = {
        "id": case_file.pk,
        "organisation": case_file.organisation_id,
        "organisation_name": case_file.organisation.name,
        "unit": case_file.unit_id,
        "unit_name": case_file.unit.name,
        "documents": totals.documents,
        "pages": totals.pages,
    }
    plain = (n for n in CaseFileOut.model_fields if n not in derived)
    return {**derived, **{name: getattr(case_file, name) for name in plain}}


class DocumentOut(Schema):
    """What its register says; the document itself is behind its own address."""

    kind: str
    document: UUID
    full_number: str
    number: str
    notation: str
    dated_on: date | None
    type_name: str
    subject: str
    issuer: str
    pages: int | None
    note: str
    void: bool

    @classmethod
    def of(cls, facts: Facts) -> DocumentOut:
        return cls(**_facts(facts))


class EntryOut(DocumentOut):
    id: UUID
    ordinal: int
    added_by: str
    added_at: datetime

    @classmethod
    def at(cls, line: Line) -> EntryOut:
        return cls(
            **_facts(line.facts),
            id=line.entry.pk,
            ordinal=line.ordinal,
            added_by=line.entry.added_by.full_name,
            added_at=line.entry.added_at,
        )


def _facts(facts: Facts) -> dict[str, Any]:
    derived = {
        "kind": facts.kind.value,
        "document": facts.document_id,
        "void": facts.is_void,
    }
    plain = (n for n in DocumentOut.model_fields if n not in derived)
    return {**derived, **{name: getattr(facts, name) for name in plain}}
