"""Stretches of days: no entry of the range is missed, and few words name it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.registry.search.store import DAY_BIT
from server.registry.search.stretches import lengthened, stretch_of

KEYS = st.integers(0, (1 << 63) - 1)
# Days of the next centuries; ids of a day differ in their lower bits.
DAYS = st.integers(40_000, 50_000)


def words_of(key: int) -> set[str]:
    """As the database computes them beside each entry."""
    return {f"d{bits}x{key >> bits}" for bits in (48, 51, 54)}


@given(st.tuples(KEYS, KEYS, KEYS).map(sorted), st.booleans())
def test_an_entry_between_two_others_has_a_word_of_their_stretch(
    keys: list[int], is_downwards: bool
) -> None:
    low, between, high = keys
    far = max(low, high - (400 << DAY_BIT))
    between = max(between, far)
    words = stretch_of(high, far) if is_downwards else stretch_of(far, high)
    for key in (far, between, high):
        assert words_of(key) & set(words)


@given(DAYS, st.integers(0, 3_000))
def test_a_stretch_of_eight_years_has_few_words(day: int, length: int) -> None:
    words = stretch_of(day << DAY_BIT, (day + length) << DAY_BIT)
    assert 1 <= len(words) <= 13


def test_a_short_stretch_is_told_in_short_words() -> None:
    start = 46_000 << DAY_BIT
    assert all(word.startswith("d48x") for word in stretch_of(start, start + 1))
    year = stretch_of(start, start + (365 << DAY_BIT))
    assert all(word.startswith("d51x") for word in year)


@given(KEYS, KEYS, st.floats(1, 10_000))
def test_a_range_is_lengthened_in_its_own_direction(
    first: int, last: int, times: float
) -> None:
    end = lengthened(first, last, times)
    assert 0 <= end <= (1 << 63) - 1
    assert end >= last if last > first else end <= last


def test_a_range_within_a_day_grows_by_a_day_at_least() -> None:
    first = 46_000 << DAY_BIT
    assert lengthened(first, first - 5, 3) == first - (1 << DAY_BIT)
    assert lengthened(first, first - 5, 1) == first - 5
