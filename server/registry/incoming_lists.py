"""The lists of incoming work as spreadsheets: what each tab shows, all of its pages.

Must never be called for anybody but the person whose desk it is.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from server.accounts.models import User
from server.common import clock
from server.common.errors import Message
from server.registry.exports import ExportedFile
from server.registry.incoming_terms import transfer_by
from server.registry.list_exports import MOST_ROWS, list_file
from server.registry.list_forms import ListForm
from server.registry.models import Forwarding, IncomingDocument
from server.registry.queries.forwardings import (
    Desk,
    Tab,
    is_recalled,
    plain,
    to_forward_rows,
    with_people,
    work_rows,
)
from server.registry.term_words import term_in_words

LABELS: dict[Tab, Message] = {
    Tab.TO_FORWARD: gettext_lazy("Chờ chuyển"),
    Tab.WAITING: gettext_lazy("Chưa xử lý"),
    Tab.IN_PROGRESS: gettext_lazy("Đang xử lý"),
    Tab.OVER: gettext_lazy("Quá hạn"),
    Tab.DONE: gettext_lazy("Hoàn thành"),
}


def work_file(desk: Desk, tab: Tab, user: User) -> ExportedFile:
    about = (user.full_name, str(LABELS[tab]))
    if tab is Tab.TO_FORWARD:
        documents = plain(to_forward_rows(desk))[: MOST_ROWS + 1]
        return list_file(_TO_FORWARD, documents, about=about)
    rows = with_people(work_rows(desk, tab))[: MOST_ROWS + 1]
    return list_file(_WORK, rows, about=about)


def _named(document: IncomingDocument) -> str:
    return f"{document.type_name}: {document.subject}"


def _urgency(document: IncomingDocument) -> str:
    is_usual = document.urgency == "normal"
    return "" if is_usual else str(document.get_urgency_display())


def _standing(document: IncomingDocument) -> str:
    return _("Đã thu hồi") if is_recalled(document) else ""


def _late(document: IncomingDocument) -> str:
    if clock.today() <= transfer_by(document.arrived_on, document.urgency):
        return ""
    return _("Chưa chuyển, đã quá hạn chuyển")


def _assignee(row: Forwarding) -> str:
    return row.assignee.full_name if row.unit_id and row.assignee else ""


def _term(row: Forwarding) -> str:
    return term_in_words(row.due_on, clock.today()) if row.is_open else ""


_TO_FORWARD: ListForm[IncomingDocument] = ListForm(
    gettext_lazy("Văn bản đến"),
    (
        (gettext_lazy("Số đến"), 18, True, lambda d: d.numeral),
        (gettext_lazy("Ngày đến"), 24, True, lambda d: d.arrived_on),
        (gettext_lazy("Tác giả"), 44, False, lambda d: d.issuer),
        (gettext_lazy("Số, ký hiệu"), 34, False, lambda d: d.full_number),
        (gettext_lazy("Tên loại và trích yếu"), 70, False, _named),
        (gettext_lazy("Độ khẩn"), 22, False, _urgency),
        (gettext_lazy("Thời hạn giải quyết"), 24, True, lambda d: d.deadline),
        (gettext_lazy("Chuyển chậm"), 40, False, _late),
        (gettext_lazy("Hiệu lực"), 24, False, _standing),
    ),
)
_WORK: ListForm[Forwarding] = ListForm(
    gettext_lazy("Văn bản đến"),
    (
        (gettext_lazy("Số đến"), 18, True, lambda r: r.document.numeral),
        (gettext_lazy("Ngày đến"), 24, True, lambda r: r.document.arrived_on),
        (gettext_lazy("Tác giả"), 44, False, lambda r: r.document.issuer),
        (gettext_lazy("Số, ký hiệu"), 34, False, lambda r: r.document.full_number),
        (
            gettext_lazy("Tên loại và trích yếu"),
            70,
            False,
            lambda r: _named(r.document),
        ),
        (gettext_lazy("Độ khẩn"), 22, False, lambda r: _urgency(r.document)),
        (gettext_lazy("Vai trò"), 22, False, lambda r: str(r.get_role_display())),
        (gettext_lazy("Đơn vị hoặc người nhận"), 40, False, lambda r: r.recipient_name),
        (gettext_lazy("Người giải quyết"), 36, False, _assignee),
        (gettext_lazy("Thời hạn"), 24, True, lambda r: r.due_on),
        (gettext_lazy("Nhắc hạn"), 28, False, _term),
        (gettext_lazy("Tiến độ"), 24, False, lambda r: str(r.get_state_display())),
        (gettext_lazy("Báo cáo"), 60, False, lambda r: r.report),
        (
            gettext_lazy("Hiệu lực"),
            24,
            False,
            lambda r: _standing(r.document),
        ),
    ),
)
