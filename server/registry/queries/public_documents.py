"""What anybody who holds a document's code, or its very file, may learn of it.

The same as stands on its first page, and whether it still holds; of a copy also whether
its number was voided, and whether what it was made of holds. Must never tell who
received it, why it was recalled, or what its text says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from server.registry.models import (
    CopyKind,
    DocumentCopy,
    DocumentLink,
    IssuedFiles,
    LinkKind,
    OutgoingDocument,
    OutgoingState,
    Recall,
    Recipient,
)
from server.registry.models.issuing import CODE_LENGTH

# Signs that are read for another from paper (Crockford's base 32).
_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1"})


class PublicStanding(StrEnum):
    """Whether an issued document still holds; the first of these that is true."""

    RECALLED = "recalled"
    REPLACED = "replaced"
    CORRECTED = "corrected"
    IN_FORCE = "in_force"


@dataclass(frozen=True, slots=True)
class LaterDocument:
    """`is_recalled`: it was taken back itself."""

    full_number: str
    issued_on: date
    is_recalled: bool


@dataclass(frozen=True, slots=True)
class PublicDocument:
    """`pdf` is the SHA-256 of the issued PDF."""

    code: str
    organisation: str
    full_number: str
    issued_on: date
    document_type: str
    type_name: str
    subject: str
    signer_name: str
    signer_position: str
    is_signed: bool
    pdf: str
    recalled_at: datetime | None
    replaced_by: tuple[LaterDocument, ...]
    corrected_by: tuple[LaterDocument, ...]

    @property
    def standing(self) -> PublicStanding:
        if self.recalled_at is not None:
            return PublicStanding.RECALLED
        if self.replaced_by:
            return PublicStanding.REPLACED
        if self.corrected_by:
            return PublicStanding.CORRECTED
        return PublicStanding.IN_FORCE


@dataclass(frozen=True, slots=True)
class PublicCopy:
    """A copy whose very file was sent. `document` is what it was made of; None for what
    came from outside this system, of which nothing is known."""

    organisation: str
    full_number: str
    issued_on: date
    kind: CopyKind
    is_void: bool
    document: PublicDocument | None


def clean_code(typed: str) -> str:
    """As it is stored; empty for what cannot be a code.

    Capitals, spaces, hyphens and misread signs do not matter, nor an address before it.
    """
    last = typed.strip().rstrip("/").rpartition("/")[2]
    bare = "".join(c for c in last if not c.isspace() and c != "-")
    if not (bare.isascii() and bare.isalnum() and len(bare) <= CODE_LENGTH):
        return ""
    return bare.lower().translate(_MISREAD)


def find_by_code(typed: str) -> PublicDocument | None:
    """Three queries, none for what cannot be a code."""
    code = clean_code(typed)
    if not code:
        return None
    return _found(IssuedFiles.objects.filter(code=code).first())


def find_by_pdf(digest: str) -> PublicDocument | None:
    """The document whose issued PDF has this SHA-256. Three queries."""
    return _found(IssuedFiles.objects.filter(pdf=digest).first())


def find_copy(digest: str) -> PublicCopy | None:
    """The copy whose PDF has this SHA-256. Six queries at most."""
    copies = DocumentCopy.objects.filter(pdf=digest).select_related(
        "row__organisation", "row__issued_number", "file"
    )
    copy = copies.order_by("-at", "-pk").first()
    if copy is None:
        return None
    return PublicCopy(
        organisation=copy.row.organisation.name,
        full_number=copy.row.full_number,
        issued_on=copy.row.issued_on,
        kind=CopyKind(copy.kind),
        is_void=copy.is_void,
        document=_copied(copy),
    )


def _copied(copy: DocumentCopy) -> PublicDocument | None:
    """What was received may have come through this system, or be a file it issued."""
    if copy.source_id:
        return _found(IssuedFiles.objects.filter(document=copy.source_id).first())
    line = Recipient.objects.filter(incoming=copy.incoming_id).first()
    if line is not None:
        return _found(IssuedFiles.objects.filter(document=line.document_id).first())
    return find_by_pdf(copy.file.digest) if copy.file else None


def public_document(document: OutgoingDocument) -> PublicDocument | None:
    """The same of a document in hand; None for a paper row. Three queries."""
    return _found(IssuedFiles.objects.filter(document=document).first())


def _found(files: IssuedFiles | None) -> PublicDocument | None:
    if files is None:
        return None
    document = OutgoingDocument.objects.select_related("organisation", "recall").get(
        pk=files.document_id
    )
    recall: Recall | None = getattr(document, "recall", None)
    links = list(
        DocumentLink.objects.filter(target=document)
        .select_related("source")
        .order_by("at", "pk")
    )
    return PublicDocument(
        code=files.code,
        organisation=document.organisation.name,
        full_number=document.full_number,
        issued_on=document.issued_on,
        document_type=document.document_type,
        type_name=document.type_name,
        subject=document.subject,
        signer_name=document.signer_name,
        signer_position=document.signer_position,
        is_signed=files.is_signed,
        pdf=files.pdf,
        recalled_at=recall.at if recall else None,
        replaced_by=_later(links, LinkKind.REPLACES),
        corrected_by=_later(links, LinkKind.CORRECTS),
    )


def _later(links: list[DocumentLink], kind: LinkKind) -> tuple[LaterDocument, ...]:
    return tuple(
        LaterDocument(
            link.source.full_number,
            link.source.issued_on,
            link.source.state == OutgoingState.RECALLED,
        )
        for link in links
        if link.kind == kind
    )
