"""A new Y document from typed content: for templates, imports and demo data.

The result is the first update of a new document. It must never be applied to a
document that already has content: that would add a second copy, and a live document
is only ever edited, not rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pycrdt import Doc, Map, Text, XmlElement, XmlFragment, XmlText

from collab.content.grid import place_cells
from collab.content.normal import normalise
from collab.content.tree import (
    SCALAR_FIELDS,
    TEXT_FIELDS,
    Block,
    Content,
    Image,
    Inline,
    ListBlock,
    PageBreak,
    Paragraph,
    Rule,
    Run,
    Table,
)


def build_update(content: Content, client_id: int | None = None) -> bytes:
    """The Yjs update (version 1) that creates `body` and `fields`.

    Every text field is a nested Y.Text, made here once, so that clients need never
    make one and cannot race. Give `client_id` for the same bytes each time.
    """
    content = normalise(content)
    doc: Doc[Any] = Doc(client_id=client_id)
    body = doc.get("body", type=XmlFragment)
    fields: Map[Any] = doc.get("fields", type=Map)
    with doc.transaction():
        for name in TEXT_FIELDS:
            fields[name] = Text(getattr(content.fields, name))
        for name in SCALAR_FIELDS:
            fields[name] = getattr(content.fields, name)
        _append_blocks(body, content.blocks)
    return doc.get_update()


def _append(
    parent: XmlFragment | XmlElement, tag: str, attributes: dict[str, Any]
) -> XmlElement:
    # ProseMirror reads an absent attribute as null; storing null would be a value.
    element = XmlElement(tag)
    parent.children.append(element)
    for name, value in attributes.items():
        if value is not None:
            element.attributes[name] = value
    return element


def _append_blocks(parent: XmlFragment | XmlElement, blocks: Iterable[Block]) -> None:
    for block in blocks:
        if isinstance(block, Paragraph):
            attributes = {
                "style": block.style,
                "align": block.align,
                "indent": block.indent,
                "number": block.number,
            }
            _append_inlines(_append(parent, "paragraph", attributes), block.inlines)
        elif isinstance(block, ListBlock):
            tag = "orderedList" if block.ordered else "bulletList"
            start = {"start": block.start} if block.ordered else {}
            element = _append(parent, tag, start)
            for item in block.items:
                _append_blocks(_append(element, "listItem", {}), item)
        elif isinstance(block, Table):
            _append_table(parent, block)
        elif isinstance(block, Image):
            picture: dict[str, Any] = {
                "src": block.src,
                "alt": block.alt,
                "width": block.width_mm,
                "align": block.align,
            }
            _append(parent, "image", picture)
        elif isinstance(block, PageBreak):
            _append(parent, "pageBreak", {})
        elif isinstance(block, Rule):
            _append(parent, "horizontalRule", {})


def _append_table(parent: XmlFragment | XmlElement, table: Table) -> None:
    element = _append(parent, "table", {})
    for line in place_cells(table.rows):
        row = _append(element, "tableRow", {})
        for placed in line:
            widths = table.column_widths[placed.column : placed.column + placed.colspan]
            attributes = {
                "colspan": placed.colspan,
                "rowspan": placed.rowspan,
                # ProseMirror writes 0 for "not set" beside a column that is set.
                "colwidth": [w or 0 for w in widths] if any(widths) else None,
            }
            tag = "tableHeader" if placed.cell.header else "tableCell"
            _append_blocks(_append(row, tag, attributes), placed.cell.blocks)


def _append_inlines(parent: XmlElement, inlines: Iterable[Inline]) -> None:
    text: XmlText | None = None
    for inline in inlines:
        if not isinstance(inline, Run):
            _append(parent, "hardBreak", {})
            text = None
            continue
        if text is None:
            text = XmlText("")
            parent.children.append(text)
        marks: dict[str, Any] = {mark: {} for mark in sorted(inline.marks)}
        if inline.href is not None:
            marks["link"] = {"href": inline.href}
        # The length of a pycrdt text is in UTF-8 bytes, as are its positions.
        text.insert(len(text), inline.text, marks or None)
