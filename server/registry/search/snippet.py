"""The line of a text where the hit is, with the words that were sought marked.

Pure. Gives parts, never HTML: who shows them escapes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.common.text import nfc
from server.registry.search.query import Query, Term
from server.registry.search.words import Word, words_in

WIDTH = 220
_BEFORE = 70
_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Fragment:
    text: str
    is_hit: bool = False


def marked(text: str, query: Query) -> tuple[Fragment, ...]:
    """The whole text, its hits marked."""
    shown = nfc(text)
    return _fragments(shown, _hits(shown, query))


def snippet(text: str, query: Query) -> tuple[Fragment, ...]:
    """About `WIDTH` characters around the first hit, one with its accents if there is
    one; the beginning when nothing is hit. Lines become one."""
    shown = " ".join(nfc(text).split())
    hits = _hits(shown, query)
    first = next((span for span in hits if span[2]), hits[0] if hits else (0, 0, False))
    start = _word_start(shown, first[0] - _BEFORE)
    end = _word_end(shown, start + WIDTH)
    inside = [
        (a - start, b - start, exact) for a, b, exact in hits if a >= start and b <= end
    ]
    before = "… " if start else ""
    after = " …" if end < len(shown) else ""
    found = _fragments(shown[start:end], inside)
    if not found:
        return ()
    return (
        *((Fragment(before),) if before else ()),
        *found,
        *((Fragment(after),) if after else ()),
    )


def _hits(shown: str, query: Query) -> list[tuple[int, int, bool]]:
    """Start, end, and whether the accents agree, in order and apart."""
    if not query.wanted:
        return []
    tokens = [
        (found.start(), found.end(), words[0])
        for found in _TOKEN.finditer(shown)
        if (words := words_in(found[0]))
    ]
    spans: dict[int, tuple[int, int, bool]] = {}
    for term in query.wanted:
        length = len(term.words)
        for index in range(len(tokens) - length + 1):
            met = [word for _a, _b, word in tokens[index : index + length]]
            if not _agrees(term, met, "folded"):
                continue
            start, end = tokens[index][0], tokens[index + length - 1][1]
            exact = _agrees(term, met, "exact")
            if start not in spans or spans[start][1] < end:
                spans[start] = (start, end, exact)
    apart: list[tuple[int, int, bool]] = []
    for span in sorted(spans.values()):
        if not apart or span[0] >= apart[-1][1]:
            apart.append(span)
    return apart


def _agrees(term: Term, met: Sequence[Word], form: str) -> bool:
    wanted = [getattr(word, form) for word in term.words]
    said = [getattr(word, form) for word in met]
    if term.is_prefix and said[-1].startswith(wanted[-1]):
        said[-1] = wanted[-1]
    return said == wanted


def _fragments(
    shown: str, hits: Iterable[tuple[int, int, bool]]
) -> tuple[Fragment, ...]:
    parts: list[Fragment] = []
    done = 0
    for start, end, _exact in hits:
        if start > done:
            parts.append(Fragment(shown[done:start]))
        parts.append(Fragment(shown[start:end], is_hit=True))
        done = end
    if done < len(shown):
        parts.append(Fragment(shown[done:]))
    return tuple(parts)


def _word_start(shown: str, place: int) -> int:
    if place <= 0:
        return 0
    blank = shown.find(" ", place)
    return blank + 1 if 0 <= blank < place + 30 else place


def _word_end(shown: str, place: int) -> int:
    if place >= len(shown):
        return len(shown)
    blank = shown.rfind(" ", place - 30, place)
    return blank if blank > 0 else place
