"""Blocks of a draft as Word elements: paragraphs, lists, tables, images.

Labels of Điều, khoản, điểm … are written as text in a character style of their own:
Word's numbering cannot do the Vietnamese alphabet of points. Lists are real numbering.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Mm

from collab.content.grid import PlacedCell, column_count, place_cells
from collab.content.labels import OWN_LINE_STYLES, Labeller
from collab.content.tree import (
    INDENT_MM,
    Block,
    Cell,
    Image,
    ListBlock,
    PageBreak,
    Paragraph,
    Row,
    Rule,
    Table,
)
from server.publishing import docx_styles as ids
from server.publishing.docx_elements import element
from server.publishing.docx_inlines import append_break, append_inlines, append_text
from server.publishing.docx_numbering import MAX_LEVEL, Numbering, list_indent_twips
from server.publishing.layout import (
    CELL_PADDING_MM,
    HEADER_CELL_FILL,
    LIST_STEP_MM,
    mm_to_twips,
)
from server.publishing.letterhead import clean_text
from server.publishing.parts import is_reference
from server.publishing.pictures import open_picture

Images = Callable[[str], bytes | None]
_TWIPS_PER_PX = 15
_JUSTIFY = {"left": "left", "center": "center", "right": "right", "justify": "both"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where blocks are written: how wide, in which list."""

    width_mm: float
    height_mm: float
    in_cell: bool = False
    level: int = -1
    num_id: int = 0
    ordered: bool = False


