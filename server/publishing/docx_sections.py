"""Sections of a Word file: the main text, then each appendix with its own pages.

An appendix begins on a new page, counts its pages from 1 and may lie on its side. The
first page of a section shows no number; what stands at the edges of page 1 (handling,
address) belongs to the main text alone.
"""

from __future__ import annotations

from typing import Any

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from server.publishing.docx_frames import line
from server.publishing.docx_letterhead import page_one_elements
from server.publishing.docx_styles import FILLER
from server.publishing.letterhead import Letterhead
from server.publishing.rules.model import RuleSet


def write_page_one(
    document: Any, head: Letterhead, corner: str, rules: RuleSet
) -> None:
    """Top and bottom of page 1 outside the text."""
    section = document.sections[0]
    top = page_one_elements(head, corner, rules)
    if top:
        _fill(section.first_page_header, top)
    if head.contact:
        lines = [line("DuContact", text) for text in head.contact]
        lines[0].pPr.append(_rule_above())
        _fill(section.first_page_footer, lines)


def begin_appendix(document: Any, rules: RuleSet, *, turned: bool) -> None:
    """End the section that is there and begin one for an appendix."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    holder = document.element.body.xpath("./w:p[w:pPr/w:sectPr]")[-1]
    style = OxmlElement("w:pStyle")
    style.set(qn("w:val"), FILLER)
    holder.pPr.insert(0, style)
    for edge in (section.first_page_header, section.first_page_footer):
        edge.is_linked_to_previous = False
    properties = section._sectPr
    for old in properties.findall(qn("w:pgNumType")):
        properties.remove(old)
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    properties.find(qn("w:pgMar")).addnext(start)
    _turn(section, rules, turned)


def _turn(section: Any, rules: RuleSet, turned: bool) -> None:
    page = rules.page
    sides = (
        page.margin_top_mm,
        page.margin_right_mm,
        page.margin_bottom_mm,
        page.margin_left_mm,
    )
    width, height = page.width_mm, page.height_mm
    if turned:  # the edge that is bound comes to the top
        sides = (sides[3], sides[0], sides[1], sides[2])
        width, height = height, width
    section.orientation = WD_ORIENT.LANDSCAPE if turned else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.right_margin = Mm(sides[0]), Mm(sides[1])
    section.bottom_margin, section.left_margin = Mm(sides[2]), Mm(sides[3])


def _fill(edge: Any, elements: list[Any]) -> None:
    empty = edge.paragraphs[0]._p
    for element in elements:
        empty.addprevious(element)
    empty.getparent().remove(empty)


def _rule_above() -> Any:
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1")):
        top.set(qn(f"w:{name}"), value)
    top.set(qn("w:color"), "000000")
    borders.append(top)
    return borders
