"""Divide text into the words that are searched, once, for every database.

A database never folds or divides anything itself: it gets words that are joined by
single blanks, so SQLite and PostgreSQL cannot differ over an accent or a slash. A word
is a run of letters and digits; "328/VPUBND-HCTC" is three words in a row, so a number
is found whole (as a phrase) and by its parts. Pure; must never touch the database.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from server.common import text

# Between two lines: a phrase does not reach over it, and nobody can type it as a word.
BREAK = "¶"
Column = Literal["heading_words", "heading_exact", "words", "exact"]
LETTERS: dict[Column, str] = {
    "heading_words": "h",
    "heading_exact": "i",
    "words": "f",
    "exact": "e",
}
_EXACT = ("heading_exact", "exact")
MAX_WORD_LENGTH = 64
# PostgreSQL keeps at most 1 MB of different words a document. Vietnamese has about
# 7,000 syllables, so only a text that is no language comes near to this.
MAX_DIFFERENT_BYTES = 200_000
MAX_WORDS = 500_000

# Marks that are left when a letter was composed belong to no letter of ours.
_LOOSE_MARK = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_WORD = re.compile(r"[^\W_]+")
_LEADING_ZERO = re.compile(r"^0(?=[1-9])")


class Word(NamedTuple):
    """`folded` has no accents, `exact` has them; both are in one case."""

    folded: str
    exact: str


@dataclass(frozen=True, slots=True)
class Columns:
    """What the database indexes: each word between blanks, lines apart by BREAK.

    Before a word stands the letter of its column (LETTERS), so that the few headings
    with a word are a list of their own in the index, apart from the many texts with it.
    """

    heading_words: str
    heading_exact: str
    words: str
    exact: str


def words_in(line: str) -> list[Word]:
    """The words of a line, in order. 05 and 5 are the same number."""
    return [_word(found) for found in _WORD.findall(_even(line))]


def columns_of(heading: Iterable[str], body: Iterable[str]) -> Columns:
    """`heading` is what names a document (number, title, subject), `body` the rest."""
    room = _Room()
    head = list(_divided(heading, room))
    whole = [*head, *_divided(body, room)]
    return Columns(
        *(
            _joined(column, head if column.startswith("heading") else whole)
            for column in LETTERS
        )
    )


def lexeme(column: Column, word: Word) -> str:
    """The word as it stands in this column of the index."""
    return LETTERS[column] + (word.exact if column in _EXACT else word.folded)


class _Room:
    """How much more of one document is indexed; its first words always are."""

    def __init__(self) -> None:
        self._different: set[Word] = set()
        self._bytes = 0
        self._count = 0

    def taken(self, line: list[Word]) -> list[Word]:
        """As many of these words as there is room for."""
        new = set(line).difference(self._different)
        size = sum(map(_size, new))
        if (
            self._count + len(line) > MAX_WORDS
            or self._bytes + size > MAX_DIFFERENT_BYTES
        ):
            return list(itertools.takewhile(self._fits, line))
        self._different |= new
        self._bytes += size
        self._count += len(line)
        return line

    def _fits(self, word: Word) -> bool:
        if word not in self._different:
            self._different.add(word)
            self._bytes += _size(word)
        self._count += 1
        return self._count <= MAX_WORDS and self._bytes <= MAX_DIFFERENT_BYTES


def _size(word: Word) -> int:
    return len(word.folded.encode()) + len(word.exact.encode())


def _divided(lines: Iterable[str], room: _Room) -> Iterator[Word | None]:
    """Words, and None after each line."""
    for line in lines:
        for part in line.split("\n"):
            if found := room.taken(words_in(part)):
                yield from found
                yield None


def _even(line: str) -> str:
    """One case; a mark that belongs to no letter would part a word in two."""
    lower = text.nfc(text.nfc(line).casefold())
    return _LOOSE_MARK.sub("", lower)


@lru_cache(maxsize=65_536)
def _word(found: str) -> Word:
    plain = _LEADING_ZERO.sub("", found)
    return Word(
        text.search_key(plain)[:MAX_WORD_LENGTH],
        text.accent_key(plain)[:MAX_WORD_LENGTH],
    )


def _joined(column: Column, words: Iterable[Word | None]) -> str:
    said = (lexeme(column, word) if word else BREAK for word in words)
    return f" {' '.join(said)} "
