"""Runs, line breaks and links of a paragraph as Word elements."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from collab.content.tree import Inline, Run
from server.publishing.docx_elements import element, name_of
from server.publishing.letterhead import clean_text
from server.publishing.links import safe_href

_BREAKS = re.compile(r"([\t\n])")
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
            parent = element("w:hyperlink")
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
    run = element("w:r")
    properties = marked_properties(marks, style_id)
    if len(properties):
        run.append(properties)
    for piece in _BREAKS.split(clean_text(text)):
        if piece in ("\t", "\n"):
            run.append(element("w:tab" if piece == "\t" else "w:br"))
        else:
            _append_piece(run, piece)
    parent.append(run)


def marked_properties(marks: frozenset[str], style_id: str | None = None) -> Any:
    """The properties of a run that has these marks; may be empty."""
    properties = element("w:rPr")
    if style_id:
        properties.append(_valued("w:rStyle", style_id))
    for mark, tag, value in _MARKS:
        # Word has one vertical position: superscript wins over subscript.
        if mark == "subscript" and "superscript" in marks:
            continue
        if mark in marks:
            properties.append(_valued(tag, value))
    return properties


def append_break(paragraph: Any, kind: str | None = None) -> None:
    run = element("w:r")
    run.append(element("w:br", type=kind) if kind else element("w:br"))
    paragraph.append(run)


def _append_piece(run: Any, text: str) -> None:
    if text:
        piece = element("w:t")
        piece.text = text
        piece.set(name_of("xml:space"), "preserve")
        run.append(piece)


def _valued(tag: str, value: str | None) -> Any:
    return element(tag) if value is None else element(tag, val=value)
