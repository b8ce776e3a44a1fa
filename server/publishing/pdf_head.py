"""Letterhead, measures and copy block as data for the page template `layout.typ`.

Only data leaves here, never markup. Lengths are millimetres, sizes points.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from server.publishing import layout
from server.publishing.copies import CopyLines
from server.publishing.fonts import text_width_mm
from server.publishing.letterhead import (
    DAY_BLANK,
    MONTH_BLANK,
    NUMBER_BLANK,
    Letterhead,
)
from server.publishing.rules.model import Component, RuleSet

Data = dict[str, Any]


def data_of_letterhead(head: Letterhead, rules: RuleSet) -> Data:
    parts, header = rules.components, rules.header
    stamp = rules.stamps.get(head.urgency)
    issuer_rule = subject_rule = right_rule = 0.0
    if head.issuer and header.issuer_mark == "rule":
        room = header.left_mm
        longest = _length(head.issuer[-1], parts["issuer"], room)
        issuer_rule = longest * header.issuer_rule_share
    if head.subject:
        room = rules.page.text_width_mm
        longest = _length(head.subject[-1], parts["subject"], room)
        subject_rule = longest * header.subject_rule_share
    if head.right:
        name, text = head.right[-1]
        longest = _length(text, parts[name], rules.header_right_mm)
        right_rule = longest * header.right_rule_share
    mark = "" if header.issuer_mark == "rule" else header.issuer_mark
    return {
        "shown": head.has_head,
        "end_shown": head.has_end,
        "right": [{"part": name, "text": text} for name, text in head.right],
        "right_rule": right_rule,
        "issuer_parent": list(head.issuer_parent),
        "issuer": list(head.issuer),
        "issuer_rule": issuer_rule,
        "issuer_mark": mark if head.issuer else "",
        "number": head.number,
        "place_date": head.place_date,
        "letter_subject": list(head.letter_subject),
        "stamp": asdict(stamp) if stamp else None,
        "handling": head.handling,
        "name_line": head.name_line,
        "subject": list(head.subject),
        "subject_rule": subject_rule,
        "enacting_authority": list(head.enacting_authority),
        "enacting": head.enacting,
        "addressees_title": head.addressees_title,
        "dispatches": not head.addressees_title.startswith("Kính"),
        "addressees": list(head.addressees),
        "lines_before": list(head.lines_before),
        "lines_after": list(head.lines_after),
        "recipients_title": head.recipients_title,
        "recipients": list(head.recipients),
        "typist": head.typist,
        "signer_authority": list(head.signer_authority),
        "signer_position": list(head.signer_position),
        "signer_name": head.signer_name,
        "two_sign": head.two_sign,
        "second_position": list(head.second_position),
        "second_name": head.second_name,
        "contact": list(head.contact),
    }


def copy_data(copy: CopyLines, rules: RuleSet) -> Data:
    rule = 0.0
    if copy.issuer:
        room = rules.page.text_width_mm / 2
        longest = _length(copy.issuer[-1], rules.components["issuer"], room)
        rule = longest * rules.header.issuer_rule_share
    lines = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in asdict(copy).items()
    }
    return {**lines, "recipients_title": rules.words.recipients, "issuer_rule": rule}


def measures(rules: RuleSet) -> Data:
    page, text = rules.page, rules.text
    return {
        "width": page.width_mm,
        "height": page.height_mm,
        "margin_top": page.margin_top_mm,
        "margin_bottom": page.margin_bottom_mm,
        "margin_left": page.margin_left_mm,
        "margin_right": page.margin_right_mm,
        "code_gap": layout.CODE_GAP_MM,
        "code_side": layout.CODE_SIDE_MM,
        "page_number_top": page.number_from_top_mm,
        "page_number_pt": page.number_pt,
        "body_pt": text.size_pt,
        "single_line": layout.SINGLE_LINE,
        "line_spacing": text.line_spacing,
        "exact_line": text.exact_line_pt,
        "gap": text.gap_pt,
        "first_line": text.first_line_mm,
        "list_step": layout.LIST_STEP_MM,
        "header_left": rules.header.left_mm,
        "header_right": rules.header_right_mm,
        "header_fill": layout.HEADER_CELL_FILL,
        "cell_padding": layout.CELL_PADDING_MM,
        "stamp_colour": rules.stamp_colour,
        "signature_space": layout.SIGNATURE_SPACE_MM,
        "addressees_indent": layout.ADDRESSEES_INDENT_MM,
        "addressees_colon": layout.ADDRESSEES_COLON_MM,
        "parts": {name: asdict(part) for name, part in rules.components.items()},
    }


def number_and_date_blanks() -> Data:
    """The blanks whose places are asked for, by the line in which they stand."""
    return {
        "number_blanks": [["number", NUMBER_BLANK]],
        "date_blanks": [["day", DAY_BLANK], ["month", MONTH_BLANK]],
    }


def _length(text: str, part: Component, room_mm: float) -> float:
    shown = text.upper() if part.capitals else text
    width = text_width_mm(shown, part.size_pt, bold=part.bold)
    return min(width, room_mm - 2 * part.inset_mm)
