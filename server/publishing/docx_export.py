"""A draft as a .docx file with real styles, tables, numbering and links.

The page follows NĐ 30/2020 (`server.publishing.layout`). Ordered and bulleted lists are
Word numbering; the automatic labels of Điều, khoản, điểm … are text (a character
style of their own), because Word cannot count in the Vietnamese alphabet. Pure: it
must never read the database; images come through a function.
"""

from __future__ import annotations

from io import BytesIO

from docx.oxml.ns import qn

from collab.content.normal import normalise
from collab.content.tree import Content
from server.common import clock
from server.publishing.docx_blocks import BlockWriter, Images, Place, styled_paragraph
from server.publishing.docx_letterhead import end_elements, head_elements
from server.publishing.docx_styles import FILLER, new_document
from server.publishing.letterhead import letterhead_of, lines_of


def to_docx(content: Content, images: Images) -> bytes:
    """The whole document: letterhead, body, recipients and signature.

    `images` gives the bytes for an image's `src`, or None; an image without bytes is
    replaced by its description in brackets.
    """
    content = normalise(content)
    document = new_document()
    head = letterhead_of(content.fields, clock.today().year)
    writer = BlockWriter(document, images)
    elements = [
        *head_elements(head),
        *writer.write(content.blocks, Place()),
        *end_elements(head),
    ]
    section = document.element.body.find(qn("w:sectPr"))
    for element in elements:
        section.addprevious(element)
    if elements[-1].tag != qn("w:p"):
        section.addprevious(styled_paragraph(FILLER))
    properties = document.core_properties
    properties.title = " ".join(lines_of(content.fields.subject))[:255]
    properties.author = " ".join(lines_of(content.fields.issuer))[:255]
    properties.language = "vi-VN"
    properties.comments = ""
    # The format holds UTC without saying so.
    stamp = clock.now().replace(tzinfo=None, microsecond=0)
    properties.created = properties.modified = stamp
    target = BytesIO()
    document.save(target)
    return target.getvalue()
