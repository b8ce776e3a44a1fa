"""The search index in PostgreSQL: a tsvector beside each entry, under a GIN index.

The vector holds each word once, without its places (a tsvector counts places to 16,383
only); a phrase is then looked for in the words of SearchText themselves. Must never let
PostgreSQL divide or fold a text.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connections

from server.registry.search.index import EVERYTHING, Entries, Match, Part
from server.registry.search.query import Term
from server.registry.search.words import Column, lexeme

_ENTRY = "registry_searchentry"
_WORDS = " || ".join(("heading_words", "heading_exact", "words", "exact", "scope"))
_ADD = f"""
UPDATE {_ENTRY} SET vector = array_to_tsvector(made.words)
FROM (
    SELECT id, array_remove(string_to_array({_WORDS}, ' '), '') AS words
    FROM registry_searchtext WHERE id = ANY(%s)
) AS made
WHERE {_ENTRY}.id = made.id
"""  # noqa: S608 - made of the constants above


class PostgresIndex:
    def __init__(self, using: str = "default") -> None:
        self._using = using

    def add(self, ids: Sequence[int]) -> None:
        with connections[self._using].cursor() as cursor:
            cursor.execute(_ADD, [list(ids)])

    def remove(self, ids: Sequence[int]) -> None:
        """Nothing to do: the vector goes with its entry."""

    def find(
        self,
        entries: Entries,
        match: Match,
        part: Part,
        *,
        limit: int,
        after: int | None = None,
        newest_first: bool = True,
    ) -> list[int]:
        found = _matching(entries, match, part).using(self._using)
        if after is not None:
            place = {"pk__lt": after} if newest_first else {"pk__gt": after}
            found = found.filter(**place)
        found = found.order_by("-pk" if newest_first else "pk")
        return list(found.values_list("pk", flat=True)[:limit])

    def count(self, entries: Entries, match: Match, *, limit: int) -> int:
        found = _matching(entries, match, EVERYTHING).order_by().using(self._using)
        return found[:limit].count()


def _matching(entries: Entries, match: Match, part: Part) -> Entries:
    wanted, unwanted = match.query.wanted, match.query.unwanted
    needed = [f"({' | '.join(map(_quoted, group))})" for group in match.scopes]
    needed += _lexemes(part.column, wanted)
    needed += [f"!{one}" for t in unwanted if not t.is_phrase
               for one in _lexemes("words", [t])]  # fmt: skip
    where, params = [], []
    if needed:
        where.append(f"{_ENTRY}.vector @@ %s::tsquery")
        params.append(" & ".join(needed))
    for condition, value in _phrases(part.column, wanted):
        where.append(condition)
        params.append(value)
    for column in part.less if wanted else ():
        inner = [f"{_ENTRY}.vector @@ %s::tsquery"]
        params.append(" & ".join(_lexemes(column, wanted)))
        for condition, value in _phrases(column, wanted):
            inner.append(condition)
            params.append(value)
        where.append(f"NOT ({' AND '.join(inner)})")
    for term in unwanted:
        for condition, value in _phrases("words", [term]):
            where.append(f"NOT ({condition})")
            params.append(value)
    return entries.extra(where=where, params=params)  # noqa: S610 - as in `sqlite`


def _lexemes(column: Column, terms: Sequence[Term]) -> list[str]:
    found = []
    for term in terms:
        found += [_quoted(lexeme(column, word)) for word in term.words]
        if term.is_prefix:
            found[-1] += ":*"
    return found


def _quoted(word: str) -> str:
    """A word holds no apostrophe, it is letters and digits."""
    return f"'{word}'"


def _phrases(column: Column, terms: Sequence[Term]) -> list[tuple[str, str]]:
    """Conditions for the terms whose words must stand in a row."""
    found = []
    for term in terms:
        if not term.is_phrase:
            continue
        words = " ".join(lexeme(column, word) for word in term.words)
        end = "" if term.is_prefix else " "
        # A subquery of its own, so that only texts whose words match are read.
        condition = (
            f"(SELECT {column} FROM registry_searchtext"  # noqa: S608 - a Column
            f" WHERE id = {_ENTRY}.id) LIKE %s"
        )
        found.append((condition, f"% {words}{end}%"))
    return found
