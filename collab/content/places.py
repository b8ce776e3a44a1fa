"""Where each paragraph, row and letter of a live document stands, to be edited there.

Paragraphs come in document order, as `tree.iter_paragraphs` counts them. A place holds
as long as nothing before it in its parent has changed: edit from the end. Must never
change the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from pycrdt import XmlElement, XmlFragment, XmlText

ATOMS = frozenset({"image", "pageBreak", "horizontalRule"})
_LISTS = frozenset({"bulletList", "orderedList"})
_CELLS = frozenset({"tableCell", "tableHeader"})
_MAX_DEPTH = 40
Parent = XmlFragment | XmlElement


@dataclass(frozen=True, slots=True, eq=False)
class Letter:
    """`start` and `size` are bytes in its text; a line break is a child by itself."""

    char: str
    node: XmlText | XmlElement
    child: int
    start: int
    size: int
    attributes: dict[str, Any]


@dataclass(slots=True, eq=False)
class RowPlace:
    element: XmlElement
    table: XmlElement
    index: int
    columns: int  # cells of the row


@dataclass(slots=True, eq=False)
class TablePlace:
    element: XmlElement
    parent: Parent
    index: int
    rows: list[RowPlace] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class ParagraphPlace:
    """`item` and its index in `items`, when the paragraph stands in a list; `cell` is
    the number of its cell in `row`."""

    element: XmlElement
    parent: Parent
    index: int
    item: XmlElement | None = None
    items: XmlElement | None = None
    item_index: int = 0
    row: RowPlace | None = None
    cell: int = 0
    # Where the list itself stands.
    outside: Parent | None = None
    outside_index: int = 0

    @property
    def text(self) -> str:
        return text_of(self.element)


@dataclass(slots=True, eq=False)
class AtomPlace:
    element: XmlElement
    parent: Parent
    index: int


Place = ParagraphPlace | TablePlace | AtomPlace


def places_in(body: XmlFragment) -> list[Place]:
    """Every paragraph, table (before its paragraphs) and thing, in document order."""
    return list(_walk(body, 0, None, None, 0, None))


def _walk(
    parent: Parent,
    depth: int,
    item: XmlElement | None,
    items: XmlElement | None,
    item_index: int,
    row: RowPlace | None,
) -> Iterator[Place]:
    if depth > _MAX_DEPTH:
        return
    for index, child in enumerate(parent.children):
        if not isinstance(child, XmlElement):
            continue
        if child.tag in ("paragraph", "heading"):
            yield ParagraphPlace(child, parent, index, item, items, item_index, row)
        elif child.tag in ATOMS:
            yield AtomPlace(child, parent, index)
        elif child.tag in _LISTS:
            for number, inner in enumerate(child.children):
                if not isinstance(inner, XmlElement):
                    continue
                for place in _walk(inner, depth + 2, inner, child, number, row):
                    if isinstance(place, ParagraphPlace) and place.items is child:
                        place.outside, place.outside_index = parent, index
                    yield place
        elif child.tag == "table":
            yield from _table(child, parent, index, depth)
        else:
            yield from _walk(child, depth + 1, item, items, item_index, row)


def _table(
    element: XmlElement, parent: Parent, index: int, depth: int
) -> Iterator[Place]:
    table = TablePlace(element, parent, index)
    yield table
    for number, child in enumerate(element.children):
        if not isinstance(child, XmlElement) or child.tag != "tableRow":
            continue
        cells = [
            c for c in child.children if isinstance(c, XmlElement) and c.tag in _CELLS
        ]
        row = RowPlace(child, element, number, len(cells))
        table.rows.append(row)
        for at, cell in enumerate(cells):
            for place in _walk(cell, depth + 3, None, None, 0, row):
                if isinstance(place, ParagraphPlace) and place.row is row:
                    place.cell = at
                yield place


def text_of(element: XmlElement) -> str:
    """Its letters alone: a letter by itself costs as much as a whole text."""
    parts: list[str] = []
    for child in element.children:
        if isinstance(child, XmlText):
            parts += (value for value, _ in child.diff() if isinstance(value, str))
        elif isinstance(child, XmlElement) and child.tag == "hardBreak":
            parts.append("\n")
    return "".join(parts)


def letters_of(element: XmlElement) -> list[Letter]:
    """What stands in the paragraph now."""
    found: list[Letter] = []
    for index, child in enumerate(element.children):
        if isinstance(child, XmlText):
            found += _of_text(child, index)
        elif isinstance(child, XmlElement) and child.tag == "hardBreak":
            found.append(Letter("\n", child, index, 0, 1, attributes_of(child)))
    return found


def _of_text(text: XmlText, child: int) -> Iterator[Letter]:
    at = 0
    for value, attributes in text.diff():
        if not isinstance(value, str):
            at += 1
            continue
        held = {k: v for k, v in (attributes or {}).items() if v is not None}
        for char in value:
            size = len(char.encode())
            yield Letter(char, text, child, at, size, held)
            at += size


def attributes_of(element: XmlElement) -> dict[str, Any]:
    pairs = cast("Iterable[tuple[str, Any]]", element.attributes)
    return {name: value for name, value in pairs if value is not None}
