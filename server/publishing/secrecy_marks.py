"""How a secrecy mark is known: it stands alone, on a line or in a field of its own.

With or without "Độ mật:" before it; the word inside a sentence ("bảo mật", "mật khẩu",
"thư mật") is none. Which words are a mark is said by the caller: they are data of the
law. Pure. Must never keep or quote what it found: a log or a message is networked too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from server.common.text import accent_key

# A stamp stands beside or below the header: within the first lines of a page.
FIRST_LINES = 40
_LABEL = re.compile(r"^(?:dấu )?(?:(?:chỉ )?độ mật|mức độ mật)\s*[:\-–]?\s*")
# What may frame the word: brackets, dots, stars, bars, quotation marks.
_FRAME = re.compile(r"^[^\w]+|[^\w]+$")
_ENDS = re.compile(r"[\n\t]")


@dataclass(frozen=True, slots=True)
class SecrecyMarks:
    """`levels` are the words of a mark as `accent_key` makes them; `source` is where
    the law says so."""

    levels: frozenset[str]
    source: str

    def is_mark(self, line: str) -> bool:
        """Whether this line or field is a secrecy mark and nothing else.

        Without a label the word counts in capitals only, as the stamp is written: a
        cell or a heading "Mật" may be about honey.
        """
        shown = _FRAME.sub("", " ".join(line.split()))
        lower = accent_key(shown)
        bare = _FRAME.sub("", _LABEL.sub("", lower))
        if not bare or bare not in self.levels:
            return False
        return bare != lower or shown == shown.upper()

    def bear(self, lines: Iterable[str]) -> bool:
        """Whether any of these lines, fields or cells is a mark."""
        return any(self.is_mark(part) for line in lines for part in _ENDS.split(line))
