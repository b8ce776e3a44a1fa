"""Retention and hand-over of case files, as data/archive and an office's own have them.

Which edition holds is told by the day on which the work ended, of a file that is open
by today. Periods of years and months are those of the calendar: one year after
29 February ends on 28 February. Must never look at the clock or the database.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from server.common import text
from server.common.dated import DatedData, Edition
from server.common.tables import BadRules, Tables

# `01.TCCB`: the number within a section of the list of files, and the section.
_CODE = re.compile(r"([0-9]{1,5})\.(\S(?:.*\S)?)")
CODE_KEY_BYTES = 300
_LONGEST = 30  # of a code in its column, and of a name in the input standard
Group = Literal["rights", "work"]


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
class HandOver:
    least_years: int
    notice_days: int
    keep_back_months: int

    def reaches(self, retention: Retention) -> bool:
        """Whether a file kept that long goes to the archive at all."""
        return retention.years is None or retention.years >= self.least_years


@dataclass(frozen=True, slots=True)
class Archive:
    """`retentions` stand the longest first; `months` are by the kind of work."""

    retentions: Mapping[str, Retention]
    choices: Mapping[Group, Mapping[str, Choice]]
    months: Mapping[str, int]
    hand_over: HandOver


def retentions(on: date) -> tuple[Retention, ...]:
    """What may be chosen on a day, the longest first."""
    return tuple(ARCHIVE.on(on).retentions.values())


def choices(group: Group, on: date) -> tuple[Choice, ...]:
    return tuple(ARCHIVE.on(on).choices[group].values())


def retention_of(code: str, on: date) -> Retention:
    """A code that no edition has stands for itself and is kept for ever: what cannot be
    judged must not be destroyed."""
    found = (archive.retentions.get(code) for archive in _from(on))
    return next(filter(None, found), Retention(code, code, None))


def name_in(group: Group, code: str, on: date) -> str:
    found = (archive.choices[group].get(code) for archive in _from(on))
    return next(filter(None, found), Choice(code, code)).name


def _from(on: date) -> Iterator[Archive]:
    """The edition of the day; then the others, the newest first, for codes that it
    lacks."""
    yield ARCHIVE.on(on)
    for edition in reversed(ARCHIVE.editions()):
        yield edition.value


def hand_over_rule(ended_on: date) -> Edition[Archive]:
    """The edition for work that ended on that day; for older work the oldest."""
    return ARCHIVE.edition(ended_on)


def due_day(ended_on: date, work: str, retention: Retention) -> date | None:
    """The last day to hand the file over; None for what is not kept long enough."""
    archive = ARCHIVE.on(ended_on)
    if not archive.hand_over.reaches(retention):
        return None
    months = archive.months
    return add_months(ended_on, months.get(work, max(months.values())))


def notice_day(due_on: date, ended_on: date) -> date:
    """From this day on the file's keepers are told that it is due."""
    return due_on - timedelta(days=ARCHIVE.on(ended_on).hand_over.notice_days)


def last_day_kept(due_on: date, ended_on: date) -> date:
    """How long a file may be kept back that was to be handed over by `due_on`."""
    return add_months(due_on, ARCHIVE.on(ended_on).hand_over.keep_back_months)


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


@dataclass(frozen=True, slots=True)
class _Named:
    name: str


@dataclass(frozen=True, slots=True)
class _Kept:
    name: str
    years: int = 0


def _read(tables: Tables) -> Archive:
    kept = tables.each("retention", lambda row, key: _retention(tables, row, key))
    groups: dict[Group, Mapping[str, Choice]] = {
        group: tables.each(group, lambda row, key: _choice(tables, row, key))
        for group in get_args(Group)
    }
    months = tables.each("months", lambda row, key: int(tables.valued(row, key, int)))
    if not kept:
        raise BadRules("retention: is missing")
    for code in groups["work"].keys() ^ months.keys():
        raise BadRules(f"months.{code}: every kind of work has its months, no other")
    longest = sorted(kept.values(), key=lambda r: -(r.years or 10_000))
    return Archive(
        MappingProxyType({retention.code: retention for retention in longest}),
        MappingProxyType(groups),
        months,
        tables.section("hand_over", HandOver),
    )


def _retention(tables: Tables, row: Any, key: str) -> Retention:
    found = tables.shaped(row, key, _Kept)
    if isinstance(row, dict) and "years" in row and not 0 < found.years < 1000:
        raise BadRules(f"{key}.years: {found.years} is not between 1 and 999")
    return Retention(_code_in(key), _name(found.name, key), found.years or None)


def _choice(tables: Tables, row: Any, key: str) -> Choice:
    found = tables.shaped(row, key, _Named)
    return Choice(_code_in(key), _name(found.name, key))


def _code_in(key: str) -> str:
    code = key.partition(".")[2]
    if not 0 < len(code) <= _LONGEST:
        raise BadRules(f"{key}: the code is not 1 to {_LONGEST} signs long")
    return code


def _name(name: str, key: str) -> str:
    if not 0 < len(name.strip()) <= _LONGEST:
        raise BadRules(f"{key}.name: is not 1 to {_LONGEST} signs long")
    return name


ARCHIVE = DatedData(
    "archive",
    Path(__file__).parent.parent / "data" / "archive",
    ("retention", "rights", "work", "months", "hand_over"),
    _read,
)
