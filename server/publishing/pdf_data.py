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
from server.publishing.copies import CopyLines
from server.publishing.docx_blocks import column_twips
from server.publishing.letterhead import (
    after_bases,
    clean_text,
    letterhead_of,
    lines_of,
)
from server.publishing.links import safe_href
from server.publishing.parts import is_reference, split_parts
from server.publishing.pdf_head import (
    copy_data,
    data_of_letterhead,
    measures,
    number_and_date_blanks,
)
from server.publishing.pictures import open_picture
from server.publishing.qr import qr_svg
from server.publishing.rules.model import RuleSet, StyleRule

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
    height_mm: float
    inner: bool = False
    level: int = 0


class DataBuilder:
    """Turns blocks into data, in document order: labels count on."""

    def __init__(self, images: Callable[[str], bytes | None], rules: RuleSet) -> None:
        self._images = images
        self._rules = rules
        self._labeller = Labeller()
        self.files: dict[str, bytes] = {}

    def part(
        self, blocks: tuple[Block, ...], heading: int, *, turned: bool
    ) -> list[Data]:
        """Blocks of the main text or of an appendix, whose heading is set apart."""
        page = self._rules.page
        place = _Place(page.text_width_mm, page.text_height_mm)
        if turned:
            height = page.width_mm - page.margin_left_mm - page.margin_right_mm
            place = _Place(page.turned_width_mm, height)
        found = self.blocks(blocks, place)
        for block, data in zip(blocks[:heading], found, strict=False):
            if isinstance(block, Paragraph) and block.style in ("body", "heading"):
                styles = self._rules.styles
                rule = styles["center_title"]
                if is_reference(block.text):
                    rule = styles["caption"]
                data |= {"rule": _rule_data(rule), "align": rule.align}
        return found

    def blocks(self, blocks: Iterable[Block], place: _Place) -> list[Data]:
        return [self._block(block, place) for block in blocks]

    def _block(self, block: Block, place: _Place) -> Data:
        if isinstance(block, Paragraph):
            return self._paragraph(block, place)
        if isinstance(block, ListBlock):
            width = max(place.width_mm - layout.LIST_STEP_MM, 10)
            inside = _Place(width, place.height_mm, True, place.level + 1)
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
        rule = self._rules.styles[block.style]
        inner_body = place.inner and block.style == "body"
        is_sentence = block.style == "article" and block.text.rstrip().endswith(
            _SENTENCE_END
        )
        shown = _rule_data(rule)
        if is_sentence:
            shown |= {"bold": False, "keep": False}
        if inner_body:
            shown["first_line"] = False
        return {
            "kind": "paragraph",
            "label": clean_text(self._labeller.label(block)),
            "label_bold": rule.bold,
            "own_line": block.style in OWN_LINE_STYLES,
            "runs": inline_data(block.inlines),
            "align": block.align or ("left" if inner_body else rule.align),
            "indent": block.indent * INDENT_MM,
            "gap": 0 if inner_body else self._rules.text.gap_pt,
            "rule": shown,
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
        has_spans = any(i.colspan > 1 or i.rowspan > 1 for line in placed for i in line)
        for line in placed:
            for item in line:
                columns = widths[item.column : item.column + item.colspan]
                room = max(sum(columns) - 2 * layout.CELL_PADDING_MM, 5)
                inside = _Place(room, place.height_mm, True, place.level)
                cell = self._cell(item, inside)
                if has_spans:
                    cell |= {"x": item.column, "y": item.row}
                cells[item.row < repeated].append(cell)
        return {
            "kind": "table",
            "gap": 0,
            "columns": widths,
            "header_rows": repeated,
            "header": cells[True],
            "cells": cells[False],
        }

    def _cell(self, item: PlacedCell, inside: _Place) -> Data:
        """`plain` cells hold one paragraph of the body: as `text`, else as `runs`. What
        is usual is left out: there may be many thousands."""
        blocks = item.cell.blocks
        first = blocks[0] if len(blocks) == 1 else None
        cell: Data = {}
        if item.colspan > 1:
            cell["colspan"] = item.colspan
        if item.rowspan > 1:
            cell["rowspan"] = item.rowspan
        if item.cell.header:
            cell["header"] = True
        if (
            isinstance(first, Paragraph)
            and first.style == "body"
            and first.align != "justify"
            and not first.indent
            and not first.number
        ):
            runs = inline_data(first.inlines)
            self._labeller.label(first)
            if first.align:
                cell["align"] = first.align
            is_text = len(runs) == 1 and not runs[0].get("marks", True)
            if is_text and not runs[0]["href"]:
                return {**cell, "text": runs[0]["text"]}
            return {**cell, "runs": runs}
        return {**cell, "blocks": self.blocks(blocks, inside)}

    def _image(self, block: Image, place: _Place) -> Data:
        picture = open_picture(self._images(block.src))
        alt = clean_text(block.alt)
        if picture is None:
            text = Run(f"[{alt or 'Hình'}]")
            align = block.align
            return self._paragraph(Paragraph((text,), "caption", align), place)
        width, height = picture.size_mm(block.width_mm, place.width_mm, place.height_mm)
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


def _rule_data(rule: StyleRule) -> Data:
    return {
        "bold": rule.bold,
        "italic": rule.italic,
        "first_line": rule.first_line,
        "keep": rule.keep,
        "size": rule.size_pt,
    }


def page_data(
    content: Content,
    images: Callable[[str], bytes | None],
    rules: RuleSet,
    year: int,
    copied: CopyLines | None = None,
    verify_url: str = "",
) -> PageData:
    """`year` stands in an open date; `verify_url` is printed as a QR code at the foot
    of the first page."""
    builder = DataBuilder(images, rules)
    if verify_url:
        builder.files[_CODE_PATH] = qr_svg(verify_url)
    main, *appendices = split_parts(content.blocks, rules)
    head = letterhead_of(content.fields, year, rules, main.blocks)
    bases = after_bases(main.blocks) if head.enacting else 0
    blocks = builder.part(main.blocks, 0, turned=False)
    data = {
        "title": " ".join(lines_of(content.fields.subject)) or "Dự thảo",
        "author": " ".join(lines_of(content.fields.issuer)),
        "measures": measures(rules),
        "head": data_of_letterhead(head, rules),
        **number_and_date_blanks(),
        "code": {"path": _CODE_PATH, "alt": verify_url} if verify_url else None,
        "bases": blocks[:bases],
        "blocks": blocks[bases:],
        "appendices": [
            {
                "turned": part.turned,
                "blocks": builder.part(part.blocks, part.heading, turned=part.turned),
            }
            for part in appendices
        ],
        "copy": copy_data(copied or CopyLines(), rules),
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
