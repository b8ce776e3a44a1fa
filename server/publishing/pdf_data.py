"""A draft as plain data (JSON) for the page template `layout.typ`.

Only data leaves here, never markup: whatever people type, typst shows it and does not
run it. Pure but for the images, which come through a function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from collab.content.grid import PlacedCell, column_count, place_cells
from collab.content.labels import OWN_LINE_STYLES, Labeller
from collab.content.tree import (
    INDENT_MM,
    Block,
    Content,
    Image,
    Inline,
    ListBlock,
    PageBreak,
    Paragraph,
    Run,
    Table,
)
from server.publishing import layout
from server.publishing.docx_blocks import column_twips
from server.publishing.fonts import text_width_mm
from server.publishing.letterhead import (
    DAY_BLANK,
    MONTH_BLANK,
    NUMBER_BLANK,
    Letterhead,
    clean_text,
    lines_of,
)
from server.publishing.links import safe_href
from server.publishing.pictures import open_picture
from server.publishing.qr import qr_svg

_LIST_SIGNS = "-+•"
_CODE_PATH = "/code.svg"
_SENTENCE_END = tuple(".;:,")
Data = dict[str, Any]


@dataclass(slots=True)
class PageData:
    """What the template reads, and the image files that it names."""

    data: Data
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    width_mm: float
    inner: bool = False
    level: int = 0


class DataBuilder:
    """Turns blocks into data, in document order: labels count on."""

    def __init__(self, images: Callable[[str], bytes | None]) -> None:
        self._images = images
        self._labeller = Labeller()
        self.files: dict[str, bytes] = {}

    def blocks(
        self, blocks: Iterable[Block], place: _Place | None = None
    ) -> list[Data]:
        where = place or _Place(layout.TEXT_WIDTH_MM)
        return [self._block(block, where) for block in blocks]

    def _block(self, block: Block, place: _Place) -> Data:
        if isinstance(block, Paragraph):
            return self._paragraph(block, place)
        if isinstance(block, ListBlock):
            width = max(place.width_mm - layout.LIST_STEP_MM, 10)
            inside = _Place(width, True, place.level + 1)
            return {
                "kind": "list",
                "gap": 0,
                "ordered": block.ordered,
                "start": block.start,
                "sign": _LIST_SIGNS[place.level % len(_LIST_SIGNS)],
                "items": [self.blocks(item, inside) for item in block.items],
            }
        if isinstance(block, Table):
            return self._table(block, place)
        if isinstance(block, Image):
            return self._image(block, place)
        if isinstance(block, PageBreak):
            # typst cannot break a page inside a cell or an item.
            return {"kind": "nothing" if place.inner else "page_break", "gap": 0}
        return {"kind": "rule", "gap": 0}

    def _paragraph(self, block: Paragraph, place: _Place) -> Data:
        rule = layout.STYLE_RULES[block.style]
        inner_body = place.inner and block.style == "body"
        is_sentence = block.style == "article" and block.text.rstrip().endswith(
            _SENTENCE_END
        )
        return {
            "kind": "paragraph",
            "label": clean_text(self._labeller.label(block)),
            "label_bold": rule.bold,
            "own_line": block.style in OWN_LINE_STYLES,
            "runs": inline_data(block.inlines),
            "align": block.align or ("left" if inner_body else rule.align),
            "indent": block.indent * INDENT_MM,
            "gap": 0 if inner_body else layout.PARAGRAPH_GAP_PT,
            "rule": {
                "bold": rule.bold and not is_sentence,
                "italic": rule.italic,
                "first_line": rule.first_line and not inner_body,
                "keep": rule.keep_with_next and not is_sentence,
                "size": rule.size_pt,
            },
        }

    def _table(self, block: Table, place: _Place) -> Data:
        placed = place_cells(block.rows)
        twips = column_twips(block.column_widths, column_count(placed), place.width_mm)
        widths = [value / 1440 * 25.4 for value in twips]
        # A table wider than the page is drawn smaller: nothing may be cut off.
        scale = min(1.0, place.width_mm / sum(widths))
        widths = [width * scale for width in widths]
        repeated = _header_rows(placed)
        cells: list[list[Data]] = [[], []]
        for line in placed:
            for item in line:
                columns = widths[item.column : item.column + item.colspan]
                inside = _Place(max(sum(columns) - 3.8, 5), True, place.level)
                cells[item.row < repeated].append(
                    {
                        "x": item.column,
                        "y": item.row,
                        "colspan": item.colspan,
                        "rowspan": item.rowspan,
                        "header": item.cell.header,
                        "blocks": self.blocks(item.cell.blocks, inside),
                    }
                )
        return {
            "kind": "table",
            "gap": 0,
            "columns": widths,
            "header_rows": repeated,
            "header": cells[True],
            "cells": cells[False],
        }

    def _image(self, block: Image, place: _Place) -> Data:
        picture = open_picture(self._images(block.src))
        alt = clean_text(block.alt)
        if picture is None:
            text = Run(f"[{alt or 'Hình'}]")
            align = block.align
            return self._paragraph(Paragraph((text,), "caption", align), place)
        width, height = picture.size_mm(block.width_mm, place.width_mm)
        path = f"/{len(self.files)}.{picture.extension}"
        self.files[path] = picture.data
        return {
            "kind": "image",
            "gap": 0,
            "path": path,
            "alt": alt or "Hình",
            "align": block.align,
            "width": width,
            "height": height,
        }


def page_data(
    content: Content,
    head: Letterhead,
    images: Callable[[str], bytes | None],
    verify_url: str = "",
) -> PageData:
    """`verify_url` is printed as a QR code at the foot of the first page."""
    builder = DataBuilder(images)
    if verify_url:
        builder.files[_CODE_PATH] = qr_svg(verify_url)
    data = {
        "title": " ".join(lines_of(content.fields.subject)) or "Dự thảo",
        "author": " ".join(lines_of(content.fields.issuer)),
        "measures": _measures(),
        "head": _head_data(head),
        "number_blanks": [["number", NUMBER_BLANK]],
        "date_blanks": [["day", DAY_BLANK], ["month", MONTH_BLANK]],
        "code": {"path": _CODE_PATH, "alt": verify_url} if verify_url else None,
        "blocks": builder.blocks(content.blocks),
    }
    return PageData(data, builder.files)


def shown_text(data: Any) -> str:
    """All strings of the data: what the font must be able to show."""
    if isinstance(data, str):
        return data
    if isinstance(data, dict):
        return "".join(shown_text(v) for k, v in data.items() if k not in _NOT_SHOWN)
    if isinstance(data, list):
        return "".join(map(shown_text, data))
    return ""


_NOT_SHOWN = frozenset({"href", "path", "alt", "title", "author", "kind"})


def inline_data(inlines: Iterable[Inline]) -> list[Data]:
    runs: list[Data] = []
    for inline in inlines:
        if not isinstance(inline, Run):
            runs.append({"kind": "break"})
            continue
        text = clean_text(inline.text)
        for number, line in enumerate(text.split("\n")):
            if number:
                runs.append({"kind": "break"})
            for place, piece in enumerate(line.split("\t")):
                if place:
                    runs.append({"kind": "tab"})
                if piece:
                    runs.append(
                        {
                            "kind": "text",
                            "text": piece,
                            "marks": sorted(inline.marks),
                            "href": safe_href(inline.href),
                        }
                    )
    return runs


def _header_rows(placed: tuple[tuple[PlacedCell, ...], ...]) -> int:
    """How many first rows are headers only; they are repeated on each page."""
    count = 0
    for line in placed:
        if not line or not all(item.cell.header for item in line):
            break
        count += 1
    spans = (i.row + i.rowspan for line in placed[:count] for i in line)
    # A heading that reaches into the rows below it cannot be repeated.
    return 0 if count == len(placed) or max(spans, default=0) > count else count


def _head_data(head: Letterhead) -> Data:
    stamp = layout.URGENCY_STAMPS.get(head.urgency)
    issuer_mm = subject_mm = 0.0
    if head.issuer:
        last = text_width_mm(head.issuer[-1].upper(), layout.ISSUER_PT, bold=True)
        issuer_mm = min(last, layout.HEADER_LEFT_MM) * layout.RULE_SHARE
    if head.subject:
        last = text_width_mm(head.subject[-1], layout.TITLE_PT, bold=True)
        subject_mm = min(last, 150) * layout.RULE_SHARE
    return {
        "shown": head.has_head,
        "end_shown": head.has_end,
        "issuer_parent": list(head.issuer_parent),
        "issuer": list(head.issuer),
        "issuer_rule": issuer_mm,
        "motto_rule": text_width_mm(layout.MOTTO, layout.MOTTO_PT, bold=True),
        "number": head.number,
        "place_date": head.place_date,
        "letter_subject": list(head.letter_subject),
        "stamp": {"text": stamp[0], "width": stamp[1]} if stamp else None,
        "name_line": head.name_line,
        "subject": list(head.subject),
        "subject_rule": subject_mm,
        "addressees": list(head.addressees),
        "recipients": list(head.recipients),
        "typist": head.typist,
        "signer_authority": list(head.signer_authority),
        "signer_position": list(head.signer_position),
        "signer_name": head.signer_name,
    }


def _measures() -> Data:
    return {
        "margin_top": layout.MARGIN_TOP_MM,
        "margin_bottom": layout.MARGIN_BOTTOM_MM,
        "margin_left": layout.MARGIN_LEFT_MM,
        "margin_right": layout.MARGIN_RIGHT_MM,
        "code_gap": layout.CODE_GAP_MM,
        "code_side": layout.CODE_SIDE_MM,
        "page_number_top": layout.PAGE_NUMBER_FROM_TOP_MM,
        "page_number_pt": layout.PAGE_NUMBER_PT,
        "body_pt": layout.BODY_PT,
        "single_line": layout.SINGLE_LINE,
        "line_spacing": layout.LINE_SPACING,
        "first_line": layout.FIRST_LINE_MM,
        "list_step": layout.LIST_STEP_MM,
        "header_left": layout.HEADER_LEFT_MM,
        "header_right": layout.HEADER_RIGHT_MM,
        "header_fill": layout.HEADER_CELL_FILL,
        "country": layout.COUNTRY,
        "motto": layout.MOTTO,
        "country_pt": layout.COUNTRY_PT,
        "motto_pt": layout.MOTTO_PT,
        "issuer_pt": layout.ISSUER_PT,
        "number_pt": layout.NUMBER_PT,
        "date_pt": layout.DATE_PT,
        "letter_subject_pt": layout.LETTER_SUBJECT_PT,
        "urgency_pt": layout.URGENCY_PT,
        "stamp_height": layout.URGENCY_HEIGHT_MM,
        "stamp_colour": layout.URGENCY_COLOUR,
        "title_pt": layout.TITLE_PT,
        "signer_pt": layout.SIGNER_PT,
        "signature_space": layout.SIGNATURE_SPACE_MM,
        "recipients_title_pt": layout.RECIPIENTS_TITLE_PT,
        "recipients_pt": layout.RECIPIENTS_PT,
        "addressees_indent": layout.ADDRESSEES_INDENT_MM,
        "addressees_colon": layout.ADDRESSEES_COLON_MM,
    }
