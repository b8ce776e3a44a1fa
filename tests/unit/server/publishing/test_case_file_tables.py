"""Tables of contents of case files: the heading stands above the table, not on a
cover of its own."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook
from pyhanko.pdf_utils.reader import PdfFileReader

from server.publishing.registers.book import Book, Cover
from server.publishing.registers.docx import to_docx
from server.publishing.registers.forms import Table, form_of
from server.publishing.registers.pdf import to_pdf
from server.publishing.registers.xlsx import to_xlsx

LINES = ("Hồ sơ số 01.TCCB, năm 2026", "Tuyển dụng công chức")
ROW = (1, "41/VPUBND", date(2026, 11, 24), "Công văn: kiểm tra", "UBND tỉnh", 2, "")


@pytest.fixture
def book() -> Book:
    cover = Cover("UBND TỈNH", "VĂN PHÒNG", "", "2026", None, None, "", "", lines=LINES)
    return Book(form_of(Table.CONTENTS, date(2026, 1, 1)), cover, (ROW,))


@pytest.mark.parametrize("table", Table)
def test_columns_fill_the_page(table: Table) -> None:
    """`form_of` refuses columns that do not."""
    form = form_of(table, date(2026, 1, 1))
    assert form.columns[0].name == "STT"
    assert form.title == form.title.upper()


def test_pdf_has_its_heading_and_table_on_one_page(book: Book) -> None:
    reader = PdfFileReader(BytesIO(to_pdf(book)))
    assert reader.root["/Pages"]["/Count"] == 1


def test_docx_has_its_heading_and_table_on_one_page(book: Book) -> None:
    document = Document(BytesIO(to_docx(book)))
    words = [p.text for p in document.paragraphs if p.text]
    assert words == ["UBND TỈNH", "VĂN PHÒNG", book.form.title, *LINES]
    assert 'w:type="page"' not in document.element.xml
    cells = [cell.text for cell in document.tables[0].rows[2].cells]
    assert cells == ["1", "41/VPUBND", "24/11/2026", *map(str, ROW[3:])]


def test_xlsx_keeps_counts_and_days_as_values(book: Book) -> None:
    sheets = load_workbook(BytesIO(to_xlsx(book)))
    head, rows = (list(sheet.values) for sheet in sheets.worksheets)
    assert [row[0] for row in head if row[0]][-2:] == list(LINES)
    assert rows[2][0] == 1
    assert rows[2][2].date() == date(2026, 11, 24)
