"""Read days, counts and choices from a form; a value that cannot be read is named.

A browser sends days as 2026-11-22 and an empty field as "". Must never guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from server.common.errors import InvalidInput, Message


class FormValues:
    """Collects faults, so that `finish` names them all at once."""

    def __init__(self, data: Mapping[str, str]) -> None:
        self._data = data
        self._faults: dict[str, Message] = {}

    def text(self, name: str) -> str:
        return self._data.get(name, "")

    def ticked(self, name: str) -> bool:
        return self._data.get(name, "") != ""

    def day(self, name: str) -> date | None:
        value = self._data.get(name, "").strip()
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self._faults[name] = _("Ngày này không có trong lịch.")
            return None

    def count(self, name: str) -> int | None:
        value = self._data.get(name, "").strip()
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
