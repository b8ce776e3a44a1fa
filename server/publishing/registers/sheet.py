"""A list of the product as one sheet of .xlsx, in the looks of the printed books.

No law says how such a list is printed, so it has no cover and as many columns as it
needs. Dates stay values; a text is never a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from server.publishing.registers.book import Cell, shown
from server.publishing.registers.forms import Column
from server.publishing.registers.xlsx import (
    BOX,
    FONT,
    SIZE,
    alignment_of,
    as_cell,
    as_characters,
    height_of,
    set_landscape,
)


def to_sheet(
    title: str,
    lines: Sequence[str],
    columns: Sequence[Column],
    rows: Sequence[tuple[Cell, ...]],
) -> bytes:
    """`lines` stand above the table, the first of them in bold."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title[:31])
    set_landscape(sheet)
    head_row = len(lines) + 1
    sheet.print_title_rows = f"{head_row}:{head_row}"
    sheet.freeze_panes = f"A{head_row + 1}"
    sheet.oddHeader.center.text = "&P"
    for index, column in enumerate(columns):
        letter = chr(ord("A") + index)
        sheet.column_dimensions[letter].width = as_characters(column.width)
    for number, line in enumerate(lines):
        cell = as_cell(sheet, line)
        cell.font = Font(name=FONT, size=SIZE, bold=number == 0)
        sheet.append([cell])
    names = [column.name for column in columns]
    cells = [as_cell(sheet, name) for name in names]
    for cell in cells:
        cell.font = Font(name=FONT, size=SIZE, bold=True)
        cell.alignment = Alignment(
            horizontal="center", vertical="center", wrap_text=True
        )
        cell.border = BOX
    sheet.row_dimensions[head_row].height = height_of(
        list(zip(names, columns, strict=True)), True
    )
    sheet.append(cells)
    font = Font(name=FONT, size=SIZE)
    places = [alignment_of(column) for column in columns]
    for number, row in enumerate(rows, head_row + 1):
        cells = [as_cell(sheet, value) for value in row]
        for cell, place in zip(cells, places, strict=True):
            cell.font, cell.alignment, cell.border = font, place, BOX
        texts = [shown(value) for value in row]
        sheet.row_dimensions[number].height = height_of(
            list(zip(texts, columns, strict=True)), False
        )
        sheet.append(cells)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()
