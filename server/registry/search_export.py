"""The hits of a search as .xlsx, in their order, as many as a search counts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from server.accounts.models import User
from server.common import clock
from server.publishing.registers.book import Cell
from server.publishing.registers.forms import Column
from server.publishing.registers.sheet import to_sheet
from server.registry.document_types import name_of
from server.registry.exports import ExportedFile
from server.registry.models import SearchEntry
from server.registry.queries.search import MOST_COUNTED, export
from server.registry.search_due import Day
from server.registry.search_filter import SearchFilter
from server.registry.search_labels import state_label

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_search(
    user: User, typed: str, shown: SearchFilter, *, sort: str
) -> ExportedFile:
    """Says on its first line what was sought, and on its second when it is cut off.

    Raises InvalidInput as the search does.
    """
    found, is_cut = export(user, typed, shown, sort=sort)
    sought = f"“{typed.strip()}”" if typed.strip() else ""
    day = f"{clock.today():%d/%m/%Y}"
    lines = [_("Kết quả tìm kiếm %(sought)s ngày %(day)s")
             % {"sought": sought, "day": day}]  # fmt: skip
    if is_cut:
        lines.append(
            _(
                "Chỉ có %(limit)s kết quả đầu. Hãy thêm từ hoặc bộ lọc để có đủ kết"
                " quả cần tìm."
            )
            % {"limit": f"{MOST_COUNTED:,}".replace(",", ".")}
        )
    rows = [_row(entry, day) for entry, day in found]
    data = to_sheet(_("Tìm kiếm"), lines, _columns(), rows)
    return ExportedFile(f"Tim kiem {clock.today():%Y-%m-%d}.xlsx", XLSX, data)


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Nguồn"), 24, False),
        Column(_("Số, ký hiệu"), 32, False),
        Column(_("Ngày"), 24, True),
        Column(_("Loại văn bản"), 26, False),
        Column(_("Trích yếu"), 70, False),
        Column(_("Nơi gửi, người ký"), 36, False),
        Column(_("Cơ quan"), 40, False),
        Column(_("Trạng thái"), 26, False),
        Column(_("Độ khẩn"), 20, False),
        Column(_("Hạn"), 24, True),
    )


def _row(entry: SearchEntry, day: Day | None) -> tuple[Cell, ...]:
    return (
        str(entry.get_kind_display()),
        entry.number,
        entry.dated_on,
        name_of(entry.document_type, entry.dated_on),
        entry.title,
        entry.origin,
        entry.organisation.name if entry.organisation else "",
        state_label(entry),
        str(entry.get_urgency_display()),
        day.on if day else None,
    )
