"""Labels follow the rules that the editor follows too (label_cases.json)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.content.labels import (
    format_label,
    label_paragraphs,
    parse_label,
    to_letters,
    to_roman,
)
from collab.content.tree import Cell, ListBlock, Paragraph, Row, Table

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "label_cases.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_labels_are_those_of_the_shared_cases(case: dict[str, Any]) -> None:
    paragraphs = [Paragraph(style=s, number=n) for s, n, _ in case["paragraphs"]]
    assert list(label_paragraphs(paragraphs)) == [x for _, _, x in case["paragraphs"]]


def test_points_use_the_vietnamese_alphabet() -> None:
    letters = [to_letters(n) for n in range(1, 26)]
    assert "".join(letters[:23]) == "abcdđeghiklmnopqrstuvxy"
    assert letters[23:] == ["aa", "ab"]


def test_roman_numbers_subtract() -> None:
    assert [to_roman(n) for n in (4, 9, 14, 40, 90)] == ["IV", "IX", "XIV", "XL", "XC"]


def test_numbering_goes_through_lists_and_tables() -> None:
    article = Paragraph(style="article")
    blocks = (
        article,
        ListBlock(((article,),)),
        Table((Row((Cell((article,)),)),)),
        article,
    )
    assert label_paragraphs(blocks) == ("Điều 1.", "Điều 2.", "Điều 3.", "Điều 4.")


STYLES = st.sampled_from(
    ["part", "chapter", "section", "subsection", "article", "clause", "point"]
)


@given(STYLES, st.integers(1, 3999))
def test_a_label_is_read_back(style: str, number: int) -> None:
    assert parse_label(style, format_label(style, number)) == number


@given(STYLES, st.text(max_size=12))
def test_reading_any_text_as_a_label_never_raises(style: str, text: str) -> None:
    number = parse_label(style, text)
    assert number is None or format_label(style, number) == text.strip()


@pytest.mark.parametrize("label", ["Điều 01.", "Điều 5a.", "Điều 0.", "Điều 1", "1."])
def test_only_the_automatic_spelling_counts(label: str) -> None:
    assert parse_label("article", label) is None
