"""The books as the law has them, read once from books.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "books.toml"
PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 297.0, 210.0
# Landscape: the left edge is bound, and 20 mm is enough for that.
MARGIN_MM = 20.0
TEXT_WIDTH_MM = PAGE_WIDTH_MM - 2 * MARGIN_MM


class Kind(StrEnum):
    OUTGOING = "outgoing"
    INCOMING = "incoming"
    FOLLOW_UP = "follow_up"


class Table(StrEnum):
    """Tables that are printed as books are, but are no register's."""

    CONTENTS = "case_file_contents"
    INDEX = "case_file_index"
    KEPT_BACK = "case_files_kept_back"
    OPINIONS = "opinions"


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in mm; `centred` columns hold short marks: numbers, dates, signatures."""

    name: str
    width: float
    centred: bool


@dataclass(frozen=True, slots=True)
class BookForm:
    title: str
    columns: tuple[Column, ...]
    source: str


@lru_cache(maxsize=len(Kind) + len(Table))
def form_of(kind: Kind | Table) -> BookForm:
    data = tomllib.loads(_FILE.read_text("utf-8"))
    form = data[kind.value]
    columns = tuple(
        Column(row["name"], float(row["width"]), row.get("align") == "center")
        for row in form["columns"]
    )
    if sum(column.width for column in columns) != TEXT_WIDTH_MM:
        raise ValueError(f"{_FILE.name}: {kind}: the columns do not fill the page")
    return BookForm(form["title"], columns, data["rules"]["source"])
