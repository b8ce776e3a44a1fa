"""The pages of a register and of case files as spreadsheets: the columns, the filter
and the order of the screen.

A printed book is another thing (`server.registry.books`): it stands in the order of
the law and holds void numbers, too. Must never be called before the door was passed.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from server.accounts.models import Unit, User
from server.common.errors import Message
from server.publishing.registers.book import Cell
from server.publishing.registers.forms import Kind
from server.registry import list_exports
from server.registry.case_files.rules import retention_of
from server.registry.document_types import name_of
from server.registry.exports import ExportedFile
from server.registry.list_forms import ListForm
from server.registry.models import (
    CaseFile,
    CaseFileState,
    IncomingDocument,
    NumberState,
    OutgoingDocument,
    OutgoingState,
    Register,
    Urgency,
)
from server.registry.queries import case_files
from server.registry.queries.case_files import CaseFileFilter, Totals
from server.registry.queries.registers import (
    BookFilter,
    incoming_rows,
    order_of,
    outgoing_rows,
)
from server.registry.templatetags.registers import is_late, void_reason

CASE_FILE_STATES: tuple[tuple[str, Message], ...] = (
    *CaseFileState.choices,
    (case_files.DUE, gettext_lazy("Sắp đến hạn nộp lưu trữ")),
    (case_files.KEPT_BACK, gettext_lazy("Đang giữ lại")),
)


def book_rows_file(
    register: Register, kind: Kind, shown: BookFilter, sort: str
) -> ExportedFile:
    """Raises InvalidInput for an unknown sort. One query."""
    most = list_exports.MOST_ROWS + 1
    about = (register.name, *_narrowed_by(shown))
    if kind is Kind.OUTGOING:
        sent = outgoing_rows(register, shown).order_by(*order_of(sort, "issued_on"))
        found = sent.select_related("issued_number").defer("search_key")
        return list_exports.list_file(_OUTGOING, found[:most], about=about)
    came = incoming_rows(register, shown).order_by(*order_of(sort, "arrived_on"))
    rows = came.select_related("issued_number", "register").defer("search_key")
    form = _INCOMING if kind is Kind.INCOMING else _FOLLOW_UP
    return list_exports.list_file(form, rows[:most], about=about)


def case_file_rows_file(user: User, shown: CaseFileFilter, sort: str) -> ExportedFile:
    """Raises InvalidInput for an unknown sort. Five queries at most."""
    files = case_files.filtered(user, shown).order_by(*case_files.order_of(sort))
    rows = list(files.select_related("unit")[: list_exports.MOST_ROWS + 1])
    totals = case_files.totals_of(rows)
    told = [_File(row, totals.get(row.pk, Totals())) for row in rows]
    return list_exports.list_file(_CASE_FILES, told, about=_files_of(shown))


def _narrowed_by(shown: BookFilter) -> tuple[str, ...]:
    first, last = shown.days()
    return (
        _("Tìm: “%(q)s”") % {"q": shown.q.strip()} if shown.q.strip() else "",
        name_of(shown.document_type) if shown.document_type else "",
        _("Từ ngày %(day)s") % {"day": f"{first:%d/%m/%Y}"} if first else "",
        _("Đến ngày %(day)s") % {"day": f"{last:%d/%m/%Y}"} if last else "",
        _("Chưa trả lời") if shown.open_only else "",
    )


def _files_of(shown: CaseFileFilter) -> tuple[str, ...]:
    unit = Unit.objects.filter(pk=shown.unit).first() if shown.unit else None
    return (
        _("Tìm: “%(q)s”") % {"q": shown.q.strip()} if shown.q.strip() else "",
        _("Năm %(year)s") % {"year": shown.year} if shown.year else "",
        unit.name if unit else "",
        str(dict(CASE_FILE_STATES).get(shown.state, "")),
    )


@dataclass(frozen=True, slots=True)
class _File:
    row: CaseFile
    totals: Totals


def _urgency(row: OutgoingDocument | IncomingDocument) -> str:
    return "" if row.urgency == Urgency.NORMAL else str(row.get_urgency_display())


def _named(row: OutgoingDocument | IncomingDocument) -> str:
    return f"{row.type_name} {row.subject}"


def _state(row: OutgoingDocument) -> str:
    return "" if row.state == OutgoingState.ISSUED else str(row.get_state_display())


def _note(row: OutgoingDocument | IncomingDocument) -> str:
    """Why the number is void, as on the page, then what was noted."""
    number = row.issued_number
    is_void = number.state == NumberState.VOID
    why = _("Hủy số: %(reason)s") % {"reason": void_reason(number.reason)}
    return ". ".join(filter(None, (why if is_void else "", row.note)))


def _arrived(row: IncomingDocument) -> str:
    dated = f"{row.issued_on:%d/%m/%Y}" if row.issued_on else ""
    first = " ".join(filter(None, (row.type_name, row.full_number)))
    head = ", ".join(filter(None, (first, dated, row.issuer)))
    return f"{head}\n{row.subject}"


def _due(file: _File) -> Cell:
    row = file.row
    if row.state == CaseFileState.CLOSED:
        return row.due_on
    return row.handed_over_on if row.state == CaseFileState.HANDED_OVER else None


_OUTGOING: ListForm[OutgoingDocument] = ListForm(
    gettext_lazy("Văn bản đi"),
    (
        (gettext_lazy("Số, ký hiệu"), 34, False, lambda r: r.full_number),
        (gettext_lazy("Ngày"), 24, True, lambda r: r.issued_on),
        (gettext_lazy("Tên loại và trích yếu"), 70, False, _named),
        (gettext_lazy("Người ký"), 36, False, lambda r: r.signer_name),
        (gettext_lazy("Nơi nhận"), 50, False, lambda r: r.recipients_text),
        (gettext_lazy("Nơi nhận bản lưu"), 36, False, lambda r: r.archive_unit),
        (gettext_lazy("Số bản"), 16, True, lambda r: r.copies),
        (gettext_lazy("Ngày chuyển"), 24, True, lambda r: r.sent_on),
        (gettext_lazy("Ghi chú"), 44, False, _note),
        (gettext_lazy("Độ khẩn"), 22, False, _urgency),
        (gettext_lazy("Trạng thái"), 30, False, _state),
    ),
)
_INCOMING: ListForm[IncomingDocument] = ListForm(
    gettext_lazy("Văn bản đến"),
    (
        (gettext_lazy("Số đến"), 18, True, lambda r: r.numeral),
        (gettext_lazy("Ngày đến"), 24, True, lambda r: r.arrived_on),
        (gettext_lazy("Tác giả"), 44, False, lambda r: r.issuer),
        (gettext_lazy("Số, ký hiệu"), 34, False, lambda r: r.full_number),
        (gettext_lazy("Ngày văn bản"), 24, True, lambda r: r.issued_on),
        (gettext_lazy("Tên loại và trích yếu"), 70, False, _named),
        (gettext_lazy("Đơn vị, người nhận"), 44, False, lambda r: r.forwarded_to),
        (gettext_lazy("Ngày chuyển"), 24, True, lambda r: r.forwarded_on),
        (gettext_lazy("Ghi chú"), 44, False, _note),
        (gettext_lazy("Độ khẩn"), 22, False, _urgency),
    ),
)
_FOLLOW_UP: ListForm[IncomingDocument] = ListForm(
    gettext_lazy("Theo dõi giải quyết"),
    (
        (gettext_lazy("Số đến"), 18, True, lambda r: r.numeral),
        (gettext_lazy("Văn bản"), 90, False, _arrived),
        (gettext_lazy("Đơn vị, người nhận"), 44, False, lambda r: r.forwarded_to),
        (gettext_lazy("Thời hạn"), 24, True, lambda r: r.deadline),
        (gettext_lazy("Tiến độ giải quyết"), 50, False, lambda r: r.progress),
        (gettext_lazy("Văn bản trả lời"), 34, False, lambda r: r.answer_number),
        (gettext_lazy("Ghi chú"), 44, False, _note),
        (
            gettext_lazy("Quá hạn"),
            18,
            True,
            lambda r: _("Có") if is_late(r) else "",
        ),
    ),
)
_CASE_FILES: ListForm[_File] = ListForm(
    gettext_lazy("Hồ sơ"),
    (
        (gettext_lazy("Số, ký hiệu"), 34, False, lambda f: f.row.code),
        (gettext_lazy("Tiêu đề hồ sơ"), 90, False, lambda f: f.row.title),
        (gettext_lazy("Năm hình thành"), 20, True, lambda f: f.row.year),
        (gettext_lazy("Đơn vị"), 44, False, lambda f: f.row.unit.name),
        (gettext_lazy("Từ ngày"), 24, True, lambda f: f.row.starts_on),
        (gettext_lazy("Đến ngày"), 24, True, lambda f: f.row.ends_on),
        (
            gettext_lazy("Bảo quản"),
            26,
            True,
            lambda f: retention_of(f.row.retention, f.row.ruled_on).name,
        ),
        (gettext_lazy("Văn bản"), 20, True, lambda f: f.totals.documents),
        (
            gettext_lazy("Trạng thái"),
            30,
            False,
            lambda f: str(f.row.get_state_display()),
        ),
        (gettext_lazy("Hạn nộp, ngày nộp"), 24, True, _due),
    ),
)
