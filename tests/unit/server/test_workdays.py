"""Working days: holidays, make-up days, and when a term is over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.common.workdays import (
    add_working_days,
    end_of_term,
    is_over,
    is_working_day,
    last_day_over,
)

DAYS = st.dates(date(2025, 1, 1), date(2029, 12, 31))
COUNTS = st.integers(0, 60)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 2, 17),
        date(2026, 4, 27),
        date(2026, 8, 31),
        date(2026, 9, 1),
        date(2026, 11, 24),
        date(2027, 2, 10),
        date(2027, 5, 3),
        date(2026, 11, 28),
        date(2026, 11, 29),
        date(2031, 9, 2),
        date(2031, 11, 24),
    ],
)
def test_nobody_works_on_holidays_and_weekends(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize(
    "day", [date(2026, 8, 22), date(2026, 11, 27), date(2025, 11, 24)]
)
def test_make_up_saturdays_and_plain_days_are_worked(day: date) -> None:
    assert is_working_day(day)


def test_five_working_days_step_over_the_weekend_and_the_holiday() -> None:
    # Friday 20/11 → 23, (24 is a holiday), 25, 26, 27, (weekend), 30.
    assert add_working_days(date(2026, 11, 20), 5) == date(2026, 11, 30)


def test_a_make_up_saturday_counts() -> None:
    assert add_working_days(date(2026, 8, 21), 1) == date(2026, 8, 22)


def test_new_year_of_the_moon_stops_the_count() -> None:
    assert add_working_days(date(2026, 2, 13), 1) == date(2026, 2, 23)


def test_a_term_that_ends_on_a_sunday_is_kept_on_monday() -> None:
    sunday, monday = date(2026, 11, 29), date(2026, 11, 30)
    assert end_of_term(sunday) == monday
    assert not is_over(sunday, monday)
    assert is_over(sunday, monday + timedelta(days=1))


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 11, 20), -1)


@given(DAYS, COUNTS)
def test_a_counted_day_is_worked_and_has_that_many_worked_days_before_it(
    day: date, count: int
) -> None:
    end = add_working_days(day, count)
    assert is_working_day(end)
    between = (end - day).days
    worked = sum(is_working_day(day + timedelta(days=n)) for n in range(1, between + 1))
    assert worked == (count or (0 if end == day else 1))


@given(DAYS, COUNTS, COUNTS)
def test_counting_in_two_steps_is_counting_at_once(
    day: date, first: int, more: int
) -> None:
    start = end_of_term(day)
    assert add_working_days(add_working_days(start, first), more) == add_working_days(
        start, first + more
    )


@given(DAYS, DAYS)
def test_the_bound_for_queries_says_the_same_as_the_rule(
    deadline: date, today: date
) -> None:
    assert is_over(deadline, today) == (deadline <= last_day_over(today))
