"""Find quoted words again in a text that was edited around them.

The same rules as in the browser (editor_client/src/threads/match.ts): the same words
may stand in many places, so elsewhere than where they were they are taken only when
nothing but they can be meant. White space does not count, so a paragraph that was split
or joined still holds its words; nor does the way in which an accented letter is stored.
Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

_BLANK = re.compile(r"[\s\u200b\u2060\ufeff\ufffc]")
_MOST_CANDIDATES = 300
# Letters that must agree before words count as the same ones.
_SURE = 10
# A quote that stands only once may be this short; and by so many letters of context a
# place must be ahead of those that stood there already.
_SHORT = 4


@dataclass(frozen=True, slots=True)
class Quoted:
    """`echo`: letters of this context that another place with the same words shared
    when it was quoted, the best of them; -1 when the words stood nowhere else."""

    quote: str
    before: str = ""
    after: str = ""
    echo: int = 0


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


def find_near(text: Squeezed, quoted: Quoted, near: int) -> tuple[int, int] | None:
    """The quote in a short stretch of text, where its words were a moment ago."""
    places = _places(text, quoted)
    if not places:
        return None
    best = _best(places, near)
    length = len(squeeze(quoted.quote).plain)
    sure = length + best.score >= _SURE or (len(places) == 1 and length >= _SHORT)
    return (best.start, best.end) if sure else None


def find_elsewhere(
    text: Squeezed, quoted: Quoted, near: int | None, *, may_be_copy: bool
) -> tuple[int, int] | None:
    """Where the quote stands, as offsets of the source; None when it does not, or when
    it could be any of several places.

    Among several places the context decides, then the distance to `near`.
    `may_be_copy`: the words did stand in this text, so a place with the same words may
    have been there all the time, and its context must say that it is not.
    """
    places = _places(text, quoted)
    if not places:
        return None
    best = _best(places, near)
    was_alone = not may_be_copy or quoted.echo < 0
    is_alone = (
        was_alone and len(places) == 1 and len(squeeze(quoted.quote).plain) >= _SHORT
    )
    if is_alone or best.score >= max(_SURE, quoted.echo + _SHORT):
        return best.start, best.end
    return None


def echo_of(text: Squeezed, quoted: Quoted, own: tuple[int, int]) -> int:
    """How much of the context of these words the same words elsewhere share."""
    return max(
        (
            place.score
            for place in _places(text, quoted)
            if place.start >= own[1] or place.end <= own[0]
        ),
        default=-1,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    score: int


def _places(text: Squeezed, quoted: Quoted) -> list[_Place]:
    quote = squeeze(quoted.quote).plain
    before, after = squeeze(quoted.before).plain, squeeze(quoted.after).plain
    found: list[_Place] = []
    at = text.plain.find(quote) if quote else -1
    while at >= 0 and len(found) < _MOST_CANDIDATES:
        end = at + len(quote)
        score = _same_before(text.plain[max(0, at - len(before)) : at], before)
        score += _same_after(text.plain[end : end + len(after)], after)
        found.append(_Place(text.start[at], text.end[end - 1], score))
        at = text.plain.find(quote, at + 1)
    return found


def _best(places: list[_Place], near: int | None) -> _Place:
    def rank(place: _Place) -> tuple[int, int]:
        distance = 0 if near is None else abs(place.start - near)
        return place.score, -distance

    # The first of those that are equal.
    return max(places, key=rank)


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
