"""What each list of the product shows, column by column, as data for a spreadsheet.

A column names itself, its width in mm, whether it is centred, and how a row fills it.
Reads rows that a query has loaded whole: a cell that asks the database is a fault.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from server.common import clock
from server.common.errors import Message
from server.publishing.registers.book import Cell
from server.registry.actions.numbers import is_over as is_run_out
from server.registry.document_types import name_of
from server.registry.models import (
    Approval,
    Delegation,
    IssuedNumber,
    OutgoingState,
    Recipient,
)
from server.registry.queries.activity import Deed
from server.registry.queries.approvals import Waiting
from server.registry.queries.delegations import is_over
from server.registry.queries.distribution import ListLine
from server.registry.queries.drafts import Row
from server.registry.templatetags.drafts import level_label
from server.registry.templatetags.process import (
    act_label,
    form_label,
    state_label,
    step_label,
)
from server.registry.templatetags.registers import void_reason

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class ListForm(Generic[RowT]):
    """A list on paper: its name, and (name, width in mm, centred?, cell) by column."""

    title: Message
    columns: tuple[tuple[Message, int, bool, Callable[[RowT], Cell]], ...]


def _day(moment: datetime | None) -> date | None:
    """Vietnam's day: a spreadsheet knows no time zones."""
    return moment.astimezone(clock.VIETNAM).date() if moment else None


def _yes(held: bool) -> str:
    return _("Có") if held else ""


DRAFTS: ListForm[Row] = ListForm(
    gettext_lazy("Dự thảo"),
    (
        (gettext_lazy("Tên dự thảo"), 90, False, lambda r: r.draft.title),
        (gettext_lazy("Loại văn bản"), 28, False, lambda r: r.type_name),
        (gettext_lazy("Trạng thái"), 30, False, lambda r: state_label(r.draft.state)),
        (
            gettext_lazy("Người soạn"),
            38,
            False,
            lambda r: r.draft.created_by.full_name,
        ),
        (
            gettext_lazy("Đơn vị"),
            40,
            False,
            lambda r: r.draft.unit.name if r.draft.unit else "",
        ),
        (gettext_lazy("Quyền"), 24, False, lambda r: level_label(r.level)),
        (gettext_lazy("Cập nhật"), 24, True, lambda r: _day(r.draft.updated_at)),
    ),
)


def _received_as(row: Recipient) -> str:
    if row.organisation:
        return row.organisation.name
    return row.unit.name if row.unit else _("Gửi riêng bạn")


def _received_state(row: Recipient) -> str:
    is_recalled = row.document.state == OutgoingState.RECALLED
    return _("Đã thu hồi") if is_recalled else str(row.get_state_display())


def _later_of(row: Recipient) -> str:
    """What became of the document since, as the page says it beside the state."""
    document = row.document
    changed = document.state in (OutgoingState.REPLACED, OutgoingState.CORRECTED)
    return str(document.get_state_display()) if changed else ""


RECEIVED: ListForm[Recipient] = ListForm(
    gettext_lazy("Văn bản nhận được"),
    (
        (
            gettext_lazy("Nơi gửi"),
            44,
            False,
            lambda r: r.document.organisation.name,
        ),
        (gettext_lazy("Số, ký hiệu"), 34, False, lambda r: r.document.full_number),
        (gettext_lazy("Ngày văn bản"), 24, True, lambda r: r.document.issued_on),
        (gettext_lazy("Trích yếu"), 70, False, lambda r: r.document.subject),
        (gettext_lazy("Gửi đến"), 40, False, _received_as),
        (gettext_lazy("Ngày gửi"), 24, True, lambda r: _day(r.sent_at)),
        (gettext_lazy("Trạng thái"), 26, False, _received_state),
        (
            gettext_lazy("Độ khẩn"),
            22,
            False,
            lambda r: str(r.document.get_urgency_display()),
        ),
        (gettext_lazy("Hạn"), 24, True, lambda r: r.deadline),
        (gettext_lazy("Lần đôn đốc"), 18, True, lambda r: r.chased or None),
        (gettext_lazy("Hiệu lực"), 28, False, _later_of),
    ),
)


def _recall_of(line: ListLine) -> str:
    row = line.recipient
    return str(row.get_recall_state_display()) if row.recall_state else ""


DISTRIBUTION: ListForm[ListLine] = ListForm(
    gettext_lazy("Nơi nhận"),
    (
        (gettext_lazy("Nơi nhận"), 56, False, lambda x: x.recipient.name),
        (
            gettext_lazy("Cách gửi"),
            28,
            False,
            lambda x: str(x.recipient.get_channel_display()),
        ),
        (gettext_lazy("Địa chỉ"), 44, False, lambda x: x.recipient.address),
        (gettext_lazy("Để"), 30, False, lambda x: x.recipient.purpose),
        (
            gettext_lazy("Trạng thái"),
            26,
            False,
            lambda x: str(x.recipient.get_state_display()),
        ),
        (gettext_lazy("Từ ngày"), 24, True, lambda x: _day(x.recipient.state_at)),
        (
            gettext_lazy("Cần giải quyết"),
            18,
            True,
            lambda x: _yes(x.recipient.must_act),
        ),
        (gettext_lazy("Hạn"), 24, True, lambda x: x.recipient.deadline),
        (gettext_lazy("Quá hạn"), 18, True, lambda x: _yes(x.is_late)),
        (gettext_lazy("Lần đôn đốc"), 18, True, lambda x: x.recipient.chased or None),
        (gettext_lazy("Thu hồi, thay thế"), 30, False, _recall_of),
    ),
)


