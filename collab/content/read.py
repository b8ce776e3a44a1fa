"""Typed content from the state of a Y document.

Clients of any version and any make may have written the document, so nothing in it
is trusted: unknown elements keep their text, a bad attribute becomes its default,
and what nests too deep is flattened. Must never change the document it was given
(it reads a copy) and must never raise because of what is in it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from pycrdt import Doc, Map, Text, XmlElement, XmlFragment, XmlText

from collab.content.grid import column_widths, has_looks, keep_widths
from collab.content.labels import OWN_LINE_STYLES, Labeller
from collab.content.normal import merge_runs, normalise
from collab.content.read_suggestions import (
    MAX_COLUMN_PX,
    read_celled,
    read_ends,
    read_headed,
    read_listed,
    read_nested,
    read_number,
    read_pictured,
    read_reformatted,
    read_restyled,
    read_shape,
    read_width,
    read_widths,
)
from collab.content.tree import (
    ALIGNMENTS,
    IMAGE_ALIGNMENTS,
    MARKS,
    MAX_COLUMNS,
    MAX_INDENT,
    SCALAR_FIELDS,
    STYLES,
    TEXT_FIELDS,
    Align,
    Block,
    Cell,
    Content,
    Fields,
    Image,
    ImageAlign,
    Inline,
    LineBreak,
    ListBlock,
    PageBreak,
    Paragraph,
    Row,
    Rule,
    Run,
    Style,
    Suggested,
    Table,
    Widths,
)
from collab.protocol.slicing import pieces

MAX_DEPTH = 40  # elements inside each other; a list in a cell in a list takes eight
_LISTS = {"bulletList": False, "orderedList": True}
_CELLS = {"tableCell": False, "tableHeader": True}
_INLINE_ATOMS = frozenset({"hardBreak"})
_CELL_DEPTH = 3  # of a cell in a table that stands in the body itself

Node = XmlFragment | XmlElement | XmlText


def read_content(state: bytes) -> Content:
    """The content of a merged Yjs update (version 1); empty bytes = empty document.

    Raises ValueError when the bytes are not an update.
    """
    doc: Doc[Any] = Doc()
    if state:
        for piece in pieces(state):
            doc.apply_update(piece)
    body = doc.get("body", type=XmlFragment)
    fields: Map[Any] = doc.get("fields", type=Map)
    with doc.transaction():
        return normalise(Content(_read_fields(fields), tuple(_read_blocks(body, 0))))


def read_child(child: XmlFragment | XmlElement | XmlText) -> tuple[Block, ...]:
    """What one child of the body says by itself; not normalised."""
    if isinstance(child, XmlText):
        return (Paragraph(tuple(_text_runs(child))),)
    tag = child.tag if isinstance(child, XmlElement) else None
    return tuple(_read_block(child, tag, 1))


def read_cell_blocks(cell: XmlElement) -> tuple[Block, ...] | None:
    """What stands in a cell of a table of the body, as `read_child` reads it there;
    None for what is no cell."""
    if cell.tag not in _CELLS:
        return None
    return tuple(_read_blocks(cell, _CELL_DEPTH))


def read_cell(cell: XmlElement) -> Cell | None:
    """A cell of a table of the body by itself; None for what is no cell."""
    return _read_cell(cell, _CELL_DEPTH) if cell.tag in _CELLS else None


def plain_text(content: Content) -> str:
    """The body as text with its automatic labels; the letterhead is not part of it.

    One line a paragraph; cells of a row are parted by tabs.
    """
    labeller = Labeller()
    return "\n".join(_block_lines(content.blocks, labeller))


def _read_fields(fields: Map[Any]) -> Fields:
    values: dict[str, str] = {}
    for name in (*TEXT_FIELDS, *SCALAR_FIELDS):
        value = fields.get(name)
        if isinstance(value, Text | str):
            values[name] = str(value)
        elif isinstance(value, XmlText):
            values[name] = "".join(run.text for run in _text_runs(value))
    if not values.get("urgency"):
        values.pop("urgency", None)
    if not values.get("schema"):
        values.pop("schema", None)
    return Fields(**values)


def _read_blocks(parent: XmlFragment | XmlElement, depth: int) -> Iterator[Block]:
    """Blocks of a container; text that stands between them becomes a paragraph."""
    loose: list[Inline] = []
    for child in parent.children:
        if isinstance(child, XmlText):
            loose.extend(_text_runs(child))
            continue
        tag = child.tag if isinstance(child, XmlElement) else None
        if tag in _INLINE_ATOMS:
            loose.append(LineBreak(**read_ends(_attributes(cast(XmlElement, child)))))
            continue
        if loose:
            yield Paragraph(tuple(loose))
            loose = []
        if depth >= MAX_DEPTH:
            flat = _flat_inlines(child)
            if flat:
                yield Paragraph(flat)
        else:
            yield from _read_block(child, tag, depth + 1)
    if loose:
        yield Paragraph(tuple(loose))


def _read_block(
    node: XmlFragment | XmlElement, tag: str | None, depth: int
) -> Iterator[Block]:
    if not isinstance(node, XmlElement) or tag is None:
        yield from _read_blocks(node, depth)
        return
    attributes = _attributes(node)
    if tag == "paragraph":
        yield _read_paragraph(node, attributes)
    elif tag == "heading":  # Tiptap's own headings, from other editors
        yield Paragraph(_flat_inlines(node), style="heading")
    elif tag in _LISTS:
        items = tuple(tuple(i) for i in _read_items(node, depth))
        start = _whole(attributes.get("start"), 1, 0, 100_000)
        yield ListBlock(items, _LISTS[tag], start)
    elif tag == "table":
        yield _read_table(node, depth)
    elif tag == "image":
        yield _read_image(attributes)
    elif tag == "pageBreak":
        yield PageBreak(**read_ends(attributes))
    elif tag == "horizontalRule":
        yield Rule(**read_ends(attributes))
    else:
        yield from _read_blocks(node, depth)


def _read_paragraph(node: XmlElement, attributes: dict[str, Any]) -> Paragraph:
    style = attributes.get("style")
    align = attributes.get("align")
    return Paragraph(
        _flat_inlines(node),
        cast(Style, style) if _is_one_of(style, STYLES) else "body",
        cast(Align, align) if _is_one_of(align, ALIGNMENTS) else None,
        _whole(attributes.get("indent"), 0, 0, MAX_INDENT),
        read_number(attributes.get("number")),
        **read_ends(attributes),
        formatting=read_restyled(attributes.get("formatting")),
        listed=read_listed(attributes.get("listed")),
        nested=read_nested(attributes.get("nested")),
    )


def _read_items(node: XmlElement, depth: int) -> Iterator[Iterable[Block]]:
    for child in node.children:
        if isinstance(child, XmlText):
            runs = tuple(_text_runs(child))
            if runs:
                yield (Paragraph(runs),)
        elif isinstance(child, XmlElement) and child.tag == "listItem":
            yield _read_blocks(child, depth + 1)
        else:
            yield _read_blocks_of(child, depth + 1)


def _read_blocks_of(node: XmlFragment | XmlElement, depth: int) -> Iterator[Block]:
    """The node itself as blocks, where a wrapper was expected around it."""
    if depth >= MAX_DEPTH:
        yield Paragraph(_flat_inlines(node))
        return
    tag = node.tag if isinstance(node, XmlElement) else None
    yield from _read_block(node, tag, depth)


def _read_table(node: XmlElement, depth: int) -> Table:
    rows: list[Row] = []
    for child in node.children:
        cells: list[Cell] = []
        ends: dict[str, Suggested | None] = {}
        if isinstance(child, XmlText):
            runs = tuple(_text_runs(child))
            if not runs:
                continue
            cells.append(Cell((Paragraph(runs),)))
        elif isinstance(child, XmlElement) and child.tag == "tableRow":
            ends = read_ends(_attributes(child))
            cells += (_read_cell(part, depth + 2) for part in child.children)
        else:
            cells.append(Cell(tuple(_read_blocks_of(child, depth + 1))))
        rows.append(Row(tuple(cells), **ends))
    table = Table(tuple(rows), (), **read_ends(_attributes(node)))
    if has_looks(table):
        # To be told apart from cells of which the table alone tells the widths.
        padded = (tuple(_padded(cell) for cell in row.cells) for row in rows)
        told = zip(rows, padded, strict=True)
        table = replace(table, rows=tuple(replace(r, cells=c) for r, c in told))
    return keep_widths(replace(table, column_widths=column_widths(table)))


def _padded(cell: Cell) -> Cell:
    return cell if cell.widths else replace(cell, widths=(None,) * cell.colspan)


def spans_of(attributes: Mapping[str, Any]) -> tuple[int, int]:
    """Columns and rows that a cell covers, whatever a foreign program wrote."""
    return (
        _whole(attributes.get("colspan"), 1, 1, MAX_COLUMNS),
        _whole(attributes.get("rowspan"), 1, 1, 100_000),
    )


def _read_cell(node: Node, depth: int) -> Cell:
    if isinstance(node, XmlText):
        return Cell((Paragraph(tuple(_text_runs(node))),))
    tag = node.tag if isinstance(node, XmlElement) else None
    if not isinstance(node, XmlElement) or tag not in _CELLS:
        return Cell(tuple(_read_blocks_of(node, depth)))
    attributes = _attributes(node)
    colspan, rowspan = spans_of(attributes)
    return Cell(
        tuple(_read_blocks(node, depth)),
        colspan,
        rowspan,
        _CELLS[tag],
        **read_ends(attributes),
        headed=read_headed(attributes.get("headed")),
        shape=read_shape(attributes.get("shape")),
        widths=_read_widths(attributes.get("colwidth"), colspan),
        formatting=read_celled(attributes.get("formatting"), colspan),
    )


def _read_widths(value: object, colspan: int) -> Widths:
    if not isinstance(value, list):
        return ()
    found = [_whole(width, 0, 0, MAX_COLUMN_PX) for width in value[:colspan]]
    return read_widths(found, colspan)


def _read_image(attributes: dict[str, Any]) -> Image:
    src, alt = attributes.get("src"), attributes.get("alt")
    align = attributes.get("align")
    return Image(
        src if isinstance(src, str) else "",
        alt if isinstance(alt, str) else "",
        read_width(attributes.get("width")),
        cast(ImageAlign, align) if _is_one_of(align, IMAGE_ALIGNMENTS) else "center",
        **read_ends(attributes),
        formatting=read_pictured(attributes.get("formatting")),
    )


def _flat_inlines(node: Node) -> tuple[Inline, ...]:
    """All text below a node, in order; a stack, because depth is not bounded here."""
    found: list[Inline] = []
    stack: list[Node] = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, XmlText):
            found.extend(_text_runs(here))
            continue
        if isinstance(here, XmlElement) and here.tag == "hardBreak":
            found.append(LineBreak(**read_ends(_attributes(here))))
        stack.extend(reversed(list(here.children)))
    return merge_runs(found)


def _text_runs(node: XmlText) -> Iterator[Run]:
    for value, attributes in node.diff():
        if isinstance(value, str):
            yield read_run(value, attributes or {})
        elif isinstance(value, Text):
            yield Run(str(value))
        elif isinstance(value, XmlText | XmlElement | XmlFragment):
            for inline in _flat_inlines(value):
                if isinstance(inline, Run):
                    yield inline


def read_run(text: str, attributes: dict[str, Any]) -> Run:
    """A text with what stands on it, as any client wrote it."""
    marks: set[str] = set()
    href: str | None = None
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        # y-prosemirror adds "--hash" to a mark that may stand twice on one text.
        name = re.sub(r"--[0-9A-Za-z+/=]{8}$", "", key)
        if name in MARKS:
            marks.add(name)
        elif name == "link" and isinstance(value, dict):
            target = value.get("href")
            href = target if isinstance(target, str) and target else href
    look = frozenset(marks)
    reformatted = read_reformatted(attributes, look, href)
    return Run(text, look, href, **read_ends(attributes), formatting=reformatted)


def _attributes(node: XmlElement) -> dict[str, Any]:
    # The engine types this view as less than the iterable of pairs that it is.
    return dict(cast("Iterable[tuple[str, Any]]", node.attributes))


def _is_one_of(value: object, allowed: frozenset[str]) -> bool:
    return isinstance(value, str) and value in allowed


def _whole(value: object, default: int, lowest: int, highest: int) -> int:
    """Numbers come back from the engine as floats, and from old clients as text."""
    if isinstance(value, bool):
        return default
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return default
    if not isinstance(value, int | float) or not math.isfinite(value):
        return default
    return max(lowest, min(highest, int(value)))


def _block_lines(blocks: Iterable[Block], labeller: Labeller) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            label = labeller.label(block)
            if label and block.style in OWN_LINE_STYLES:
                yield label
                if block.text:
                    yield block.text
            else:
                yield f"{label} {block.text}".rstrip() if label else block.text
        elif isinstance(block, ListBlock):
            for number, item in enumerate(block.items, block.start):
                bullet = f"{number}. " if block.ordered else "- "
                lines = list(_block_lines(item, labeller))
                yield bullet + lines[0]
                yield from lines[1:]
        elif isinstance(block, Table):
            for row in block.rows:
                cells = (_block_lines(c.blocks, labeller) for c in row.cells)
                yield "\t".join(" ".join(lines) for lines in cells)
        elif isinstance(block, Image) and block.alt:
            yield block.alt
