"""What a table of contents says of a document, whichever kind it is.

The words are those of the register's row; of a draft, its title: for them no right is
asked, the door of the case file was passed before. Files are found in `held_files`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from server.common.clock import VIETNAM
from server.registry.document_types import name_of
from server.registry.models import (
    CaseFileEntry,
    Draft,
    IncomingDocument,
    NumberState,
    OutgoingDocument,
)

Document = OutgoingDocument | IncomingDocument | Draft
# What must be read with an entry so that `facts_of` asks nothing more.
RELATED = (
    "outgoing__issued_number",
    "outgoing__organisation",
    "outgoing__register",
    "incoming__issued_number",
    "draft__organisation",
)
DEFERRED = ("outgoing__search_key", "incoming__search_key", "draft__search_key")


class DocumentKind(StrEnum):
    OUTGOING = "outgoing"
    INCOMING = "incoming"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Facts:
    """One line of a table of contents. `is_void`: the number was cancelled."""

    kind: DocumentKind
    document_id: UUID
    full_number: str
    number: str
    notation: str
    dated_on: date | None
    type_name: str
    subject: str
    issuer: str
    pages: int | None
    note: str
    is_void: bool = False


def document_of(entry: CaseFileEntry) -> Document:
    found = entry.outgoing or entry.incoming or entry.draft
    assert found is not None, "the database holds exactly one"
    return found


def facts_of(document: Document) -> Facts:
    if isinstance(document, OutgoingDocument):
        return _of_outgoing(document)
    if isinstance(document, IncomingDocument):
        return _of_incoming(document)
    return _of_draft(document)


def _of_outgoing(row: OutgoingDocument) -> Facts:
    return Facts(
        kind=DocumentKind.OUTGOING,
        document_id=row.pk,
        full_number=row.full_number,
        number=row.written,
        notation=row.notation,
        dated_on=row.issued_on,
        type_name=row.type_name,
        subject=row.subject,
        issuer=row.organisation.name,
        pages=row.pages,
        note=row.note,
        is_void=row.issued_number.state == NumberState.VOID,
    )


def _of_incoming(row: IncomingDocument) -> Facts:
    return Facts(
        kind=DocumentKind.INCOMING,
        document_id=row.pk,
        full_number=row.full_number,
        number=row.document_number,
        notation=row.notation,
        dated_on=row.issued_on,
        type_name=row.type_name,
        subject=row.subject,
        issuer=row.issuer,
        pages=row.pages,
        note=row.note,
        is_void=row.issued_number.state == NumberState.VOID,
    )


def _of_draft(row: Draft) -> Facts:
    return Facts(
        kind=DocumentKind.DRAFT,
        document_id=row.pk,
        full_number="",
        number="",
        notation="",
        dated_on=day_of(row),
        type_name=name_of(row.document_type, day_of(row)),
        subject=row.title,
        issuer=row.organisation.name if row.organisation else "",
        pages=None,
        note="",
    )


def day_of(document: Document) -> date:
    """The day by which a document stands in a file: its own; when it bears none, the
    day it arrived; of a draft, the day it was begun."""
    if isinstance(document, OutgoingDocument):
        return document.issued_on
    if isinstance(document, IncomingDocument):
        return document.issued_on or document.arrived_on
    return document.created_at.astimezone(VIETNAM).date()