class BlockWriter:
    """Turns blocks into elements, in document order: labels count on."""

    def __init__(self, document: Any, images: Images) -> None:
        self._part = document.part
        self._images = images
        self._labeller = Labeller()
        self._numbering = Numbering(document)
        self._next_picture = 1

    def heading(self, blocks: Iterable[Block], place: Place) -> list[Any]:
        """The label, title and reference of an appendix."""
        elements = self.write(blocks, place)
        for block, made in zip(blocks, elements, strict=True):
            assert isinstance(block, Paragraph)
            style = ids.APPENDIX_IDS.get((block.style, is_reference(block.text)))
            if style:
                made.pPr.find(qn("w:pStyle")).set(qn("w:val"), style)
        return elements

    def write(self, blocks: Iterable[Block], place: Place) -> list[Any]:
        elements: list[Any] = []
        for block in blocks:
            if isinstance(block, Paragraph):
                elements.append(self._paragraph(block, place))
            elif isinstance(block, ListBlock):
                elements += self._list(block, place)
            elif isinstance(block, Table):
                # Word joins two tables that touch.
                if elements and elements[-1].tag == qn("w:tbl"):
                    elements.append(styled_paragraph(ids.FILLER))
                elements.append(self._table(block, place))
            else:
                elements.append(self._atom(block, place))
        return elements

    def _atom(self, block: Image | PageBreak | Rule, place: Place) -> Any:
        if isinstance(block, Image):
            return self._image(block, place)
        if isinstance(block, PageBreak):
            paragraph = styled_paragraph(ids.PAGE_BREAK)
            append_break(paragraph, "page")
            return paragraph
        return rule_paragraph(ids.RULE)

    def _paragraph(self, block: Paragraph, place: Place) -> Any:
        paragraph = self._shaped(block, place)
        self._append_label(paragraph, block)
        append_inlines(paragraph, block.inlines, self._part)
        return paragraph

    def _shaped(self, block: Paragraph, place: Place) -> Any:
        """The paragraph as it looks, still without a letter."""
        inner = place.in_cell or place.level >= 0
        style_id = ids.ID_OF_STYLE[block.style]
        if block.style == "body" and inner:
            style_id = ids.INNER
        if block.style == "article" and block.text.rstrip()[-1:] in tuple(".;:,"):
            style_id = ids.ARTICLE_TEXT
        paragraph = styled_paragraph(style_id)
        properties = paragraph.pPr
        left = mm_to_twips(INDENT_MM * block.indent)
        if place.level >= 0:
            append_number(properties, place.level, place.num_id)
            left += list_indent_twips(place.level)
        if left:
            indent = element("w:ind")
            indent.set(qn("w:left"), str(left))
            if place.level >= 0:
                is_item = place.num_id != self._numbering.continued
                hanging = mm_to_twips(LIST_STEP_MM) if is_item else 0
                indent.set(qn("w:hanging"), str(hanging))
            properties.append(indent)
        if block.align:
            append_valued(properties, "w:jc", _JUSTIFY[block.align])
        return paragraph

    def _append_label(self, paragraph: Any, block: Paragraph) -> None:
        label = clean_text(self._labeller.label(block))
        if label:
            bold = block.style == "article"
            own_line = block.style in OWN_LINE_STYLES
            append_text(
                paragraph,
                label if own_line else label + " ",
                style_id=ids.BOLD_LABEL if bold else ids.LABEL,
            )
            if own_line and block.inlines:
                append_break(paragraph)

    def _list(self, block: ListBlock, place: Place) -> list[Any]:
        level = min(place.level + 1, MAX_LEVEL)
        num_id = self._numbering.new_list(block.ordered, block.start, level)
        width = max(place.width_mm - LIST_STEP_MM, 20)
        item_place = replace(
            place, level=level, num_id=num_id, width_mm=width, ordered=block.ordered
        )
        more = replace(item_place, num_id=self._numbering.continued)
        elements: list[Any] = []
        for item in block.items:
            elements += self.write(item[:1], item_place)
            elements += self.write(item[1:], more)
        return elements

    def _table(self, block: Table, place: Place) -> Any:
        placed = place_cells(block.rows)
        columns = column_count(placed)
        widths = column_twips(block.column_widths, columns, place.width_mm)
        table = element("w:tbl")
        table.append(_table_properties(block, sum(widths)))
        grid = element("w:tblGrid")
        for width in widths:
            column = element("w:gridCol")
            column.set(qn("w:w"), str(width))
            grid.append(column)
        table.append(grid)
        by_place = {(c.row, c.column): c for line in placed for c in line}
        spanned = {
            (row, c.column): c
            for line in placed
            for c in line
            for row in range(c.row + 1, c.row + c.rowspan)
        }
        for index, line in enumerate(placed):
            row = element("w:tr")
            if line and all(c.cell.header for c in line) and index == 0:
                properties = element("w:trPr")
                properties.append(element("w:tblHeader"))
                row.append(properties)
            column = 0
            while column < columns:
                here = by_place.get((index, column))
                above = spanned.get((index, column))
                cell = here or above
                if cell is None:
                    column += 1
                    continue
                row.append(self._cell(cell, here is None, block, widths, place))
                column += cell.colspan
            self._row_done(row, block.rows[index], block)
            table.append(row)
        return table

    def _row_done(self, row: Any, read: Row, table: Table) -> None:
        """For whoever has more to say of a row."""

    def _cell_done(self, cell: Any, read: Cell, *, is_below: bool) -> None:
        """For whoever has more to say of a cell, or of a place that it reaches."""

    def _cell(
        self, item: PlacedCell, merged: bool, table: Table, widths: list[int], at: Place
    ) -> Any:
        cell = element("w:tc")
        properties = element("w:tcPr")
        columns = slice(item.column, item.column + item.colspan)
        is_set = all(table.column_widths[columns])
        twips = str(sum(widths[columns]) if is_set else 0)
        kind = "dxa" if is_set else "auto"
        properties.append(element("w:tcW", w=twips, type=kind))
        if item.colspan > 1:
            append_valued(properties, "w:gridSpan", str(item.colspan))
        if item.rowspan > 1:
            append_valued(properties, "w:vMerge", "continue" if merged else "restart")
        if item.cell.header:
            properties.append(
                element("w:shd", val="clear", color="auto", fill=HEADER_CELL_FILL)
            )
        cell.append(properties)
        if merged:
            cell.append(styled_paragraph(ids.FILLER))
            self._cell_done(cell, item.cell, is_below=True)
            return cell
        room = sum(widths[columns]) / 1440 * 25.4 - 2 * CELL_PADDING_MM
        inside = Place(max(room, 5.0), at.height_mm, in_cell=True)
        elements = self.write(item.cell.blocks, inside)
        if not elements or elements[-1].tag != qn("w:p"):
            elements.append(styled_paragraph(ids.FILLER))
        cell.extend(elements)
        self._cell_done(cell, item.cell, is_below=False)
        return cell

    def _image(self, block: Image, place: Place) -> Any:
        paragraph = styled_paragraph(ids.IMAGE)
        if place.level >= 0:
            append_number(paragraph.pPr, place.level, self._numbering.continued)
        append_valued(paragraph.pPr, "w:jc", block.align)
        picture = open_picture(self._images(block.src))
        if picture is None:
            append_text(paragraph, f"[{clean_text(block.alt) or 'Hình'}]")
            return paragraph
        width, height = picture.size_mm(block.width_mm, place.width_mm, place.height_mm)
        inline = self._part.new_pic_inline(BytesIO(picture.data), Mm(width), Mm(height))
        inline.docPr.set("id", str(self._next_picture))
        self._next_picture += 1
        inline.docPr.set("descr", clean_text(block.alt))
        run = element("w:r")
        drawing = element("w:drawing")
        drawing.append(inline)
        run.append(drawing)
        paragraph.append(run)
        return paragraph


