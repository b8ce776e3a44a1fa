"""The số đến stands everywhere as the rules write it, 05, and is sorted as a number."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from server.common import clock
from server.publishing.registers.forms import Kind
from server.registry.books import Format, print_book
from server.registry.incoming_papers import stamp_file
from server.registry.queries.registers import BookFilter
from tests.support.incoming import NOON, Desks


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def desks(cast: Any) -> Desks:
    found = Desks(cast)
    for _document in range(11):
        found.register()
    return found


def column_of(page: str) -> list[str]:
    """What stands at the head of each row."""
    cells = re.findall(r'<th scope="row" class="dt-numeric"><a [^>]*>([^<]*)<', page)
    return [cell.strip() for cell in cells]


WRITTEN = [f"{number:02}" for number in range(1, 12)]


@pytest.mark.parametrize("book", ["incoming", "follow_up"])
def test_the_book_shows_the_zero_and_sorts_by_the_number(
    desks: Desks, signed_in: Any, book: str
) -> None:
    browser = signed_in(desks.clerk)
    address = f"/registers/{desks.book.pk}/?book={book}&sort="
    upwards = browser.get(f"{address}number").content.decode()
    downwards = browser.get(f"{address}-number").content.decode()
    assert column_of(upwards) == WRITTEN
    assert column_of(downwards) == WRITTEN[::-1]


def test_the_list_of_incoming_work_shows_it(desks: Desks, signed_in: Any) -> None:
    page = signed_in(desks.clerk).get("/incoming/?tab=to_forward").content.decode()
    assert column_of(page) == WRITTEN


def test_the_page_of_a_document_and_its_stamp_show_it(
    desks: Desks, signed_in: Any
) -> None:
    row = desks.book.incoming_documents.get(number=5)
    for address in (f"/incoming/{row.pk}/", f"/registers/incoming/{row.pk}/"):
        page = signed_in(desks.clerk).get(address).content.decode()
        assert "<b>05</b>" in page, address
    assert stamp_file(row).name == "Dấu đến 05.pdf"


@pytest.mark.parametrize(
    "address",
    ["/api/v1/incoming-work.xlsx?tab=to_forward", "/registers/{book}/export.xlsx"],
)
def test_a_spreadsheet_holds_a_number_that_shows_its_zero(
    desks: Desks, signed_in: Any, address: str
) -> None:
    answer = signed_in(desks.clerk).get(address.format(book=desks.book.pk))
    assert answer.status_code == 200
    cells = numbers_in(answer.content)
    assert sorted(value for value, _form in cells) == list(range(1, 12))
    assert dict(cells)[5] == "00"
    assert dict(cells)[11] == "00"


@pytest.mark.parametrize("kind", [Kind.INCOMING, Kind.FOLLOW_UP])
def test_the_printed_book_writes_it(desks: Desks, kind: Kind) -> None:
    file = print_book(desks.book, kind, BookFilter(), Format.XLSX)
    assert numbers_in(file.data) == [(n, "00") for n in range(1, 12)]
    from docx import Document

    paper = print_book(desks.book, kind, BookFilter(), Format.DOCX)
    table = Document(BytesIO(paper.data)).tables[-1]
    place = 1 if kind is Kind.INCOMING else 0
    said = [row.cells[place].text for row in table.rows]
    assert [text for text in said if text.isdigit()] == WRITTEN


def numbers_in(data: bytes) -> list[tuple[int, str]]:
    """Cells that hold a whole number, with the form in which it is shown."""
    sheet = load_workbook(BytesIO(data)).worksheets[-1]
    return [
        (cell.value, cell.number_format)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int) and cell.column <= 2
    ]
