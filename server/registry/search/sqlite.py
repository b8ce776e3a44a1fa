"""The search index in SQLite: FTS5 over the columns of SearchText.

The rowid of the index is the id of the entry, which grows with the day, so FTS5 gives
the newest hits first without sorting. It keeps no text of its own: whoever changes a
SearchText takes the old words out first, or they would stay found.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connections

from server.registry.search.index import EVERYTHING, Entries, Match, Part
from server.registry.search.query import Term
from server.registry.search.words import Column, lexeme

_INDEX = "registry_searchindex"
_ENTRY = "registry_searchentry"
_ADD = """
INSERT INTO registry_searchindex(
    rowid, heading_words, heading_exact, words, exact, scope)
SELECT id, heading_words, heading_exact, words, exact, scope
FROM registry_searchtext WHERE id = %s
"""
_REMOVE = """
INSERT INTO registry_searchindex(
    registry_searchindex, rowid, heading_words, heading_exact, words, exact, scope)
SELECT 'delete', id, heading_words, heading_exact, words, exact, scope
FROM registry_searchtext WHERE id = %s
"""


class SqliteIndex:
    def __init__(self, using: str = "default") -> None:
        self._using = using

    def add(self, ids: Sequence[int]) -> None:
        self._each(ids, _ADD)

    def remove(self, ids: Sequence[int]) -> None:
        self._each(ids, _REMOVE)

    def _each(self, ids: Sequence[int], statement: str) -> None:
        with connections[self._using].cursor() as cursor:
            cursor.executemany(statement, [(key,) for key in ids])

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
        where, params = [], []
        if part.known:
            entries = entries.exclude(pk__in=part.known)
        if after is not None:
            where.append(f"{_INDEX}.rowid {'<' if newest_first else '>'} %s")
            params.append(after)
        sign = "-" if newest_first else ""
        found = _matching(entries, match, part).extra(  # noqa: S610 - as below
            where=where, params=params, order_by=[f"{sign}{_INDEX}.rowid"]
        )
        return list(found.using(self._using).values_list("pk", flat=True)[:limit])

    def meet(self, entries: Entries, match: Match, *, limit: int) -> list[int]:
        found = _matching(entries, match, EVERYTHING).order_by().using(self._using)
        return list(found.values_list("pk", flat=True)[:limit])


def _matching(entries: Entries, match: Match, part: Part) -> Entries:
    expression = _expression(match, part)
    return entries.extra(  # noqa: S610 - its texts are our own, values are parameters
        tables=[_INDEX],
        where=[
            f"{_INDEX} MATCH %s",
            # The plus sign: hits are looked up among the entries, never the reverse.
            f"{_ENTRY}.id = +{_INDEX}.rowid",
        ],
        params=[expression],
    )


def _expression(match: Match, part: Part) -> str:
    positive = [f"({' OR '.join(map(_quoted, group))})" for group in match.scopes]
    wanted = match.query.wanted
    if wanted:
        positive.append(_all(part.column, wanted))
    found = f"({' AND '.join(positive)})"
    if wanted:
        for column in part.less:
            found = f"({found} NOT {_all(column, wanted)})"
    for term in match.query.unwanted:
        found = f"({found} NOT {_words('words', term)})"
    return found


def _all(column: Column, terms: Sequence[Term]) -> str:
    return f"({' AND '.join(_words(column, term) for term in terms)})"


def _words(column: Column, term: Term) -> str:
    text = " ".join(lexeme(column, word) for word in term.words)
    return _quoted(text) + (" *" if term.is_prefix else "")


def _quoted(text: str) -> str:
    """A word or phrase; a word holds no quotation mark, it is letters and digits."""
    return f'"{text}"'
