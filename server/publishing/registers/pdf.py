"""A book as PDF/A-2b, drawn by typst with the fonts that lie beside us.

A character that the font lacks stops the print with its name, as for any document.
"""

from __future__ import annotations

import json
import threading
from functools import lru_cache
from pathlib import Path

import typst

from server.common import clock
from server.publishing.fonts import FOLDER, missing_characters
from server.publishing.pdf_export import missing_glyph_error
from server.publishing.registers.book import Book, Cell, cover_lines, shown
from server.publishing.registers.forms import MARGIN_MM, Column
from server.publishing.registers.lines import breakable, lines_in
from server.publishing.turns import turn

# As book.typ sets them: the size, and the edges of a cell with its line.
_SIZE = 12
_EDGES_MM = 2.3
# A page below its head has 26 lines of a table; a row that fits stays whole.
_MOST_LINES = 20
_TEMPLATE = Path(__file__).parent / "book.typ"
# A compiler is not made for two threads at once.
_lock = threading.Lock()


def to_pdf(book: Book) -> bytes:
    """Raises InvalidInput (`missing_glyph`) naming what cannot be shown."""
    cover = book.cover
    data = {
        "title": cover.title or book.form.title,
        "parent": cover.parent,
        "organisation": cover.organisation,
        "lines": cover_lines(cover),
        "is_bound": not cover.lines,
        "margin": MARGIN_MM,
        "columns": [
            {"name": c.name, "width": c.width, "centred": c.centred}
            for c in book.form.columns
        ],
        "rows": [
            _row(row, book.form.columns, struck=index in book.struck)
            for index, row in enumerate(book.rows)
        ],
    }
    written = json.dumps(data, ensure_ascii=False)
    missing = missing_characters(written)
    if missing:
        raise missing_glyph_error(missing)
    with turn(_lock):
        result = _compiler().compile(
            input=_TEMPLATE.read_bytes(),
            root=str(_TEMPLATE.parent),
            format="pdf",
            sys_inputs={"data": written},
            pdf_standards="a-2b",
            timestamp=int(clock.now().timestamp()),
        )
    assert isinstance(result, bytes)
    return result


def _row(
    row: tuple[Cell, ...], columns: tuple[Column, ...], *, struck: bool
) -> dict[str, object]:
    """A row stands whole on its page, unless it is higher than what is safe there."""
    cells, most = [], 1
    for cell, column in zip(row, columns, strict=True):
        text, room = shown(cell), column.width - _EDGES_MM
        most = max(most, lines_in(text, room, _SIZE))
        cells.append(breakable(text, room, _SIZE))
    return {"cells": cells, "struck": struck, "whole": most <= _MOST_LINES}


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(FOLDER)],
    )
    return typst.Compiler(font_paths=fonts)
