"""The books as the law has them, by the day a book was opened; slip and stamp too.

The editions are the files of the folder `books` and an office's own. What a column may
show is a word of ours (`SHOWN`); which columns there are, in which order and how wide
is data. Must never hold a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeVar, get_args

from server.common.dated import DatedData
from server.common.tables import (
    BadRules,
    Tables,
    one_of,
    refuse_unknown,
    source_of,
    typed,
)

T = TypeVar("T")
PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 297.0, 210.0
# Landscape: the left edge is bound, and 20 mm is enough for that.
MARGIN_MM = 20.0
TEXT_WIDTH_MM = PAGE_WIDTH_MM - 2 * MARGIN_MM
PARTS_OF_SLIP = 3
_Align = Literal["left", "center"]


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


# What each book can show, in the order of the cells that are given to `arranged`.
SHOWN: Mapping[Kind | Table, tuple[str, ...]] = {
    Kind.OUTGOING: (
        *("number", "date", "subject", "signer", "recipients", "archive_unit"),
        *("copies", "sent_on", "note"),
    ),
    Kind.INCOMING: (
        *("arrived_on", "arrival_number", "issuer", "number", "date", "subject"),
        *("forwarded_to", "forwarded_on", "note"),
    ),
    Kind.FOLLOW_UP: (
        *("arrival_number", "document", "forwarded_to", "deadline", "progress"),
        *("answer", "note"),
    ),
    Table.CONTENTS: (
        *("ordinal", "number", "date", "subject", "issuer", "pages", "note"),
    ),
    Table.INDEX: (
        *("ordinal", "code", "title", "span", "retention", "documents", "pages"),
        "note",
    ),
    Table.KEPT_BACK: (
        *("ordinal", "code", "title", "span", "retention", "due_on", "kept_until"),
        "reason",
    ),
    Table.OPINIONS: ("ordinal", "who", "verdict", "opinion", "outcome"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in mm; `centred` columns hold short marks: numbers, dates, signatures.
    `cell` is the place of what it shows in `SHOWN`, None to be filled by hand."""

    name: str
    width: float
    centred: bool
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class BookForm:
    title: str
    columns: tuple[Column, ...]
    source: str

    def arranged(self, cells: Sequence[T]) -> tuple[T | str, ...]:
        """The cells of a row, given in the order of `SHOWN`, as the columns stand."""
        return tuple("" if c.cell is None else cells[c.cell] for c in self.columns)


@dataclass(frozen=True, slots=True)
class SlipForm:
    """Phiếu giải quyết văn bản đến. `parts` are what the leader directs, what the head
    of the unit directs, and what whoever settles it proposes."""

    title: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StampForm:
    """The stamp ĐẾN."""

    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class Papers:
    forms: Mapping[Kind | Table, BookForm]
    slip: SlipForm
    stamp: StampForm


def form_of(kind: Kind | Table, opened_on: date) -> BookForm:
    """The form that held on the day on which the book was opened."""
    return BOOKS.on(opened_on).forms[kind]


def _read(tables: Tables) -> Papers:
    slip = tables.section("slip", SlipForm)
    if len(slip.parts) != PARTS_OF_SLIP:
        raise BadRules(f"slip.parts: {PARTS_OF_SLIP} titles are expected")
    return Papers(
        MappingProxyType({kind: _form(tables, kind) for kind in SHOWN}),
        slip,
        tables.section("stamp", StampForm),
    )


def _form(tables: Tables, kind: Kind | Table) -> BookForm:
    row = tables.table(kind.value)
    refuse_unknown(row, kind.value, {"title", "source", "columns"})
    at = f"{kind.value}.columns"
    if not isinstance(row.get("columns"), list):
        raise BadRules(f"{at}: is missing")
    columns = tuple(
        _column(one, f"{at}.{number}", SHOWN[kind])
        for number, one in enumerate(row["columns"], 1)
    )
    width = sum(column.width for column in columns)
    if width != TEXT_WIDTH_MM:
        raise BadRules(f"{at}: {width:g} mm do not fill the {TEXT_WIDTH_MM:g} mm")
    source = tables.sources[kind.value] = source_of(row, kind.value)
    return BookForm(typed(row.get("title"), str, f"{kind}.title"), columns, source)


def _column(row: Any, at: str, shown: tuple[str, ...]) -> Column:
    if not isinstance(row, dict):
        raise BadRules(f"{at}: is no column")
    refuse_unknown(row, at, {"name", "width", "align", "shows"})
    shows = one_of(row["shows"], shown, f"{at}.shows") if "shows" in row else None
    align = one_of(row.get("align", "left"), get_args(_Align), f"{at}.align")
    width = typed(row.get("width"), float, f"{at}.width")
    if width < 5:
        raise BadRules(f"{at}.width: {width} is not between 5.0 and {TEXT_WIDTH_MM}")
    return Column(
        typed(row.get("name"), str, f"{at}.name"),
        width,
        align == "center",
        None if shows is None else shown.index(shows),
    )


BOOKS = DatedData(
    "books",
    Path(__file__).parent / "books",
    (*(kind.value for kind in SHOWN), "slip", "stamp"),
    _read,
)
