"""Runs, line breaks and links of a paragraph as Word elements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from collab.content.tree import Inline, Run
from server.publishing.letterhead import clean_text
from server.publishing.links import safe_href

# The order is that of the schema: Word refuses properties in another order.
_MARKS: tuple[tuple[str, str, str | None], ...] = (
    ("bold", "w:b", None),
    ("italic", "w:i", None),
    ("strike", "w:strike", None),
    ("underline", "w:u", "single"),
    ("subscript", "w:vertAlign", "subscript"),
    ("superscript", "w:vertAlign", "superscript"),
)


def append_inlines(paragraph: Any, inlines: Iterable[Inline], part: Any) -> None:
    """`paragraph` is a w:p element, `part` the document part that holds its links."""
    for inline in inlines:
        if not isinstance(inline, Run):
            append_break(paragraph)
            continue
        parent = paragraph
        href = safe_href(inline.href)
        if href is not None:
            parent = OxmlElement("w:hyperlink")
            parent.set(
                qn("r:id"),
                part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True),
            )
            paragraph.append(parent)
        append_text(parent, inline.text, marks=inline.marks)


def append_text(
    parent: Any,
    text: str,
    *,
    marks: frozenset[str] = frozenset(),
    style_id: str | None = None,
) -> None:
    run = OxmlElement("w:r")
    properties = OxmlElement("w:rPr")
    if style_id:
        properties.append(_valued("w:rStyle", style_id))
    for mark, tag, value in _MARKS:
        # Word has one vertical position: superscript wins over subscript.
        if mark == "subscript" and "superscript" in marks:
            continue
        if mark in marks:
            properties.append(_valued(tag, value))
    if len(properties):
        run.append(properties)
    line = ""
    for char in clean_text(text):
        if char in "\t\n":
            _append_piece(run, line)
            line = ""
            run.append(OxmlElement("w:tab" if char == "\t" else "w:br"))
        else:
            line += char
    _append_piece(run, line)
    parent.append(run)


def append_break(paragraph: Any, kind: str | None = None) -> None:
    run = OxmlElement("w:r")
    line_break = OxmlElement("w:br")
    if kind:
        line_break.set(qn("w:type"), kind)
    run.append(line_break)
    paragraph.append(run)


def _append_piece(run: Any, text: str) -> None:
    if text:
        element = OxmlElement("w:t")
        element.text = text
        element.set(qn("xml:space"), "preserve")
        run.append(element)


def _valued(tag: str, value: str | None) -> Any:
    element = OxmlElement(tag)
    if value is not None:
        element.set(qn("w:val"), value)
    return element
