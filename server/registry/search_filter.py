"""The filters of a search: what may be asked, how it is named, what it means.

A filter is asked of the index in words, which makes it quick, and of the entries as a
condition, which makes it true. Whose days count is told by who asks. Must never hold
rights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from server.common import clock
from server.common.errors import InvalidInput
from server.common.workdays import last_day_over
from server.registry.models import SearchKind, Urgency
from server.registry.search import scope
from server.registry.search_due import Due

SORTS = ("relevance", "-date", "date")
DEADLINES = ("has", "over", "within")
DEFAULT_DAYS = 3
_MOST_DAYS = 3650
# What a person may ask for; the words of the files belong to the incoming document.
KINDS = tuple(kind for kind in SearchKind if kind != SearchKind.ATTACHED)
_KINDS = {
    **{kind.value: (kind.value,) for kind in KINDS},
    SearchKind.INCOMING.value: (SearchKind.INCOMING.value, SearchKind.ATTACHED.value),
}


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Empty means all. `days` counts for a deadline `within` so many days from today;
    `over` and `within` look only at what is still open."""

    kind: str = ""
    document_type: str = ""
    year: int | None = None
    organisation: str = ""
    state: str = ""
    urgency: str = ""
    deadline: str = ""
    days: int = DEFAULT_DAYS

    def __bool__(self) -> bool:
        return self != SearchFilter(days=self.days)


def filter_from(given: Mapping[str, str]) -> SearchFilter:
    """As an address or a saved search names them. Raises InvalidInput for a year or a
    number of days that is none; other values are judged when they are used."""
    # A database of the office's kind refuses NUL; no filter is named with one.
    given = {name: value.replace("\x00", "") for name, value in given.items()}
    return SearchFilter(
        kind=given.get("kind", ""),
        document_type=given.get("type", "")[:10],
        year=_count("year", given.get("year", ""), 4),
        organisation=given.get("organisation", ""),
        state=given.get("state", "")[:20],
        urgency=given.get("urgency", ""),
        deadline=given.get("deadline", ""),
        days=_count("days", given.get("days", ""), 4) or DEFAULT_DAYS,
    )


def filters_of(shown: SearchFilter, sort: str = "") -> dict[str, str]:
    """The reverse of `filter_from`: only what narrows. Raises InvalidInput for a value
    that is none, so that nothing is kept which could never be asked again."""
    narrowed(shown)
    if sort and sort not in SORTS:
        raise unknown("sort", SORTS)
    named = {
        "kind": shown.kind,
        "type": shown.document_type,
        "year": str(shown.year or ""),
        "organisation": shown.organisation,
        "state": shown.state,
        "urgency": shown.urgency,
        "deadline": shown.deadline,
        "days": str(shown.days) if shown.deadline == "within" else "",
        "sort": "" if sort == SORTS[0] else sort,
    }
    return {name: value for name, value in named.items() if value}


def narrowed(
    shown: SearchFilter, due: Due | None = None
) -> tuple[tuple[tuple[str, ...], ...], Q]:
    """The filters as words of the index, and again as a condition. `due` are the days
    of the person who asks, beside those of the documents."""
    words: list[tuple[str, ...]] = []
    condition = Q()
    if shown.kind:
        kinds = _KINDS.get(shown.kind)
        if kinds is None:
            raise unknown("kind", tuple(_KINDS))
        words.append(tuple(map(scope.of_kind, kinds)))
        condition &= Q(kind__in=kinds)
    if shown.urgency:
        if shown.urgency not in Urgency.values:
            raise unknown("urgency", Urgency.values)
        words.append((scope.of_urgency(shown.urgency),))
        condition &= Q(urgency=shown.urgency)
    if shown.document_type:
        words.append((scope.of_type(shown.document_type),))
        condition &= Q(document_type=shown.document_type)
    if shown.state:
        words.append((scope.of_state(shown.state),))
        condition &= Q(state=shown.state)
    if shown.year is not None:
        words.append((scope.of_year(shown.year),))
        condition &= Q(year=shown.year)
    if shown.organisation:
        key = _organisation(shown.organisation)
        words.append((scope.of_organisation(key),))
        condition &= Q(organisation_id=key)
    if shown.deadline:
        words.append(_deadline_words(shown.deadline))
        condition &= _deadline_condition(shown, due or Due.nothing())
    return tuple(words), condition


def _deadline_words(asked: str) -> tuple[str, ...]:
    if asked not in DEADLINES:
        raise unknown("deadline", DEADLINES)
    return (scope.HAS_DEADLINE if asked == "has" else scope.OPEN_DEADLINE,)


def _deadline_condition(shown: SearchFilter, due: Due) -> Q:
    """The day of the deadline itself is still in time; a day off ends with the next
    working day, as it does in the lists."""
    today = clock.today()
    over = last_day_over(today)
    if shown.deadline == "has":
        return Q(deadline__isnull=False) | due.ever()
    if shown.deadline == "over":
        return Q(is_open=True, deadline__lte=over) | due.over(today)
    last = today + timedelta(days=min(max(0, shown.days), _MOST_DAYS))
    in_time = Q(is_open=True, deadline__gt=over, deadline__lte=last)
    return in_time | due.within(today, last)


def _organisation(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInput(
            fields={"organisation": _("Không có cơ quan này.")}
        ) from None


def _count(name: str, value: str, longest: int) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= longest):
        raise InvalidInput(fields={name: _("Cần một số.")})
    return int(value)


def unknown(name: str, known: Sequence[str]) -> InvalidInput:
    return InvalidInput(
        fields={name: _("Chỉ nhận: %(values)s.") % {"values": ", ".join(known)}}
    )
