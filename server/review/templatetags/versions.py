"""Words of versions for the pages: kinds, and every field of the letterhead."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from server.registry.templatetags.process import field_label
from server.review.models import VersionKind

register = template.Library()

_FIELDS: dict[str, str | Promise] = {
    "rule_kind": _("Thể thức"),
    "enacting_authority": _("Thẩm quyền ban hành"),
    "dispatcher": _("Nơi điện"),
    "invitees": _("Kính mời"),
    "event": _("Nội dung cuộc họp"),
    "chair": _("Chủ trì"),
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
_ICONS = {
    "named": "pencil",
    "step": "arrow-right",
    "signed": "signature",
    "issued": "check",
    "day": "calendar",
    "pause": "clock",
}


@register.filter
def any_field_label(field: str) -> str:
    return str(_FIELDS[field]) if field in _FIELDS else field_label(field)


@register.filter
def kind_label(kind: str) -> str:
    return str(dict(VersionKind.choices).get(kind, kind))


@register.filter
def kind_icon(kind: str) -> str:
    return _ICONS.get(kind, "clock")


@register.filter
def unlocalized(value: float) -> str:
    """For a style sheet, which knows no decimal comma."""
    return f"{value:.1f}"
