"""The port to the database's full-text search: put entries in, and find them.

A search is asked in parts (`Part`): the best hits first, each document in one part
only, and within a part by the day. So both databases give the same order, and a page
costs a page, because an index that is walked by the day stops when the page is full.
Must never know rights: who asks brings them as the entries it may find.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import connections
from django.db.models import QuerySet

from server.registry.models import SearchEntry
from server.registry.search.query import Query
from server.registry.search.words import Column

Entries = QuerySet[SearchEntry, SearchEntry]


@dataclass(frozen=True, slots=True)
class Part:
    """All wanted terms stand in `column`, and not all in any column of `less`.

    When what is in a column of `less` is known already, and little, its ids are named
    in `known` instead: nothing needs to be looked up to leave it out.
    """

    column: Column
    less: tuple[Column, ...] = ()
    known: tuple[int, ...] = ()


EVERYTHING = Part("words")
# With its accents in the heading, with its accents, in the heading, anywhere.
BY_RELEVANCE = (
    Part("heading_exact"),
    Part("exact", ("heading_exact",)),
    Part("heading_words", ("exact",)),
    Part("words", ("exact", "heading_words")),
)


@dataclass(frozen=True, slots=True)
class Match:
    """At least one wanted term or one group of scopes must be given.

    Of `scopes`, one word of each group must be in the entry's scope.
    """

    query: Query
    scopes: tuple[tuple[str, ...], ...] = ()


class SearchIndex(Protocol):
    def add(self, ids: Sequence[int]) -> None:
        """Index the entries with these ids, whose SearchText is written already."""
        ...

    def remove(self, ids: Sequence[int]) -> None:
        """Take them out, before their SearchText is changed or deleted."""
        ...

    def find(
        self,
        entries: Entries,
        match: Match,
        part: Part,
        *,
        limit: int,
        after: int | None = None,
        newest_first: bool = True,
        among: Sequence[int] | None = None,
    ) -> list[int]:
        """Ids of `entries` that match, in their order, from `after` on.

        `among` are all ids that match anywhere, where they are known; None is a hint
        that far more match than `limit`. Four queries at most.
        """
        ...

    def meet(self, entries: Entries, match: Match, *, limit: int) -> list[int]:
        """Ids of what matches, in no order, and no more than `limit` of them. Four
        queries at most."""
        ...


def index_of(using: str = "default") -> SearchIndex:
    """The index in the database behind this Django alias."""
    from server.registry.search.postgres import PostgresIndex
    from server.registry.search.sqlite import SqliteIndex

    if connections[using].vendor == "postgresql":
        return PostgresIndex(using)
    return SqliteIndex(using)
