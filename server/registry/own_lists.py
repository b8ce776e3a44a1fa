"""What a person keeps for themselves as spreadsheets: access tokens, saved searches,
and the offices they work in.

Must never hold a token's secret or its digest, nor be called for anybody but the person
whose lists they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from server.accounts.models import AccessToken, Organisation, User
from server.accounts.queries import tokens_of
from server.common import clock
from server.common.errors import Message
from server.registry.access import as_id
from server.registry.document_types import name_of
from server.registry.exports import ExportedFile
from server.registry.list_exports import list_file
from server.registry.list_forms import ListForm
from server.registry.models import SavedSearch, SearchKind, Urgency
from server.registry.office_access import OfficeAccess, list_offices
from server.registry.queries.saved_searches import saved_searches_of
from server.registry.search_filter import DEFAULT_DAYS
from server.registry.search_labels import DEADLINE_LABELS, SORT_LABELS, STATES


def tokens_file(user: User) -> ExportedFile:
    return list_file(_TOKENS, tokens_of(user), about=(user.full_name,))


def saved_searches_file(user: User) -> ExportedFile:
    saved = saved_searches_of(user)
    names = _names_of(saved)
    rows = [_Kept(one, _in_words(one.filters, names)) for one in saved]
    return list_file(_SAVED, rows, about=(user.full_name,))


def offices_file(user: User) -> ExportedFile:
    return list_file(_OFFICES, list_offices(user), about=(user.full_name,))


@dataclass(frozen=True, slots=True)
class _Kept:
    saved: SavedSearch
    narrowed_by: str


def _names_of(saved: Iterable[SavedSearch]) -> dict[str, str]:
    """The organisations that the filters name. One query."""
    keys = {one.filters.get("organisation", "") for one in saved} - {""}
    found = Organisation.objects.filter(pk__in=[as_id(key) for key in keys])
    return {str(one.pk): one.name for one in found}


def _in_words(filters: Mapping[str, str], names: Mapping[str, str]) -> str:
    """As the filters of the page name them; what is no longer known stays as it is."""
    labels: dict[str, Mapping[str, Message]] = {
        "kind": dict(SearchKind.choices),
        "organisation": names,
        "state": STATES,
        "urgency": dict(Urgency.choices),
        "deadline": dict(DEADLINE_LABELS),
        "sort": SORT_LABELS,
    }
    said = []
    for name, value in filters.items():
        if name == "days":
            continue
        if name == "type":
            word = name_of(value)
        elif name == "year":
            word = _("Năm %(year)s") % {"year": value}
        else:
            word = str(labels.get(name, {}).get(value, value))
        if (name, value) == ("deadline", "within"):
            days = filters.get("days", str(DEFAULT_DAYS))
            word += " (" + _("trong %(days)s ngày") % {"days": days} + ")"
        said.append(word)
    return "; ".join(said)


def _moment(at: datetime | None) -> datetime | None:
    """The clock on the wall: a spreadsheet knows no time zones."""
    return at.astimezone(clock.VIETNAM).replace(tzinfo=None) if at else None


def _last_use(token: AccessToken) -> datetime | str:
    return _moment(token.last_used_at) or _("Chưa dùng")


def _token_state(token: AccessToken) -> str:
    return _("Đã hết hạn") if token.expires_at <= clock.now() else ""


_TOKENS: ListForm[AccessToken] = ListForm(
    gettext_lazy("Mã truy cập"),
    (
        (gettext_lazy("Tên"), 60, False, lambda t: t.name),
        (gettext_lazy("Mã bắt đầu bằng"), 34, False, lambda t: f"{t.prefix}…"),
        (gettext_lazy("Phạm vi"), 28, False, lambda t: str(t.get_scope_display())),
        (gettext_lazy("Dùng lần cuối"), 36, True, _last_use),
        (gettext_lazy("Hết hạn"), 36, True, lambda t: _moment(t.expires_at)),
        (gettext_lazy("Trạng thái"), 26, False, _token_state),
    ),
)
_SAVED: ListForm[_Kept] = ListForm(
    gettext_lazy("Tìm kiếm đã lưu"),
    (
        (gettext_lazy("Tên của tìm kiếm"), 60, False, lambda k: k.saved.name),
        (gettext_lazy("Từ cần tìm"), 60, False, lambda k: k.saved.query),
        (gettext_lazy("Bộ lọc"), 90, False, lambda k: k.narrowed_by),
        (
            gettext_lazy("Ngày lưu"),
            24,
            True,
            lambda k: k.saved.created_at.astimezone(clock.VIETNAM).date(),
        ),
    ),
)
_OFFICES: ListForm[OfficeAccess] = ListForm(
    gettext_lazy("Cơ quan"),
    (
        (gettext_lazy("Cơ quan"), 90, False, lambda o: o.organisation.name),
        (gettext_lazy("Viết tắt"), 34, False, lambda o: o.organisation.abbreviation),
        (
            gettext_lazy("Đặt quy định"),
            26,
            True,
            lambda o: _("Có") if o.may_rule else "",
        ),
        (
            gettext_lazy("Giữ con dấu"),
            26,
            True,
            lambda o: _("Có") if o.may_keep_seal else "",
        ),
    ),
)
