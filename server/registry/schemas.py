"""Shapes of the registry's part of the API. Names are promises to other programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from collab.ports import Level
from server.registry.abilities import abilities
from server.registry.document_types import DocumentType, name_of
from server.registry.models import Draft, LevelName, level_name
from server.registry.queries.activity import Deed
from server.registry.queries.sharing import Holder

Title = Annotated[str, Field(max_length=2000, description="at most 500 characters")]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class DraftIn(Strict):
    title: Title
    type: str = Field(
        max_length=20, description="code of a document type, such as CV or QĐ"
    )
    blank: bool = Field(False, description="only the letterhead, no first text")
    unit: UUID | None = Field(None, description="one of your units; default: main one")


class DraftChange(Strict):
    title: Title


class DraftOut(Schema):
    id: UUID
    title: str
    type: str
    type_name: str
    state: str
    source: str
    archived: bool
    level: LevelName
    abilities: dict[str, bool]
    unit: str
    created_by: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, draft: Draft, level: Level) -> DraftOut:
        archived = draft.archived_at is not None
        return cls(
            id=draft.pk,
            title=draft.title,
            type=draft.document_type,
            type_name=name_of(draft.document_type),
            state=draft.state,
            source=draft.source,
            archived=archived,
            level=level_name(level),
            abilities=abilities(level, archived=archived, state=draft.state),
            unit=draft.unit.name if draft.unit else "",
            created_by=draft.created_by.full_name,
            created_at=draft.created_at,
            updated_at=draft.updated_at,
        )


class WarningOut(Schema):
    """Something of an imported file that could not be kept."""

    code: str
    message: str
    count: int = Field(description="how many times in the file")


class ImportedOut(DraftOut):
    warnings: list[WarningOut]


class ShareIn(Strict):
    """Exactly one of `user` and `unit`."""

    user: str | None = Field(None, max_length=100, description="username or id")
    unit: str | None = Field(None, max_length=100, description="abbreviation or id")
    level: LevelName


class HolderOut(Schema):
    """`id` names a share; it is null for a right that follows from an office."""

    id: UUID | None
    kind: Literal["user", "unit", "head"]
    holder: UUID
    name: str
    detail: str
    level: LevelName
    reason: str
    at: datetime | None

    @classmethod
    def of(cls, holder: Holder) -> HolderOut:
        return cls(
            id=holder.share_id,
            kind=holder.kind,
            holder=holder.holder_id,
            name=holder.name,
            detail=holder.detail,
            level=level_name(holder.level),
            reason=holder.reason,
            at=holder.at,
        )


class DeedOut(Schema):
    at: datetime
    actor: str
    action: str
    sentence: str
    reason: str = Field(description="why, in the actor's own words, where one is asked")

    @classmethod
    def of(cls, deed: Deed) -> DeedOut:
        return cls(
            at=deed.at,
            actor=deed.actor,
            action=deed.action,
            sentence=deed.sentence,
            reason=deed.reason,
        )


class ImageOut(Schema):
    src: str


class DocumentTypeOut(Schema):
    code: str
    abbreviation: str
    name: str

    @classmethod
    def of(cls, kind: DocumentType) -> DocumentTypeOut:
        return cls(code=kind.code, abbreviation=kind.abbreviation, name=kind.name)
