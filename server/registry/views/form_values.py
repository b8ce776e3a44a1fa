"""Read days, counts and choices from a form; a value that cannot be read is named.

A browser sends days as 2026-11-22 and an empty field as "". Must never guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from server.common.errors import InvalidInput, Message
from server.registry.form_changes import same

# Before the name of a field: the value that the form was made with.
WAS = "was_"


class FormValues:
    """Collects faults, so that `finish` names them all at once."""

    def __init__(self, data: Mapping[str, str], before: str = "") -> None:
        """`before` stands before every name, such as `WAS`."""
        self._data = data
        self._before = before
        self._faults: dict[str, Message] = {}

    def text(self, name: str) -> str:
        return self._data.get(self._before + name, "")

    def ticked(self, name: str) -> bool:
        return self._data.get(self._before + name, "") != ""

    def day(self, name: str) -> date | None:
        value = self._data.get(self._before + name, "").strip()
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self._faults[name] = _("Ngày này không có trong lịch.")
            return None

    def count(self, name: str) -> int | None:
        value = self._data.get(self._before + name, "").strip()
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) < 8:
            return int(value)
        self._faults[name] = _("Cần một số.")
        return None

    def finish(self) -> None:
        """Raises InvalidInput when a value could not be read."""
        if self._faults:
            raise InvalidInput(fields=self._faults)


@dataclass(frozen=True, slots=True)
class Refill:
    """What a form of a row shows, and what it remembers it was made of."""

    shown: dict[str, str]
    was: dict[str, str]


def refill(
    row: Mapping[str, Any], posted: Mapping[str, str], *, told: bool = False
) -> Refill:
    """A field that was not changed shows the row as it is now, a changed one what was
    typed, so that a second press writes nothing but that. `told`: the person has just
    been told what the changed fields have become, and may write over it."""
    now = {name: _as_text(value) for name, value in row.items()}
    filled = Refill(dict(now), dict(now))
    for name in now:
        typed = posted.get(name, now[name])
        before = posted.get(WAS + name, now[name])
        if not same(typed, before):
            filled.shown[name] = typed
            filled.was[name] = now[name] if told else before
    return filled


def _as_text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
