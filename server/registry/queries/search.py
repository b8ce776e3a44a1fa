"""Search over all documents that a person may see.

One page costs a fixed number of queries, however many documents there are: the hits
come from the full-text index in their order, a page is found by the key of the hit
before it, and what is counted is counted to a limit. Must never filter by rights in
Python.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation, User
from server.common.errors import InvalidInput
from server.registry.models import SearchEntry, SearchText
from server.registry.search.index import (
    BY_RELEVANCE,
    EVERYTHING,
    Entries,
    Match,
    Part,
    SearchIndex,
    index_of,
)
from server.registry.search.query import parse
from server.registry.search.snippet import Fragment, marked, snippet
from server.registry.search_access import findable
from server.registry.search_due import Day, Due
from server.registry.search_filter import SORTS, SearchFilter, narrowed, unknown

PAGE_SIZE = 25
MOST_COUNTED = 1000
# Enough to find the first hit in; a text may have millions.
_READ = 100_000


@dataclass(frozen=True, slots=True)
class Hit:
    """`day` is the deadline to show: the document's, or one of this person's own."""

    entry: SearchEntry
    title: tuple[Fragment, ...]
    number: tuple[Fragment, ...]
    snippet: tuple[Fragment, ...]
    day: Day | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`total` is exact up to MOST_COUNTED; `more` says that there are more than that.

    `next` is the key that continues after the last hit, "" at the end.
    """

    hits: tuple[Hit, ...]
    total: int
    more: bool
    next: str


def export(
    user: User, typed: str, shown: SearchFilter, *, sort: str = "relevance"
) -> tuple[list[tuple[SearchEntry, Day | None]], bool]:
    """The first MOST_COUNTED hits in their order, each with the deadline to show, and
    whether there are more."""
    plan = _planned(user, typed, shown, sort)
    if plan is None:
        return [], False
    keys = [key for _part, key in _keys(plan, (0, None), MOST_COUNTED + 1)]
    entries = SearchEntry.objects.select_related("organisation").in_bulk(
        keys[:MOST_COUNTED]
    )
    days = plan.due.shown(entries.values())
    rows = [(entries[key], days.get(key)) for key in keys if key in entries]
    return rows, len(keys) > MOST_COUNTED


def search(
    user: User,
    typed: str,
    shown: SearchFilter | None = None,
    *,
    sort: str = "relevance",
    after: str = "",
    size: int = PAGE_SIZE,
) -> SearchPage:
    """The hits of one page. A fixed number of queries at most, whatever is found.

    Raises InvalidInput for an unknown sort, filter or key.
    """
    place = _key(after)
    plan = _planned(user, typed, shown or SearchFilter(), sort)
    if plan is None:
        return SearchPage((), 0, False, "")
    met = plan.index.meet(plan.entries, plan.match, limit=MOST_COUNTED + 1)
    counted = len(met)
    # Once all that there is was found, the other parts need not be asked.
    room = size + 1 if after else min(size + 1, counted)
    keys = _keys(plan, place, room, None if counted > MOST_COUNTED else met)
    following = f"{keys[size - 1][0]}.{keys[size - 1][1]}" if len(keys) > size else ""
    hits = _hits([key for _part, key in keys[:size]], plan)
    return SearchPage(
        hits, min(counted, MOST_COUNTED), counted > MOST_COUNTED, following
    )


def organisations_of(user: User) -> list[Organisation]:
    """Those whose documents this person may find, by name."""
    return list(findable(user).organisations.order_by("name", "pk"))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is asked of the index: `entries` carry the rights and the filters."""

    entries: Entries
    match: Match
    parts: Sequence[Part]
    newest_first: bool
    due: Due
    index: SearchIndex


def _planned(user: User, typed: str, shown: SearchFilter, sort: str) -> _Plan | None:
    """None when this person can find nothing at all."""
    if sort not in SORTS:
        raise unknown("sort", SORTS)
    found = findable(user)
    words, condition = narrowed(shown, found.due)
    kinds = [found.scopes.get(shown.kind, ())] if shown.kind else found.scopes.values()
    scopes = tuple(dict.fromkeys(itertools.chain.from_iterable(kinds)))
    if not scopes:
        return None
    query = parse(typed)
    by_relevance = sort == "relevance" and query.wanted
    return _Plan(
        found.entries.filter(condition),
        Match(query, (scopes, *words)),
        BY_RELEVANCE if by_relevance else (EVERYTHING,),
        sort != "date",
        found.due,
        index_of(),
    )


def _keys(
    plan: _Plan,
    start: tuple[int, int | None],
    limit: int,
    among: Sequence[int] | None = None,
) -> list[tuple[int, int]]:
    """(part, id) of each hit; the next part is asked only when there is room."""
    first, after = start
    keys: list[tuple[int, int]] = []
    for number, part in enumerate(plan.parts):
        room = limit - len(keys)
        if number < first or not room:
            continue
        if first == 0 and after is None:
            # All hits of the parts before are in hand, or there were no room.
            known = tuple(key for _number, key in keys)
            part = Part(part.column, known=known)
        found = plan.index.find(
            plan.entries,
            plan.match,
            part,
            limit=room,
            after=after if number == first else None,
            newest_first=plan.newest_first,
            among=among,
        )
        keys += [(number, key) for key in found]
    return keys


def _hits(keys: Sequence[int], plan: _Plan) -> tuple[Hit, ...]:
    query = plan.match.query
    entries = SearchEntry.objects.select_related("organisation").in_bulk(keys)
    texts = dict(
        SearchText.objects.filter(pk__in=keys).values_list(
            "pk", Substr("body", 1, _READ)
        )
    )
    days = plan.due.shown(entries.values())
    return tuple(
        Hit(
            entry,
            marked(entry.title, query),
            marked(entry.number, query),
            snippet(texts.get(key, ""), query),
            days.get(key),
        )
        for key in keys
        if (entry := entries.get(key)) is not None
    )


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
