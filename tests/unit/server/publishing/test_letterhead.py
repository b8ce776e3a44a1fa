"""The lines of a letterhead as the decree wants them."""

from __future__ import annotations

from datetime import date

import pytest

from collab.content.tree import Fields
from server.publishing.document_types import type_names
from server.publishing.letterhead import (
    bare_line,
    clean_text,
    date_line,
    letterhead_of,
    number_line,
)
from server.publishing.rules import choose_rules
from server.registry.document_types import all_types

BLANK = "\u00a0"
STATE = choose_rules(date(2026, 11, 22))


@pytest.mark.parametrize(
    ("number", "line"),
    [
        ("", f"Số: {BLANK * 10}/QĐ-UBND"),
        ("5", "Số: 05/QĐ-UBND"),
        ("05", "Số: 05/QĐ-UBND"),
        ("328", "Số: 328/QĐ-UBND"),
        ("12a", "Số: 12a/QĐ-UBND"),
    ],
)
def test_number_has_two_digits_or_a_blank(number: str, line: str) -> None:
    assert number_line(number, "QĐ-UBND", STATE) == line


@pytest.mark.parametrize(
    ("day", "line"),
    [
        ("2020-01-05", "Hà Nội, ngày 05 tháng 01 năm 2020"),
        ("2020-02-29", "Hà Nội, ngày 29 tháng 02 năm 2020"),
        ("2017-07-14", "Hà Nội, ngày 14 tháng 7 năm 2017"),
        ("", f"Hà Nội, ngày {BLANK * 4} tháng {BLANK * 4} năm 2026"),
        ("2026-13-40", f"Hà Nội, ngày {BLANK * 4} tháng {BLANK * 4} năm 2026"),
    ],
)
def test_only_days_below_ten_and_the_first_two_months_are_padded(
    day: str, line: str
) -> None:
    assert date_line("Hà Nội", day, 2026, STATE) == line


def test_a_letter_has_its_subject_under_the_number() -> None:
    for subject in ("họp", "V/v họp", "v/v: họp"):
        head = letterhead_of(Fields(document_type="CV", subject=subject), 2026, STATE)
        assert head.letter_subject == ("V/v họp",)
        assert (head.name_line, head.subject) == ("", ())


def test_a_named_type_has_its_name_and_subject_in_the_middle() -> None:
    head = letterhead_of(Fields(document_type="QĐ", subject="Ban hành"), 2026, STATE)
    assert (head.name_line, head.subject) == ("QUYẾT ĐỊNH", ("Ban hành",))
    assert head.letter_subject == ()


def test_recipients_get_dashes_and_closing_signs_however_typed() -> None:
    fields = Fields(recipients="- Như trên;\n\nSở Nội vụ\n+ Lưu: VT, HC (T/Phi).")
    assert letterhead_of(fields, 2026, STATE).recipients == (
        "- Như trên;",
        "- Sở Nội vụ;",
        "- Lưu: VT, HC (T/Phi).",
    )


def test_one_addressee_has_no_dash() -> None:
    assert letterhead_of(Fields(addressees="Sở A"), 2026, STATE).addressees == (
        "Sở A.",
    )
    two = letterhead_of(Fields(addressees="Sở A\nSở B;"), 2026, STATE).addressees
    assert two == ("- Sở A;", "- Sở B.")


def test_an_empty_draft_has_neither_head_nor_end() -> None:
    head = letterhead_of(Fields(), 2026, STATE)
    assert not head.has_head
    assert not head.has_end


def test_names_are_those_of_the_registry() -> None:
    registry = {t.code: t.name for t in all_types() if t.abbreviation}
    assert registry == type_names()
    assert not {"CV", "ThC"} & set(type_names())


def test_text_that_no_file_can_carry_is_dropped() -> None:
    assert clean_text("a\x00\x0b\ufffe\ud800b\tc\nd") == "ab\tc\nd"
    assert clean_text("Đa\u0306\u0301k") == "Đắk"
    assert bare_line(" – Sở A ; ") == "Sở A"
