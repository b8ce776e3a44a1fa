"""A new Y document from typed content: for templates, imports and demo data.

The result is the first update of a new document. It must never be applied to a
document that already has content: that would add a second copy, and a live document
is only ever edited, not rebuilt.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, TypeVar

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
    LineBreak,
    ListBlock,
    PageBreak,
    Paragraph,
    Restyled,
    Row,
    Rule,
    Run,
    Suggested,
    Table,
)

T = TypeVar("T")


def build_update(content: Content, client_id: int | None = None) -> bytes:
    """The Yjs update (version 1) that creates `body` and `fields`.

    Every text field is a nested Y.Text, made here once, so that clients need never
    make one and cannot race. Give `client_id` for the same bytes each time; else it
    is random below 2^32, as Yjs makes them: some programs keep no more bits.
    """
    content = normalise(content)
    if client_id is None:
        client_id = secrets.randbits(32)
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
            element = _append(parent, "paragraph", paragraph_attributes(block))
            append_inlines(element, block.inlines)
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
                **_ends(block),
            }
            _append(parent, "image", picture)
        elif isinstance(block, PageBreak):
            _append(parent, "pageBreak", _ends(block))
        elif isinstance(block, Rule):
            _append(parent, "horizontalRule", _ends(block))


def paragraph_attributes(block: Paragraph) -> dict[str, Any]:
    """None stands for an attribute that is not there."""
    return {
        "style": block.style,
        "align": block.align,
        "indent": block.indent,
        "number": block.number,
        **_ends(block),
        "formatting": restyled_value(block.formatting),
    }


def _append_table(parent: XmlFragment | XmlElement, table: Table) -> None:
    append_rows(_append(parent, "table", _ends(table)), table)


def append_rows(element: XmlElement, table: Table) -> None:
    """The rows of a full grid, behind those that the element has."""
    for row_of, line in zip(table.rows, place_cells(table.rows), strict=True):
        row = _append(element, "tableRow", _ends(row_of))
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


def append_inlines(parent: XmlElement, inlines: Sequence[Inline]) -> None:
    if not inlines:
        # Two people who begin an empty paragraph at the same moment must write into
        # one text: each browser would make its own, and their letters would mix.
        parent.children.append(XmlText(""))
        return
    runs: list[Run] = []
    for inline in inlines:
        if isinstance(inline, Run):
            runs.append(inline)
        else:
            _append_runs(parent, runs)
            runs = []
            _append(parent, "hardBreak", _ends(inline))
    _append_runs(parent, runs)


def _append_runs(parent: XmlElement, runs: list[Run]) -> None:
    if not runs:
        return
    text = XmlText("".join(run.text for run in runs))
    parent.children.append(text)
    # One mark at a time, over as many runs as have it: given several at once, the
    # engine writes them in random order, and the bytes would differ each time.
    for mark in sorted({mark for run in runs for mark in run.marks}):
        for start, end, here in _stretches(_has_mark(mark), runs):
            if here:
                text.format(start, end, {mark: {}})
    for start, end, href in _stretches(lambda run: run.href, runs):
        if href is not None:
            text.format(start, end, {"link": {"href": href}})
    for name, read in _SUGGESTIONS.items():
        for start, end, value in _stretches(read, runs):
            if value is not None:
                text.format(start, end, {name: value})


def _ends(
    part: Run | LineBreak | Paragraph | Table | Row | Image | PageBreak | Rule,
) -> dict[str, Any]:
    return {
        "insertion": suggested_value(part.insertion),
        "deletion": suggested_value(part.deletion),
    }


def suggested_value(value: Suggested | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {"id": value.id, "author": value.author, "at": value.at}


def restyled_value(value: Restyled | None) -> dict[str, Any] | None:
    if value is None:
        return None
    before = {
        "style": value.style,
        "align": value.align,
        "indent": value.indent,
        "number": value.number,
    }
    return {**(suggested_value(value) or {}), "before": before}


def _reformatted(run: Run) -> dict[str, Any] | None:
    value = run.formatting
    if value is None:
        return None
    before = " ".join(sorted(value.marks))
    return {**(suggested_value(value) or {}), "before": before, "href": value.href}


_SUGGESTIONS: dict[str, Callable[[Run], dict[str, Any] | None]] = {
    "insertion": lambda run: suggested_value(run.insertion),
    "deletion": lambda run: suggested_value(run.deletion),
    "formatting": _reformatted,
}


def run_attributes(run: Run) -> dict[str, Any]:
    """What stands on each letter of the run."""
    found: dict[str, Any] = {mark: {} for mark in run.marks}
    if run.href is not None:
        found["link"] = {"href": run.href}
    for name, read in _SUGGESTIONS.items():
        value = read(run)
        if value is not None:
            found[name] = value
    return found


def _has_mark(mark: str) -> Callable[[Run], bool]:
    return lambda run: mark in run.marks


def _stretches(
    value_of: Callable[[Run], T], runs: list[Run]
) -> Iterator[tuple[int, int, T]]:
    """Start, end and value of runs with equal values, in UTF-8 bytes (as pycrdt)."""
    position = 0
    for value, group in groupby(runs, key=value_of):
        end = position + sum(len(run.text.encode()) for run in group)
        yield position, end, value
        position = end
