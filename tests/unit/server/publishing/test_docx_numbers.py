"""Numbers of a foreign .docx: what nobody could have meant counts as absent."""

from __future__ import annotations

import pytest
from lxml import etree

from server.publishing.docx_formats import W, level_of, whole_of


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("720", 720),
        ("-12.0", -12),
        ("1e30", None),
        ("99999999999", None),
        ("inf", None),
        ("nan", None),
        ("ba", None),
        ("", None),
        (None, None),
    ],
)
def test_a_number_is_read_if_word_could_have_written_it(
    written: str | None, read: int | None
) -> None:
    assert whole_of(written) == read


@pytest.mark.parametrize(
    ("written", "level"), [("0", 0), ("8", 8), ("9", 8), ("-3", 0), ("1e30", 0)]
)
def test_a_level_of_a_list_is_one_that_there_is(written: str, level: int) -> None:
    number = etree.Element(W + "numPr")
    etree.SubElement(number, W + "ilvl").set(W + "val", written)
    assert level_of(number) == level
