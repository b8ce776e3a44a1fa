"""The blocks of a Word document: paragraphs, lists, tables, images, in order.

Paragraphs come out as `ReadParagraph`: what Word says of them, not yet what they mean
(`server.publishing.docx_structure` decides that). Our own letterhead styles are set
aside in `head`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from collab.content.grid import place_cells
from collab.content.tree import (
    MAX_INDENT,
    Align,
    Block,
    Cell,
    Image,
    Inline,
    LineBreak,
    PageBreak,
    Paragraph,
    Row,
    Rule,
    Run,
    Table,
    inline_text,
)
from server.publishing.docx_formats import (
    ListPlace,
    NumberingReader,
    Styles,
    W,
    first_switch,
    first_value,
    level_of,
    switch_of,
    value_of,
    whole_of,
)
from server.publishing.docx_lists import Laid, build_lists
from server.publishing.docx_notes import Notes
from server.publishing.docx_numbering import list_indent_twips
from server.publishing.docx_runs import (
    BoxPiece,
    ImagePiece,
    LabelPiece,
    PageBreakPiece,
    Piece,
    RunReader,
)
from server.publishing.docx_styles import (
    BODY_IDS,
    FILLER,
    HEAD_IDS,
    IMAGE,
    PAGE_BREAK,
    RULE,
)
from server.publishing.layout import HEADER_CELL_FILL, INDENT_TWIPS

MAX_DEPTH = 8  # tables and text boxes inside each other
_OWN_IDS = frozenset({*BODY_IDS, FILLER, IMAGE, PAGE_BREAK, RULE})
_ALIGN = {
    "both": "justify",
    "distribute": "justify",
    "center": "center",
    "right": "right",
    "end": "right",
    "left": "left",
    "start": "left",
}
_WRAPPERS = frozenset(W + n for n in ("sdtContent", "ins", "moveTo", "customXml"))
_TWIPS_PER_PX = 15


@dataclass(frozen=True, slots=True)
class ReadParagraph(Paragraph):
    """A paragraph as Word has it; `number` holds a label that was found."""

    own: bool = False
    style_name: str = ""  # of a foreign style, folded
    outline: int | None = None  # heading level from 0


class BodyReader:
    def __init__(
        self, runs: RunReader, styles: Styles, numbering: NumberingReader, notes: Notes
    ) -> None:
        self._runs = runs
        self._styles = styles
        self._numbering = numbering
        self._notes = notes
        self._left = 0
        self.head: dict[str, list[str]] = {}
        self.has_own_sections = False

    def read(self, container: Any, max_blocks: int) -> tuple[Block, ...]:
        self._left = max_blocks
        return self._read(container, 0)

    def _read(self, container: Any, depth: int) -> tuple[Block, ...]:
        laid: list[Laid] = []
        for child in block_children(container):
            if self._left <= 0:
                self._notes.count("too_long")
                break
            self._left -= 1
            if child.tag == W + "p":
                self._paragraph(child, laid, depth)
            elif child.tag == W + "tbl":
                self._table(child, laid, depth)
            elif child.tag == W + "altChunk":
                self._notes.count("embedded_objects")
        return build_lists(laid)

    def _paragraph(self, element: Any, laid: list[Laid], depth: int) -> None:
        properties = element.find(W + "pPr")
        style_id = value_of(properties, "pStyle")
        own = style_id in _OWN_IDS
        is_head = style_id in HEAD_IDS
        pieces = self._runs.read(element, style_id, own=own or is_head)
        if is_head:
            text = inline_text(p for p in pieces if isinstance(p, Run | LineBreak))
            if text.strip():
                self.head.setdefault(str(style_id), []).append(text)
            return
        if style_id == FILLER and not pieces:
            if properties.find(W + "sectPr") is not None:
                # Our own appendix; how its page lies follows from its tables.
                self.has_own_sections = True
                laid.append((PageBreak(), None))
            return
        chain = self._styles.paragraph_chain(properties)
        if own:
            chain = [properties] if properties is not None else []
        if first_switch(chain, "pageBreakBefore"):
            laid.append((PageBreak(), None))
        has_border = any(c.find(W + "pBdr") is not None for c in chain)
        if not pieces and (style_id == RULE or (has_border and not own)):
            laid.append((Rule(), None))
        else:
            shape, place = self._shape(properties, chain, style_id, own)
            self._emit(pieces, shape, place, laid, depth)
        section = properties.find(W + "sectPr") if properties is not None else None
        if section is not None:
            count_section(section, self._notes)
            if value_of(section, "type") not in ("continuous", "nextColumn"):
                laid.append((PageBreak(), None))

    def _shape(
        self, properties: Any, chain: list[Any], style_id: str | None, own: bool
    ) -> tuple[ReadParagraph, ListPlace | None]:
        """The paragraph without its text, and its place in a list."""
        place = None
        for here in chain:
            number = here.find(W + "numPr")
            if number is not None:
                num_id = value_of(number, "numId") or "0"
                level = level_of(number)
                if num_id != "0":
                    place = self._numbering.place(num_id, level)
                break
        left = whole_of(first_value(chain, "ind", "left"))
        if left is None:
            left = whole_of(first_value(chain, "ind", "start"))
        twips = left or 0
        if own and place is not None:
            twips -= list_indent_twips(place.level)
        elif place is not None:
            twips = 0
        indent = max(0, min(MAX_INDENT, round(twips / INDENT_TWIPS)))
        outline = None
        if not own:
            outline = whole_of(first_value(chain, "outlineLvl"))
        shape = ReadParagraph(
            style=BODY_IDS.get(style_id or "", "body"),
            align=cast("Align | None", _ALIGN.get(first_value(chain, "jc") or "")),
            indent=indent,
            own=own,
            style_name="" if own else self._styles.name(style_id),
            outline=outline if outline is not None and outline < 9 else None,
        )
        return shape, place

    def _emit(
        self,
        pieces: list[Piece],
        shape: ReadParagraph,
        place: ListPlace | None,
        laid: list[Laid],
        depth: int,
    ) -> None:
        """One paragraph may hold images and page breaks, which are blocks for us."""
        label = "".join(p.text for p in pieces if isinstance(p, LabelPiece))
        if label:
            shape = replace(shape, number=label.removesuffix(" "))
        elif place is not None and place.kind == "label":
            shape = replace(shape, number=place.label)
        if place is not None and place.kind == "label":
            place = None
        group: list[Inline] = []
        later = None
        if place is not None:
            later = replace(place, kind="continued")
        here = place
        has_emitted = False
        for piece in pieces:
            if isinstance(piece, LabelPiece):
                continue
            if isinstance(piece, Run | LineBreak):
                group.append(piece)
                continue
            if group:
                laid.append((replace(shape, inlines=tuple(group)), here))
                shape, group, here = replace(shape, number=""), [], later
            has_emitted = True
            if isinstance(piece, ImagePiece):
                align = shape.align if shape.align in ("left", "right") else "center"
                laid.append(
                    (
                        Image(
                            piece.digest,
                            piece.alt,
                            piece.width_mm,
                            align,
                        ),
                        here,
                    )
                )
            elif isinstance(piece, PageBreakPiece):
                laid.append((PageBreak(), here))
            elif depth < MAX_DEPTH:
                laid += [(b, None) for b in self._box(piece, depth)]
        if group or not has_emitted:
            laid.append((replace(shape, inlines=tuple(group)), here))

    def _box(self, piece: BoxPiece, depth: int) -> tuple[Block, ...]:
        return self._read(piece.content, depth + 1)

    def _table(self, element: Any, laid: list[Laid], depth: int) -> None:
        if is_own_letterhead(element):
            # Parts of the letterhead go aside; what a person added stays in the body.
            for cell in element.iter(W + "tc"):
                kept = self._read(cell, depth + 1)
                laid += [(b, None) for b in kept if not _is_empty(b)]
            return
        if depth >= MAX_DEPTH:
            for cell in element.iter(W + "p"):
                self._paragraph(cell, laid, depth)
            return
        table = self._read_table(element, depth)
        if table.rows:
            laid.append((table, None))

    def _read_table(self, element: Any, depth: int) -> Table:
        grid = [
            whole_of(c.get(W + "w")) or 0
            for c in element.findall(f"{W}tblGrid/{W}gridCol")
        ]
        rows: list[list[Cell]] = []
        widths: dict[int, int] = {}
        open_merges: dict[int, tuple[int, int]] = {}  # column → row, place of the cell
        for row in row_children(element):
            properties = row.find(W + "trPr")
            if properties is not None and properties.find(W + "del") is not None:
                self._notes.count("revisions")
                continue
            is_header = bool(switch_of(properties, "tblHeader"))
            cells: list[Cell] = []
            column = _gap(cells, whole_of(value_of(properties, "gridBefore")) or 0)
            for item in cell_children(row):
                form = item.find(W + "tcPr")
                span = max(1, min(whole_of(value_of(form, "gridSpan")) or 1, 63))
                _note_widths(widths, form, grid, column, span)
                merge = form.find(W + "vMerge") if form is not None else None
                is_more = merge is not None and merge.get(W + "val") != "restart"
                if is_more and column in open_merges:
                    at, index = open_merges[column]
                    above = rows[at][index]
                    tall = replace(above, rowspan=len(rows) - at + 1)
                    rows[at][index] = tall
                else:
                    if merge is not None:
                        open_merges[column] = (len(rows), len(cells))
                    else:
                        open_merges.pop(column, None)
                    fill = _fill(form)
                    cells.append(
                        Cell(
                            self._read(item, depth + 1),
                            span,
                            1,
                            is_header or fill == HEADER_CELL_FILL,
                        )
                    )
                column += span
            rows.append(cells)
        table_rows = tuple(Row(tuple(cells)) for cells in rows)
        columns = max(
            (c.column + c.colspan for line in place_cells(table_rows) for c in line),
            default=0,
        )
        return Table(table_rows, tuple(widths.get(i) for i in range(columns)))


def count_section(section: Any, notes: Notes) -> None:
    """Columns and landscape pages cannot be kept."""
    columns = section.find(W + "cols")
    if columns is not None and (whole_of(columns.get(W + "num")) or 1) > 1:
        notes.count("columns")
    size = section.find(W + "pgSz")
    if size is not None and size.get(W + "orient") == "landscape":
        notes.count("landscape")


def block_children(container: Any) -> Iterator[Any]:
    for child in container:
        if child.tag == W + "sdt":
            content = child.find(W + "sdtContent")
            if content is not None:
                yield from block_children(content)
        elif child.tag in _WRAPPERS:
            yield from block_children(child)
        else:
            yield child


def row_children(table: Any) -> Iterator[Any]:
    return (c for c in block_children(table) if c.tag == W + "tr")


def cell_children(row: Any) -> Iterator[Any]:
    return (c for c in block_children(row) if c.tag == W + "tc")


def _gap(cells: list[Cell], columns: int) -> int:
    """A row that begins further right gets empty cells in front."""
    columns = max(0, min(columns, 62))
    cells.extend([Cell((Paragraph(),))] * columns)
    return columns


def _note_widths(
    widths: dict[int, int], form: Any, grid: list[int], column: int, span: int
) -> None:
    """Widths in pixels; only those of cells whose width was set."""
    width = form.find(W + "tcW") if form is not None else None
    if width is None or width.get(W + "type") not in ("dxa", None):
        return
    twips = whole_of(width.get(W + "w")) or 0
    if twips <= 0:
        return
    if span == 1:
        widths[column] = max(1, round(twips / _TWIPS_PER_PX))
        return
    for index in range(column, column + span):
        if index < len(grid) and grid[index] > 0:
            widths.setdefault(index, max(1, round(grid[index] / _TWIPS_PER_PX)))


def _fill(form: Any) -> str | None:
    shade = form.find(W + "shd") if form is not None else None
    return None if shade is None else shade.get(W + "fill")


def is_own_letterhead(table: Any) -> bool:
    return any(
        value_of(p.find(W + "pPr"), "pStyle") in HEAD_IDS
        for cell in table.iter(W + "tc")
        for p in cell.findall(W + "p")
    )


def _is_empty(block: Block) -> bool:
    return isinstance(block, Paragraph) and not block.text.strip()
