"""The list "Cho ý kiến" as a spreadsheet: what the page shows, all of its pages.

Must not be called for anybody but the person whose list it is.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from server.accounts.models import User
from server.registry.exports import ExportedFile
from server.registry.list_exports import MOST_ROWS, list_file
from server.registry.list_forms import ListForm
from server.review.queries.opinions import AskedOf, all_as_asked, requests_for
from server.review.templatetags.opinions import stand_label

LABELS = {
    "waiting": gettext_lazy("Chờ cho ý kiến"),
    "answered": gettext_lazy("Đã cho ý kiến"),
    "closed": gettext_lazy("Đã kết thúc"),
}


def asked_file(user: User, tab: str) -> ExportedFile:
    """`tab` is one of LABELS."""
    rows = requests_for(user, tab)[: MOST_ROWS + 1]
    return list_file(_ASKED, all_as_asked(rows), about=(str(LABELS[tab]),))


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
