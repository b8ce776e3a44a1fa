"""How near a deadline is, in words; the same for work and for opinions."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from server.registry.term_words import term_in_words

TODAY = date(2026, 11, 18)  # a Wednesday


@pytest.mark.parametrize(
    ("deadline", "vietnamese", "english"),
    [
        (None, "", ""),
        (date(2026, 11, 17), "Quá hạn 1 ngày", "1 day overdue"),
        (date(2026, 11, 13), "Quá hạn 5 ngày", "5 days overdue"),
        (TODAY, "Hạn hôm nay", "Due today"),
        (date(2026, 11, 20), "Sắp đến hạn", "Due soon"),
        (date(2026, 12, 2), "", ""),
    ],
)
def test_a_deadline_is_said_in_the_readers_language(
    deadline: date | None, vietnamese: str, english: str
) -> None:
    with translation.override("vi"):
        assert term_in_words(deadline, TODAY) == vietnamese
    with translation.override("en"):
        assert term_in_words(deadline, TODAY) == english
