"""The search index in PostgreSQL: a tsvector beside each entry, under a GIN index.

The vector holds each word once, without its places (a tsvector counts places to 16,383
only); a phrase is then looked for in the words of SearchText themselves. Beside its
words stands in which stretches of days the entry lies, so that the long lists of
frequent words need be read for the newest months alone. Must never let PostgreSQL
divide or fold a text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connections

from server.registry.search.index import EVERYTHING, Entries, Match, Part
from server.registry.search.query import Term
from server.registry.search.stretches import (
    lengthened,
    stretch_of,
    stretch_words_sql,
)
from server.registry.search.words import Column, lexeme

_ENTRY = "registry_searchentry"
_FOUND = "found"
# Entries that are looked at one by one, to learn how dense the hits are.
_NEAR = 200
# Hits are not spread evenly: a stretch is a little longer than it should need to be.
_MARGIN = 1.3
_COUNTED = 4_000
_MOST_OF_ALL = 0.6
_WORDS = " || ".join(("heading_words", "heading_exact", "words", "exact", "scope"))
_ADD = f"""
UPDATE {_ENTRY} SET vector = array_to_tsvector(made.words)
FROM (
    SELECT id,
        array_remove(string_to_array({_WORDS}, ' '), '') || {stretch_words_sql("id")}
        AS words
    FROM registry_searchtext WHERE id = ANY(%s)
) AS made
WHERE {_ENTRY}.id = made.id
"""  # noqa: S608 - made of the constants above


class PostgresIndex:
    """Keeps what it asked for one search: make a new one for the next."""

    def __init__(self, using: str = "default") -> None:
        self._using = using
        self._compiled: tuple[Entries, _Sql] | None = None

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
        among: Sequence[int] | None = None,
    ) -> list[int]:
        found = self._sql_of(entries)
        if part.known:
            found = found.also([f"{_ENTRY}.id <> ALL(%s)"], [list(part.known)])
        first = ""
        if after is not None:
            first = f"WHERE id {'<' if newest_first else '>'} {int(after)}"
            found = found.also([f"{_ENTRY}.{first.removeprefix('WHERE ')}"], [])
        direction = "DESC" if newest_first else "ASC"
        ask = _Ask(found, match, part, f"{first} ORDER BY id {direction}", direction)
        if among is None:
            return self._walked(ask, limit)
        if not among:
            return []
        ids = ", ".join(str(int(key)) for key in among)
        ask = replace(ask, walk=f"WHERE id IN ({ids})")
        return self._ids(ask, limit, window=len(among))

    def meet(self, entries: Entries, match: Match, *, limit: int) -> list[int]:
        found = self._sql_of(entries)
        return self._walked(_Ask(found, match, EVERYTHING, "ORDER BY id DESC"), limit)

    def _sql_of(self, entries: Entries) -> _Sql:
        """Rights and filters are long to write out, and the same for each part."""
        if self._compiled is None or self._compiled[0] is not entries:
            self._compiled = entries, _written_out(entries, self._using)
        return self._compiled[1]

    def _walked(self, ask: _Ask, limit: int) -> list[int]:
        """What comes first is looked for among the first entries, one by one; how many
        hits are there tells how long a stretch of days has enough of them. Only when
        it has not, the lists of all words are read to their end."""
        near = self._ids(ask, limit, window=_NEAR)
        if len(near) == limit:
            return near
        count = int(_MARGIN * _NEAR * limit / len(near)) if near else 0
        with (
            connections[self._using].cursor() as cursor,
            _by_index(cursor, _places(ask, count)) as places,
        ):
            stretch = _stretch(count, *places) if places else ()
            if stretch:
                some = _fetched(cursor, ask, limit, stretch=stretch)
                if len(some) == limit:
                    return some
            return _fetched(cursor, ask, limit)

    def _ids(self, ask: _Ask, limit: int, *, window: int) -> list[int]:
        """Only the first so many entries are looked at, one by one: what is found there
        is what comes first, and when it fills the page, the long lists of frequent
        words need not be read. The planner cannot know this, as it takes words for
        independent that always stand together."""
        with connections[self._using].cursor() as cursor:
            return _fetched(cursor, ask, limit, window=window)


def _places(ask: _Ask, count: int) -> str:
    """Columns that tell where the first so many entries begin and end, and how many
    there are in all. Of many only some are counted."""
    if not count:
        return ""
    one = f"SELECT id FROM {_ENTRY} {ask.walk} LIMIT 1"  # noqa: S608 - our own
    return (
        f", ({one}), ({one} OFFSET {min(count, _COUNTED)}),"  # noqa: S608
        f" (SELECT reltuples FROM pg_class WHERE oid = '{_ENTRY}'::regclass)"
    )


def _stretch(
    count: int, first: int | None, last: int | None, total: float
) -> tuple[str, ...]:
    """The days of the first so many entries, as words of which each has one; none when
    they are most of all. Those that were not counted are taken to be as close."""
    if first is None or last is None or count > total * _MOST_OF_ALL:
        return ()
    return stretch_of(first, lengthened(first, last, count / min(count, _COUNTED)))


def _fetched(
    cursor: Any,
    ask: _Ask,
    limit: int,
    *,
    window: int = 0,
    stretch: tuple[str, ...] = (),
) -> list[int]:
    """Phrases are looked for last and in order, in as few texts as fill the page:
    OFFSET keeps PostgreSQL from looking for them in every text that has the words."""
    found = ask.found.also(*_with_words(ask.match, ask.part, stretch))
    inner, params = found.text, list(found.params)
    if not inner:
        return []
    if window:
        source = f'FROM "{_ENTRY}"'
        some = f"FROM (SELECT * {source} {ask.walk} LIMIT {window}) AS"
        inner = inner.replace(source, f'{some} "{_ENTRY}"', 1)
    order = f"ORDER BY {_ENTRY}.id {ask.direction}" if ask.direction else ""
    phrases = _phrases(ask.match, ask.part)
    if phrases:
        conditions = " AND ".join(condition for condition, _values in phrases)
        inner = (
            f"SELECT id FROM ({inner} {order} OFFSET 0) AS {_FOUND}(id)"  # noqa: S608
            f" WHERE {conditions}"
        )
        params += [v for _condition, values in phrases for v in values]
        order = f"ORDER BY id {ask.direction}" if ask.direction else ""
    cursor.execute(f"{inner} {order} LIMIT {int(limit)}", params)
    return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class _Sql:
    """A SELECT of ids with a condition, to which others are added. "" finds nothing."""

    text: str
    params: tuple[Any, ...] = ()

    def also(self, conditions: Sequence[str], values: Sequence[Any]) -> _Sql:
        if not self.text or not conditions:
            return self
        more = " AND ".join(f"({one})" for one in conditions)
        return _Sql(f"{self.text} AND {more}", (*self.params, *values))


def _written_out(entries: Entries, using: str) -> _Sql:
    rows = entries.using(using).order_by().values_list("pk", flat=True)
    try:
        text, params = rows.query.get_compiler(using).as_sql()
    except EmptyResultSet:
        return _Sql("")
    return _Sql(text if rows.query.where else f"{text} WHERE TRUE", tuple(params))


@dataclass(frozen=True, slots=True)
class _Ask:
    """`walk` says which entries a window has, and in which order it goes on."""

    found: _Sql
    match: Match
    part: Part
    walk: str
    direction: str = ""


@contextmanager
def _by_index(cursor: Any, columns: str) -> Iterator[tuple[Any, ...]]:
    """PostgreSQL takes looking into a vector for cheaper than it is, as most vectors
    are stored apart from their row: left alone it often reads the whole table. Older
    versions would then think the search worth compiling, which takes longer than it.
    Asks for `columns` on the way."""
    cursor.execute(
        "SELECT set_config('enable_seqscan', 'off', false),"
        f" set_config('jit', 'off', false){columns}"
    )
    try:
        yield cursor.fetchone()[2:]
    finally:
        # In a transaction that failed nothing is heard; its rollback takes this back.
        with suppress(DatabaseError):
            cursor.execute("RESET enable_seqscan; RESET jit")


def _with_words(
    match: Match, part: Part, stretch: tuple[str, ...]
) -> tuple[list[str], list[str]]:
    """Conditions, and their values, for all words that are needed, in any order."""
    wanted, unwanted = match.query.wanted, match.query.unwanted
    groups = (stretch, *match.scopes) if stretch else match.scopes
    needed = [f"({' | '.join(map(_quoted, group))})" for group in groups]
    needed += _lexemes(part.column, wanted)
    needed += [
        f"!{one}"
        for term in unwanted
        if not term.is_phrase
        for one in _lexemes("words", [term])
    ]
    where, params = [], []
    if needed:
        where.append(f"{_ENTRY}.vector @@ %s::tsquery")
        params.append(" & ".join(dict.fromkeys(needed)))
    if wanted and not any(term.is_phrase for term in wanted):
        for column in part.less:
            where.append(f"NOT {_ENTRY}.vector @@ %s::tsquery")
            params.append(" & ".join(_lexemes(column, wanted)))
    return where, params


def _phrases(match: Match, part: Part) -> list[tuple[str, list[str]]]:
    """Conditions, with their values, on the words in a row of the texts found."""
    wanted = match.query.wanted
    found = [_in_a_row(part.column, term) for term in wanted if term.is_phrase]
    if found:
        for column in part.less:
            each = [_in_a_row(column, term) for term in wanted if term.is_phrase]
            words = (
                f"(SELECT vector FROM {_ENTRY} WHERE id = {_FOUND}.id)"  # noqa: S608
                " @@ %s::tsquery"
            )
            conditions = [words, *(condition for condition, _values in each)]
            values = [value for _condition, values in each for value in values]
            found.append(
                (
                    f"NOT ({' AND '.join(conditions)})",
                    [" & ".join(_lexemes(column, wanted)), *values],
                )
            )
    for term in match.query.unwanted:
        if term.is_phrase:
            condition, values = _in_a_row("words", term)
            found.append((f"NOT {condition}", values))
    return found


def _in_a_row(column: Column, term: Term) -> tuple[str, list[str]]:
    words = " ".join(lexeme(column, word) for word in term.words)
    end = "" if term.is_prefix else " "
    condition = (
        f"(SELECT {column} FROM registry_searchtext"  # noqa: S608 - a Column
        f" WHERE id = {_FOUND}.id) LIKE %s"
    )
    return condition, [f"% {words}{end}%"]


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
