"""What the API tells of issued documents: links, records, distribution lists.

Rights are asked at the doors (`server.registry.issued_access`) before a query here is
called.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from server.registry.models import (
    DocumentLink,
    IssuedFiles,
    IssueRecord,
    LinkKind,
    OutgoingDocument,
    Recall,
    Recipient,
)


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued document with what became of it. Links are in order of issue."""

    document: OutgoingDocument
    files: IssuedFiles
    recall: Recall | None
    replaces: OutgoingDocument | None
    corrects: OutgoingDocument | None
    replaced_by: tuple[OutgoingDocument, ...]
    corrected_by: tuple[OutgoingDocument, ...]


def issued_of(document: OutgoingDocument) -> Issued:
    """Four queries. The document has files: a door has asked."""
    files = IssuedFiles.objects.get(document=document)
    recall = Recall.objects.filter(document=document).select_related("by").first()
    own = DocumentLink.objects.filter(source=document).select_related("target").first()
    after = DocumentLink.objects.filter(target=document).select_related("source")
    links = list(after.order_by("at", "pk"))
    return Issued(
        document=document,
        files=files,
        recall=recall,
        replaces=own.target if own and own.kind == LinkKind.REPLACES else None,
        corrects=own.target if own and own.kind == LinkKind.CORRECTS else None,
        replaced_by=tuple(k.source for k in links if k.kind == LinkKind.REPLACES),
        corrected_by=tuple(k.source for k in links if k.kind == LinkKind.CORRECTS),
    )


def records_of(document: OutgoingDocument) -> list[IssueRecord]:
    """The records about one document, oldest first. One query."""
    rows = IssueRecord.objects.filter(document=document)
    return list(rows.order_by("sequence"))


def recipients_of(
    document: OutgoingDocument, only: Iterable[UUID] | None = None
) -> list[Recipient]:
    """The distribution list with every step. Three queries."""
    rows = Recipient.objects.filter(document=document)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    return list(rows.select_related("state_by").prefetch_related("steps__by"))
