"""Clean what was typed into a row of a book, and name every field that is wrong.

A form of fifteen fields must tell all its faults at once, so a `Checker` collects them
and raises a single InvalidInput at the end. Must never look at rights or the database.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from server.common import text
from server.common.errors import InvalidInput, Message

_BREAKS = {"Zl", "Zp"}


def one_line(value: str) -> str:
    """NFC; control signs and line breaks become spaces, runs of spaces one."""
    shown = "".join(
        " " if unicodedata.category(c) in {"Cc", *_BREAKS} else c
        for c in text.nfc(value)
    )
    return " ".join(shown.split())


def lines(value: str) -> str:
    """As `one_line`, line by line; empty lines vanish."""
    broken = text.nfc(value).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line for line in map(one_line, broken) if line)


class Checker:
    def __init__(self) -> None:
        self.faults: dict[str, Message] = {}

    def text(self, name: str, value: str, limit: int, *, required: bool = False) -> str:
        return self._within(name, one_line(value), limit, required)

    def paragraph(
        self, name: str, value: str, limit: int, *, required: bool = False
    ) -> str:
        return self._within(name, lines(value), limit, required)

    def _within(self, name: str, clean: str, limit: int, required: bool) -> str:
        if required and not clean:
            self.faults[name] = _("Cần có giá trị này.")
        elif len(clean) > limit:
            self.faults[name] = _("Dài quá %(limit)s ký tự.") % {"limit": limit}
        return clean

    def choice(self, name: str, value: str, known: Iterable[str]) -> str:
        if value not in set(known):
            self.faults[name] = _("Hãy chọn một giá trị trong danh sách.")
        return value

    def count(self, name: str, value: int | None, limit: int = 99_999) -> int | None:
        if value is not None and not 0 <= value <= limit:
            self.faults[name] = _("Số nằm ngoài khoảng cho phép.")
        return value

    def not_after(
        self, name: str, value: date | None, last: date, message: Message
    ) -> date | None:
        if value is not None and value > last:
            self.faults[name] = message
        return value

    def not_before(
        self, name: str, value: date | None, first: date, message: Message
    ) -> date | None:
        if value is not None and value < first:
            self.faults[name] = message
        return value

    def finish(self) -> None:
        """Raises InvalidInput when anything was wrong."""
        if self.faults:
            raise InvalidInput(fields=self.faults)
