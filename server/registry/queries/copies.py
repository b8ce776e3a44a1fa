"""Which copies of a document were made, and in which books new ones may be written.

Reads only; rights are asked at the door (`access_distribution`) before.
"""

from __future__ import annotations

from server.common.errors import NotFound
from server.publishing.extracts import ExtractPart, parts_of
from server.publishing.rules import rules_for
from server.registry.issued_access import issued_files_behind, recalled
from server.registry.issued_files import issued_content
from server.registry.models import (
    DocumentCopy,
    IncomingDocument,
    OutgoingDocument,
    OutgoingState,
    Register,
    RegisterKind,
)


def copies_of(document: OutgoingDocument | IncomingDocument) -> list[DocumentCopy]:
    """Newest first. One query; a document is copied some tens of times at most."""
    is_ours = isinstance(document, OutgoingDocument)
    of = {"source" if is_ours else "incoming": document}
    rows = DocumentCopy.objects.filter(**of)
    return list(
        rows.select_related("row__issued_number", "row__register", "by").order_by(
            "-at", "-pk"
        )
    )


def books_of_copies(document: OutgoingDocument | IncomingDocument) -> list[Register]:
    """The open books of copies of the organisation whose book it is in. One query."""
    rows = Register.objects.filter(
        organisation=document.organisation_id,
        kind=RegisterKind.COPIES,
        is_active=True,
    )
    return list(rows.order_by("name"))


def last_signer_of(books: list[Register]) -> tuple[str, str, str]:
    """Who signed the newest copy on paper: authority, position, name. One query.

    Copies are signed by the same person for years; empty for the first.
    """
    last = (
        DocumentCopy.objects.filter(row__register__in=books, is_electronic=False)
        .select_related("row")
        .order_by("-at", "-pk")
        .first()
    )
    if last is None:
        return "", "", ""
    row = last.row
    return row.signer_authority, row.signer_position, row.signer_name


def parts_of_received(document: IncomingDocument) -> tuple[ExtractPart, ...]:
    """The same of what was received in this system. Raises NotFound for what came
    another way, Conflict `recalled`."""
    issued = issued_files_behind(document)
    if issued is None:
        raise NotFound
    if issued.document.state == OutgoingState.RECALLED:
        raise recalled()
    return parts_to_extract(issued.document)


def parts_to_extract(document: OutgoingDocument) -> tuple[ExtractPart, ...]:
    """What of the issued text an extract may be made of, in its order. Two queries,
    and the stored text is read."""
    content = issued_content(document)
    return parts_of(content, rules_for(content.fields))
