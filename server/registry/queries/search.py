"""Search over all documents that a person may see.

One page costs a fixed number of queries, however many documents there are: the hits
come from the full-text index in their order, a page is found by the key of the hit
before it, and what is counted is counted to a limit. Must never filter by rights in
Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation, User
from server.common import clock
from server.common.errors import InvalidInput
from server.registry.models import SearchEntry, SearchKind, SearchText, Urgency
from server.registry.search import scope
from server.registry.search.index import (
    BY_RELEVANCE,
    EVERYTHING,
    Entries,
    Match,
    Part,
    SearchIndex,
    index_of,
)
from server.registry.search.query import Query, parse
from server.registry.search.snippet import Fragment, marked, snippet
from server.registry.search_access import findable

PAGE_SIZE = 25
MOST_COUNTED = 1000
SORTS = ("relevance", "-date", "date")
DEADLINES = ("has", "over", "within")
DEFAULT_DAYS = 3
# Enough to find the first hit in; a text may have millions.
_READ = 100_000
_MOST_DAYS = 3650


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


@dataclass(frozen=True, slots=True)
class Hit:
    entry: SearchEntry
    title: tuple[Fragment, ...]
    number: tuple[Fragment, ...]
    snippet: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`total` is exact up to MOST_COUNTED; `more` says that there are more than that.

    `next` is the key that continues after the last hit, "" at the end.
    """

    hits: tuple[Hit, ...]
    total: int
    more: bool
    next: str


def search(
    user: User,
    typed: str,
    shown: SearchFilter | None = None,
    *,
    sort: str = "relevance",
    after: str = "",
    size: int = PAGE_SIZE,
) -> SearchPage:
    """The hits of one page. Eleven queries at most, whatever is found.

    Raises InvalidInput for an unknown sort, filter or key.
    """
    shown = shown or SearchFilter()
    if sort not in SORTS:
        raise _unknown("sort", SORTS)
    found = findable(user)
    narrowed, condition = _narrowed(shown)
    part_number, place = _key(after)
    if not found.scopes:
        return SearchPage((), 0, False, "")
    query = parse(typed)
    match = Match(query, (found.scopes, *narrowed))
    entries = found.entries.filter(condition)
    index = index_of()
    parts = _parts(sort, query)
    keys = _page_of(index, entries, match, parts, sort, (part_number, place), size + 1)
    counted = index.count(entries, match, limit=MOST_COUNTED + 1)
    following = f"{keys[size - 1][0]}.{keys[size - 1][1]}" if len(keys) > size else ""
    hits = _hits([key for _part, key in keys[:size]], query)
    return SearchPage(
        hits, min(counted, MOST_COUNTED), counted > MOST_COUNTED, following
    )


def organisations_of(user: User) -> list[Organisation]:
    """Those whose documents this person may find by a register, by name."""
    keys = findable(user).organisations
    return list(Organisation.objects.filter(pk__in=keys).order_by("name", "pk"))


def _parts(sort: str, query: Query) -> Sequence[Part]:
    return BY_RELEVANCE if sort == "relevance" and query.wanted else (EVERYTHING,)


def _page_of(
    index: SearchIndex,
    entries: Entries,
    match: Match,
    parts: Sequence[Part],
    sort: str,
    start: tuple[int, int | None],
    limit: int,
) -> list[tuple[int, int]]:
    """(part, id) of each hit; the next part is asked only when there is room."""
    first, after = start
    keys: list[tuple[int, int]] = []
    for number, part in enumerate(parts):
        room = limit - len(keys)
        if number < first or not room:
            continue
        found = index.find(
            entries,
            match,
            part,
            limit=room,
            after=after if number == first else None,
            newest_first=sort != "date",
        )
        keys += [(number, key) for key in found]
    return keys


def _hits(keys: Sequence[int], query: Query) -> tuple[Hit, ...]:
    entries = SearchEntry.objects.select_related("organisation").in_bulk(keys)
    texts = dict(
        SearchText.objects.filter(pk__in=keys).values_list(
            "pk", Substr("body", 1, _READ)
        )
    )
    return tuple(
        Hit(
            entry,
            marked(entry.title, query),
            marked(entry.number, query),
            snippet(texts.get(key, ""), query),
        )
        for key in keys
        if (entry := entries.get(key)) is not None
    )


def _narrowed(shown: SearchFilter) -> tuple[tuple[tuple[str, ...], ...], Q]:
    """The filters as words of the index, and again as a condition."""
    today = clock.today()
    words: list[tuple[str, ...]] = []
    condition = Q()
    for name, value, known, word in (
        ("kind", shown.kind, SearchKind.values, scope.of_kind),
        ("urgency", shown.urgency, Urgency.values, scope.of_urgency),
    ):
        if not value:
            continue
        if value not in known:
            raise _unknown(name, known)
        words.append((word(value),))
        condition &= Q(**{name: value})
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
        condition &= _deadline_condition(shown, today)
    return tuple(words), condition


def _deadline_words(asked: str) -> tuple[str, ...]:
    if asked not in DEADLINES:
        raise _unknown("deadline", DEADLINES)
    return (scope.HAS_DEADLINE if asked == "has" else scope.OPEN_DEADLINE,)


def _deadline_condition(shown: SearchFilter, today: date) -> Q:
    """The day of the deadline itself is still in time."""
    if shown.deadline == "has":
        return Q(deadline__isnull=False)
    if shown.deadline == "over":
        return Q(is_open=True, deadline__lt=today)
    last = today + timedelta(days=min(max(0, shown.days), _MOST_DAYS))
    return Q(is_open=True, deadline__range=(today, last))


def _organisation(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInput(
            fields={"organisation": _("Không có cơ quan này.")}
        ) from None


def _key(after: str) -> tuple[int, int | None]:
    """Where a page begins: the part, and the id after which it goes on."""
    if not after:
        return 0, None
    part, _dot, place = after.partition(".")
    if not (_is_number(part, 1) and _is_number(place, 19)):
        raise InvalidInput(fields={"after": _("Không có trang này.")})
    return int(part), min(int(place), 2**63 - 1)


def _is_number(text: str, longest: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= longest


def _unknown(name: str, known: Sequence[str]) -> InvalidInput:
    return InvalidInput(
        fields={name: _("Chỉ nhận: %(values)s.") % {"values": ", ".join(known)}}
    )
