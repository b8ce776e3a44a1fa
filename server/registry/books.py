"""A register as a printed book: the same rows as the list on the screen, all of them.

Numbers that are void or still held stand in the book too, so that it has no gap; they
are left out when words are sought, because then nobody prints the whole book. Must not
be called before the door was passed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from server.common import clock
from server.common.errors import InvalidInput, TooLarge
from server.publishing.registers.book import Book, Cell, Cover
from server.publishing.registers.docx import to_docx
from server.publishing.registers.forms import Kind, form_of
from server.publishing.registers.pdf import to_pdf
from server.publishing.registers.xlsx import to_xlsx
from server.registry.actions.numbers import EXPIRED
from server.registry.exports import ExportedFile
from server.registry.models import (
    IncomingDocument,
    IssuedNumber,
    NumberState,
    OutgoingDocument,
    OutgoingState,
    Register,
    RegisterKind,
)
from server.registry.queries.registers import BookFilter, incoming_rows, outgoing_rows

_OFFICE = "application/vnd.openxmlformats-officedocument"


class Format(StrEnum):
    XLSX = "xlsx"
    DOCX = "docx"
    PDF = "pdf"


_TYPES = {
    Format.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    Format.DOCX: f"{_OFFICE}.wordprocessingml.document",
    Format.PDF: "application/pdf",
}
_WRITERS = {Format.XLSX: to_xlsx, Format.DOCX: to_docx, Format.PDF: to_pdf}
# What can be made while somebody waits; a longer book is printed by months.
MOST_ROWS = {Format.XLSX: 20_000, Format.DOCX: 20_000, Format.PDF: 10_000}


@dataclass(frozen=True, slots=True)
class _Line:
    """A row with what it is sorted by, and the year or term whose book it stands in."""

    day: date
    period: str
    number: int
    suffix: str
    cells: tuple[Cell, ...]
    is_void: bool


def print_book(
    register: Register, kind: Kind, shown: BookFilter, form: Format
) -> ExportedFile:
    """Raises InvalidInput when the register has no such book, TooLarge
    (`book_too_long`) when it is longer than the format allows."""
    if (kind is Kind.OUTGOING) == register.is_incoming:
        raise InvalidInput(fields={"book": _("Sổ này không in theo mẫu đó.")})
    make = _outgoing if kind is Kind.OUTGOING else _incoming
    lines = make(register, kind, shown, MOST_ROWS[form])
    cover = _cover(register, shown, lines)
    columns = form_of(kind, opened_on(cover))
    book = Book(
        columns,
        cover,
        tuple(columns.arranged(line.cells) for line in lines),
        frozenset(index for index, line in enumerate(lines) if line.is_void),
    )
    return book_file(book, f"{register.name} {cover.year}", form)


def opened_on(cover: Cover) -> date:
    """The day whose form a book has to its end: the first of the year, or of the first
    year of the term, that is printed."""
    year = re.match(r"[0-9]{4}", cover.year)
    return date(int(year[0]), 1, 1) if year else clock.today()


def book_file(book: Book, name: str, form: Format) -> ExportedFile:
    """`name` goes without its ending."""
    named = f"{name}.{form.value}".replace("/", "-")
    return ExportedFile(named, _TYPES[form], _WRITERS[form](book))


def _outgoing(
    register: Register, kind: Kind, shown: BookFilter, limit: int
) -> list[_Line]:
    rows = outgoing_rows(register, shown).select_related("issued_number")
    ordered = rows.defer("search_key").order_by("issued_on", "number", "pk")
    lines = [_outgoing_line(row) for row in _limited(ordered, limit)]
    return _with_loose_numbers(register, shown, lines, limit)


def _outgoing_line(row: OutgoingDocument) -> _Line:
    is_void = row.issued_number.state == NumberState.VOID
    state = "" if row.state == OutgoingState.ISSUED else _in_words(row.state)
    return _Line(
        row.issued_on,
        str(row.issued_on.year),
        row.number,
        row.suffix,
        (
            row.full_number,
            row.issued_on,
            f"{row.type_name}: {row.subject}",
            row.signer_name,
            row.recipients_text,
            row.archive_unit,
            row.copies,
            row.sent_on,
            _note(row.issued_number if is_void else None, state, row.note),
        ),
        is_void,
    )


def _with_loose_numbers(
    register: Register, shown: BookFilter, lines: list[_Line], limit: int
) -> list[_Line]:
    """Put in the numbers that no document bears, where they belong."""
    if shown.q:
        return lines
    loose = IssuedNumber.objects.filter(
        register=register, outgoing_document__isnull=True
    ).exclude(state=NumberState.USED)
    first, last = shown.days()
    if first is not None:
        loose = loose.filter(issued_on__gte=first)
    if last is not None:
        loose = loose.filter(issued_on__lte=last)
    if shown.document_type:
        loose = loose.filter(document_type=shown.document_type)
    for number in _limited(loose, limit - len(lines)):
        written = register.written(number.number, number.suffix, number.issued_on)
        named = number.type_name
        cells = (written, number.issued_on, named, "", "", "", "", "", _note(number))
        is_void = number.state == NumberState.VOID
        year = str(number.issued_on.year)
        lines.append(
            _Line(
                number.issued_on,
                year,
                number.number,
                number.suffix,
                cells,
                is_void,
            )
        )
    return sorted(lines, key=lambda line: (line.day, line.number, line.suffix))


def _incoming(
    register: Register, kind: Kind, shown: BookFilter, limit: int
) -> list[_Line]:
    rows = incoming_rows(register, shown).select_related("issued_number", "register")
    ordered = rows.defer("search_key").order_by("period", "number", "pk")
    cells = _incoming_cells if kind is Kind.INCOMING else _follow_up_cells
    return [
        _Line(
            row.arrived_on,
            row.period,
            row.number,
            "",
            cells(row),
            row.issued_number.state == NumberState.VOID,
        )
        for row in _limited(ordered, limit)
    ]


def _incoming_cells(row: IncomingDocument) -> tuple[Cell, ...]:
    return (
        row.arrived_on,
        row.numeral,
        row.issuer,
        row.full_number,
        row.issued_on,
        f"{row.type_name}: {row.subject}",
        row.forwarded_to,
        row.forwarded_on,
        _incoming_note(row),
    )


def _follow_up_cells(row: IncomingDocument) -> tuple[Cell, ...]:
    dated = f" ngày {row.issued_on:%d/%m/%Y}" if row.issued_on else ""
    named = f" số {row.full_number}" if row.full_number else ""
    return (
        row.numeral,
        f"{row.type_name}{named}{dated} của {row.issuer}",
        row.forwarded_to,
        row.deadline,
        row.progress,
        row.answer_number,
        _incoming_note(row),
    )


def _incoming_note(row: IncomingDocument) -> str:
    number = row.issued_number
    return _note(number if number.state == NumberState.VOID else None, "", row.note)


def _in_words(state: str) -> str:
    """Words on paper: Vietnamese whatever the language of the screen."""
    with translation.override("vi"):
        return str(OutgoingState(state).label)


def _note(number: IssuedNumber | None, *others: str) -> str:
    """Words on paper: Vietnamese whatever the language of the screen."""
    parts = list(others)
    if number is not None:
        expired = number.reason == EXPIRED
        reason = "hết thời hạn giữ số" if expired else number.reason
        held = "Hủy số" if number.state == NumberState.VOID else "Giữ số"
        parts.insert(0, f"{held}: {reason}")
    return ". ".join(part for part in parts if part)


def _limited(rows: Any, limit: int) -> Iterable[Any]:
    found = list(rows[: max(0, limit) + 1])
    if len(found) > limit:
        raise TooLarge(
            _("Sổ dài quá %(limit)s dòng. Hãy chọn khoảng ngày ngắn hơn.")
            % {"limit": limit},
            code="book_too_long",
        )
    return found


def _cover(register: Register, shown: BookFilter, lines: list[_Line]) -> Cover:
    days = [line.day for line in lines]
    first, last = shown.days()
    if register.is_incoming and first and not shown.first_day:
        # The first numbers of a year may be of what arrived on the last day before it.
        first = min([first, *days])
    numbers = sorted((line.number, line.suffix) for line in lines)
    at = last or max(days, default=clock.today())
    # Several runs in one book have no first and last number in common.
    single = register.is_incoming or register.numbering_mode == "single"
    years = {line.period for line in lines} or {str((last or clock.today()).year)}
    organisation = register.organisation
    parent = organisation.parent
    own_title = register.kind in {RegisterKind.INTERNAL, RegisterKind.COPIES}
    return Cover(
        parent=parent.name.upper() if parent else "",
        organisation=(register.body or organisation).name.upper(),
        title=register.name.upper() if own_title else "",
        year="–".join(sorted({min(years), max(years)})),
        first_day=first or min(days, default=None),
        last_day=last or max(days, default=None),
        first_number=register.written(*numbers[0], at) if numbers and single else "",
        last_number=register.written(*numbers[-1], at) if numbers and single else "",
    )
