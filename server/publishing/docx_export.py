"""A draft as a .docx file with real styles, tables, numbering, sections and links.

The page follows a rule-set (`server.publishing.rules`). Ordered and bulleted lists are
Word numbering; the automatic labels of Điều, khoản, điểm … are text (a character
style of their own), because Word cannot count in the Vietnamese alphabet. Pure: it
must never read the database; images come through a function.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from docx.oxml.ns import qn

from collab.content.normal import normalise
from collab.content.tree import Content
from server.common import clock
from server.publishing.copies import Copy, CopyLines, copy_lines
from server.publishing.docx_blocks import BlockWriter, Images, Place, styled_paragraph
from server.publishing.docx_end import copy_elements, end_elements
from server.publishing.docx_frames import line
from server.publishing.docx_letterhead import head_elements
from server.publishing.docx_sections import begin_appendix, write_page_one
from server.publishing.docx_styles import FILLER, new_document
from server.publishing.letterhead import (
    Letterhead,
    after_bases,
    letterhead_of,
    lines_of,
)
from server.publishing.parts import Part, split_parts
from server.publishing.rules import RuleSet, rules_for


def to_docx(
    content: Content,
    images: Images,
    rules: RuleSet | None = None,
    copy: Copy | None = None,
) -> bytes:
    """The whole document: letterhead, body, recipients and signature, appendices.

    `images` gives the bytes for an image's `src`, or None; an image without bytes is
    replaced by its description in brackets. `rules` default to those in force on the
    draft's date; `copy` makes it a copy of an issued document.
    """
    target = BytesIO()
    make_document(content, images, rules, copy).save(target)
    return target.getvalue()


def make_document(
    content: Content,
    images: Images,
    rules: RuleSet | None = None,
    copy: Copy | None = None,
    writer_of: Callable[[Any, Images], BlockWriter] = BlockWriter,
) -> Any:
    """The document of python-docx; `writer_of` may give a writer that says more."""
    content = normalise(content)
    rules = rules or rules_for(content.fields)
    year = clock.today().year
    main, *appendices = split_parts(content.blocks, rules)
    head = letterhead_of(content.fields, year, rules, main.blocks)
    copied = copy_lines(copy, year, rules) if copy else CopyLines()
    document = new_document(rules)
    writer = writer_of(document, images)
    _append(document, head_elements(head, rules))
    _append(document, _main_elements(main, head, writer, rules))
    _append(document, end_elements(head, rules))
    write_page_one(document, head, copied.corner, rules)
    for part in appendices:
        begin_appendix(document, rules, turned=part.turned)
        place = _place(rules, turned=part.turned)
        _append(document, writer.heading(part.blocks[: part.heading], place))
        _append(document, writer.write(part.blocks[part.heading :], place))
    _append(document, copy_elements(copied, rules))
    properties = document.core_properties
    properties.title = " ".join(lines_of(content.fields.subject))[:255]
    properties.author = " ".join(lines_of(content.fields.issuer))[:255]
    properties.language = "vi-VN"
    properties.comments = ""
    # The format holds UTC without saying so.
    stamp = clock.now().replace(tzinfo=None, microsecond=0)
    properties.created = properties.modified = stamp
    return document


def _main_elements(
    main: Part, head: Letterhead, writer: BlockWriter, rules: RuleSet
) -> list[Any]:
    place = _place(rules, turned=False)
    if not head.enacting:
        return writer.write(main.blocks, place)
    bases = after_bases(main.blocks)
    return [
        *writer.write(main.blocks[:bases], place),
        line("DuEnacting", head.enacting),
        *writer.write(main.blocks[bases:], place),
    ]


def _place(rules: RuleSet, *, turned: bool) -> Place:
    page = rules.page
    if turned:
        height = page.width_mm - page.margin_left_mm - page.margin_right_mm
        return Place(page.turned_width_mm, height)
    return Place(page.text_width_mm, page.text_height_mm)


def _append(document: Any, elements: list[Any]) -> None:
    """Before the properties of the section; a section may not end with a table."""
    if not elements:
        return
    section = document.element.body.find(qn("w:sectPr"))
    for element in elements:
        section.addprevious(element)
    if elements[-1].tag != qn("w:p"):
        section.addprevious(styled_paragraph(FILLER))
