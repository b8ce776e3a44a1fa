"""How near a deadline is, and until when a document is transferred."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.common.workdays import is_over, is_working_day
from server.registry.incoming_terms import (
    Term,
    term_of,
    transfer_by,
    usual_deadlines,
)

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
THURSDAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("deadline", "term"),
    [
        (None, Term.NONE),
        (date(2026, 11, 25), Term.OVER),
        (date(2026, 11, 26), Term.TODAY),
        (date(2026, 11, 27), Term.SOON),
        (date(2026, 11, 29), Term.SOON),
        (date(2026, 11, 30), Term.SOON),
        (date(2026, 12, 1), Term.LATER),
    ],
)
def test_classes_of_deadlines_on_a_thursday(deadline: date | None, term: Term) -> None:
    assert term_of(deadline, THURSDAY) is term


def test_on_the_weekend_what_ends_on_it_is_still_in_time() -> None:
    saturday = date(2026, 11, 28)
    assert term_of(saturday, saturday + timedelta(days=1)) is Term.TODAY
    assert term_of(saturday, date(2026, 11, 30)) is Term.TODAY
    assert term_of(saturday, date(2026, 12, 1)) is Term.OVER


@given(DAYS, DAYS)
def test_over_means_over_and_time_never_brings_a_deadline_back(
    deadline: date, today: date
) -> None:
    order = [Term.LATER, Term.SOON, Term.TODAY, Term.OVER]
    now = term_of(deadline, today)
    assert (now is Term.OVER) == is_over(deadline, today)
    tomorrow = term_of(deadline, today + timedelta(days=1))
    assert order.index(tomorrow) >= order.index(now)


@given(DAYS)
def test_a_document_goes_on_by_the_next_working_day_an_urgent_one_at_once(
    arrived: date,
) -> None:
    plain, urgent = transfer_by(arrived, "normal"), transfer_by(arrived, "flash")
    assert is_working_day(plain) and is_working_day(urgent)
    assert arrived <= urgent <= plain
    assert plain > arrived
    assert (urgent == arrived) == is_working_day(arrived)


@given(DAYS)
def test_usual_terms_end_on_working_days_in_order(start: date) -> None:
    days = [day for _count, day in usual_deadlines(start)]
    assert days == sorted(set(days))
    assert all(map(is_working_day, days))
