"""Mục lục văn bản trong hồ sơ and mục lục hồ sơ, as files.

Words on paper are Vietnamese whatever the language of the screen. Must not be called
before the door was passed; the list of files asks it itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation, User
from server.common import clock
from server.common.errors import TooLarge
from server.publishing.registers.book import Book, Cell, Cover
from server.publishing.registers.forms import Table, form_of
from server.registry.books import MOST_ROWS, Format, book_file
from server.registry.case_files.documents import DocumentKind
from server.registry.case_files.rules import retention_of
from server.registry.exports import ExportedFile
from server.registry.models import CaseFile
from server.registry.queries.case_files import (
    KEPT_BACK,
    CaseFileFilter,
    Line,
    Totals,
    filtered,
    lines_of,
    order_of,
    totals_of,
)


def print_contents(case_file: CaseFile, form: Format) -> ExportedFile:
    """The documents of one file, in the order of time."""
    book = contents_book(case_file, lines_of(case_file))
    name = f"Mục lục văn bản {case_file.code} {case_file.year}"
    return book_file(book, name, form)


def contents_book(
    case_file: CaseFile,
    lines: Sequence[Line],
    missing: Mapping[UUID, str] | None = None,
) -> Book:
    """`missing`: why a parcel holds no file of a document, by the id of its entry."""
    first, last = f"{case_file.starts_on:%d/%m/%Y}", "………………"
    if case_file.ends_on is not None:
        last = f"{case_file.ends_on:%d/%m/%Y}"
    pages = sum(line.facts.pages or 0 for line in lines)
    kept = retention_of(case_file.retention, case_file.ruled_on).name
    form = form_of(Table.CONTENTS, date(case_file.year, 1, 1))
    return Book(
        form,
        _cover(
            case_file.organisation,
            str(case_file.year),
            (
                f"Hồ sơ số {case_file.code}, năm {case_file.year}",
                case_file.title,
                f"Từ ngày {first} đến ngày {last} · Thời hạn bảo quản: {kept}",
                f"Tổng số: {len(lines)} văn bản, {pages or '…………'} trang",
            ),
        ),
        tuple(
            form.arranged(_contents_row(line, (missing or {}).get(line.entry.pk, "")))
            for line in lines
        ),
        frozenset(i for i, line in enumerate(lines) if line.facts.is_void),
    )


def _contents_row(line: Line, missing: str) -> tuple[Cell, ...]:
    facts = line.facts
    notes = (
        "Hủy số" if facts.is_void else "",
        "Dự thảo" if facts.kind is DocumentKind.DRAFT else "",
        facts.note,
        missing,
    )
    return (
        line.ordinal,
        facts.full_number,
        facts.dated_on,
        f"{facts.type_name}: {facts.subject}",
        facts.issuer,
        facts.pages,
        ". ".join(note for note in notes if note),
    )


def print_index(
    user: User, shown: CaseFileFilter, sort: str, form: Format
) -> ExportedFile:
    """The files that the list on the screen shows, all of them; those that are kept
    back as the list that the archive is owed (Decree 30/2020, article 31.3d).

    Raises TooLarge (`book_too_long`) when there are more than the format allows.
    """
    limit = MOST_ROWS[form]
    rows = filtered(user, shown).order_by(*order_of(sort))
    files = list(rows.select_related("organisation__parent", "unit")[: limit + 1])
    if len(files) > limit:
        raise TooLarge(
            _("Danh sách dài quá %(limit)s dòng. Hãy chọn năm hoặc đơn vị.")
            % {"limit": limit},
            code="book_too_long",
        )
    if shown.state == KEPT_BACK:
        return book_file(_index_book(files, shown), "Danh mục hồ sơ giữ lại", form)
    return book_file(_index_book(files, shown), "Mục lục hồ sơ", form)


def _index_book(files: Sequence[CaseFile], shown: CaseFileFilter) -> Book:
    totals = totals_of(files)
    organisations = {f.organisation_id: f.organisation for f in files}
    only = next(iter(organisations.values())) if len(organisations) == 1 else None
    year = str(shown.year) if shown.year is not None else ""
    units = {f.unit_id: f.unit.name for f in files}
    unit = next(iter(units.values())) if shown.unit and len(units) == 1 else ""
    lines = (
        *([f"Năm {year}"] if year else []),
        *([unit] if unit else []),
        f"Tổng số: {len(files)} hồ sơ · Lập ngày {clock.today():%d/%m/%Y}",
    )
    if shown.state == KEPT_BACK:
        form = form_of(Table.KEPT_BACK, clock.today())
        kept = (_kept_row(n, f) for n, f in enumerate(files, 1))
        return Book(form, _cover(only, year, lines), tuple(map(form.arranged, kept)))
    form = form_of(Table.INDEX, date(shown.year, 1, 1) if shown.year else clock.today())
    rows = (
        _index_row(n, f, totals.get(f.pk, Totals())) for n, f in enumerate(files, 1)
    )
    return Book(form, _cover(only, year, lines), tuple(map(form.arranged, rows)))


def _kept_row(ordinal: int, case_file: CaseFile) -> tuple[Cell, ...]:
    return (
        ordinal,
        case_file.code,
        case_file.title,
        _span(case_file),
        retention_of(case_file.retention, case_file.ruled_on).name,
        case_file.kept_from,
        case_file.due_on,
        case_file.kept_reason,
    )


def _span(case_file: CaseFile) -> str:
    last = f"{case_file.ends_on:%d/%m/%Y}" if case_file.ends_on else "……………"
    return f"{case_file.starts_on:%d/%m/%Y} –\n{last}"


def _index_row(ordinal: int, case_file: CaseFile, totals: Totals) -> tuple[Cell, ...]:
    handed_over = ""
    if case_file.handed_over_on is not None:
        handed_over = f"Nộp lưu trữ ngày {case_file.handed_over_on:%d/%m/%Y}"
    notes = (handed_over, case_file.description)
    return (
        ordinal,
        case_file.code,
        case_file.title,
        _span(case_file),
        retention_of(case_file.retention, case_file.ruled_on).name,
        totals.documents,
        totals.pages or None,
        ". ".join(note for note in notes if note),
    )


def _cover(
    organisation: Organisation | None, year: str, lines: tuple[str, ...]
) -> Cover:
    parent = organisation.parent if organisation else None
    return Cover(
        parent=parent.name.upper() if parent else "",
        organisation=organisation.name.upper() if organisation else "",
        title="",
        year=year,
        first_day=None,
        last_day=None,
        first_number="",
        last_number="",
        lines=lines,
    )
