"""Prove what was issued: every record, every file, every entry of the trail.

Reads everything again and believes nothing: digests are computed anew from the bytes
that are stored. Memory holds one file at a time. Must never mend what it finds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from collab.content.digest import content_digest
from server.accounts.models import Organisation
from server.common import providers
from server.common.errors import NotFound
from server.registry.issuing import record
from server.registry.issuing.statement import trail_of
from server.registry.models import (
    IssueChain,
    IssuedFiles,
    IssueRecord,
    OutgoingDocument,
    RecordKind,
)
from server.registry.queries.later_records import (
    faults_of_later,
    faults_of_recipients,
)
from server.registry.texts import committed
from storage.ports import BlobDamaged, BlobMissing

_FILES = ("docx", "pdf", "state")
_ROW = (
    "full_number",
    "document_type",
    "subject",
    "signer_name",
    "signer_position",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was recorded. `what` is a code for programs."""

    organisation: str
    sequence: int
    full_number: str
    what: str


@dataclass(frozen=True, slots=True)
class Checked:
    """How much was looked at, and where each chain ends: worth writing down."""

    organisation: str
    length: int
    head: str


def check_records(
    organisation: Organisation | None = None,
) -> Iterator[Fault | Checked]:
    """Faults as they are found; after each organisation one Checked."""
    organisations = Organisation.objects.order_by("name", "pk")
    if organisation is not None:
        organisations = organisations.filter(pk=organisation.pk)
    for office in organisations:
        chain = IssueChain.objects.filter(organisation=office).first()
        rows = IssueRecord.objects.filter(organisation=office)
        if chain is None and not rows.exists():
            yield from _without_record(office)
            continue
        length, head = (chain.length, chain.head) if chain else (0, "")
        links = (
            record.Link(row.sequence, row.previous, row.digest, row.payload)
            for row in rows.order_by("sequence").iterator(chunk_size=200)
        )
        for broken in record.breaks(links, length, head):
            yield Fault(office.name, broken.sequence, "", f"chain_{broken.fault}")
        issued = rows.filter(kind=RecordKind.ISSUED).select_related("document")
        for row in issued.order_by("sequence").iterator(chunk_size=200):
            for what in faults_of(row):
                yield Fault(office.name, row.sequence, row.document.full_number, what)
        yield from _without_record(office)
        yield Checked(office.name, length, head)


def faults_of(row: IssueRecord) -> Iterator[str]:
    """What of one issued document is not as its record says."""
    try:
        said = json.loads(row.payload)
        trail = dict(said["trail"])
    except (ValueError, KeyError, TypeError):
        yield "payload"
        return
    yield from _of_row(row.document, said)
    yield from faults_of_recipients(row.document, said)
    yield from faults_of_later(row.document)
    yield from _of_files(row.document, said)
    draft_id = row.document.draft_id
    entries = trail_of(draft_id, trail.get("entries", ())) if draft_id else ()
    if record.digest_of_trail(entries) != trail.get("digest"):
        yield "trail"
    yield from _of_text(row.document, said)


def _of_row(document: OutgoingDocument, said: dict[str, Any]) -> Iterator[str]:
    for name in _ROW:
        if getattr(document, name) != said.get(name):
            yield name
    if document.issued_on.isoformat() != said.get("issued_on"):
        yield "issued_on"


def _of_files(document: OutgoingDocument, said: dict[str, Any]) -> Iterator[str]:
    files = IssuedFiles.objects.filter(document=document).first()
    if files is None:
        yield "files"
        return
    blobs = providers.blob_store.get()
    for name in _FILES:
        digest = said.get(name)
        if getattr(files, name) != digest:
            yield f"{name}_digest"
        try:
            data = blobs.get(str(digest))
        except BlobMissing:
            yield f"{name}_missing"
        except BlobDamaged:
            yield f"{name}_damaged"
        else:
            if name == "state" and content_digest(data) != said.get("content"):
                yield "content"


def _of_text(document: OutgoingDocument, said: dict[str, Any]) -> Iterator[str]:
    """The log stands still since the approval, so it must still say the same."""
    if document.draft_id is None:
        yield "draft"
        return
    try:
        if committed(document.draft_id).digest != said.get("content"):
            yield "log"
    except NotFound:
        yield "log"


def _without_record(office: Organisation) -> Iterator[Fault]:
    """An issued draft whose record was taken out."""
    rows = OutgoingDocument.objects.filter(organisation=office, draft__isnull=False)
    for row in rows.exclude(issue_records__kind=RecordKind.ISSUED).iterator():
        yield Fault(office.name, 0, row.full_number, "record_missing")
