"""The line of a text where the hit is, with the words that were sought marked.

Pure. Gives parts, never HTML: who shows them escapes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from server.common.text import nfc
from server.registry.search.query import Query, Term
from server.registry.search.words import Word, words_in

WIDTH = 220
_BEFORE = 70
_CHUNK = 4_000
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
    """About `WIDTH` characters where most of what is sought stands together, with its
    accents if that is near, else around the first hit. The beginning when nothing is
    sought; nothing when the hit is elsewhere (in the title). Lines become one."""
    shown = " ".join(nfc(text).split())
    chunk, hits = 0, _hits(shown[:_CHUNK], query)
    while not hits and query.wanted and chunk + _CHUNK < len(shown):
        # They overlap, so that no phrase falls between two.
        chunk += _CHUNK - WIDTH
        hits = _hits(shown[chunk : chunk + _CHUNK], query)
    if query.wanted and not hits:
        return ()
    first = _best(hits, shown[chunk : chunk + _CHUNK])
    start = _word_start(shown, chunk + first[0] - _BEFORE)
    end = _word_end(shown, start + WIDTH)
    moved = ((a + chunk - start, b + chunk - start, exact) for a, b, exact in hits)
    inside = [span for span in moved if span[0] >= 0 and span[1] <= end - start]
    found = _fragments(shown[start:end], inside)
    before = (Fragment("… "),) if start and found else ()
    after = (Fragment(" …"),) if end < len(shown) else ()
    return (*before, *found, *after)


def _best(hits: Sequence[tuple[int, int, bool]], shown: str) -> tuple[int, int, bool]:
    """The first of the hits after which most different ones follow, within what is
    shown; of equals one with its accents."""
    said = [shown[start:end].casefold() for start, end, _exact in hits]
    best, most = (0, 0, False), (0, False)
    last = 0
    for index, span in enumerate(hits):
        last = max(last, index + 1)
        while last < len(hits) and hits[last][1] <= span[0] + WIDTH - _BEFORE:
            last += 1
        weight = (len(set(said[index:last])), span[2])
        if weight > most:
            best, most = span, weight
    return best


def _hits(shown: str, query: Query) -> list[tuple[int, int, bool]]:
    """Start, end, and whether the accents agree, in order and apart."""
    if not query.wanted:
        return []
    tokens = [
        (found.start(), found.end(), word)
        for found in _TOKEN.finditer(shown)
        if (word := _word_of(found[0])) is not None
    ]
    places: dict[str, list[int]] = {}
    for place, (_start, _end, word) in enumerate(tokens):
        places.setdefault(word.folded, []).append(place)
    spans: dict[int, tuple[int, int, bool]] = {}
    for term in query.wanted:
        for index in _starts(places, term):
            met = [word for _a, _b, word in tokens[index : index + len(term.words)]]
            if len(met) < len(term.words) or not _agrees(term, met, "folded"):
                continue
            start, end = tokens[index][0], tokens[index + len(met) - 1][1]
            if start not in spans or spans[start][1] < end:
                spans[start] = (start, end, _agrees(term, met, "exact"))
    apart: list[tuple[int, int, bool]] = []
    for span in sorted(spans.values()):
        if not apart or span[0] >= apart[-1][1]:
            apart.append(span)
    return apart


def _starts(places: dict[str, list[int]], term: Term) -> Iterable[int]:
    """Where the first word of the term stands."""
    first = term.words[0].folded
    if term.is_phrase or not term.is_prefix:
        return places.get(first, ())
    return (
        i for word, found in places.items() if word.startswith(first) for i in found
    )


@lru_cache(maxsize=65_536)
def _word_of(token: str) -> Word | None:
    return next(iter(words_in(token)), None)


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
