"""The document types of the trade, read once from data/document_types.toml.

They are data because decrees change them. Must never hold rights or texts.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from server.common import text

_FILE = Path(__file__).parent / "data" / "document_types.toml"


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
    rows = tomllib.loads(_FILE.read_text("utf-8"))["type"]
    types = (DocumentType(**{k: text.nfc(v) for k, v in row.items()}) for row in rows)
    return tuple(sorted(types, key=lambda t: text.collation_key(t.name)))


@lru_cache(maxsize=1)
def _by_code() -> dict[str, DocumentType]:
    return {t.code: t for t in all_types()}


def find(code: str) -> DocumentType | None:
    return _by_code().get(text.nfc(code).strip())


def name_of(code: str) -> str:
    """The name, or the code itself when the data no longer has it."""
    found = find(code)
    return found.name if found else code


def matching(query: str) -> tuple[DocumentType, ...]:
    """Types whose name or code contains every word, without regard to diacritics."""
    words = text.search_key(query).split()
    return tuple(
        t
        for t in all_types()
        if all(w in text.search_key(f"{t.name} {t.code}") for w in words)
    )
