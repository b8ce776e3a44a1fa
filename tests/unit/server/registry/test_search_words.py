"""Words, queries and marked lines of the search: pure."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.common.text import accent_key, search_key
from server.registry.search import words as module
from server.registry.search.query import parse
from server.registry.search.snippet import WIDTH, marked, snippet
from server.registry.search.words import columns_of, words_in


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Hoà", "hòa"),
        ("HÒA", "hòa"),
        ("hoa", "hoa"),
        ("khoẻ", "khỏe"),
        ("uỷ ban", "ủy ban"),
        ("thuý", "thúy"),
        ("quý", "quý"),
        ("quỳ", "quỳ"),
        ("hoàn", "hoàn"),
        ("khuỷu", "khuỷu"),
        ("Đắk Lắk", "đắk lắk"),
        ("toà 12a", "tòa 12a"),
    ],
)
def test_accents_stay_and_the_place_of_the_tone_does_not_matter(
    written: str, key: str
) -> None:
    assert accent_key(written) == key
    assert accent_key(unicodedata.normalize("NFD", written)) == key


@given(st.text(alphabet="aăâeêioôơuưyàáảãạoàuỳđĐHQn ", max_size=20))
def test_the_two_keys_never_disagree(written: str) -> None:
    assert search_key(accent_key(written)) == search_key(written)
    assert accent_key(accent_key(written)) == accent_key(written)


def test_words_are_letters_and_digits() -> None:
    found = [word.folded for word in words_in("Số: 05/QĐ-BNV, (12a) e-mail_cũ; Đ2")]
    assert found == ["so", "5", "qd", "bnv", "12a", "e", "mail", "cu", "d2"]


@given(st.text(max_size=80))
def test_composed_and_decomposed_text_have_the_same_words(written: str) -> None:
    assert words_in(unicodedata.normalize("NFD", written)) == words_in(
        unicodedata.normalize("NFC", written)
    )


def test_a_text_without_end_is_cut_and_its_beginning_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAX_WORDS", 5)
    assert columns_of(["một hai"], ["ba bốn", "năm sáu bảy"]).words == (
        " fmot fhai ¶ fba fbon ¶ fnam ¶ "
    )
    monkeypatch.setattr(module, "MAX_WORDS", 500)
    monkeypatch.setattr(module, "MAX_DIFFERENT_BYTES", 20)
    assert columns_of(["aaaa bbbb cccc aaaa"], []).words == " faaaa fbbbb ¶ "


def test_a_query_is_read_as_it_is_meant() -> None:
    query = parse("kế “cải cách” -dự -“sao y” 328/VP")
    wanted = [" ".join(w.exact for w in term.words) for term in query.wanted]
    unwanted = [" ".join(w.exact for w in term.words) for term in query.unwanted]
    assert wanted == ["kế", "cải cách", "328 vp"]
    assert unwanted == ["dự", "sao y"]
    assert [term.is_prefix for term in query.wanted] == [False, False, True]


@pytest.mark.parametrize("typed", ['kế "hoạch"', "kế a", "kế -hoạch", 'kế "hoạch'])
def test_these_have_no_unfinished_word(typed: str) -> None:
    assert not any(term.is_prefix for term in parse(typed).wanted)


@given(st.text(max_size=300))
def test_whatever_is_typed_means_something(typed: str) -> None:
    query = parse(typed)
    assert all(term.words for term in (*query.wanted, *query.unwanted))


def test_marks_show_the_text_as_it_is() -> None:
    text = "Tổ hoà giải; HÒA GIẢI ở cơ sở"
    parts = marked(text, parse('"hòa giải"'))
    assert [part.text for part in parts if part.is_hit] == ["hoà giải", "HÒA GIẢI"]
    assert "".join(part.text for part in parts) == text


def test_a_snippet_goes_to_the_hit_even_far_down() -> None:
    text = "lời mở đầu " * 2000 + "quyết định bổ nhiệm" + " và sau đó" * 500
    parts = snippet(text, parse("bổ nhiệm"))
    assert [part.text for part in parts if part.is_hit] == ["bổ", "nhiệm"]
    assert sum(len(part.text) for part in parts) <= WIDTH + 4
    assert (parts[0].text, parts[-1].text) == ("… ", " …")


def test_a_snippet_prefers_the_hit_with_its_accents() -> None:
    parts = snippet("hoa " + "chữ " * 100 + "hòa", parse("hòa"))
    assert [part.text for part in parts if part.is_hit] == ["hòa"]


def test_no_snippet_when_the_hit_is_elsewhere() -> None:
    assert snippet("nội dung khác", parse("quốc khánh")) == ()
    assert snippet("nội dung", parse(""))[0].text == "nội dung"


@given(st.text(max_size=300), st.text(max_size=30))
def test_marks_lose_no_text(text: str, typed: str) -> None:
    shown = "".join(part.text for part in marked(text, parse(typed)))
    assert shown == unicodedata.normalize("NFC", text)
    snippet(text, parse(typed))


def test_the_line_shows_where_the_words_stand_together() -> None:
    text = "Sở Nội vụ. " + "chữ " * 100 + "danh mục dịch vụ công trực tuyến toàn trình"
    parts = snippet(text, parse("dịch vụ công"))
    assert [part.text for part in parts if part.is_hit] == ["dịch", "vụ", "công"]
