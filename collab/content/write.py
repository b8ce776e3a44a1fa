"""A new Y document from typed content: for templates, imports and demo data.

The result is the first update of a new document. It must never be applied to a
document that already has content: that would add a second copy, and a live document
is only ever edited, not rebuilt.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, TypeVar

from pycrdt import Doc, Map, Text, XmlElement, XmlFragment, XmlText

from collab.content.grid import place_cells
from collab.content.normal import normalise
from collab.content.tree import (
    SCALAR_FIELDS,
    TEXT_FIELDS,
    Block,
    Cell,
    Celled,
    Content,
    Image,
    Inline,
    LineBreak,
    ListBlock,
    PageBreak,
    Paragraph,
    Pictured,
    Reformatted,
    Restyled,
    Row,
    Rule,
    Run,
    Suggested,
    Table,
    Widths,
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
                "formatting": pictured_value(block.formatting),
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
        "listed": block.listed,
        "nested": block.nested or None,
    }


def _append_table(parent: XmlFragment | XmlElement, table: Table) -> None:
    append_rows(_append(parent, "table", _ends(table)), table)


def append_rows(element: XmlElement, table: Table) -> None:
    """The rows of a full grid, behind those that the element has."""
    for row_of, line in zip(table.rows, place_cells(table.rows), strict=True):
        row = _append(element, "tableRow", _ends(row_of))
        for placed in line:
            here = slice(placed.column, placed.column + placed.colspan)
            widths = placed.cell.widths or table.column_widths[here]
            look = cell_look_attributes(replace(placed.cell, widths=widths))
            attributes = {
                "colspan": placed.colspan,
                "rowspan": placed.rowspan,
                "colwidth": look["colwidth"],
                **_ends(placed.cell),
                **look,
            }
            tag = "tableHeader" if placed.cell.header else "tableCell"
            _append_blocks(_append(row, tag, attributes), placed.cell.blocks)


def cell_look_attributes(cell: Cell) -> dict[str, Any]:
    """None stands for an attribute that is not there."""
    return {
        "colwidth": _colwidth(cell.widths),
        "headed": cell.headed,
        "shape": cell.shape,
        "formatting": _celled(cell.formatting),
    }


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
    for name in sorted({name for run in runs for name in _suggestions(run)}):
        for start, end, value in _stretches(_has_suggestion(name), runs):
            if value is not None:
                text.format(start, end, {name: value})


_Ended = Run | LineBreak | Paragraph | Table | Row | Cell | Image | PageBreak | Rule


def _ends(part: _Ended) -> dict[str, Any]:
    return {
        "insertion": suggested_value(part.insertion),
        "deletion": suggested_value(part.deletion),
    }


def suggested_value(value: Suggested | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {"id": value.id, "author": value.author, "at": value.at}


def restyled_value(value: Restyled | None) -> dict[str, Any] | None:
    """The lowest of the suggestions is innermost, in `under`."""
    if value is None:
        return None
    made: dict[str, Any] | None = None
    for layer in (*value.under, value):
        before = {
            "style": layer.style,
            "align": layer.align,
            "indent": layer.indent,
            "number": layer.number,
        }
        if layer.listed is not None or layer.nested:
            before |= {"listed": layer.listed, "nested": layer.nested}
        made = _layer(layer, before, made)
    return made


def pictured_value(value: Pictured | None) -> dict[str, Any] | None:
    if value is None:
        return None
    made: dict[str, Any] | None = None
    for layer in (*value.under, value):
        before = {"alt": layer.alt, "width": layer.width_mm, "align": layer.align}
        made = _layer(layer, before, made)
    return made


def _celled(value: Celled | None) -> dict[str, Any] | None:
    if value is None:
        return None
    made: dict[str, Any] | None = None
    for layer in (*value.under, value):
        before = {
            "headed": layer.headed,
            "shape": layer.shape,
            "colwidth": _colwidth(layer.widths),
        }
        made = _layer(layer, before, made)
    return made


def _colwidth(widths: Widths) -> list[int] | None:
    # ProseMirror writes 0 for "not set" beside a column that is set.
    return [width or 0 for width in widths] if any(widths) else None


def _layer(
    by: Suggested, before: dict[str, Any], under: dict[str, Any] | None
) -> dict[str, Any]:
    made = {**(suggested_value(by) or {}), "before": before}
    return made if under is None else {**made, "under": under}


def _reformatted(value: Reformatted | None) -> dict[str, dict[str, Any]]:
    """By the names under which they stand; one alone needs no hash."""
    if value is None:
        return {}
    if not value.under:
        return claim_attributes(value, 0)
    claims = [_claim(each, rank) for rank, each in enumerate((*value.under, value))]
    return {f"formatting--{_hash(claim)}": claim for claim in claims}


def claim_attributes(value: Reformatted, rank: int) -> dict[str, dict[str, Any]]:
    """Of one alone, above those of lower rank; `under` is left out."""
    claim = _claim(value, rank)
    if not rank and value.about is None:
        return {"formatting": claim}
    return {f"formatting--{_hash(claim)}": claim}


def _claim(value: Reformatted, rank: int) -> dict[str, Any]:
    marks, href = value.marks, value.href
    said: dict[str, Any] = {}
    if value.about is not None:
        marks, href = marks & value.about, href if "link" in value.about else None
        said = {"about": " ".join(sorted(value.about))}
    if rank:
        said["rank"] = rank
    before = {"before": " ".join(sorted(marks)), "href": href}
    return {**(suggested_value(value) or {}), **before, **said}


def _hash(claim: dict[str, Any]) -> str:
    form = json.dumps(claim, sort_keys=True).encode()
    return b64encode(hashlib.sha256(form).digest())[:8].decode()


def _suggestions(run: Run) -> dict[str, dict[str, Any]]:
    found = _reformatted(run.formatting)
    for name, value in _ends(run).items():
        if value is not None:
            found[name] = value
    return found


def run_attributes(run: Run) -> dict[str, Any]:
    """What stands on each letter of the run."""
    found: dict[str, Any] = {mark: {} for mark in run.marks}
    if run.href is not None:
        found["link"] = {"href": run.href}
    return found | _suggestions(run)


def _has_mark(mark: str) -> Callable[[Run], bool]:
    return lambda run: mark in run.marks


def _has_suggestion(name: str) -> Callable[[Run], dict[str, Any] | None]:
    return lambda run: _suggestions(run).get(name)


def _stretches(
    value_of: Callable[[Run], T], runs: list[Run]
) -> Iterator[tuple[int, int, T]]:
    """Start, end and value of runs with equal values, in UTF-8 bytes (as pycrdt)."""
    position = 0
    for value, group in groupby(runs, key=value_of):
        end = position + sum(len(run.text.encode()) for run in group)
        yield position, end, value
        position = end
