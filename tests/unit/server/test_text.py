"""Vietnamese text: one stored form, one search key, one order."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.common import text


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Đắk Lắk", "dak lak"),
        ("ĐẮK  LẮK ", "dak lak"),
        ("hoà", "hoa"),
        ("hòa", "hoa"),
        ("Nguyễn Thị Ưu", "nguyen thi uu"),
        ("Số 328/VPUBND-HCTC", "so 328/vpubnd-hctc"),
    ],
)
def test_search_ignores_case_marks_and_spacing(written: str, key: str) -> None:
    assert text.search_key(written) == key


@given(st.text())
def test_search_key_does_not_depend_on_how_text_was_composed(written: str) -> None:
    decomposed = unicodedata.normalize("NFD", written)
    composed = unicodedata.normalize("NFC", written)
    assert text.search_key(decomposed) == text.search_key(composed)


@given(st.text())
def test_search_key_of_a_key_is_itself(written: str) -> None:
    key = text.search_key(written)
    assert text.search_key(key) == key


def test_letters_come_in_the_order_of_the_vietnamese_alphabet() -> None:
    words = ["ă", "a", "đ", "d", "â", "e", "ê", "ơ", "ô", "o", "ư", "u", "b"]
    assert sorted(words, key=text.collation_key) == [
        *("a", "ă", "â", "b", "d", "đ", "e", "ê", "o", "ô", "ơ", "u", "ư")
    ]


def test_tones_decide_only_between_equal_letters() -> None:
    tones = ["mạ", "má", "mã", "mả", "mà", "ma", "mang"]
    assert sorted(tones, key=text.collation_key) == [
        *("ma", "mà", "mả", "mã", "má", "mạ", "mang")
    ]


def test_people_sort_by_given_name_then_middle_then_family() -> None:
    people = ["Trần Thị Ánh Tuyết", "Nguyễn Văn An", "Lê Văn An", "Bùi Hồng Quý"]
    assert sorted(people, key=text.name_sort_key) == [
        "Lê Văn An",
        "Nguyễn Văn An",
        "Bùi Hồng Quý",
        "Trần Thị Ánh Tuyết",
    ]
