"""How numbers, types and faults of registers are shown."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from server.common import clock
from server.common.workdays import is_over
from server.registry.actions.numbers import EXPIRED
from server.registry.document_types import find
from server.registry.models import IncomingDocument, NumberState, Register

register = template.Library()

# Names of fields whose label a list of faults must repeat.
LABELS = {
    "after": gettext_lazy("Chèn sau số"),
    "answer": gettext_lazy("Văn bản trả lời"),
    "answer_number": gettext_lazy("Số, ký hiệu văn bản trả lời"),
    "answered_on": gettext_lazy("Ngày trả lời"),
    "archive_unit": gettext_lazy("Đơn vị, người nhận bản lưu"),
    "arrived_on": gettext_lazy("Ngày đến"),
    "checking_unit": gettext_lazy("Đơn vị kiểm tra thể thức cùng văn thư"),
    "code": gettext_lazy("Số, ký hiệu"),
    "copies": gettext_lazy("Số lượng bản"),
    "creator": gettext_lazy("Người lập"),
    "deadline": gettext_lazy("Thời hạn"),
    "body": gettext_lazy("Sổ riêng của tổ chức tư vấn"),
    "groups": gettext_lazy("Các nhóm loại văn bản"),
    "delegate": gettext_lazy("Người được ủy quyền"),
    "document": gettext_lazy("Văn bản ủy quyền"),
    "cooperating": gettext_lazy("Phối hợp"),
    "cooperating_deadline": gettext_lazy("Hạn của nơi phối hợp"),
    "direction": gettext_lazy("Ý kiến chỉ đạo"),
    "document_type": gettext_lazy("Loại văn bản"),
    "ends_on": gettext_lazy("Đến hết ngày"),
    "file_notation": gettext_lazy("Số và ký hiệu hồ sơ"),
    "form": gettext_lazy("Hình thức ký"),
    "forwarded_on": gettext_lazy("Ngày chuyển"),
    "forwarded_to": gettext_lazy("Đơn vị hoặc người nhận"),
    "full_number": gettext_lazy("Số, ký hiệu"),
    "of_unit": gettext_lazy("Đơn vị khuyết trưởng đơn vị"),
    "in_place_of": gettext_lazy("Chức vụ hoặc tập thể được ký thay"),
    "given_by": gettext_lazy("Người cho ý kiến"),
    "given_on": gettext_lazy("Ngày cho ý kiến"),
    "description": gettext_lazy("Ghi chú"),
    "handed_over_on": gettext_lazy("Ngày nộp"),
    "issued_on": gettext_lazy("Ngày văn bản"),
    "issuer": gettext_lazy("Tác giả"),
    "last_number": gettext_lazy("Số cuối cùng của sổ giấy trong năm"),
    "lead": gettext_lazy("Chủ trì"),
    "lead_deadline": gettext_lazy("Hạn của nơi chủ trì"),
    "name": gettext_lazy("Tên sổ"),
    "note": gettext_lazy("Ghi chú"),
    "number": gettext_lazy("Số"),
    "on_date": gettext_lazy("Ngày văn bản"),
    "pages": gettext_lazy("Số trang"),
    "progress": gettext_lazy("Tiến độ giải quyết"),
    "powers": gettext_lazy("Quyền được giao"),
    "principal": gettext_lazy("Người ủy quyền"),
    "person": gettext_lazy("Người giải quyết"),
    "reason": gettext_lazy("Lý do"),
    "recipients_text": gettext_lazy("Nơi nhận"),
    "retention": gettext_lazy("Thời hạn bảo quản"),
    "sent_on": gettext_lazy("Ngày chuyển"),
    "signer_name": gettext_lazy("Người ký"),
    "starts_on": gettext_lazy("Từ ngày"),
    "subject": gettext_lazy("Trích yếu"),
    "under": gettext_lazy("Giao tiếp quyền đã nhận"),
    "title": gettext_lazy("Tiêu đề hồ sơ"),
    "unit": gettext_lazy("Đơn vị soạn thảo"),
    "year": gettext_lazy("Năm hình thành"),
}


@register.filter
def field_label(name: str) -> str:
    return str(LABELS.get(name, ""))


@register.filter
def type_or_group(name: str) -> str:
    """A run's name: the type's own when each type counts for itself."""
    found = find(name)
    return found.name if found else name


@register.filter
def written_in(number: int, book: Register) -> str:
    """The last number of a run, as the book would write it today."""
    return book.written(number, "", clock.today())


@register.filter
def is_void(state: str) -> bool:
    return state == NumberState.VOID


@register.filter
def void_reason(reason: str) -> str:
    return _("hết thời hạn giữ số") if reason == EXPIRED else reason


@register.filter
def is_late(row: IncomingDocument) -> bool:
    """The day of the deadline is in time; on a day off, the next working day is."""
    return (
        row.answered_on is None
        and row.deadline is not None
        and is_over(row.deadline, clock.today())
    )
