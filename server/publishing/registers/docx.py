"""A book as .docx: a cover page, then one table whose head repeats on every page.

The table is written as XML at once: python-docx finds each cell anew, which takes
minutes for a thousand rows.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from server.common import clock
from server.publishing.registers.book import Book, cover_lines, shown
from server.publishing.registers.forms import (
    MARGIN_MM,
    PAGE_HEIGHT_MM,
    PAGE_WIDTH_MM,
    Column,
)

_FONT = "Times New Roman"
_HALF_POINTS = 24
_TWIPS_PER_MM = 1440 / 25.4
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PAGE_NUMBER = (
    '<w:r {ns}><w:fldChar w:fldCharType="begin"/></w:r>',
    '<w:r {ns}><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>',
    '<w:r {ns}><w:fldChar w:fldCharType="end"/></w:r>',
)


def to_docx(book: Book) -> bytes:
    document = Document()
    _styles(document)
    _page(document)
    _cover(document, book)
    document.element.body.insert(
        len(document.element.body) - 1, parse_xml(_table(book))
    )
    document.add_paragraph().paragraph_format.line_spacing = Pt(1)
    properties = document.core_properties
    properties.title = book.cover.title or book.form.title
    properties.author = book.cover.organisation
    properties.created = properties.modified = clock.now().replace(tzinfo=None)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _styles(document: Any) -> None:
    normal = document.styles["Normal"]
    normal.font.name = _FONT
    normal.font.size = Pt(_HALF_POINTS / 2)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1


def _page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(PAGE_WIDTH_MM), Mm(PAGE_HEIGHT_MM)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    header = section.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in _PAGE_NUMBER:
        header._p.append(parse_xml(part.format(ns=nsdecls("w"))))


def _cover(document: Any, book: Book) -> None:
    cover = book.cover
    if cover.lines:
        _heading(document, book)
        return
    lines: list[tuple[str, float, bool, float]] = [
        (cover.parent, 14, False, 70),
        (cover.organisation, 14, True, 0),
        (cover.title or book.form.title, 22, True, 92),
        *((line, 14, False, 14) for line in cover_lines(cover)),
    ]
    for words, size, bold, before in lines:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(before)
        run = paragraph.add_run(_FORBIDDEN.sub(" ", words))
        run.font.size, run.bold = Pt(size), bold
    paragraph.add_run().add_break(WD_BREAK.PAGE)


def _heading(document: Any, book: Book) -> None:
    """Above the table, on its first page."""
    cover = book.cover
    left, centre = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
    lines = [
        *([(cover.parent, 12, False, left, 0)] if cover.parent else []),
        (cover.organisation, 12, True, left, 0),
        (cover.title or book.form.title, 14, True, centre, 12),
        *((line, 12, False, centre, 3) for line in cover.lines),
    ]
    for words, size, bold, side, before in lines:
        paragraph = document.add_paragraph()
        paragraph.alignment = side
        paragraph.paragraph_format.space_before = Pt(before)
        run = paragraph.add_run(_FORBIDDEN.sub(" ", words))
        run.font.size, run.bold = Pt(size), bold
    paragraph.paragraph_format.space_after = Pt(8)


def _table(book: Book) -> str:
    columns = book.form.columns
    widths = [round(column.width * _TWIPS_PER_MM) for column in columns]
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    names = _row([c.name for c in columns], columns, widths, head=True)
    numbers = [f"({n})" for n in range(1, len(columns) + 1)]
    parts = [
        f"<w:tbl {nsdecls('w')}><w:tblPr>",
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>',
        f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/>',
        '<w:tblCellMar><w:left w:w="57" w:type="dxa"/>',
        '<w:right w:w="57" w:type="dxa"/></w:tblCellMar>',
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>",
        names,
        _row(numbers, columns, widths, head=True),
    ]
    for index, row in enumerate(book.rows):
        texts = [shown(cell) for cell in row]
        parts.append(_row(texts, columns, widths, struck=index in book.struck))
    parts.append("</w:tbl>")
    return "".join(parts)


def _row(
    texts: list[str],
    columns: tuple[Column, ...],
    widths: list[int],
    *,
    head: bool = False,
    struck: bool = False,
) -> str:
    cells: list[str] = []
    for words, column, width in zip(texts, columns, widths, strict=True):
        last = len(cells) == len(columns) - 1
        mark = "<w:b/>" if head else "<w:strike/>" if struck and not last else ""
        style = f'<w:rPr>{mark}<w:sz w:val="{_HALF_POINTS}"/></w:rPr>'
        side = "center" if head or column.centred else "left"
        lines = _FORBIDDEN.sub(" ", words).split("\n")
        runs = "<w:br/>".join(
            f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines
        )
        place = '<w:vAlign w:val="center"/>' if head else ""
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{place}</w:tcPr>'
            f'<w:p><w:pPr><w:jc w:val="{side}"/></w:pPr>'
            f"<w:r>{style}{runs}</w:r></w:p></w:tc>"
        )
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"
