"""What stands above the body in Word: header, name of the type, Kính gửi.

The header is a table without borders: issuer and number on the left, Quốc hiệu and
date on the right, so that number and date stand on one line.
"""

from __future__ import annotations

from typing import Any

from server.publishing import layout
from server.publishing.docx_blocks import append_valued
from server.publishing.docx_frames import (
    Rows,
    append_indent,
    borderless,
    coloured,
    filler,
    framed,
    line,
    rule_below,
)
from server.publishing.docx_styles import FORM_LINE
from server.publishing.fonts import text_width_mm
from server.publishing.letterhead import Letterhead
from server.publishing.rules.model import RuleSet, Stamp

_STYLE_OF = {"country": "DuCountry", "motto": "DuMotto"}
_FRAME_PADDING_MM = 3.0


def head_elements(head: Letterhead, rules: RuleSet) -> list[Any]:
    """Everything above the body."""
    elements: list[Any] = []
    if head.has_head:
        widths = (rules.header.left_mm, rules.header_right_mm)
        elements = [borderless(_header_rows(head, rules), widths), filler()]
        elements += _titles(head, rules)
    elements += [line("DuEnactingAuthority", text) for text in head.enacting_authority]
    elements += _addressee_lines(head)
    return elements + [line(FORM_LINE, text) for text in head.lines_before]


def page_one_elements(head: Letterhead, corner: str, rules: RuleSet) -> list[Any]:
    """What stands in the top margin of page 1: corner text, handling in a frame."""
    elements = [line("DuCorner", corner)] if corner else []
    if head.handling:
        part = rules.components["handling"]
        width = text_width_mm(head.handling.upper(), part.size_pt, bold=part.bold)
        room = rules.page.text_width_mm
        left = max(0.0, min(room / 2, room - width - 2 * _FRAME_PADDING_MM))
        right = max(0.0, room - left - width - 2 * _FRAME_PADDING_MM)
        elements.append(
            framed("DuHandling", head.handling, left_mm=left, right_mm=right)
        )
    return elements


def _header_rows(head: Letterhead, rules: RuleSet) -> Rows:
    header = rules.header
    left = [line("DuIssuerParent", text) for text in head.issuer_parent]
    left += [line("DuIssuer", text) for text in head.issuer]
    if head.issuer and header.issuer_mark == "rule":
        part = rules.components["issuer"]
        left.append(
            rule_below(head.issuer[-1], part, header.issuer_rule_share, header.left_mm)
        )
    elif head.issuer:
        left.append(line("DuIssuerMark", header.issuer_mark))
    right = [line(_STYLE_OF[name], text) for name, text in head.right]
    if head.right:
        name, text = head.right[-1]
        part, room = rules.components[name], rules.header_right_mm
        right.append(rule_below(text, part, header.right_rule_share, room))
    number = [line("DuNumber", head.number)]
    dated = [line("DuPlaceDate", head.place_date)] if head.place_date else []
    rows: Rows = [(left, right), (number, dated)]
    below = [line("DuLetterSubject", text) for text in head.letter_subject]
    if head.urgency in rules.stamps:
        below += _stamp(rules.stamps[head.urgency], rules)
    if below:
        rows.append((below, []))
    return rows


def _titles(head: Letterhead, rules: RuleSet) -> list[Any]:
    elements: list[Any] = []
    if head.name_line:
        elements.append(line("DuTypeName", head.name_line))
    elements += [line("DuSubject", text) for text in head.subject]
    if head.subject and rules.header.subject_rule_share:
        part, share = rules.components["subject"], rules.header.subject_rule_share
        room = rules.page.text_width_mm
        elements.append(rule_below(head.subject[-1], part, share, room))
    return elements


def _addressee_lines(head: Letterhead) -> list[Any]:
    if not head.addressees:
        return []
    title = head.addressees_title
    if not title.startswith("Kính"):
        return [
            line("DuDispatcher", title),
            *(line("DuAddressee", text) for text in head.addressees),
        ]
    if len(head.addressees) == 1:
        paragraph = line("DuAddressees", f"{title} {head.addressees[0]}")
        append_valued(paragraph.pPr, "w:jc", "center")
        return [paragraph]
    paragraph = line("DuAddressees", title)
    append_indent(paragraph, layout.ADDRESSEES_INDENT_MM)
    return [paragraph, *(line("DuAddressee", text) for text in head.addressees)]


def _stamp(stamp: Stamp, rules: RuleSet) -> list[Any]:
    """The red frame of urgency, centred below the subject."""
    inset = (rules.header.left_mm - stamp.width_mm) / 2
    frame = framed("DuUrgency", stamp.text, left_mm=inset, right_mm=inset)
    return [filler(), coloured(frame, rules.stamp_colour)]
