"""The document types of the trade, read once from data/*_types.toml.

They are data because decrees change them. Must never hold rights or texts.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from server.common import text

_FILE = Path(__file__).parent / "data" / "document_types.toml"
_REGISTERED = Path(__file__).parent / "data" / "register_types.toml"


@dataclass(frozen=True, slots=True)
class DocumentType:
    """`abbreviation` goes into the notation and is empty for công văn, thư công."""

    code: str
    abbreviation: str
    name: str
    template: str


@lru_cache(maxsize=1)
def all_types() -> tuple[DocumentType, ...]:
    """In Vietnamese order of their names."""
    return _sorted(_read(_FILE, "type"))


@lru_cache(maxsize=1)
def copy_types() -> tuple[DocumentType, ...]:
    """Sao y, trích sao, sao lục: they are registered, never drafted."""
    return _read(_REGISTERED, "copy")


@lru_cache(maxsize=1)
def incoming_types() -> tuple[DocumentType, ...]:
    """What may arrive: the types of the trade and those that only others write."""
    return _sorted((*all_types(), *_read(_REGISTERED, "incoming")))


def _read(file: Path, group: str) -> tuple[DocumentType, ...]:
    rows = tomllib.loads(file.read_text("utf-8"))[group]
    return tuple(DocumentType(**{k: text.nfc(v) for k, v in r.items()}) for r in rows)


def _sorted(types: tuple[DocumentType, ...]) -> tuple[DocumentType, ...]:
    return tuple(sorted(types, key=lambda t: text.collation_key(t.name)))


@lru_cache(maxsize=1)
def _by_code() -> dict[str, DocumentType]:
    return {t.code: t for t in all_types()}


def find(code: str) -> DocumentType | None:
    return _by_code().get(text.nfc(code).strip())


def name_of(code: str) -> str:
    """The name, or the code itself when the data no longer has it."""
    others = (t for t in (*copy_types(), *incoming_types()) if t.code == code)
    found = find(code) or next(others, None)
    return found.name if found else code


def matching(query: str) -> tuple[DocumentType, ...]:
    """Types whose name or code contains every word, without regard to diacritics."""
    words = text.search_key(query).split()
    return tuple(
        t
        for t in all_types()
        if all(w in text.search_key(f"{t.name} {t.code}") for w in words)
    )
