"""What an imported .docx had that a draft cannot keep: counted, named, told once.

Messages are in the language of the request. Codes are stable: programs read them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, str | Promise] = {
    "footnotes": _("Chú thích cuối trang, cuối văn bản không được giữ: %(count)s."),
    "comments": _("Bình luận của Word không được giữ: %(count)s."),
    "revisions": _("Vết sửa (track changes) đã được coi như chấp nhận hết: %(count)s."),
    "text_boxes": _("Chữ trong hộp văn bản được đưa vào thân văn bản: %(count)s hộp."),
    "equations": _("Công thức chỉ giữ được phần chữ: %(count)s."),
    "headers_footers": _("Đầu trang, chân trang không được giữ: %(count)s."),
    "charts": _("Biểu đồ, sơ đồ SmartArt không được giữ: %(count)s."),
    "embedded_objects": _("Tệp nhúng (OLE) không được giữ: %(count)s."),
    "columns": _("Phần chia cột được chuyển thành một cột: %(count)s."),
    "landscape": _("Trang ngang được chuyển thành trang dọc: %(count)s phần."),
    "images": _(
        "Hình hỏng, quá lớn hoặc có định dạng không dùng được bị bỏ: %(count)s."
    ),
    "external_content": _(
        "Nội dung nằm ngoài tệp (liên kết tới nơi khác) không được tải: %(count)s."
    ),
    "hidden_text": _("Chữ ẩn bị bỏ: %(count)s đoạn."),
    "symbols": _("Ký hiệu của phông riêng không đọc được bị bỏ: %(count)s."),
    "unsafe_links": _("Liên kết có địa chỉ không an toàn chỉ giữ phần chữ: %(count)s."),
    "legacy_fonts": _(
        "Chữ phông cũ (TCVN3, VNI) đã đổi sang Unicode, hãy đọc lại: %(count)s đoạn."
    ),
    "too_long": _("Văn bản quá dài, phần cuối bị bỏ: %(count)s."),
}


@dataclass(frozen=True, slots=True)
class Warning_:
    code: str
    message: str | Promise
    count: int


class Notes:
    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def count(self, code: str, number: int = 1) -> None:
        if code not in MESSAGES:
            raise KeyError(code)
        self._counts[code] += number

    def warnings(self) -> tuple[Warning_, ...]:
        """In the order of MESSAGES, only what was met."""
        return tuple(
            Warning_(code, message % {"count": self._counts[code]}, self._counts[code])
            for code, message in MESSAGES.items()
            if self._counts[code]
        )
