"""What somebody typed into the search box, as words that must and must not occur.

    kế hoạch tập huấn        all words, anywhere; the last may be unfinished
    "cải cách hành chính"    these words in this order
    328/VPUBND-HCTC          a number: its parts in this order
    -dự -"sao y"             without these

Pure. Must never raise: whatever is typed means something, if only "everything".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from server.registry.search.words import Word, words_in

MAX_LENGTH = 200
MAX_TERMS = 24
# One letter begins half of all words: it is taken as a word of its own.
SHORTEST_PREFIX = 2
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_PIECE = re.compile(r'(-?)"([^"]*)("|$)|(\S+)')


@dataclass(frozen=True, slots=True)
class Term:
    """Words in a row; the last one may go on when `is_prefix`."""

    words: tuple[Word, ...]
    is_prefix: bool = False

    @property
    def is_phrase(self) -> bool:
        return len(self.words) > 1


@dataclass(frozen=True, slots=True)
class Query:
    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)


def parse(typed: str) -> Query:
    wanted: list[Term] = []
    unwanted: list[Term] = []
    open_end = False
    for piece, is_unwanted, is_quoted in _pieces(typed[:MAX_LENGTH]):
        words = tuple(words_in(piece))
        if not words or len(wanted) + len(unwanted) >= MAX_TERMS:
            continue
        (unwanted if is_unwanted else wanted).append(Term(words))
        open_end = not is_unwanted and not is_quoted
    if open_end and len(wanted[-1].words[-1].folded) >= SHORTEST_PREFIX:
        wanted[-1] = Term(wanted[-1].words, is_prefix=True)
    return Query(tuple(wanted), tuple(unwanted))


def _pieces(typed: str) -> Iterator[tuple[str, bool, bool]]:
    """Each piece, whether it begins with a minus, whether it stands in quotes."""
    for minus, quoted, _end, bare in _PIECE.findall(typed.translate(_QUOTES)):
        if bare:
            plain = bare.replace('"', " ")
            yield plain, plain.startswith("-"), False
        else:
            yield quoted, bool(minus), True
