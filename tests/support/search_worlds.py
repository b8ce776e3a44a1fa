"""A search index in each database, and the plain reading of what a search means.

`SearchWorld` is a database with the product's tables behind a Django alias of its own.
`naive_find` knows neither index nor columns: it reads lines and compares words.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from server.registry.models import SearchEntry, SearchText
from server.registry.search.index import Match, Part, SearchIndex, index_of
from server.registry.search.query import Term
from server.registry.search.store import Source, place_of_source, text_of
from server.registry.search.words import words_in
from tests.support.databases import SQLITE_NAME
from tests.support.log_worlds import database_alias, postgres_config, sqlite_config

ALIAS = "search_world"
FIRST_DAY = date(2026, 1, 5)
SCOPE = ("skdraft", "skoutgoing", "skincoming")


@dataclass(frozen=True)
class Paper:
    """A document of a test; the later in the list, the newer."""

    heading: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    kind: str = "outgoing"


class SearchWorld:
    def __init__(self) -> None:
        self.index: SearchIndex = index_of(ALIAS)

    def fill(self, papers: Sequence[Paper]) -> list[int]:
        """Only these papers are in it from now on; their ids, in their order."""
        self.empty()
        entries, texts = [], []
        for number, paper in enumerate(papers):
            entry = SearchEntry(
                kind=paper.kind,
                object_id=UUID(int=number + 1),
                document_type="CV",
                year=2026,
                state="issued",
                is_open=False,
                dated_on=FIRST_DAY + timedelta(days=number),
                title=" ".join(paper.heading)[:500],
            )
            source = Source(entry, number, paper.heading, paper.body)
            entry.pk = place_of_source(source)
            entries.append(entry)
            texts.append(text_of(source))
        SearchEntry.objects.using(ALIAS).bulk_create(entries)
        SearchText.objects.using(ALIAS).bulk_create(texts)
        self.index.add([entry.pk for entry in entries])
        return [entry.pk for entry in entries]

    def empty(self) -> None:
        entries = SearchEntry.objects.using(ALIAS)
        self.index.remove(list(entries.values_list("pk", flat=True)))
        SearchText.objects.using(ALIAS).all().delete()
        entries.all().delete()

    def find(self, match: Match, part: Part, **asked: Any) -> list[int]:
        asked.setdefault("limit", 100)
        return self.index.find(SearchEntry.objects.all(), match, part, **asked)

    def count(self, match: Match, limit: int = 100) -> int:
        return len(self.meet(match, limit))

    def meet(self, match: Match, limit: int = 100) -> list[int]:
        return self.index.meet(SearchEntry.objects.all(), match, limit=limit)


def migrated_config(
    request: pytest.FixtureRequest, folder: Path, name: str
) -> dict[str, Any]:
    """An empty database with the product's tables; `request.param` says which kind."""
    if request.param == "sqlite":
        path = folder / f"{name}.sqlite3"
        shutil.copyfile(request.getfixturevalue("migrated_folder") / SQLITE_NAME, path)
        return sqlite_config(path)
    server = request.getfixturevalue("postgres_server")
    template = request.getfixturevalue("migrated_postgres")
    server.create_database(name, template=template)
    return postgres_config(server, name)


@contextmanager
def search_world(config: dict[str, Any]) -> Iterator[SearchWorld]:
    """Over the migrated database of `config`."""
    with database_alias(ALIAS, config):
        yield SearchWorld()


def naive_find(papers: Sequence[Paper], match: Match, part: Part) -> list[int]:
    """Places in `papers` of what matches, newest first."""
    wanted, unwanted = match.query.wanted, match.query.unwanted
    found = []
    for place, paper in enumerate(papers):
        scopes = all(f"sk{paper.kind}" in group for group in match.scopes)
        holds = not wanted or (
            _all_in(paper, part.column, wanted)
            and not any(_all_in(paper, column, wanted) for column in part.less)
        )
        without = not any(_in(paper, "words", term) for term in unwanted)
        if scopes and holds and without:
            found.append(place)
    return found[::-1]


def _all_in(paper: Paper, column: str, terms: Sequence[Term]) -> bool:
    return all(_in(paper, column, term) for term in terms)


def _in(paper: Paper, column: str, term: Term) -> bool:
    form = "exact" if column.endswith("exact") else "folded"
    lines = paper.heading
    if not column.startswith("heading"):
        lines = (*lines, *paper.body)
    wanted = [getattr(word, form) for word in term.words]
    for line in lines:
        said = [getattr(word, form) for word in words_in(line)]
        for start in range(len(said) - len(wanted) + 1):
            met = said[start : start + len(wanted)]
            last = met[-1] == wanted[-1] or (
                term.is_prefix and met[-1].startswith(wanted[-1])
            )
            if met[:-1] == wanted[:-1] and last:
                return True
    return False
