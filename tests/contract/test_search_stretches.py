"""Frequent words among many days: pages and counts are those of the plain reading.

PostgreSQL reads the long lists of such words for the newest days alone, as far as the
first hits promise enough; here the promise is kept, broken, and made of nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from server.registry.search import postgres
from server.registry.search.index import BY_RELEVANCE, EVERYTHING, Match
from server.registry.search.query import parse
from tests.support.databases import EVERY_DATABASE
from tests.support.search_worlds import (
    ALIAS,
    SCOPE,
    Paper,
    SearchWorld,
    migrated_config,
    naive_find,
    search_world,
)

COUNT = 900
PARTS = [*BY_RELEVANCE, EVERYTHING]


@pytest.fixture(scope="module", params=EVERY_DATABASE)
def world(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: Any,
) -> Iterator[SearchWorld]:
    config = migrated_config(request, tmp_path_factory.mktemp("search"), "stretches")
    with django_db_blocker.unblock(), search_world(config) as made:
        yield made


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done among hundreds of thousands, among hundreds."""
    monkeypatch.setattr(postgres, "_NEAR", 12)
    monkeypatch.setattr(postgres, "_COUNTED", 20)


@pytest.fixture
def stretches(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The stretches that were asked for."""
    seen: list[tuple[str, ...]] = []
    made = postgres.stretch_of

    def watched(first: int, last: int) -> tuple[str, ...]:
        seen.append(made(first, last))
        return seen[-1]

    monkeypatch.setattr(postgres, "stretch_of", watched)
    return seen


def papers_of(spread: str) -> list[Paper]:
    """One a day. `even`: hits everywhere; `old`: thick long ago, thin of late; `new`:
    the reverse."""
    chance = random.Random(spread)
    papers = []
    for day in range(COUNT):
        share = {"even": 0.4, "old": 0.9 - 0.8 * day / COUNT, "new": day / COUNT}
        words = [w for w in ("hòa", "bình", "số") if chance.random() < share[spread]]
        head = " ".join(chance.sample(words, k=len(words) // 2))
        papers.append(Paper((head,), (" ".join(words), chance.choice(["hoá", "bính"]))))
    return papers


@pytest.mark.parametrize("spread", ["even", "old", "new"])
def test_long_stretches_change_no_answer(
    world: SearchWorld, stretches: list[tuple[str, ...]], spread: str
) -> None:
    papers = papers_of(spread)
    keys = world.fill(papers)
    connection = connections[ALIAS]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    places = {key: place for place, key in enumerate(keys)}
    for typed in ("hòa", "hòa bình số", "hoa binh", '"hòa bình"', "hòa -số", "bình bí"):
        match = Match(parse(typed), (SCOPE,))
        for part in PARTS:
            every = naive_find(papers, match, part)
            for limit in (3, 26, 150):
                case = (typed, part, limit)
                found = [places[key] for key in world.find(match, part, limit=limit)]
                assert found == every[:limit], case
                start = keys[COUNT // 2]
                older = [place for place in every if place < COUNT // 2]
                later = [place for place in every[::-1] if place > COUNT // 2]
                found = world.find(match, part, limit=limit, after=start)
                assert [places[key] for key in found] == older[:limit], case
                found = world.find(
                    match, part, limit=limit, after=start, newest_first=False
                )
                assert [places[key] for key in found] == later[:limit], case
        every = naive_find(papers, match, EVERYTHING)
        for limit in (30, 200, COUNT):
            met = {places[key] for key in world.meet(match, limit)}
            assert len(met) == min(limit, len(every))
            assert met <= set(every)
    if connection.vendor == "postgresql":
        # Each length of stretch was asked for: that the claim is about something.
        assert {words[0].partition("x")[0] for words in stretches} >= {"d48", "d51"}
