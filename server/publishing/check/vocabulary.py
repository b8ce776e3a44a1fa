"""The words that the check of form knows: abbreviations, titles, capitals.

The editions are the files of the folder `words` and an office's own; which holds is
told by the document's date. Must never know a place in a document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.common.dated import DatedData
from server.common.tables import BadRules, Tables, pattern

_GROUP = re.compile(r"\{(\d)([\^_]?)\}")


@dataclass(frozen=True, slots=True)
class Capital:
    """A spelling that Annex II corrects. `keep` is what the pattern finds but may
    stand."""

    wrong: re.Pattern[str]
    right: str
    keep: frozenset[str]

    def correction(self, match: re.Match[str]) -> str:
        def group(place: re.Match[str]) -> str:
            text = match[int(place[1])]
            if place[2] == "^":
                return text[:1].upper() + text[1:]
            return text[:1].lower() + text[1:] if place[2] == "_" else text

        return _GROUP.sub(group, self.right)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`titles` finds academic titles at the beginning of a name; None without any."""

    abbreviations: frozenset[str]
    titles: re.Pattern[str] | None
    capitals: tuple[Capital, ...]


@dataclass(frozen=True, slots=True)
class _List:
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Spelling:
    wrong: str
    right: str
    keep: tuple[str, ...] = ()


def _read(tables: Tables) -> Vocabulary:
    def words(row: Any, key: str) -> tuple[str, ...]:
        found = tables.shaped(row, key, _List).words
        if not all(word.strip() for word in found):
            raise BadRules(f"{key}.words: an empty word")
        return found

    titles = _all(tables.each("academic_titles", words))
    return Vocabulary(
        frozenset(_all(tables.each("abbreviations", words))),
        _titles(titles) if titles else None,
        tuple(
            tables.each(
                "capitals", lambda row, key: _capital(tables, row, key)
            ).values()
        ),
    )


def _all(lists: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(word for words in lists.values() for word in words)


def _titles(words: tuple[str, ...]) -> re.Pattern[str]:
    one = "|".join(re.escape(word) for word in words)
    return re.compile(rf"^(?:(?:{one})\b[.,]?\s*)+")


def _capital(tables: Tables, row: Any, key: str) -> Capital:
    found = tables.shaped(row, key, _Spelling)
    wrong = pattern(found.wrong, f"{key}.wrong")
    groups = {int(place[1]) for place in _GROUP.finditer(found.right)}
    if unknown := {group for group in groups if group > wrong.groups}:
        raise BadRules(f"{key}.right: no group {min(unknown)} in the pattern")
    return Capital(wrong, found.right, frozenset(found.keep))


VOCABULARY = DatedData(
    "check",
    Path(__file__).parent / "words",
    ("abbreviations", "academic_titles", "capitals"),
    _read,
)
