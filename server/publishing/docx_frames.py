"""Small Word elements that the letterhead is made of: lines, rules, frames, tables.

Must never know what a part of a letterhead means.
"""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from server.publishing import docx_styles as ids
from server.publishing.docx_blocks import (
    append_valued,
    rule_paragraph,
    styled_paragraph,
)
from server.publishing.docx_inlines import append_text
from server.publishing.fonts import text_width_mm
from server.publishing.layout import mm_to_twips, pt_to_twips
from server.publishing.rules.model import Component

# A line of 1.5 pt and 2 pt between it and the text.
_FRAME_MM = 3.5 * 25.4 / 72

Rows = list[tuple[list[Any], list[Any]]]


def line(style_id: str, text: str) -> Any:
    paragraph = styled_paragraph(style_id)
    append_text(paragraph, text)
    return paragraph


def filler(before_pt: float = 0) -> Any:
    """The empty paragraph that Word wants beside a table, two points high."""
    paragraph = styled_paragraph(ids.FILLER)
    if before_pt:
        append_spacing(paragraph, before_pt)
    return paragraph


def append_spacing(paragraph: Any, before_pt: float) -> None:
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:before"), str(pt_to_twips(before_pt)))
    paragraph.pPr.append(spacing)


def append_indent(paragraph: Any, left_mm: float, right_mm: float = 0) -> None:
    indent = OxmlElement("w:ind")
    indent.set(qn("w:left"), str(mm_to_twips(left_mm)))
    if right_mm:
        indent.set(qn("w:right"), str(mm_to_twips(right_mm)))
    paragraph.pPr.append(indent)


def shown_text(text: str, part: Component) -> str:
    return text.upper() if part.capitals else text


def rule_below(text: str, part: Component, share: float, room_mm: float) -> Any:
    """A line below a text, as long as a share of it, centred in its room."""
    inside = room_mm - 2 * part.inset_mm
    width = text_width_mm(shown_text(text, part), part.size_pt, bold=part.bold)
    length = min(width, inside) * share
    return rule_paragraph(ids.FILLER, mm_to_twips((room_mm - length) / 2))


def framed(style_id: str, text: str, *, left_mm: float, right_mm: float) -> Any:
    """A text in a single-line frame; the outer edges stand at the two insets."""
    paragraph = styled_paragraph(style_id)
    borders = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        border = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "12"), ("space", "2")):
            border.set(qn(f"w:{name}"), value)
        borders.append(border)
    paragraph.pPr.append(borders)
    # Word draws a frame outside the indents of its paragraph.
    append_indent(paragraph, left_mm + _FRAME_MM, right_mm + _FRAME_MM)
    append_text(paragraph, text)
    return paragraph


def coloured(paragraph: Any, colour: str) -> Any:
    """The letters and the frame of a paragraph in one colour."""
    for border in paragraph.pPr.iter(*(qn(f"w:{s}") for s in _SIDES)):
        border.set(qn("w:color"), colour)
    for run in paragraph.iter(qn("w:r")):
        append_valued(run.get_or_add_rPr(), "w:color", colour)
    return paragraph


_SIDES = ("top", "left", "bottom", "right")


def borderless(rows: Rows, widths_mm: tuple[float, float]) -> Any:
    """Two columns without lines; a row stays on one page."""
    table = OxmlElement("w:tbl")
    table.append(_properties(sum(mm_to_twips(w) for w in widths_mm)))
    grid = OxmlElement("w:tblGrid")
    for mm in widths_mm:
        column = OxmlElement("w:gridCol")
        column.set(qn("w:w"), str(mm_to_twips(mm)))
        grid.append(column)
    table.append(grid)
    for cells in rows:
        row = OxmlElement("w:tr")
        row_properties = OxmlElement("w:trPr")
        row_properties.append(OxmlElement("w:cantSplit"))
        row.append(row_properties)
        for mm, elements in zip(widths_mm, cells, strict=True):
            cell = OxmlElement("w:tc")
            cell_properties = OxmlElement("w:tcPr")
            cell_properties.append(_width("w:tcW", mm_to_twips(mm)))
            cell.append(cell_properties)
            for element in elements or [filler()]:
                cell.append(element)
            row.append(cell)
        table.append(row)
    return table


def keep_together(table: Any) -> None:
    """The whole table on one page."""
    for paragraph in table.iter(qn("w:p")):
        style = paragraph.pPr.find(qn("w:pStyle"))
        style.addnext(OxmlElement("w:keepNext"))


def _properties(twips: int) -> Any:
    properties = OxmlElement("w:tblPr")
    properties.append(_width("w:tblW", twips))
    fixed = OxmlElement("w:tblLayout")
    fixed.set(qn("w:type"), "fixed")
    properties.append(fixed)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_width(f"w:{side}", 0))
    properties.append(margins)
    return properties


def _width(tag: str, twips: int) -> Any:
    width = OxmlElement(tag)
    width.set(qn("w:w"), str(twips))
    width.set(qn("w:type"), "dxa")
    return width
