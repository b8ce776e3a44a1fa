"""One book, ready to print. All texts are final; dates and counts keep their type, so
that a spreadsheet can sort by them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from server.publishing.registers.forms import BookForm


class Numeral(int):
    """A number that a rule writes in its own way, "05", and that sorts as a number."""

    written: str

    def __new__(cls, number: int, written: str) -> Numeral:
        made = super().__new__(cls, number)
        made.written = written
        return made


# A moment is a date, too: the clock on the wall, without a time zone.
Cell = str | int | date | None


@dataclass(frozen=True, slots=True)
class Cover:
    """The outer page: appendix IV, part I.1.

    `year` is the year or the term; `number` is "Quyển số", empty to be filled by hand.
    `first_number` and `last_number` are as they stand in the book. A table that is no
    bound book has `lines` of its own, and they stand above it on its first page.
    """

    parent: str
    organisation: str
    title: str
    year: str
    first_day: date | None
    last_day: date | None
    first_number: str
    last_number: str
    number: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """`struck` holds the indices of rows whose number is void.

    Their texts are struck through, but not the last column: it says why.
    """

    form: BookForm
    cover: Cover
    rows: tuple[tuple[Cell, ...], ...]
    struck: frozenset[int] = frozenset()


def shown(cell: Cell) -> str:
    """As it stands on paper: 05/01/2026, 08:30 05/01/2026, 12, 05, or nothing."""
    if cell is None:
        return ""
    if isinstance(cell, Numeral):
        return cell.written
    if isinstance(cell, datetime):
        return f"{cell:%H:%M %d/%m/%Y}"
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)


def cover_lines(cover: Cover) -> tuple[str, ...]:
    """Năm, từ ngày … đến ngày, từ số … đến số, quyển số; dots where one writes.

    Or the lines of a table that is no book.
    """
    if cover.lines:
        return cover.lines
    first, last = shown(cover.first_day), shown(cover.last_day)
    return (
        f"Năm: {cover.year or '…………'}",
        f"Từ ngày {first or '………………'} đến ngày {last or '………………'}",
        f"Từ số {cover.first_number or '…………'} đến số {cover.last_number or '…………'}",
        f"Quyển số: {cover.number or '…………'}",
    )
