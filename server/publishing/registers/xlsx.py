"""A book as .xlsx: a cover sheet and a sheet of rows that prints as the law has it.

Dates and counts stay values. A text is never a formula, whatever sign it begins with.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side

from server.publishing.registers.book import Book, Cell, Numeral, cover_lines, shown
from server.publishing.registers.forms import MARGIN_MM, TEXT_WIDTH_MM, Column
from server.publishing.registers.lines import lines_in

FONT = "Times New Roman"
SIZE = 12
_MM_PER_INCH = 25.4
# Widths count digits of the default font (Calibri 11): 7 pixels each, 5 for the edges.
_PIXELS_PER_INCH, _DIGIT_PIXELS, _EDGE_PIXELS = 96, 7, 5
_EDGES_MM = 2.0
_LINE_PT = 16.0
_HIGHEST_ROW_PT = 400.0
# Letters on a screen are set a little wider than in print.
_SAFE = 0.96
_LINE = Side(style="thin")
BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
# What XML 1.0 cannot hold; the rows were cleaned, but an old import may bring it.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LARGEST_TEXT = 32_767


def to_xlsx(book: Book) -> bytes:
    workbook = Workbook(write_only=True)
    _cover(workbook.create_sheet("Bìa"), book)
    _rows(workbook.create_sheet("Sổ"), book)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def set_landscape(sheet: Any) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left = margins.right = MARGIN_MM / _MM_PER_INCH
    margins.top = margins.bottom = MARGIN_MM / _MM_PER_INCH
    margins.header = margins.footer = 10 / _MM_PER_INCH


def _cover(sheet: Any, book: Book) -> None:
    set_landscape(sheet)
    sheet.print_options.horizontalCentered = True
    sheet.print_options.verticalCentered = True
    sheet.column_dimensions["A"].width = as_characters(TEXT_WIDTH_MM)
    cover = book.cover
    title = (22, True)
    plain = (14, False)
    lines: list[tuple[str, tuple[int, bool]]] = [
        (cover.parent, plain),
        (cover.organisation, (14, True)),
        ("", plain),
        ("", plain),
        (cover.title or book.form.title, title),
        ("", plain),
        *((line, plain) for line in cover_lines(cover)),
    ]
    for number, (text, (size, bold)) in enumerate(lines, 1):
        cell = as_cell(sheet, text)
        cell.font = Font(name=FONT, size=size, bold=bold)
        cell.alignment = Alignment(
            horizontal="center", vertical="center", wrap_text=True
        )
        count = lines_in(text, TEXT_WIDTH_MM * _SAFE, size, bold=bold)
        sheet.row_dimensions[number].height = count * size * _LINE_PT / SIZE
        sheet.append([cell])


def _rows(sheet: Any, book: Book) -> None:
    set_landscape(sheet)
    sheet.print_title_rows = "1:2"
    sheet.freeze_panes = "A3"
    sheet.oddHeader.center.text = "&P"
    for index, column in enumerate(book.form.columns):
        letter = chr(ord("A") + index)
        sheet.column_dimensions[letter].width = as_characters(column.width)
    columns = book.form.columns
    head = Font(name=FONT, size=SIZE, bold=True)
    centre = Alignment(horizontal="center", vertical="center", wrap_text=True)
    names = [column.name for column in columns]
    numbers = [f"({n})" for n in range(1, len(columns) + 1)]
    for row_number, texts in enumerate((names, numbers), 1):
        cells = [as_cell(sheet, text) for text in texts]
        for cell in cells:
            cell.font, cell.alignment, cell.border = head, centre, BOX
        height = height_of(list(zip(texts, columns, strict=True)), True)
        sheet.row_dimensions[row_number].height = height
        sheet.append(cells)
    fonts = {void: Font(name=FONT, size=SIZE, strike=void) for void in (False, True)}
    places = [alignment_of(column) for column in columns]
    for index, row in enumerate(book.rows):
        font = fonts[index in book.struck]
        cells = []
        for value, place in zip(row, places, strict=True):
            cell = as_cell(sheet, value)
            cell.font, cell.alignment, cell.border = font, place, BOX
            cells.append(cell)
        cells[-1].font = fonts[False]
        texts = [shown(value) for value in row]
        height = height_of(list(zip(texts, columns, strict=True)), False)
        sheet.row_dimensions[index + 3].height = height
        sheet.append(cells)


def as_characters(width_mm: float) -> float:
    pixels = width_mm / _MM_PER_INCH * _PIXELS_PER_INCH
    return (pixels - _EDGE_PIXELS) / _DIGIT_PIXELS


def height_of(texts: list[tuple[str, Column]], bold: bool) -> float:
    """The height that holds the longest cell: a program that only prints fits none."""
    most = max(
        lines_in(text, (column.width - _EDGES_MM) * _SAFE, SIZE, bold=bold)
        for text, column in texts
    )
    return min(most * _LINE_PT, _HIGHEST_ROW_PT)


def alignment_of(column: Column) -> Alignment:
    side = "center" if column.centred else "left"
    return Alignment(horizontal=side, vertical="top", wrap_text=True)


def as_cell(sheet: Any, value: Cell) -> Any:
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, _FORBIDDEN.sub(" ", value)[:LARGEST_TEXT])
        cell.data_type = "s"  # never a formula
        return cell
    if isinstance(value, Numeral):
        cell = WriteOnlyCell(sheet, int(value))
        cell.number_format = "0" * len(value.written)
        return cell
    cell = WriteOnlyCell(sheet, value)  # type: ignore[arg-type]
    if isinstance(value, datetime):
        cell.number_format = "hh:mm dd/mm/yyyy"
    elif isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
    return cell
