"""The slip as .docx, for offices that fill it in with Word."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from server.common import clock
from server.publishing.incoming.slip import (
    DOTTED_LINES,
    Opinion,
    Slip,
)

_FONT = "Times New Roman"
_WIDTH_MM = 165.0
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER


def slip_to_docx(slip: Slip) -> bytes:
    document = Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(14)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    normal.paragraph_format.space_after = Pt(0)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    _head(document, slip)
    _line(document, slip.form.title, bold=True, centre=True, before=28)
    _line(document, slip.about, centre=True, before=6)
    for index, opinion in enumerate(slip.opinions):
        _line(
            document, slip.form.parts[index], bold=True, before=18
        ).keep_with_next = True
        _opinion(document, opinion)
    properties = document.core_properties
    properties.title, properties.author = slip.form.title, slip.organisation
    properties.created = properties.modified = clock.now().replace(tzinfo=None)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _head(document: Any, slip: Slip) -> None:
    """Two columns: whose paper it is, and the country's name with the date."""
    table = document.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    left, right = table.rows[0].cells
    for cell, share in ((left, 0.42), (right, 0.58)):
        cell.width = Mm(_WIDTH_MM * share)
    for column, share in zip(table.columns, (0.42, 0.58), strict=True):
        column.width = Mm(_WIDTH_MM * share)
    _fill(
        left,
        [(slip.parent, 12, False, False), (slip.organisation, 12, True, False)],
    )
    _fill(
        right,
        [
            (slip.rules.words.country, 12, True, False),
            (slip.rules.words.motto, 13, True, False),
            (slip.place_line, 13, False, True),
        ],
    )


def _fill(cell: Any, lines: list[tuple[str, int, bool, bool]]) -> None:
    paragraph = cell.paragraphs[0]
    for index, (words, size, bold, italic) in enumerate(
        line for line in lines if line[0]
    ):
        if index:
            paragraph = cell.add_paragraph()
        paragraph.alignment = _CENTRE
        paragraph.paragraph_format.space_before = Pt(6 if italic else 0)
        run = paragraph.add_run(_clean(words))
        run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _opinion(document: Any, opinion: Opinion) -> None:
    for words in opinion.lines:
        shape = _line(document, words, before=6)
        shape.first_line_indent = Mm(10)
        shape.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if opinion.signed:
        shape = _line(document, opinion.signed, italic=True, before=6)
        shape.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if not opinion.lines:
        for _row in range(DOTTED_LINES):
            shape = _line(document, "\t", before=6)
            shape.tab_stops.add_tab_stop(
                Mm(_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
            )


def _line(
    document: Any,
    words: str,
    *,
    bold: bool = False,
    italic: bool = False,
    centre: bool = False,
    before: float = 0,
) -> Any:
    """Add a paragraph and return its format."""
    paragraph = document.add_paragraph()
    run = paragraph.add_run(_clean(words))
    run.bold, run.italic = bold, italic
    shape = paragraph.paragraph_format
    shape.space_before = Pt(before)
    if centre:
        shape.alignment = _CENTRE
    return shape


def _clean(words: str) -> str:
    return _FORBIDDEN.sub(" ", words)
