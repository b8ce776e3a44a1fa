"""The papers of one incoming document, from its rows: slip and stamp.

Must not be called before the door was passed.
"""

from __future__ import annotations

from datetime import date

from server.accounts.models import User
from server.common import clock
from server.publishing.incoming.docx import slip_to_docx
from server.publishing.incoming.pdf import slip_to_pdf, stamp_to_pdf
from server.publishing.incoming.slip import Opinion, Slip, Stamp
from server.registry.books import Format
from server.registry.exports import ExportedFile
from server.registry.incoming_access import IncomingAccess
from server.registry.models import (
    Forwarding,
    ForwardingRole,
    IncomingDocument,
)

_PDF = "application/pdf"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def slip_file(access: IncomingAccess, form: Format) -> ExportedFile:
    """PDF or .docx."""
    slip = _slip(access)
    name = f"Phiếu giải quyết văn bản đến {access.document.written}.{form.value}"
    if form is Format.DOCX:
        return ExportedFile(name, _DOCX, slip_to_docx(slip))
    return ExportedFile(name, _PDF, slip_to_pdf(slip))


def stamp_file(document: IncomingDocument) -> ExportedFile:
    stamp = Stamp(
        organisation=document.register.organisation.name.upper(),
        number=document.written,
        arrived_on=document.arrived_on,
        forwarded_to=document.forwarded_to,
        file_notation=document.file_notation,
    )
    return ExportedFile(f"Dấu đến {document.written}.pdf", _PDF, stamp_to_pdf(stamp))


def _slip(access: IncomingAccess) -> Slip:
    document = access.document
    organisation = document.register.organisation
    parent = organisation.parent
    about = document.type_name
    if document.full_number:
        about += f" số {document.full_number}"
    if document.issued_on:
        about += f" ngày {_day(document.issued_on)}"
    about += f" của {document.issuer} {_about(document.subject)}"
    about += f" (số đến {document.written}, ngày {_day(document.arrived_on)})"
    lead = access.lead
    return Slip(
        parent=parent.name.upper() if parent else "",
        organisation=organisation.name.upper(),
        place=organisation.place,
        day=lead.given_on if lead else None,
        about=about,
        opinions=(_leader(access), _head(lead), _proposal(lead)),
        arrived_on=document.arrived_on,
    )


def _about(subject: str) -> str:
    return subject if subject.casefold().startswith("về ") else f"về việc {subject}"


def _leader(access: IncomingAccess) -> Opinion:
    lead = access.lead
    if lead is None:
        return Opinion()
    lines = [f"Đơn vị, cá nhân chủ trì: {_with_term(lead)}."]
    others = [
        _with_term(f)
        for f in access.forwardings
        if f.role == ForwardingRole.COOPERATING
    ]
    if others:
        lines.append(f"Đơn vị, cá nhân phối hợp: {'; '.join(others)}.")
    lines.extend(lead.direction.split("\n") if lead.direction else ())
    in_place = f" ({lead.mandate.as_written})" if lead.mandate else ""
    return Opinion(tuple(lines), _signed(lead.given_by, lead.given_on) + in_place)


def _with_term(forwarding: Forwarding) -> str:
    if forwarding.deadline is None:
        return forwarding.recipient_name
    return f"{forwarding.recipient_name} (thời hạn: {_day(forwarding.deadline)})"


def _head(lead: Forwarding | None) -> Opinion:
    if lead is None or lead.assigned_by is None or lead.assignee is None:
        return Opinion()
    term = lead.assigned_deadline
    until = f" (thời hạn: {_day(term)})" if term else ""
    lines = [f"Giao {lead.assignee.full_name} giải quyết{until}."]
    if lead.assigned_direction:
        lines.extend(lead.assigned_direction.split("\n"))
    assert lead.assigned_at is not None
    given = lead.assigned_at.astimezone(clock.VIETNAM).date()
    return Opinion(tuple(lines), _signed(lead.assigned_by, given))


def _proposal(lead: Forwarding | None) -> Opinion:
    if lead is None or not lead.report:
        return Opinion()
    said = lead.state_at.astimezone(clock.VIETNAM).date()
    return Opinion(tuple(lead.report.split("\n")), _signed(lead.assignee, said))


def _signed(person: User | None, day: date) -> str:
    return f"Ngày {_day(day)}" + (f", {person.full_name}" if person else "")


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
