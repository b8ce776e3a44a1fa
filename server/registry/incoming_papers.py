"""The papers of one incoming document, from its rows: slip, stamp, list of work.

Must not be called before the door was passed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from server.accounts.models import User
from server.common import clock
from server.publishing.incoming.docx import slip_to_docx
from server.publishing.incoming.pdf import slip_to_pdf, stamp_to_pdf
from server.publishing.incoming.slip import Opinion, Slip, Stamp
from server.publishing.registers.book import Book, Cell, Cover
from server.publishing.registers.forms import BookForm, Column
from server.publishing.registers.xlsx import to_xlsx
from server.registry.books import Format
from server.registry.document_types import name_of
from server.registry.exports import ExportedFile
from server.registry.incoming_access import IncomingAccess
from server.registry.models import (
    Forwarding,
    ForwardingRole,
    ForwardingState,
    IncomingDocument,
)
from server.registry.queries.forwardings import (
    Desk,
    Tab,
    to_forward_rows,
    with_people,
    work_rows,
)

# What can be made while somebody waits.
MOST_ROWS = 20_000
_PDF = "application/pdf"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORK = BookForm(
    "DANH SÁCH VĂN BẢN ĐẾN CẦN GIẢI QUYẾT",
    (
        Column("Số đến", 14, True),
        Column("Ngày đến", 23, True),
        Column("Tác giả", 36, False),
        Column("Số, ký hiệu", 34, False),
        Column("Tên loại và trích yếu", 55, False),
        Column("Vai trò", 18, False),
        Column("Đơn vị hoặc người nhận", 32, False),
        Column("Thời hạn", 23, True),
        Column("Tiến độ", 22, False),
    ),
    "",
)
# Words of the paper: Vietnamese whatever the language of the screen.
_STATES = {
    ForwardingState.WAITING: "Chưa xử lý",
    ForwardingState.IN_PROGRESS: "Đang xử lý",
    ForwardingState.DONE: "Hoàn thành",
    ForwardingState.RETURNED: "Đã trả lại",
    ForwardingState.WITHDRAWN: "Đã rút",
}


def slip_file(access: IncomingAccess, form: Format) -> ExportedFile:
    """PDF or .docx."""
    slip = _slip(access)
    name = f"Phiếu giải quyết văn bản đến {access.document.number}.{form.value}"
    if form is Format.DOCX:
        return ExportedFile(name, _DOCX, slip_to_docx(slip))
    return ExportedFile(name, _PDF, slip_to_pdf(slip))


def stamp_file(document: IncomingDocument) -> ExportedFile:
    stamp = Stamp(
        organisation=document.register.organisation.name.upper(),
        number=str(document.number),
        day=f"{document.arrived_on:%d/%m/%Y}",
        forwarded_to=document.forwarded_to,
        file_notation=document.file_notation,
    )
    return ExportedFile(f"Dấu đến {document.number}.pdf", _PDF, stamp_to_pdf(stamp))


def work_file(desk: Desk, tab: Tab, user: User) -> ExportedFile:
    """The tab as .xlsx, all of its pages up to MOST_ROWS."""
    rows: Iterable[tuple[Cell, ...]]
    if tab is Tab.TO_FORWARD:
        rows = map(_document_cells, to_forward_rows(desk)[:MOST_ROWS])
    else:
        found = with_people(work_rows(desk, tab))[:MOST_ROWS]
        rows = map(_work_cells, found)
    today = clock.today()
    cover = Cover("", user.full_name.upper(), "", str(today.year), today, today, "", "")
    book = Book(_WORK, cover, tuple(rows))
    return ExportedFile(f"Văn bản đến {today:%Y-%m-%d}.xlsx", _XLSX, to_xlsx(book))


def _document_cells(document: IncomingDocument) -> tuple[Cell, ...]:
    return (
        document.number,
        document.arrived_on,
        document.issuer,
        document.full_number,
        f"{name_of(document.document_type)}: {document.subject}",
        "",
        "",
        document.deadline,
        "Chờ chuyển",
    )


def _work_cells(row: Forwarding) -> tuple[Cell, ...]:
    named = row.assignee.full_name if row.assignee and row.unit else ""
    recipient = f"{row.recipient_name}: {named}" if named else row.recipient_name
    first = _document_cells(row.document)[:5]
    role = "Chủ trì" if row.is_lead else "Phối hợp"
    state = _STATES[ForwardingState(row.state)]
    return (*first, role, recipient, row.due_on, state)


def _slip(access: IncomingAccess) -> Slip:
    document = access.document
    organisation = document.register.organisation
    parent = organisation.parent
    about = name_of(document.document_type)
    if document.full_number:
        about += f" số {document.full_number}"
    if document.issued_on:
        about += f" ngày {_day(document.issued_on)}"
    about += f" của {document.issuer} {_about(document.subject)}"
    about += f" (số đến {document.number}, ngày {_day(document.arrived_on)})"
    lead = access.lead
    return Slip(
        parent=parent.name.upper() if parent else "",
        organisation=organisation.name.upper(),
        place=organisation.place,
        day=lead.given_on if lead else None,
        about=about,
        opinions=(_leader(access), _head(lead), _proposal(lead)),
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