def _used_for(number: IssuedNumber) -> str:
    outgoing = getattr(number, "outgoing_document", None)
    incoming = getattr(number, "incoming_document", None)
    held = (
        outgoing.full_number if outgoing else "",
        (incoming.full_number or incoming.issuer) if incoming else "",
        str(void_reason(number.reason)),
    )
    return " ".join(filter(None, held))


def _number_state(number: IssuedNumber) -> str:
    """A reservation that ran out says so before the next draw makes it void."""
    return _("Hết hạn giữ") if is_run_out(number) else str(number.get_state_display())


def _held_until(number: IssuedNumber) -> str:
    if number.expires_at is None or is_run_out(number):
        return ""
    return f"{number.expires_at.astimezone(clock.VIETNAM):%H:%M %d/%m/%Y}"


NUMBERS: ListForm[IssuedNumber] = ListForm(
    gettext_lazy("Số của sổ"),
    (
        (
            gettext_lazy("Số"),
            18,
            True,
            lambda n: n.written,
        ),
        (gettext_lazy("Loại văn bản"), 34, False, lambda n: n.type_name),
        (gettext_lazy("Ngày"), 24, True, lambda n: n.issued_on),
        (gettext_lazy("Trạng thái"), 26, False, _number_state),
        (gettext_lazy("Giữ đến"), 32, True, _held_until),
        (gettext_lazy("Lý do hoặc văn bản"), 90, False, _used_for),
        (
            gettext_lazy("Người lấy số"),
            40,
            False,
            lambda n: n.by.full_name,
        ),
    ),
)


def _asked_of(row: Waiting | Approval) -> str:
    if isinstance(row, Approval):
        return _("“%(step)s” của bạn đã hết hiệu lực vì nội dung thay đổi") % {
            "step": step_label(row.step)
        }
    return act_label(row.step)


def _news_of(row: Waiting | Approval) -> str:
    if isinstance(row, Approval):
        return ""
    if row.is_new_since:
        return _("Có sửa từ lần bạn xem")
    return "" if row.looked_before else _("Chưa xem")


def _place_of(row: Waiting | Approval) -> str:
    given = None if isinstance(row, Approval) else row.in_place
    if given is None:
        return ""
    who = given.principal.full_name if given.principal else given.in_place_of
    return f"{given.form}. {who}"


WAITING: ListForm[Waiting | Approval] = ListForm(
    gettext_lazy("Chờ tôi duyệt"),
    (
        (gettext_lazy("Việc"), 44, False, _asked_of),
        (gettext_lazy("Dự thảo"), 90, False, lambda r: r.draft.title),
        (
            gettext_lazy("Loại văn bản"),
            28,
            False,
            lambda r: name_of(r.draft.document_type),
        ),
        (
            gettext_lazy("Người soạn"),
            38,
            False,
            lambda r: r.draft.created_by.full_name,
        ),
        (
            gettext_lazy("Đơn vị"),
            40,
            False,
            lambda r: r.draft.unit.name if r.draft.unit else "",
        ),
        (
            gettext_lazy("Từ ngày"),
            24,
            True,
            lambda r: _day(
                r.voided_at if isinstance(r, Approval) else r.draft.state_at
            ),
        ),
        (gettext_lazy("Duyệt thay"), 40, False, _place_of),
        (gettext_lazy("Đã sửa"), 34, False, _news_of),
    ),
)

ACTIVITY: ListForm[Deed] = ListForm(
    gettext_lazy("Nhật ký"),
    (
        (gettext_lazy("Ngày"), 24, True, lambda d: _day(d.at)),
        (
            gettext_lazy("Giờ"),
            16,
            True,
            lambda d: f"{d.at.astimezone(clock.VIETNAM):%H:%M}",
        ),
        (gettext_lazy("Người thực hiện"), 44, False, lambda d: d.actor),
        (gettext_lazy("Việc"), 110, False, lambda d: d.sentence),
    ),
)


def _standing(given: Delegation) -> str:
    if is_over(given):
        return _("Đã kết thúc")
    if given.starts_on > clock.today():
        return _("Chưa đến ngày")
    return _("Đang có hiệu lực")


def _powers(given: Delegation) -> str:
    held = (
        _("Duyệt nội dung thay trưởng đơn vị") if given.may_approve_content else "",
        _("Duyệt ký văn bản") if given.may_sign else "",
        _("Chỉ đạo, chuyển xử lý văn bản đến") if given.may_direct else "",
    )
    return "; ".join(filter(None, held))


def _passed_on_from(given: Delegation) -> str:
    under = given.under
    if under is None:
        return ""
    return under.principal.full_name if under.principal else under.in_place_of


DELEGATIONS: ListForm[Delegation] = ListForm(
    gettext_lazy("Ủy quyền"),
    (
        (gettext_lazy("Trạng thái"), 28, False, _standing),
        (
            gettext_lazy("Người ủy quyền"),
            40,
            False,
            lambda g: g.principal.full_name if g.principal else "",
        ),
        (
            gettext_lazy("Người được ủy quyền"),
            40,
            False,
            lambda g: g.delegate.full_name,
        ),
        (gettext_lazy("Hình thức ký"), 36, False, lambda g: form_label(g.form)),
        (gettext_lazy("Ký thay"), 40, False, lambda g: g.in_place_of),
        (gettext_lazy("Quyền được giao"), 46, False, _powers),
        (gettext_lazy("Từ ngày"), 24, True, lambda g: g.starts_on),
        (gettext_lazy("Đến hết ngày"), 24, True, lambda g: g.ends_on),
        (gettext_lazy("Văn bản ủy quyền"), 44, False, lambda g: g.document),
        (gettext_lazy("Giao tiếp từ quyền của"), 40, False, _passed_on_from),
        # Of an acting head: of which unit.
        (gettext_lazy("Đơn vị"), 40, False, lambda g: g.unit.name if g.unit else ""),
    ),
)
