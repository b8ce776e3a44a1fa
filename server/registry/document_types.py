"""The document types of the trade: what is drafted, copied, and what may arrive.

They are data (data/types and an office's own) because decrees change them: what may be
chosen is told by today, what a document is called by its own date. Must never hold
rights or texts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from server.common import clock, text
from server.common.dated import DatedData
from server.common.tables import BadRules, Tables, one_of

_FOLDER = Path(__file__).parent / "data"
Group = Literal["drafted", "copies", "incoming"]
_LONGEST_CODE, _LONGEST_NAME = 10, 100  # of the columns, and of the input standard


@dataclass(frozen=True, slots=True)
class DocumentType:
    """`abbreviation` goes into the notation and is empty for công văn, thư công."""

    code: str
    abbreviation: str
    name: str
    template: str


@dataclass(frozen=True, slots=True)
class _Row:
    abbreviation: str
    name: str
    template: str


@dataclass(frozen=True, slots=True)
class Types:
    """Of one edition. `incoming` are those that are drafted and those that only others
    write; both stand in Vietnamese order of their names."""

    drafted: tuple[DocumentType, ...]
    copies: tuple[DocumentType, ...]
    incoming: tuple[DocumentType, ...]

    def __iter__(self) -> Iterator[DocumentType]:
        yield from self.drafted
        yield from self.copies
        yield from self.incoming


def all_types(on: date | None = None) -> tuple[DocumentType, ...]:
    """What may be drafted on the day, today if none is given; ordered by name."""
    return TYPES.on(on or clock.today()).drafted


def copy_types(on: date | None = None) -> tuple[DocumentType, ...]:
    """Sao y, trích sao, sao lục: they are registered, never drafted."""
    return TYPES.on(on or clock.today()).copies


def incoming_types(on: date | None = None) -> tuple[DocumentType, ...]:
    """What may arrive: the types of the trade and those that only others write."""
    return TYPES.on(on or clock.today()).incoming


def known_types(group: Group = "incoming") -> tuple[DocumentType, ...]:
    """Whatever may ever have been registered, of one code today's: to search by."""
    editions = [edition.value for edition in TYPES.editions()]
    editions.append(TYPES.on(clock.today()))
    return _sorted(
        {kind.code: kind for types in editions for kind in getattr(types, group)}
    )


def find(code: str, on: date | None = None) -> DocumentType | None:
    """A type that may be drafted on the day, today if none is given."""
    wanted = text.nfc(code).strip()
    return next((kind for kind in all_types(on) if kind.code == wanted), None)


def name_of(code: str, on: date | None = None) -> str:
    """What a document of that day is called, of today if none is given; by another
    edition when that one has no such code, and the code itself when none has."""
    wanted = text.nfc(code).strip()
    others = (edition.value for edition in reversed(TYPES.editions()))
    for types in (TYPES.on(on or clock.today()), *others):
        found = next((kind for kind in types if kind.code == wanted), None)
        if found is not None:
            return found.name
    return code


def matching(query: str) -> tuple[DocumentType, ...]:
    """Types whose name or code contains every word, without regard to diacritics."""
    words = text.search_key(query).split()
    return tuple(
        t
        for t in all_types()
        if all(w in text.search_key(f"{t.name} {t.code}") for w in words)
    )


def _sorted(types: dict[str, DocumentType]) -> tuple[DocumentType, ...]:
    return tuple(sorted(types.values(), key=lambda t: text.collation_key(t.name)))


def _read(tables: Tables) -> Types:
    # A type names one of the first texts, which `first_text` reads whole.
    first_texts = tomllib.loads((_FOLDER / "first_texts.toml").read_text("utf-8"))
    templates = tuple(first_texts)

    def rows(group: str) -> dict[str, DocumentType]:
        return {
            code: _type(code, row, group) for code, row in tables.table(group).items()
        }

    def _type(code: str, row: Any, group: str) -> DocumentType:
        key = f"{group}.{code}"
        if not 0 < len(code) <= _LONGEST_CODE:
            raise BadRules(f"{key}: the code is not 1 to {_LONGEST_CODE} signs long")
        found = tables.shaped(row, key, _Row)
        if not 0 < len(found.name.strip()) <= _LONGEST_NAME:
            raise BadRules(f"{key}.name: is not 1 to {_LONGEST_NAME} signs long")
        one_of(found.template, templates, f"{key}.template")
        return DocumentType(code, found.abbreviation, found.name, found.template)

    drafted = rows("type")
    if not drafted:
        raise BadRules("type: is missing")
    return Types(
        _sorted(drafted),
        tuple(rows("copy").values()),
        _sorted(drafted | rows("incoming")),
    )


TYPES = DatedData("types", _FOLDER / "types", ("type", "copy", "incoming"), _read)
