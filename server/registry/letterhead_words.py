"""The fields of the letterhead in the words that people know them by.

Names of all of them, and the values that are chosen from a list: an approver must read
"Khẩn" and "ngày 05 tháng 01", not codes of programs. Must never hold a rule of form.
"""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from server.publishing.rules import Kind, choose_rules
from server.registry.document_types import name_of

_NAMES: dict[str, str | Promise] = {
    "issuer_parent": _("Cơ quan chủ quản"),
    "issuer": _("Cơ quan ban hành"),
    "notation": _("Ký hiệu"),
    "place": _("Địa danh"),
    "subject": _("Trích yếu"),
    "addressees": _("Kính gửi"),
    "recipients": _("Nơi nhận"),
    "signer_authority": _("Quyền hạn người ký"),
    "signer_position": _("Chức vụ người ký"),
    "signer_name": _("Người ký"),
    "typist": _("Người soạn"),
    "document_type": _("Loại văn bản"),
    "date": _("Ngày"),
    "urgency": _("Độ khẩn"),
    "deadline": _("Thời hạn"),
    "number": _("Số"),
    "rule_kind": _("Thể thức"),
    "enacting_authority": _("Thẩm quyền ban hành"),
    "dispatcher": _("Nơi điện"),
    "invitees": _("Kính mời"),
    "event": _("Nội dung cuộc họp"),
    "chair": pgettext_lazy("letterhead", "Chủ trì"),
    "secretary": _("Thư ký"),
    "attendance": _("Thành phần"),
    "starts_at": _("Bắt đầu"),
    "ends_at": _("Kết thúc"),
    "venue": _("Địa điểm"),
    "bearer": _("Người mang giấy"),
    "bearer_position": _("Chức vụ"),
    "sent_to": _("Được cử đến"),
    "purpose": _("Về việc"),
    "valid_until": _("Có giá trị đến"),
    "leave_request": _("Đơn xin nghỉ"),
    "leave_period": _("Thời gian nghỉ"),
    "leave_place": _("Nơi nghỉ"),
    "second_position": _("Chức vụ người ký bên trái"),
    "second_name": _("Người ký bên trái"),
    "handling": _("Phạm vi lưu hành"),
    "contact": _("Địa chỉ liên hệ"),
}
# In the words of the printed stamp, whatever the language of the page.
_URGENCIES = {
    "normal": "Thường",
    "urgent": "Khẩn",
    "very_urgent": "Thượng khẩn",
    "flash": "Hỏa tốc",
}
_NORMS = {"party": "của Đảng"}


def name_of_field(field: str) -> str:
    return str(_NAMES.get(field, field))


def in_words(field: str, value: str, norm: Kind) -> str:
    """The value of a field of a draft that follows this norm; text is as it stands."""
    if field == "document_type":
        return name_of(value)
    if field in ("date", "deadline"):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return value
        zeros = choose_rules(day, norm).zeros
        shown, month = zeros.day(day.day), zeros.month(day.month)
        return f"ngày {shown} tháng {month} năm {day.year}"
    if field == "urgency":
        return _URGENCIES.get(value, value)
    return _NORMS.get(value, value) if field == "rule_kind" else value
