"""Retention, hand-over and codes of case files, as data/archive has them."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from server.registry.case_files import rules

TODAY = date(2026, 11, 28)


def due(ended_on: date, retention: str, work: str = "work") -> date | None:
    return rules.due_day(ended_on, work, rules.retention_of(retention, ended_on))


@pytest.mark.parametrize(
    ("ended_on", "work", "expected"),
    [
        (date(2026, 11, 24), "work", date(2027, 11, 24)),
        (date(2026, 11, 30), "construction", date(2027, 2, 28)),
        (date(2028, 2, 29), "work", date(2029, 2, 28)),
        # Before the decree was in force its oldest rule is all we know.
        (date(2015, 5, 31), "work", date(2016, 5, 31)),
    ],
)
def test_a_file_is_due_when_the_decree_says(
    ended_on: date, work: str, expected: date
) -> None:
    assert due(ended_on, "permanent", work) == expected


@pytest.mark.parametrize(
    ("retention", "goes"), [("permanent", True), ("y5", True), ("y2", False)]
)
def test_only_what_is_kept_five_years_goes_to_the_archive(
    retention: str, goes: bool
) -> None:
    assert (due(date(2026, 11, 24), retention) is not None) is goes


@pytest.mark.parametrize(
    ("ended_on", "rule"),
    [
        (date(2020, 3, 4), "nd-30-2020-d30"),
        (date(2025, 6, 30), "nd-30-2020-d30"),
        (date(2025, 7, 1), "luat-33-2024-d17"),
        (date(2027, 1, 1), "luat-33-2024-d17"),
    ],
)
def test_the_rule_is_that_of_the_day_on_which_the_work_ended(
    ended_on: date, rule: str
) -> None:
    assert rules.hand_over_rule(ended_on).id == rule


@pytest.mark.parametrize("ended_on", [date(2024, 5, 6), date(2026, 5, 6)])
def test_a_file_is_kept_back_two_years_at_most(ended_on: date) -> None:
    due_on = due(ended_on, "permanent")
    assert due_on is not None
    last = rules.last_day_kept(due_on, ended_on)
    assert last == date(due_on.year + 2, 5, 6)


def test_notice_is_given_thirty_days_before() -> None:
    ended_on = date(2026, 11, 24)
    assert rules.notice_day(date(2027, 11, 24), ended_on) == date(2027, 10, 25)


def test_a_retention_that_the_data_forgot_is_kept_for_ever() -> None:
    assert rules.retention_of("y99", TODAY) == rules.Retention("y99", "y99", None)


def test_every_kind_of_work_has_its_months() -> None:
    for edition in rules.ARCHIVE.editions():
        works = rules.choices("work", edition.valid_from)
        assert set(edition.value.months) == {choice.code for choice in works}


@pytest.mark.parametrize(
    ("code", "parsed"),
    [
        ("01.TCCB", (1, "TCCB")),
        ("120.LĐVP", (120, "LĐVP")),
        ("TCCB", None),
        ("1.", None),
        ("1. TCCB", None),
        ("1/TCCB", None),
    ],
)
def test_a_code_is_a_number_and_a_section(
    code: str, parsed: tuple[int, str] | None
) -> None:
    assert rules.parse_code(code) == parsed


def test_codes_stand_by_section_then_by_number() -> None:
    codes = ["10.TCCB", "02.TCCB", "01.VT", "100.ĐT", "99.DT"]
    ordered = sorted(codes, key=rules.code_key)
    assert ordered == ["99.DT", "100.ĐT", "02.TCCB", "10.TCCB", "01.VT"]


def test_names_fit_the_input_standard() -> None:
    names = [r.name for r in rules.retentions(TODAY)]
    names += [
        c.name for group in get_args(rules.Group) for c in rules.choices(group, TODAY)
    ]
    assert max(map(len, names)) <= 30
