"""The list "Cho ý kiến" and the rounds of a draft as spreadsheets: what the pages show.

Must not be called for anybody but the person whose list it is, nor before the door of
the draft was passed.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from server.accounts.models import User
from server.common import clock
from server.registry.exports import ExportedFile
from server.registry.list_exports import MOST_ROWS, list_file
from server.registry.list_forms import ListForm
from server.registry.models import Draft
from server.review.models import OpinionRound
from server.review.queries.opinions import (
    AskedOf,
    as_asked,
    requests_for,
    rounds_of,
)
from server.review.templatetags.opinions import stand_label

LABELS = {
    "waiting": gettext_lazy("Chờ cho ý kiến"),
    "answered": gettext_lazy("Đã cho ý kiến"),
    "closed": gettext_lazy("Đã kết thúc"),
}

_OPEN = gettext_lazy("Đang lấy ý kiến")
_CLOSED = gettext_lazy("Đã kết thúc")


def asked_file(user: User, tab: str) -> ExportedFile:
    """`tab` is one of LABELS."""
    rows = requests_for(user, tab)[: MOST_ROWS + 1]
    return list_file(_ASKED, map(as_asked, rows), about=(str(LABELS[tab]),))


def rounds_file(draft: Draft) -> ExportedFile:
    return list_file(_ROUNDS, rounds_of(draft.pk), about=(draft.title,))


def _asked_whom(row: AskedOf) -> str:
    request = row.request
    if request.unit is not None:
        return request.unit.name
    return request.user.full_name if request.user is not None else ""


def _said(row: AskedOf) -> str:
    if row.opinion is not None:
        return row.opinion.get_verdict_display()
    return stand_label(row.stand)


_ASKED: ListForm[AskedOf] = ListForm(
    gettext_lazy("Cho ý kiến"),
    (
        (gettext_lazy("Dự thảo"), 90, False, lambda r: r.request.round.draft.title),
        (
            gettext_lazy("Người hỏi"),
            40,
            False,
            lambda r: r.request.round.asked_by.full_name,
        ),
        (gettext_lazy("Hỏi ai"), 44, False, _asked_whom),
        (gettext_lazy("Hạn"), 24, True, lambda r: r.request.due_on),
        (gettext_lazy("Ý kiến"), 48, False, _said),
    ),
)
_ROUNDS: ListForm[OpinionRound] = ListForm(
    gettext_lazy("Lấy ý kiến"),
    (
        (gettext_lazy("Đợt"), 16, True, lambda r: r.number),
        (
            gettext_lazy("Trạng thái"),
            36,
            False,
            lambda r: str(_OPEN if r.is_open else _CLOSED),
        ),
        (gettext_lazy("Người hỏi"), 40, False, lambda r: r.asked_by.full_name),
        (
            gettext_lazy("Từ ngày"),
            24,
            True,
            lambda r: r.asked_at.astimezone(clock.VIETNAM).date(),
        ),
        (gettext_lazy("Hạn"), 24, True, lambda r: r.due_on),
    ),
)
