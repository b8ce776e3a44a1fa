"""What stands below the body in Word: recipients and signatures, and a copy's block.

Tables without borders, each on one page with what belongs to it.
"""

from __future__ import annotations

from typing import Any

from server.publishing import docx_styles as ids
from server.publishing.copies import CopyLines
from server.publishing.docx_blocks import (
    append_valued,
    rule_paragraph,
    styled_paragraph,
)
from server.publishing.docx_frames import (
    Rows,
    borderless,
    filler,
    keep_together,
    line,
    rule_below,
)
from server.publishing.letterhead import Letterhead
from server.publishing.rules.model import RuleSet

_GAP_PT = 6


def end_elements(head: Letterhead, rules: RuleSet) -> list[Any]:
    """Everything below the body; nothing when there is neither name nor recipient."""
    lines = [line(ids.FORM_LINE, text) for text in head.lines_after]
    if not head.has_end:
        return lines
    left = _recipients(head)
    right = [line("DuSignerAuthority", text) for text in head.signer_authority]
    right += [line("DuSignerPosition", text) for text in head.signer_position]
    right += _name("DuSignerName", head.signer_name)
    rows: Rows = [(left, right)]
    if head.two_sign:
        second = [line("DuSecondPosition", text) for text in head.second_position]
        second += _name("DuSecondName", head.second_name)
        rows = [(second, right)]
        if left:
            rows.append(([filler(_GAP_PT), *left], []))
    return [*lines, filler(_GAP_PT), _together(rows, rules), filler()]


def copy_elements(copy: CopyLines, rules: RuleSet) -> list[Any]:
    """The block of a copy on paper, below a line from margin to margin."""
    if not copy.form:
        return []
    half = rules.page.text_width_mm / 2
    left = [line("DuIssuer", text) for text in copy.issuer]
    if copy.issuer:
        part, share = rules.components["issuer"], rules.header.issuer_rule_share
        left.append(rule_below(copy.issuer[-1], part, share, half))
    dated = line("DuCopy", copy.place_date)
    for run in dated.iter():
        if run.tag.endswith("}r"):
            append_valued(run.get_or_add_rPr(), "w:i", "1")
    recipients: list[Any] = []
    if copy.recipients:
        recipients = [line("DuRecipientsTitle", rules.words.recipients)]
        recipients += [line("DuRecipient", text) for text in copy.recipients]
    signer = [line("DuSignerAuthority", text) for text in copy.signer_authority]
    signer += [line("DuSignerPosition", text) for text in copy.signer_position]
    signer += _name("DuSignerName", copy.signer_name)
    rows: Rows = [
        (left, [line("DuCopyForm", copy.form)]),
        ([line("DuCopy", copy.number)], [dated]),
        ([filler(_GAP_PT), *recipients], [filler(_GAP_PT), *signer]),
    ]
    rule = rule_paragraph(ids.FILLER)
    return [filler(_GAP_PT), rule, _together(rows, rules), filler()]


def _recipients(head: Letterhead) -> list[Any]:
    found: list[Any] = []
    if head.recipients:
        found.append(line("DuRecipientsTitle", head.recipients_title))
        found += [line("DuRecipient", text) for text in head.recipients]
    if head.typist:
        found.append(line("DuTypist", head.typist))
    return found


def _name(style_id: str, name: str) -> list[Any]:
    return [styled_paragraph("DuSignature"), line(style_id, name)] if name else []


def _together(rows: Rows, rules: RuleSet) -> Any:
    half = rules.page.text_width_mm / 2
    table = borderless(rows, (half, half))
    keep_together(table)
    return table
