"""Retention and hand-over of case files, as data/case_files.toml has them. Pure.

Periods of years and months are those of the calendar: one year after 29 February ends
on 28 February. Must never look at the clock or the database.
"""

from __future__ import annotations

import re
import tomllib
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from server.common import text

_FILE = Path(__file__).parent.parent / "data" / "case_files.toml"
# `01.TCCB`: the number within a section of the list of files, and the section.
_CODE = re.compile(r"([0-9]{1,5})\.(\S(?:.*\S)?)")
CODE_KEY_BYTES = 300


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a file is kept; `years` is None when it is kept for ever."""

    code: str
    name: str
    years: int | None


@dataclass(frozen=True, slots=True)
class HandOverRule:
    id: str
    source: str
    valid_from: date
    valid_to: date | None
    months: Mapping[str, int]
    least_years: int
    notice_days: int
    keep_back_months: int

    def reaches(self, retention: Retention) -> bool:
        """Whether a file kept that long goes to the archive at all."""
        return retention.years is None or retention.years >= self.least_years


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@lru_cache(maxsize=1)
def retentions() -> tuple[Retention, ...]:
    """The longest first."""
    rows = _data()["retention"]
    return tuple(Retention(r["code"], r["name"], r.get("years")) for r in rows)


def choices(group: str) -> tuple[Choice, ...]:
    """`group` is "rights" or "work"."""
    return tuple(Choice(row["code"], row["name"]) for row in _data()[group])


def retention_of(code: str) -> Retention:
    """A code that the data no longer has stands for itself and is kept for ever:
    what cannot be judged must not be destroyed."""
    known = (r for r in retentions() if r.code == code)
    return next(known, Retention(code, code, None))


def name_in(group: str, code: str) -> str:
    return next((c.name for c in choices(group) if c.code == code), code)


@lru_cache(maxsize=1)
def _hand_over_rules() -> tuple[HandOverRule, ...]:
    rules = (
        HandOverRule(
            id=row["id"],
            source=row["source"],
            valid_from=row["valid_from"],
            valid_to=row.get("valid_to"),
            months=row["months"],
            least_years=row["least_years"],
            notice_days=row["notice_days"],
            keep_back_months=row["keep_back_months"],
        )
        for row in _data()["hand_over"]
    )
    return tuple(sorted(rules, key=lambda rule: rule.valid_from))


def hand_over_rule(ended_on: date) -> HandOverRule:
    """The rule for work that ended on that day.

    Work that ended before the oldest rule is handed over by that one.
    """
    rules = _hand_over_rules()
    held = [
        rule
        for rule in rules
        if rule.valid_from <= ended_on
        and (rule.valid_to is None or ended_on <= rule.valid_to)
    ]
    return held[-1] if held else rules[0]


def due_day(ended_on: date, work: str, retention: Retention) -> date | None:
    """The last day to hand the file over; None for what is not kept long enough."""
    rule = hand_over_rule(ended_on)
    if not rule.reaches(retention):
        return None
    return add_months(ended_on, rule.months.get(work, max(rule.months.values())))


def notice_day(due_on: date, ended_on: date) -> date:
    """From this day on the file's keepers are told that it is due."""
    return due_on - timedelta(days=hand_over_rule(ended_on).notice_days)


def last_day_kept(due_on: date, ended_on: date) -> date:
    """How long a file may be kept back that was to be handed over by `due_on`."""
    return add_months(due_on, hand_over_rule(ended_on).keep_back_months)


def add_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def parse_code(code: str) -> tuple[int, str] | None:
    """Number and section of `01.TCCB`, or None for a code of another form."""
    found = _CODE.fullmatch(code)
    return (int(found[1]), found[2]) if found else None


def compose_code(number: int, section: str) -> str:
    return f"{number:02d}.{section}"


def code_key(code: str) -> bytes:
    """Orders codes by section, then by number: 2.TCCB before 10.TCCB.

    Bytes, so that every database compares them alike.
    """
    number, section = parse_code(code) or (0, code)
    return f"{text.collation_key(section)} {number:05d}".encode()[:CODE_KEY_BYTES]
