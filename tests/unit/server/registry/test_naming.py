"""What a title may be, and how it is found and ordered."""

from __future__ import annotations

import unicodedata

import pytest

from server.common.errors import InvalidInput
from server.registry.naming import clean_title, title_key_of


def test_a_title_is_one_line_in_nfc() -> None:
    raw = unicodedata.normalize("NFD", "  Báo cáo\tquý\n III  ")
    assert clean_title(raw) == "Báo cáo quý III"


@pytest.mark.parametrize("title", ["", "   ", "\n\t", "\u0000"])
def test_an_empty_title_is_refused(title: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        clean_title(title)
    assert "title" in caught.value.fields


def test_a_title_of_500_characters_is_the_longest() -> None:
    assert clean_title("ă" * 500) == "ă" * 500
    with pytest.raises(InvalidInput):
        clean_title("ă" * 501)


def test_titles_stand_in_vietnamese_order() -> None:
    titles = ["Đề án", "Dự án", "Ấn phẩm", "An toàn", "Ân huệ"]
    assert sorted(titles, key=title_key_of) == [
        "An toàn", "Ân huệ", "Ấn phẩm", "Dự án", "Đề án",
    ]  # fmt: skip
