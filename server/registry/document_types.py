"""The document types of the trade: what is drafted, copied, and what may arrive.

What an organisation drafts depends on whose norm it follows: the State's 29 types, or
those of the Party's committees. A code means the same wherever it stands.

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
from server.publishing.rules import Kind

_FOLDER = Path(__file__).parent / "data"
Group = Literal["drafted", "party", "copies", "incoming"]
_LONGEST_CODE, _LONGEST_NAME = 10, 100  # of the columns, and of the input standard


@dataclass(frozen=True, slots=True)
class DocumentType:
    """`abbreviation` goes into the notation and is empty for công văn, thư công of the
    State. `norm`: whose form a draft of it has."""

    code: str
    abbreviation: str
    name: str
    template: str
    norm: Kind = "state"


@dataclass(frozen=True, slots=True)
class _Row:
    abbreviation: str
    name: str
    template: str


@dataclass(frozen=True, slots=True)
class Types:
    """Of one edition. `drafted` are those of the State, `party` those that the Party's
    committees draft, `incoming` what may arrive: of the State, of the Party, and what
    only others write. All stand in Vietnamese order of their names."""

    drafted: tuple[DocumentType, ...]
    party: tuple[DocumentType, ...]
    copies: tuple[DocumentType, ...]
    incoming: tuple[DocumentType, ...]

    def __iter__(self) -> Iterator[DocumentType]:
        yield from self.drafted
        yield from self.party
        yield from self.copies
        yield from self.incoming


def all_types(on: date | None = None, norm: Kind = "state") -> tuple[DocumentType, ...]:
    """What may be drafted under the norm on the day, today if none is given; ordered
    by name."""
    types = TYPES.on(on or clock.today())
    return types.party if norm == "party" else types.drafted


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


def find(
    code: str, on: date | None = None, norm: Kind | None = None
) -> DocumentType | None:
    """A type that may be drafted on the day, today if none is given: under the norm, of
    either if none is given, the State's first."""
    wanted = text.nfc(code).strip()
    norms: tuple[Kind, ...] = ("state", "party") if norm is None else (norm,)
    kinds = (kind for norm in norms for kind in all_types(on, norm))
    return next((kind for kind in kinds if kind.code == wanted), None)


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


def matching(query: str, norm: Kind = "state") -> tuple[DocumentType, ...]:
    """Types whose name or code contains every word, without regard to diacritics."""
    words = text.search_key(query).split()
    return tuple(
        t
        for t in all_types(norm=norm)
        if all(w in text.search_key(f"{t.name} {t.code}") for w in words)
    )


def _sorted(types: dict[str, DocumentType]) -> tuple[DocumentType, ...]:
    return tuple(sorted(types.values(), key=lambda t: text.collation_key(t.name)))


def _read(tables: Tables) -> Types:
    # A type names one of the first texts, which `first_text` reads whole.
    first_texts = tomllib.loads((_FOLDER / "first_texts.toml").read_text("utf-8"))
    templates = tuple(first_texts)

    def rows(group: str, norm: Kind = "state") -> dict[str, DocumentType]:
        found = tables.table(group).items()
        return {code: _type(code, row, group, norm) for code, row in found}

    def _type(code: str, row: Any, group: str, norm: Kind) -> DocumentType:
        key = f"{group}.{code}"
        if not 0 < len(code) <= _LONGEST_CODE:
            raise BadRules(f"{key}: the code is not 1 to {_LONGEST_CODE} signs long")
        found = tables.shaped(row, key, _Row)
        if not 0 < len(found.name.strip()) <= _LONGEST_NAME:
            raise BadRules(f"{key}.name: is not 1 to {_LONGEST_NAME} signs long")
        one_of(found.template, templates, f"{key}.template")
        return DocumentType(code, found.abbreviation, found.name, found.template, norm)

    drafted = rows("type")
    if not drafted:
        raise BadRules("type: is missing")
    party = rows("party", "party")
    return Types(
        _sorted(drafted),
        _sorted(party),
        tuple(rows("copy").values()),
        _sorted(party | drafted | rows("incoming")),
    )


TYPES = DatedData(
    "types", _FOLDER / "types", ("type", "party", "copy", "incoming"), _read
)
