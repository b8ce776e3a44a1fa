"""The API of copies of issued and of received documents. It only translates: doors and
actions decide."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from server.accounts.api import caller
from server.common.errors import NotFound
from server.publishing.extracts import ExtractPart
from server.registry.actions.copying import CopyPlan, make_copy
from server.registry.actions.copying_received import copy_received
from server.registry.actions.incoming_files import attach_received
from server.registry.file_answers import copy_answer
from server.registry.incoming_access import access_incoming_document
from server.registry.issued_access import access_copy, access_distribution
from server.registry.models import DocumentCopy
from server.registry.queries.copies import (
    copies_of,
    parts_of_received,
    parts_to_extract,
)

router = Router(tags=["issuing"])
_COPIES = "/outgoing-documents/{uuid:document_id}/copies"
_RECEIVED = "/incoming-documents/{uuid:document_id}/copies"
PartIndex = Annotated[int, Field(ge=0, le=1_000_000)]
Line = Annotated[str, Field(max_length=500)]


class CopyIn(Schema):
    """`kind`: SY sao y, SL sao lục (from a sao y that was made before), TrS trích sao
    of `parts`, which are indexes of …/copies/parts."""

    model_config = ConfigDict(extra="forbid")

    register_id: UUID
    kind: Literal["SY", "SL", "TrS"]
    parts: list[PartIndex] = Field([], max_length=5000)
    recipients_text: Annotated[str, Field(max_length=5000)] = ""
    note: Line = ""
    signer_name: Line = Field("", description="who signs a copy on paper")
    signer_position: Line = ""
    signer_authority: Line = ""
    on_paper: bool = Field(
        False, description="for signing by hand, where the office signs digitally"
    )
    is_second: bool = Field(
        False, description="a copy in another book bears the same number: yes"
    )


class ReceivedCopyIn(Schema):
    """`file`: an attached PDF; left out, the one that the sender issued in this system
    is attached and copied. SY when an original came, SL when a sao y came; TrS of
    `parts`, which are indexes of …/copies/parts, only of what was issued here."""

    model_config = ConfigDict(extra="forbid")

    file: UUID | None = None
    register_id: UUID
    kind: Literal["SY", "SL", "TrS"]
    parts: list[PartIndex] = Field([], max_length=5000)
    recipients_text: Annotated[str, Field(max_length=5000)] = ""
    note: Line = ""
    signer_name: Line = Field("", description="who signs a copy on paper")
    signer_position: Line = ""
    signer_authority: Line = ""
    on_paper: bool = False
    is_second: bool = False


class CopyOut(Schema):
    """`row` is the copy's own row in the book; `pdf` the SHA-256 of its file."""

    id: UUID
    row: UUID
    register_id: UUID
    full_number: str
    kind: str
    is_electronic: bool
    is_void: bool
    parts: list[int]
    pdf: str
    made_by: str
    made_at: datetime

    @classmethod
    def of(cls, copy: DocumentCopy) -> CopyOut:
        return cls(
            id=copy.pk,
            row=copy.row_id,
            register_id=copy.row.register_id,
            full_number=copy.row.full_number,
            kind=copy.kind,
            is_electronic=copy.is_electronic,
            is_void=copy.is_void,
            parts=copy.parts,
            pdf=copy.pdf,
            made_by=copy.by.full_name,
            made_at=copy.at,
        )


class ExtractPartOut(Schema):
    """A part brings what stands under it; `depth` counts what it stands under."""

    index: int
    depth: int
    text: str

    @classmethod
    def of(cls, part: ExtractPart) -> ExtractPartOut:
        return cls(index=part.index, depth=part.depth, text=part.text)


@router.get(_COPIES + "/parts", response=list[ExtractPartOut])
def copy_parts(request: HttpRequest, document_id: UUID) -> list[ExtractPartOut]:
    """What an extract of the document may be made of, for the clerks."""
    document, _keeps = access_distribution(caller(request), document_id, keep=True)
    return [ExtractPartOut.of(part) for part in parts_to_extract(document)]


@router.get(_COPIES, response=list[CopyOut])
def copy_list(request: HttpRequest, document_id: UUID) -> list[CopyOut]:
    """Copies that were made, newest first, for who works in the organisation."""
    document, _may_keep = access_distribution(caller(request), document_id)
    return [CopyOut.of(copy) for copy in copies_of(document)]


@router.post(_COPIES, response={201: CopyOut})
def copy_make(request: HttpRequest, document_id: UUID, body: CopyIn) -> Status[CopyOut]:
    """Draw a number in the book of copies and make the file; for its clerks."""
    plan = CopyPlan(**{**body.dict(), "parts": frozenset(body.parts)})
    return Status(201, CopyOut.of(make_copy(caller(request), document_id, plan)))


@router.get(_COPIES + "/{uuid:copy_id}.pdf", response={200: bytes})
def copy_read(request: HttpRequest, document_id: UUID, copy_id: UUID) -> HttpResponse:
    """The PDF as it was made, for the clerks."""
    copy = access_copy(caller(request), copy_id)
    if copy.source_id != document_id:
        raise NotFound
    return copy_answer(copy)


@router.get(_RECEIVED + "/parts", response=list[ExtractPartOut], tags=["incoming"])
def received_copy_parts(
    request: HttpRequest, document_id: UUID
) -> list[ExtractPartOut]:
    """What an extract of a document that was received in this system may be made of."""
    access = access_incoming_document(caller(request), document_id, keep=True)
    return [ExtractPartOut.of(part) for part in parts_of_received(access.document)]


@router.get(_RECEIVED, response=list[CopyOut], tags=["incoming"])
def received_copy_list(request: HttpRequest, document_id: UUID) -> list[CopyOut]:
    """Copies of a received document, newest first, for whoever reads its scans."""
    document = access_incoming_document(caller(request), document_id).document
    return [CopyOut.of(copy) for copy in copies_of(document)]


@router.post(_RECEIVED, response={201: CopyOut}, tags=["incoming"])
def received_copy_make(
    request: HttpRequest, document_id: UUID, body: ReceivedCopyIn
) -> Status[CopyOut]:
    """Copy an attached PDF page for page, with the block or the signature of a copy."""
    given = body.dict(exclude={"file", "parts"})
    plan = CopyPlan(**given, parts=frozenset(body.parts))
    user = caller(request)
    file = body.file or attach_received(user, document_id).pk
    made = copy_received(user, document_id, file, plan)
    return Status(201, CopyOut.of(made))


@router.get(_RECEIVED + "/{uuid:copy_id}.pdf", response={200: bytes}, tags=["incoming"])
def received_copy_read(
    request: HttpRequest, document_id: UUID, copy_id: UUID
) -> HttpResponse:
    """The PDF as it was made, for the clerks."""
    copy = access_copy(caller(request), copy_id)
    if copy.incoming_id != document_id:
        raise NotFound
    return copy_answer(copy)
