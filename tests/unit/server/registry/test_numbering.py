"""How numbers are written, read back, and which run they belong to."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.registry.numbering.notation import (
    SUFFIXES,
    Form,
    compose_notation,
    compose_number,
    identity_key,
    next_suffix,
    number_text,
    parse_number,
)
from server.registry.numbering.series import (
    Mode,
    Period,
    faults_of_groups,
    group_of,
    period_label,
)

TODAY = date(2026, 11, 28)
ABBREVIATIONS = st.sampled_from(["VPUBND", "UBND", "STTTT", "LĐVP", "HCTC", "VPTƯ"])
TYPES = st.sampled_from(["QĐ", "TB", "QyĐ", "CTr", "TTr", "TrS", "NQ"])


@pytest.mark.parametrize(
    ("form", "kind", "unit", "number", "written"),
    [
        (Form.DECREE_30, "QĐ", "HCTC", 5, "05/QĐ-VPUBND"),
        (Form.DECREE_30, "", "HCTC", 328, "328/VPUBND-HCTC"),
        (Form.DECREE_30, "", "", 12, "12/VPUBND"),
        (Form.LEGAL, "QĐ", "", 45, "45/2016/QĐ-VPUBND"),
        (Form.PARTY, "NQ", "HCTC", 5, "05-NQ/VPUBND"),
        (Form.PARTY, "", "HCTC", 7, "07-CV/VPUBND"),
    ],
)
def test_a_number_is_written_as_its_rules_want(
    form: Form, kind: str, unit: str, number: int, written: str
) -> None:
    notation = compose_notation(form, kind, "VPUBND", unit)
    assert compose_number(form, number, "", notation, date(2016, 7, 14)) == written


@given(
    st.sampled_from(Form),
    TYPES,
    ABBREVIATIONS,
    st.integers(1, 99_999),
    st.sampled_from(["", *SUFFIXES]),
)
def test_what_is_written_is_read_back(
    form: Form, kind: str, organisation: str, number: int, suffix: str
) -> None:
    notation = compose_notation(form, kind, organisation, "")
    read = parse_number(compose_number(form, number, suffix, notation, TODAY))
    assert read is not None
    assert (read.form, read.number, read.suffix) == (form, number, suffix)
    assert read.notation == notation
    assert read.year == (2026 if form is Form.LEGAL else None)


@pytest.mark.parametrize(
    ("written", "number", "notation"),
    [
        ("Số: 328 /VPUBND-HCTC", 328, "VPUBND-HCTC"),
        ("số 5/SNV", 5, "SNV"),
        (" 84/TB-UBND ", 84, "TB-UBND"),
        ("30/2020/NĐ-CP", 30, "NĐ-CP"),
        ("05-NQ/ĐU", 5, "NQ/ĐU"),
        ("Số 1146-CV/VPTU", 1146, "CV/VPTU"),
    ],
)
def test_numbers_of_others_are_read_with_patience(
    written: str, number: int, notation: str
) -> None:
    read = parse_number(written)
    assert read is not None
    assert (read.number, read.notation) == (number, notation)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(written: str) -> None:
    read = parse_number(written)
    assert read is None or read.number >= 0


@pytest.mark.parametrize("written", ["", "QĐ-UBND", "12", "12/", "/QĐ", "12/qđ-ubnd"])
def test_what_is_no_number_is_left_alone(written: str) -> None:
    assert parse_number(written) is None


def test_small_numbers_have_two_digits() -> None:
    assert [number_text(Form.DECREE_30, n, "", TODAY) for n in (1, 9, 10, 328)] == [
        "01",
        "09",
        "10",
        "328",
    ]
    assert number_text(Form.DECREE_30, 12, "a", TODAY) == "12a"


def test_suffixes_follow_the_vietnamese_alphabet() -> None:
    assert next_suffix({""}) == "a"
    assert next_suffix({"", *"abcd"}) == "đ"
    assert next_suffix({"", *SUFFIXES}) is None


def test_the_same_document_has_one_key_however_it_is_typed() -> None:
    key = identity_key("05", "QĐ-UBND", "Ủy ban nhân dân tỉnh Đắk Lắk")
    assert key == identity_key(" 5", "qđ - ubnd", "UỶ BAN NHÂN DÂN TỈNH ĐẮK LẮK")
    assert key != identity_key("05", "QĐ-UBND", "UBND tỉnh Gia Lai")
    assert key != identity_key("50", "QĐ-UBND", "Ủy ban nhân dân tỉnh Đắk Lắk")
    assert identity_key("", " ", "Sở Nội vụ") == ""


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_year_is_the_year_of_the_day(day: date) -> None:
    assert period_label(Period.YEAR, day, None, None) == str(day.year)


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_term_has_one_name_and_ends(day: date) -> None:
    first, last = date(2025, 7, 1), date(2030, 6, 30)
    label = period_label(Period.TERM, day, first, last)
    assert label == ("2025-2030" if first <= day <= last else None)


@given(TYPES)
def test_every_type_belongs_to_exactly_one_run(code: str) -> None:
    groups = [{"name": "QĐ-NQ", "types": ["QĐ", "NQ"]}]
    assert group_of(Mode.SINGLE, groups, code) == ""
    assert group_of(Mode.PER_TYPE, groups, code) == code
    together = "QĐ-NQ" if code in {"QĐ", "NQ"} else ""
    assert group_of(Mode.GROUPS, groups, code) == together


def test_groups_that_overlap_are_named() -> None:
    known = {"QĐ", "NQ"}
    fine = [{"name": "a", "types": ["QĐ"]}, {"name": "b", "types": ["NQ"]}]
    assert faults_of_groups(fine, known) is None
    assert faults_of_groups([*fine, {"name": "c", "types": ["QĐ"]}], known) == "QĐ"
    assert faults_of_groups([{"name": "a", "types": ["XX"]}], known) == "XX"
    assert faults_of_groups([{"name": "a"}, {"name": "a"}], known) == "a"
