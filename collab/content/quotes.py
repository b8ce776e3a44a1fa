"""Find quoted words again in a text that was edited around them.

The same rules as in the browser (editor_client/src/threads/match.ts): white space does
not count, so a paragraph that was split or joined still holds its words; nor does the
way in which an accented letter is stored. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

_BLANK = re.compile(r"[\s\u200b\u2060\ufeff\ufffc]")
_MOST_CANDIDATES = 300
# Letters of quote and context that must agree before words count as the same ones.
_SURE = 10
# A quote that stands only once may be this short.
_SHORT = 4


@dataclass(frozen=True, slots=True)
class Quoted:
    quote: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A text without its white space; `start[i]`, `end[i]`: where letter i stood."""

    plain: str
    start: list[int]
    end: list[int]


def squeeze(text: str) -> Squeezed:
    plain: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        for letter in unicodedata.normalize("NFC", text[start:end]):
            if not _BLANK.match(letter):
                plain.append(letter)
                starts.append(start)
                ends.append(end)
    return Squeezed("".join(plain), starts, ends)


def find_quote(
    text: Squeezed, quoted: Quoted, near: int | None
) -> tuple[int, int] | None:
    """Where the quote stands, as offsets of the source; None when it does not, or when
    it could be any of several places.

    Among several places the context decides, then the distance to `near`.
    """
    quote = squeeze(quoted.quote).plain
    if not quote:
        return None
    before, after = squeeze(quoted.before).plain, squeeze(quoted.after).plain
    best: tuple[int, int, int] | None = None
    count = 0
    at = text.plain.find(quote)
    while at >= 0 and count < _MOST_CANDIDATES:
        count += 1
        score = _same_before(text.plain[:at], before) + _same_after(
            text.plain[at + len(quote) :], after
        )
        distance = 0 if near is None else abs(text.start[at] - near)
        if best is None or (score, -distance) > (best[0], -best[1]):
            best = (score, distance, at)
        at = text.plain.find(quote, at + 1)
    if best is None:
        return None
    score, _distance, at = best
    if len(quote) + score < _SURE and not (count == 1 and len(quote) >= _SHORT):
        return None
    return text.start[at], text.end[at + len(quote) - 1]


def resembles(now: str, quote: str) -> bool:
    """Whether two texts without white space share enough pairs of letters."""
    if now == quote:
        return True
    shared = Counter(pairwise(quote)) & Counter(pairwise(now))
    # Words written between the quoted ones do not make them less.
    return shared.total() * 2 >= max(1, len(quote) - 1)


def _clusters(text: str) -> list[tuple[int, int]]:
    if unicodedata.is_normalized("NFC", text):
        return [(at, at + 1) for at in range(len(text))]
    found: list[tuple[int, int]] = []
    for at, letter in enumerate(text):
        if found and unicodedata.category(letter).startswith("M"):
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found


def _same_before(text: str, before: str) -> int:
    return _same_after(text[: -len(before) - 1 : -1], before[::-1])


def _same_after(text: str, after: str) -> int:
    count = 0
    for mine, theirs in zip(text, after, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
