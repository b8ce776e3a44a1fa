"""What every search index must answer, whatever database holds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.registry.search.index import BY_RELEVANCE, EVERYTHING, Match, Part
from server.registry.search.query import parse
from tests.support.databases import EVERY_DATABASE
from tests.support.search_worlds import (
    SCOPE,
    Paper,
    SearchWorld,
    migrated_config,
    naive_find,
    search_world,
)

LETTER = Paper(
    ("328/VPUBND-HCTC", "Công văn V/v báo cáo kết quả kiểm tra hệ thống idesk"),
    ("Kính gửi: Sở Nội vụ", "Tổ công tác đã hoà giải; văn bản số 12a, 15/QĐ-BNV."),
)
PEACE = Paper(("Kế hoạch hòa bình",), ("Nội dung",))
FLOWER = Paper(("Kế hoạch hoa xuân",), ("Nội dung",))
MERCHANDISE = Paper(("Kế hoạch hàng hóa",), ("Nội dung",))


@pytest.fixture(scope="module", params=EVERY_DATABASE)
def world(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: Any,
) -> Iterator[SearchWorld]:
    config = migrated_config(request, tmp_path_factory.mktemp("search"), "search")
    with django_db_blocker.unblock(), search_world(config) as made:
        yield made


def found(world: SearchWorld, *papers: Paper, q: str) -> list[int]:
    """Places of the hits, as a page by relevance would list them."""
    keys = world.fill(papers)
    match = Match(parse(q), (SCOPE,))
    parts = BY_RELEVANCE if match.query.wanted else (EVERYTHING,)
    hits = [key for part in parts for key in world.find(match, part)]
    assert world.count(match) == len(hits) == len(set(hits))
    return [keys.index(key) for key in hits]


@pytest.mark.parametrize(
    "q",
    [
        "328/VPUBND-HCTC",
        "328",
        "VPUBND-HCTC",
        "vpubnd",
        "hctc",
        "12a",
        "15/QĐ-BNV",
        "15/qd-bnv",
        "QĐ-BNV",
        "bnv",
    ],
)
def test_a_number_is_found_whole_and_by_part(world: SearchWorld, q: str) -> None:
    assert found(world, LETTER, PEACE, q=q) == [0]


@pytest.mark.parametrize("q", ["329/VPUBND-HCTC", "328/HCTC-VPUBND", "12b", "228"])
def test_another_number_is_not_found(world: SearchWorld, q: str) -> None:
    assert found(world, LETTER, PEACE, q=q) == []


@pytest.mark.parametrize(
    "q", ["kiem tra he thong", "KIỂM TRA", "hòa giải", "hoà giải", "hoa giai", "ide"]
)
def test_case_accents_and_the_place_of_the_tone_do_not_matter(
    world: SearchWorld, q: str
) -> None:
    assert found(world, LETTER, PEACE, q=q) == [0]


def test_a_leading_zero_does_not_matter(world: SearchWorld) -> None:
    five = Paper(("05/BNV-VP",))
    fifty = Paper(("50/BNV-VP",))
    assert found(world, five, fifty, q="5/BNV-VP") == [0]
    assert found(world, five, fifty, q="05/bnv") == [0]


def test_exact_accents_come_first_then_the_newest(world: SearchWorld) -> None:
    papers = (FLOWER, PEACE, MERCHANDISE)
    assert found(world, *papers, q="kế hoạch hòa") == [1, 2, 0]
    assert found(world, *papers, q="hoa") == [0, 2, 1]
    assert found(world, *papers, q="hóa") == [2, 1, 0]


def test_the_heading_counts_more_than_the_text(world: SearchWorld) -> None:
    in_text = Paper(("Thông báo",), ("về chuyển đổi số",))
    in_heading = Paper(("Chuyển đổi số",), ("nội dung",))
    assert found(world, in_heading, in_text, q="chuyển đổi") == [0, 1]


def test_all_words_must_occur(world: SearchWorld) -> None:
    assert found(world, PEACE, FLOWER, q="kế hoạch xuân") == [1]
    assert found(world, PEACE, FLOWER, q="hoạch xuân bình") == []


def test_only_the_last_word_may_be_unfinished(world: SearchWorld) -> None:
    assert found(world, PEACE, q="kế hoạc") == [0]
    assert found(world, PEACE, q="kế hoạc bình") == []
    assert found(world, PEACE, q='kế "hoạc"') == []


def test_a_phrase_stands_in_one_line(world: SearchWorld) -> None:
    near = Paper(("Báo cáo",), ("cải cách hành chính",))
    apart = Paper(("Báo cáo",), ("hành chính và cải cách",))
    broken = Paper(("Báo cáo",), ("cải cách", "hành chính"))
    q = '"cải cách hành chính"'
    assert found(world, near, apart, broken, q=q) == [0]


def test_a_phrase_is_found_however_deep_it_stands(world: SearchWorld) -> None:
    """A tsvector counts places to 16,383 only, and 256 for one word."""
    long = Paper(("Dài",), ("từ " * 20_000 + "cải cách thể chế",))
    assert found(world, long, q='"cải cách thể"') == [0]
    assert found(world, long, q='"cách cải"') == []


def test_an_excluded_word_or_phrase_must_not_occur(world: SearchWorld) -> None:
    assert found(world, PEACE, FLOWER, q="kế hoạch -xuân") == [0]
    assert found(world, PEACE, FLOWER, q='hoạch -"hoa xuân"') == [0]
    assert found(world, PEACE, FLOWER, q="-hoa") == []
    assert found(world, PEACE, LETTER, q="-idesk") == [0]


def test_a_scope_narrows(world: SearchWorld) -> None:
    keys = world.fill([PEACE, Paper(("Hòa bình",), kind="draft")])
    match = Match(parse("hòa bình"), (SCOPE, ("skdraft",)))
    assert world.find(match, EVERYTHING) == [keys[1]]
    assert world.count(match) == 1


def test_pages_go_on_from_a_key_in_both_directions(world: SearchWorld) -> None:
    keys = world.fill([PEACE] * 7)
    match = Match(parse("hòa"), (SCOPE,))
    assert world.find(match, EVERYTHING, limit=3) == keys[:3:-1]
    assert world.find(match, EVERYTHING, limit=3, after=keys[4]) == keys[3:0:-1]
    assert world.find(match, EVERYTHING, after=keys[4], newest_first=False) == keys[5:]
    assert world.count(match, limit=5) == 5


def test_what_was_removed_is_not_found(world: SearchWorld) -> None:
    world.fill([PEACE, FLOWER])
    world.fill([FLOWER])
    assert world.find(Match(parse("hòa bình"), (SCOPE,)), EVERYTHING) == []
    assert len(world.find(Match(parse("xuân"), (SCOPE,)), EVERYTHING)) == 1


TONES = ["hoà", "hòa", "hoa", "hóa", "bình", "binh", "số", "ủy", "uỷ", "Đ"]
ODD = ["12a", "12", "05", "5", "QĐ-BNV", "15/QĐ-BNV", "ﬁ", "漢字", "ß", "İ", "x̱", "²"]
WORDS = [*TONES, *ODD]
LINE = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
PAPER = st.builds(
    Paper,
    st.lists(LINE, max_size=2).map(tuple),
    st.lists(LINE, max_size=3).map(tuple),
    st.sampled_from(["draft", "outgoing", "incoming"]),
)
PIECE = st.tuples(
    st.sampled_from(["", "", "-"]),
    st.one_of(
        st.sampled_from([*WORDS, "ho", "b", "1", "qd", "..", "-"]),
        LINE.map('"{}"'.format),
    ),
).map("".join)
TYPED = st.lists(PIECE, max_size=4).map(" ".join)
PARTS = [*BY_RELEVANCE, EVERYTHING, Part("heading_words"), Part("exact")]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    papers=st.lists(PAPER, max_size=6),
    typed=st.lists(TYPED, min_size=1, max_size=5),
    kinds=st.sampled_from([SCOPE, SCOPE[:1], SCOPE[1:]]),
)
def test_the_index_agrees_with_the_plain_reading(
    world: SearchWorld, papers: list[Paper], typed: list[str], kinds: tuple[str, ...]
) -> None:
    keys = world.fill(papers)
    for q in typed:
        match = Match(parse(q), (kinds,))
        for part in PARTS:
            hits = [keys.index(key) for key in world.find(match, part)]
            assert hits == naive_find(papers, match, part), (q, part)
            near = world.find(match, part, limit=2)
            assert [keys.index(key) for key in near] == hits[:2]
            told = world.find(match, part, among=world.meet(match))
            assert [keys.index(key) for key in told] == hits
        met = [keys.index(key) for key in world.meet(match)]
        assert sorted(met, reverse=True) == naive_find(papers, match, EVERYTHING)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=60), typed=st.text(max_size=40))
def test_no_text_and_no_query_breaks_the_index(
    world: SearchWorld, text: str, typed: str
) -> None:
    paper = Paper(("Tên",), tuple(text.split("\n")))
    world.fill([paper])
    for q in (typed, text, f'"{text}"'):
        match = Match(parse(q), (SCOPE,))
        hits = len(world.find(match, EVERYTHING))
        assert hits == len(naive_find([paper], match, EVERYTHING)), q
