"""A case file as XML: the fields of the input standard under their own names.

Decree 30/2020/NĐ-CP, appendix VI, part IV names the fields, their types and lengths,
and says nothing of a root or of nesting: `CaseFile` and `Documents` are ours. Every
field is written, empty when it is not known; days are YYYY-MM-DD. Pure: it reads rows
that were read before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lxml import etree

from server.registry.case_files.documents import DocumentKind, day_of, document_of
from server.registry.case_files.rules import name_in, retention_of
from server.registry.models import (
    CaseFile,
    Draft,
    IncomingDocument,
    OutgoingDocument,
    Urgency,
)
from server.registry.queries.case_files import Line

# What XML 1.0 cannot hold; the rows were cleaned, but an old import may bring it.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Codes of urgency as the national exchange writes them.
_PRIORITIES: Mapping[str, int] = {
    Urgency.NORMAL: 0,
    Urgency.URGENT: 1,
    Urgency.VERY_URGENT: 2,
    Urgency.FLASH: 3,
}
Value = str | int | date | None


@dataclass(frozen=True, slots=True)
class Attachment:
    """Where a file of the document lies in the parcel, and its SHA-256."""

    path: str
    digest: str


def case_file_xml(
    case_file: CaseFile,
    lines: Sequence[Line],
    attachments: Mapping[UUID, Sequence[Attachment]],
    missing: Mapping[UUID, str] | None = None,
) -> bytes:
    """UTF-8 with its declaration. `attachments`, and why there are none, are by the id
    of the entry."""
    root = etree.Element("CaseFile")
    _code(root, case_file)
    _fields(
        root,
        {
            "Title": case_file.title,
            "Maintenance": retention_of(case_file.retention, case_file.ruled_on).name,
            "Rights": name_in("rights", case_file.rights, case_file.ruled_on),
            "Creator": case_file.creator,
            "Language": case_file.language,
            "StartDate": case_file.starts_on,
            "EndDate": case_file.ends_on,
            "DocTotal": len(lines),
            "PageTotal": sum(line.facts.pages or 0 for line in lines),
            "Description": case_file.description,
        },
    )
    documents = etree.SubElement(root, "Documents")
    for line in lines:
        key = line.entry.pk
        reason = (missing or {}).get(key, "")
        _document(documents, case_file, line, attachments.get(key, ()), reason)
    written: bytes = etree.tostring(
        root, encoding="UTF-8", xml_declaration=True, pretty_print=True
    )
    return written


def _document(
    parent: etree._Element,
    case_file: CaseFile,
    line: Line,
    attachments: Sequence[Attachment],
    missing: str,
) -> None:
    """The first file stands in the attributes; where there are more, all of them stand
    at the end as well, after the fields of the standard."""
    facts = line.facts
    element = etree.SubElement(parent, "Document", kind=facts.kind.value)
    for attachment in attachments[:1]:
        element.set("file", attachment.path)
        element.set("sha256", attachment.digest)
    if missing:
        element.set("missing", missing)
    _code(element, case_file)
    _fields(
        element,
        {
            "DocOrdinal": line.ordinal,
            "TypeName": facts.type_name,
            "CodeNumber": facts.number,
            "CodeNotation": facts.notation,
            "IssuedDate": None if facts.kind is DocumentKind.DRAFT else facts.dated_on,
            "OrganName": facts.issuer,
            "Subject": facts.subject,
            "Language": case_file.language,
            "PageAmount": facts.pages,
            "Description": facts.note,
        },
    )
    document = document_of(line.entry)
    if isinstance(document, OutgoingDocument):
        _outgoing(element, document)
    elif isinstance(document, IncomingDocument):
        _incoming(element, document)
    else:
        _draft(element, document)
    if len(attachments) > 1:
        files = etree.SubElement(element, "Files")
        for attachment in attachments:
            etree.SubElement(
                files, "File", path=attachment.path, sha256=attachment.digest
            )


def _outgoing(element: etree._Element, row: OutgoingDocument) -> None:
    _signer(element, row.signer_position, row.signer_name)
    for name in row.recipients_text.splitlines() or [""]:
        place = etree.SubElement(element, "To")
        _fields(place, {"OrganId": None, "OrganName": name})
    _fields(
        element,
        {
            "Priority": _PRIORITIES.get(row.urgency, 0),
            "IssuedAmount": row.copies,
            "DueDate": row.deadline,
        },
    )


def _incoming(element: etree._Element, row: IncomingDocument) -> None:
    _fields(element, {"ArrivalDate": row.arrived_on, "ArrivalNumber": row.number})
    _signer(element, row.signer_position, row.signer_name)
    _fields(
        element,
        {
            "Priority": _PRIORITIES.get(row.urgency, 0),
            "ToPlaces": row.forwarded_to,
            "TraceHeaderList": row.progress,
            "DueDate": row.deadline,
        },
    )


def _draft(element: etree._Element, draft: Draft) -> None:
    """A draft has no registered fields: only the day it was begun is known."""
    _fields(element, {"CreatedDate": day_of(draft)})


def _code(parent: etree._Element, case_file: CaseFile) -> None:
    """`OrganId` is the identifier that the state gives to an organisation; it stays
    empty until the organisation has one in the system."""
    _fields(
        etree.SubElement(parent, "FileCode"),
        {
            "OrganId": case_file.organisation.identifier,
            "FileCatalog": case_file.year,
            "FileNotation": case_file.code,
        },
    )


def _signer(element: etree._Element, position: str, name: str) -> None:
    _fields(
        etree.SubElement(element, "SignerInfo"),
        {"Position": position, "FullName": name},
    )


def _fields(parent: etree._Element, values: Mapping[str, Value]) -> None:
    for name, value in values.items():
        field = etree.SubElement(parent, name)
        if isinstance(value, date):
            field.text = value.isoformat()
        elif value is not None and value != "":
            field.text = _FORBIDDEN.sub(" ", str(value))
