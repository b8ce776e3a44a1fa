"""Which run of numbers a document belongs to.

A register numbers anew in every period (a year, or a term of the Party) and, when the
head of the office decided so, apart for each type or each group of types. Days are days
in Vietnam: callers pass dates from `server.common.clock`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

# What numbers share that stand in no group of their own.
REST = ""
GROUP_LENGTH = 30


class Period(StrEnum):
    YEAR = "year"
    TERM = "term"


class Mode(StrEnum):
    SINGLE = "single"
    PER_TYPE = "per_type"
    GROUPS = "groups"


Group = Mapping[str, Any]  # {"name": "QĐ-NQ", "types": ["QĐ", "NQ"]}


def period_label(
    period: Period, on: date, starts_on: date | None, ends_on: date | None
) -> str | None:
    """The name of the period that holds the day: "2026", or "2025-2030" for a term.

    None when the register does not reach that day.
    """
    if starts_on is not None and on < starts_on:
        return None
    if ends_on is not None and on > ends_on:
        return None
    if period is Period.YEAR:
        return str(on.year)
    if starts_on is None or ends_on is None:
        return None
    return f"{starts_on.year}-{ends_on.year}"


def group_of(mode: Mode, groups: Sequence[Group], type_code: str) -> str:
    """The name of the group within the period; "" is the one that all others share."""
    if mode is Mode.PER_TYPE:
        return type_code
    if mode is Mode.GROUPS:
        for group in groups:
            if type_code in group["types"]:
                return str(group["name"])
    return REST


def faults_of_groups(groups: Sequence[Group], known: set[str]) -> str | None:
    """The first code or name that makes the groups ambiguous, or None."""
    names: set[str] = set()
    seen: set[str] = set()
    for group in groups:
        name = str(group.get("name", "")).strip()
        if not name or len(name) > GROUP_LENGTH or name in names:
            return name or "?"
        names.add(name)
        for code in group.get("types", ()):
            if code in seen or code not in known:
                return str(code)
            seen.add(code)
    return None
