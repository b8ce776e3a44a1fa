"""Small edits of a live document that keep whatever they do not touch.

Each works on the document as it is, inside the caller's transaction; positions are
letters of a paragraph. Must never replace a text that only partly changes, and never
decide what is to be done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from pycrdt import XmlElement, XmlText

from collab.content.normal import normalise_blocks
from collab.content.places import Letter, Parent, attributes_of, letters_of
from collab.content.tree import (
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
    Suggested,
    Table,
)
from collab.content.write import (
    append_inlines,
    append_rows,
    paragraph_attributes,
    run_attributes,
    suggested_value,
)

_TAGS: dict[type, str] = {PageBreak: "pageBreak", Rule: "horizontalRule"}


def set_attribute(element: XmlElement, name: str, value: Any) -> None:
    """None takes it away."""
    if value is not None:
        element.attributes[name] = value
    elif name in attributes_of(element):
        del element.attributes[name]


def format_letters(
    element: XmlElement,
    start: int,
    end: int,
    wanted: Callable[[Letter], dict[str, Any]],
) -> None:
    """`wanted` gives the attributes to be set on a letter, None for those to go."""
    chosen = letters_of(element)[start:end]
    pairs = [(letter, wanted(letter)) for letter in chosen]
    for (_child, _values), group in groupby(
        pairs, key=lambda pair: (pair[0].child, repr(sorted(pair[1].items())))
    ):
        held = list(group)
        first, last = held[0][0], held[-1][0]
        values = held[0][1]
        if not values:
            continue
        if isinstance(first.node, XmlText):
            first.node.format(first.start, last.start + last.size, values)
        else:
            for name, value in values.items():
                set_attribute(first.node, name, value)


def remove_letters(element: XmlElement, start: int, end: int) -> None:
    for letter in reversed(letters_of(element)[start:end]):
        if isinstance(letter.node, XmlText):
            del letter.node[letter.start : letter.start + letter.size]
        else:
            del element.children[letter.child]


def insert_inlines(element: XmlElement, at: int, inlines: Iterable[Inline]) -> None:
    """Before the letter `at`; as many as there are: at the end."""
    for inline in inlines:
        if isinstance(inline, Run):
            _insert_text(element, at, inline.text, run_attributes(inline))
            at += len(inline.text)
        else:
            _insert_break(element, at, inline)
            at += 1


def _insert_text(
    element: XmlElement, at: int, text: str, attributes: dict[str, Any]
) -> None:
    letters = letters_of(element)
    before = letters[at - 1] if 0 < at <= len(letters) else None
    after = letters[at] if at < len(letters) else None
    if before is not None and isinstance(before.node, XmlText):
        _write(before.node, before.start + before.size, text, attributes)
    elif after is not None and isinstance(after.node, XmlText):
        _write(after.node, after.start, text, attributes)
    else:
        # Beside a line break: the text that lies there empty, else a new one.
        place = 0 if before is None else before.child + 1
        children = list(element.children)
        if place < len(children) and isinstance(children[place], XmlText):
            _write(children[place], 0, text, attributes)
            return
        made = XmlText("")
        element.children.insert(place, made)
        _write(made, 0, text, attributes)


def _write(node: Any, place: int, text: str, attributes: dict[str, Any]) -> None:
    # Without attributes the engine would give it those of the letter before.
    node.insert(place, text, attributes or None)
    if not attributes and place:
        held = {name for _text, marks in node.diff() for name in (marks or {})}
        if held:
            node.format(place, place + len(text.encode()), dict.fromkeys(sorted(held)))


def _insert_break(element: XmlElement, at: int, line: LineBreak) -> None:
    letters = letters_of(element)
    before = letters[at - 1] if 0 < at <= len(letters) else None
    after = letters[at] if at < len(letters) else None
    if before is None:
        place = after.child if after is not None else len(element.children)
    else:
        place = before.child + 1
        if after is not None and after.child == before.child:
            # In the middle of a text: what follows goes into one of its own.
            tail = [letter for letter in letters[at:] if letter.child == after.child]
            node = after.node
            assert isinstance(node, XmlText)
            del node[after.start : tail[-1].start + tail[-1].size]
            made = XmlText("")
            element.children.insert(place, made)
            _fill(made, tail)
    broken = XmlElement("hardBreak")
    element.children.insert(place, broken)
    for name, value in (("insertion", line.insertion), ("deletion", line.deletion)):
        set_attribute(broken, name, suggested_value(value))


def _fill(text: XmlText, letters: Sequence[Letter]) -> None:
    """With whatever stands on them, known to this program or not."""
    end = 0
    for _key, group in groupby(letters, key=lambda one: repr(one.attributes)):
        held = list(group)
        said = "".join(one.char for one in held)
        _write(text, end, said, held[0].attributes)
        end += len(said.encode())


def copy_letters(source: Sequence[Letter], target: XmlElement) -> None:
    """The letters anew at the end of another paragraph, as they look."""
    for _child, group in groupby(source, key=lambda letter: letter.child):
        held = list(group)
        if isinstance(held[0].node, XmlText):
            made = XmlText("")
            target.children.append(made)
            _fill(made, held)
        else:
            broken = XmlElement("hardBreak")
            target.children.append(broken)
            for name, value in held[0].attributes.items():
                broken.attributes[name] = value


def put_before(target: XmlElement, source: Sequence[Letter]) -> None:
    """The letters anew at the beginning of another paragraph."""
    groups = groupby(source, key=lambda letter: letter.child)
    for place, (_child, group) in enumerate(groups):
        held = list(group)
        is_text = isinstance(held[0].node, XmlText)
        made = XmlText("") if is_text else XmlElement("hardBreak")
        target.children.insert(place, made)
        if isinstance(made, XmlText):
            _fill(made, held)
        else:
            for name, value in held[0].attributes.items():
                made.attributes[name] = value


def add_text(element: XmlElement) -> None:
    """An empty paragraph has one text, into which everybody writes."""
    element.children.append(XmlText(""))


def insert_block(parent: Parent, index: int, block: Block) -> XmlElement:
    """A paragraph, table, picture, page break or rule, whole."""
    if isinstance(block, Paragraph):
        element = XmlElement("paragraph")
        parent.children.insert(index, element)
        for name, value in paragraph_attributes(block).items():
            set_attribute(element, name, value)
        append_inlines(element, block.inlines)
        return element
    if isinstance(block, Table):
        (table,) = normalise_blocks((block,))
        assert isinstance(table, Table)
        element = XmlElement("table")
        parent.children.insert(index, element)
        append_rows(element, table)
    elif isinstance(block, Image):
        element = XmlElement("image")
        parent.children.insert(index, element)
        look = {"src": block.src, "alt": block.alt, "width": block.width_mm}
        for name, value in {**look, "align": block.align}.items():
            set_attribute(element, name, value)
    else:
        element = XmlElement(_TAGS[type(block)])
        parent.children.insert(index, element)
    for name in ("insertion", "deletion"):
        suggested: Suggested | None = getattr(block, name)
        set_attribute(element, name, suggested_value(suggested))
    return element


def insert_item(items: XmlElement, index: int, block: Block) -> XmlElement:
    item = XmlElement("listItem")
    items.children.insert(index, item)
    return insert_block(item, 0, block)


def insert_row(table: XmlElement, index: int, row: Row) -> None:
    """The caller sees that it fits."""
    element = XmlElement("tableRow")
    table.children.insert(index, element)
    for name in ("insertion", "deletion"):
        set_attribute(element, name, suggested_value(getattr(row, name)))
    for number, cell in enumerate(row.cells):
        insert_cell(element, number, cell)


def insert_cell(row: XmlElement, index: int, cell: Cell) -> XmlElement:
    """The caller sees that it fits."""
    element = XmlElement("tableHeader" if cell.header else "tableCell")
    row.children.insert(index, element)
    element.attributes["colspan"] = cell.colspan
    element.attributes["rowspan"] = cell.rowspan
    for name in ("insertion", "deletion"):
        set_attribute(element, name, suggested_value(getattr(cell, name)))
    for place, block in enumerate(normalise_blocks(cell.blocks)):
        insert_block(element, place, block)
    return element
