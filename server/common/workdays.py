"""Working days of a Vietnamese office: what a deadline "in so many days" means.

Saturdays, Sundays and public holidays are no working days; a make-up Saturday is one.
The days are data (workdays.toml), because they are announced anew each year. Pure: it
asks for no time, and "today" is the caller's (`clock.today()`, the date in Vietnam).
Must never be used to move a deadline that a person wrote down: it only tells how long
the day that was written is still in time.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "workdays.toml"
_office: list[Path] = []
_ONE = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class _Calendar:
    """`years` are those with a list of their own; others know fixed holidays only."""

    off: frozenset[date]
    work: frozenset[date]
    years: frozenset[int]
    fixed: tuple[tuple[int, int, int], ...]


def use_office_days(file: Path) -> None:
    """From now on read also the years that the office writes down in this file; it need
    not be there. A year in it takes the place of ours. Raises ValueError naming file
    and key."""
    _office[:] = [file]
    _calendar.cache_clear()
    _calendar()


@lru_cache(maxsize=1)
def _calendar() -> _Calendar:
    data = tomllib.loads(_FILE.read_text("utf-8"))
    fixed = tuple(
        (*map(int, row["day"].split("-")), row.get("from_year", 0))
        for row in data.pop("fixed")
    )
    for file in _office:
        if file.exists():
            data |= _office_years(file)
    off = frozenset(day for year in data.values() for day in year["off"])
    work = frozenset(day for year in data.values() for day in year["work"])
    years = frozenset(map(int, data))
    if any(day.year not in years for day in off | work):
        raise ValueError(f"{_FILE.name}: a day stands in a year that has no list")
    return _Calendar(off, work, years, fixed)


def _office_years(file: Path) -> dict[str, dict[str, list[date]]]:
    """`["2027"]` with `off` and `work`, lists of days of that year."""
    try:
        found = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ValueError(f"{file.name}: {fault}") from None
    for year, lists in found.items():
        at = f"{file.name}: {year}"
        if not re.fullmatch(r"[0-9]{4}", year) or not isinstance(lists, dict):
            raise ValueError(f"{at}: is no year with off and work")
        if unknown := lists.keys() - {"off", "work", "announced"}:
            raise ValueError(f"{at}.{min(unknown)}: is not known")
        for name in ("off", "work"):
            days = lists.get(name)
            if not isinstance(days, list):
                raise ValueError(f"{at}.{name}: is no list of days")
            for day in days:
                if type(day) is not date or day.year != int(year):
                    raise ValueError(f"{at}.{name}: {day} is no day of that year")
    return found


def is_working_day(day: date) -> bool:
    """Whether offices work on this day.

    A year without a list of its own has weekends and the holidays of the solar
    calendar only. Source: Labour Code 2019, article 112; see workdays.toml.
    """
    calendar = _calendar()
    if day in calendar.work:
        return True
    if day.weekday() >= _SATURDAY or day in calendar.off:
        return False
    if day.year in calendar.years:
        return True
    return not any(
        (day.month, day.day) == (month, number) and day.year >= since
        for month, number, since in calendar.fixed
    )


def add_working_days(day: date, count: int) -> date:
    """The working day that is `count` (0 or more) working days after `day`.

    The day itself is not counted (Civil Code 2015, article 147.2). With 0 it is the
    day itself, or the next working day when offices do not work on it. Raises
    ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("count must not be negative")
    if count == 0:
        return end_of_term(day)
    while count:
        day += _ONE
        count -= is_working_day(day)
    return day


def end_of_term(day: date) -> date:
    """The last day on which a term that ends on `day` is kept.

    A term that ends on a day off ends with the next working day (Civil Code 2015,
    article 148.5).
    """
    while not is_working_day(day):
        day += _ONE
    return day


def is_over(day: date, today: date) -> bool:
    """Whether a term that ends on `day` has run out before `today`."""
    return end_of_term(day) < today


def last_day_over(today: date) -> date:
    """The latest deadline that is over `today`, so that a query can ask "<= this".

    `is_over(day, today)` holds for exactly the days up to this one.
    """
    day = today - _ONE
    while not is_working_day(day):
        day -= _ONE
    return day
