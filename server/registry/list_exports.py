"""Lists of the product as .xlsx: the rows that a page shows, all of its pages.

A sheet holds MOST_ROWS rows at most and says so when there are more, because a list
that is cut off in silence is read as the whole. Each list costs a fixed number of
queries. Must never be called before the door of the list was passed.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from server.accounts.models import User
from server.common import clock
from server.publishing.registers.forms import Column
from server.publishing.registers.sheet import to_sheet
from server.registry.exports import ExportedFile
from server.registry.list_forms import (
    ACTIVITY,
    DELEGATIONS,
    DISTRIBUTION,
    DRAFTS,
    NUMBERS,
    RECEIVED,
    WAITING,
    ListForm,
    RowT,
)
from server.registry.models import (
    Approval,
    Draft,
    NumberState,
    OutgoingDocument,
    Register,
)
from server.registry.queries import approvals
from server.registry.queries.activity import newest_deeds
from server.registry.queries.approvals import Waiting
from server.registry.queries.delegations import newest_delegations
from server.registry.queries.distribution import Shown, distribution_of
from server.registry.queries.drafts import DEFAULT_SORT, Scope, first_drafts
from server.registry.queries.received import first_received
from server.registry.queries.registers import number_rows

MOST_ROWS = 5_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def drafts_file(
    user: User, scope: Scope, *, q: str = "", sort: str = DEFAULT_SORT
) -> ExportedFile:
    """Raises InvalidInput for an unknown sort."""
    rows = first_drafts(user, scope, MOST_ROWS + 1, q=q, sort=sort)
    sought = _("Tìm: “%(q)s”") % {"q": q.strip()} if q.strip() else ""
    return list_file(DRAFTS, rows, about=(sought,))


def received_file(user: User, shown: str) -> ExportedFile:
    return list_file(RECEIVED, first_received(user, MOST_ROWS + 1, shown=shown))


def distribution_file(document: OutgoingDocument, shown: Shown) -> ExportedFile:
    about = (document.full_number, document.subject)
    return list_file(DISTRIBUTION, distribution_of(document, shown).lines, about=about)


def numbers_file(register: Register, state: str) -> ExportedFile:
    rows = number_rows(register, state=state)[: MOST_ROWS + 1]
    about = (register.name, str(NumberState(state).label) if state else "")
    return list_file(NUMBERS, rows, about=about)


def waiting_file(user: User) -> ExportedFile:
    """The queue, then the approvals that are void: both stand on the page.

    One query more a draft that was looked at before, as on the page; it ends at
    `approvals.MOST` drafts.
    """
    rows: list[Waiting | Approval] = [
        *approvals.waiting_for(user),
        *approvals.void_notices(user),
    ]
    limit = approvals.MOST if approvals.is_queue_full(user) else None
    return list_file(WAITING, rows, about=(user.full_name,), limit=limit)


def activity_file(draft: Draft) -> ExportedFile:
    return list_file(ACTIVITY, newest_deeds(draft, MOST_ROWS + 1), about=(draft.title,))


def delegations_file(user: User) -> ExportedFile:
    rows = newest_delegations(user, MOST_ROWS + 1)
    return list_file(DELEGATIONS, rows, about=(user.full_name,))


def list_file(
    form: ListForm[RowT],
    found: Iterable[RowT],
    *,
    about: tuple[str, ...] = (),
    limit: int | None = None,
) -> ExportedFile:
    """`found` are the rows, MOST_ROWS + 1 at most; `about` stands below the title.

    `limit`: at how many the list itself was cut, when that is known already.
    """
    rows = list(found)
    if len(rows) > MOST_ROWS:
        rows, limit = rows[:MOST_ROWS], MOST_ROWS
    title = str(form.title)
    lines = [_("%(title)s, ngày %(day)s")
             % {"title": title, "day": f"{clock.today():%d/%m/%Y}"}]  # fmt: skip
    lines += filter(None, about)
    if limit is not None:
        lines.append(
            _("Danh sách bị cắt ở %(limit)s dòng đầu. Hãy lọc bớt để có đủ.")
            % {"limit": f"{limit:,}".replace(",", ".")}
        )
    columns = [Column(str(name), width, c) for name, width, c, _of in form.columns]
    cells = [tuple(of(row) for *_head, of in form.columns) for row in rows]
    data = to_sheet(title, lines, columns, cells)
    return ExportedFile(f"{title} {clock.today():%Y-%m-%d}.xlsx", XLSX, data)