def styled_paragraph(style_id: str) -> Any:
    paragraph = element("w:p")
    properties = element("w:pPr")
    properties.append(element("w:pStyle", val=style_id))
    paragraph.append(properties)
    return paragraph


def rule_paragraph(style_id: str, inset_twips: int = 0) -> Any:
    """An empty paragraph with a line above it, shorter by the inset at both ends."""
    paragraph = styled_paragraph(style_id)
    borders = element("w:pBdr")
    top = element("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1")):
        top.set(qn(f"w:{name}"), value)
    top.set(qn("w:color"), "000000")
    borders.append(top)
    paragraph.pPr.append(borders)
    spacing = element("w:spacing")
    spacing.set(qn("w:before"), "30")  # clear of the marks below the letters above
    paragraph.pPr.append(spacing)
    if inset_twips:
        indent = element("w:ind")
        indent.set(qn("w:left"), str(inset_twips))
        indent.set(qn("w:right"), str(inset_twips))
        paragraph.pPr.append(indent)
    return paragraph


def append_valued(parent: Any, tag: str, value: str) -> None:
    parent.append(element(tag, val=value))


def append_number(properties: Any, level: int, num_id: int) -> None:
    number = element("w:numPr")
    append_valued(number, "w:ilvl", str(level))
    append_valued(number, "w:numId", str(num_id))
    properties.append(number)


def column_twips(
    widths_px: tuple[int | None, ...], columns: int, room_mm: float
) -> list[int]:
    """Widths of all columns; those not set share what is left, all fit the room."""
    room = mm_to_twips(room_mm)
    given = [(w or 0) * _TWIPS_PER_PX for w in widths_px] + [0] * columns
    widths = given[:columns]
    unset = sum(1 for w in widths if not w)
    if unset:
        share = max((room - sum(widths)) // unset, mm_to_twips(8))
        widths = [w or share for w in widths]
    return widths


def _table_properties(table: Table, total_twips: int) -> Any:
    properties = element("w:tblPr")
    width = element("w:tblW")
    width.set(qn("w:w"), str(total_twips))
    width.set(qn("w:type"), "dxa")
    properties.append(width)
    borders = element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        border = element(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0")):
            border.set(qn(f"w:{name}"), value)
        border.set(qn("w:color"), "000000")
        borders.append(border)
    properties.append(borders)
    layout = element("w:tblLayout")
    layout.set(qn("w:type"), "fixed")
    properties.append(layout)
    return properties
