"""What came on 31 December and was registered in January stands in one year's book."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from server.common import clock
from server.publishing.registers.forms import Kind
from server.registry.actions.incoming import IncomingEntry, register_incoming
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.books import Format, print_book
from server.registry.models import Register
from server.registry.queries.registers import BookFilter, list_incoming

DECEMBER = datetime(2026, 12, 30, 5, tzinfo=UTC)
JANUARY = datetime(2027, 1, 4, 5, tzinfo=UTC)
LAST_DAY = date(2026, 12, 31)


@pytest.fixture
def incoming(cast: Any) -> Register:
    """01 and 02 of 2026, then 01 and 02 of 2027; the last of them had come in 2026."""
    with clock.fixed(DECEMBER):
        plan = RegisterPlan(name="Sổ đến", kind="incoming")
        book = open_register(cast.vanthu, cast.office.pk, plan)
        enter(cast, book, "thứ nhất")
        enter(cast, book, "thứ hai")
    with clock.fixed(JANUARY):
        enter(cast, book, "năm mới")
        enter(cast, book, "chiều 31", arrived_on=LAST_DAY)
    return book


def enter(cast: Any, book: Register, subject: str, **more: Any) -> None:
    entry = IncomingEntry("CV", subject, subject, "7/SNV", DECEMBER.date(), **more)
    register_incoming(cast.vanthu, book.pk, entry)


@pytest.fixture
def january() -> Any:
    with clock.fixed(JANUARY):
        yield


def numbered(book: Register, **asked: Any) -> list[tuple[int, str]]:
    page = list_incoming(book, BookFilter(**asked), sort="number")
    return [(row.number, row.subject) for row in page.rows]


def test_a_year_of_the_incoming_book_is_the_run_that_its_numbers_come_from(
    incoming: Register, january: Any
) -> None:
    assert numbered(incoming, year=2026) == [(1, "thứ nhất"), (2, "thứ hai")]
    assert numbered(incoming, year=2027) == [(1, "năm mới"), (2, "chiều 31")]


def test_days_of_arrival_still_narrow_a_year(incoming: Register, january: Any) -> None:
    late = numbered(incoming, year=2027, last_day=LAST_DAY)
    assert late == [(2, "chiều 31")]
    assert numbered(incoming, year=2026, first_day=LAST_DAY) == []


@pytest.mark.parametrize("kind", [Kind.INCOMING, Kind.FOLLOW_UP])
def test_the_printed_book_of_a_year_counts_from_one_without_a_gap(
    kind: Kind, incoming: Register, january: Any
) -> None:
    for year in (2026, 2027):
        file = print_book(incoming, kind, BookFilter(year=year), Format.XLSX)
        rows = load_workbook(BytesIO(file.data))["Sổ"].iter_rows(values_only=True)
        column = 1 if kind is Kind.INCOMING else 0
        assert [row[column] for row in list(rows)[2:]] == [1, 2]
        assert file.name == f"Sổ đến {year}.xlsx"


def test_the_cover_names_the_year_of_the_run_and_the_days_that_stand_in_it(
    incoming: Register, january: Any
) -> None:
    file = print_book(incoming, Kind.INCOMING, BookFilter(year=2027), Format.DOCX)
    cover = [p.text for p in Document(BytesIO(file.data)).paragraphs]
    assert "Năm: 2027" in cover
    assert any("31/12/2026" in line for line in cover), cover
    assert "Từ số 01 đến số 02" in cover


def test_the_form_says_which_run_the_number_comes_from(
    incoming: Register, january: Any, cast: Any, signed_in: Any
) -> None:
    form = signed_in(cast.vanthu).get(f"/registers/{incoming.pk}/entry/")
    assert "dãy số của kỳ 2027" in form.content.decode()
