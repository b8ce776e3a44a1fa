"""The letterhead and the end of a document as Word tables without borders.

Header: two columns, issuer and number on the left, Quốc hiệu and date on the right, so
that number and date stand on one line. End: recipients left, signature right.
"""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from server.publishing import docx_styles as ids
from server.publishing import layout
from server.publishing.docx_blocks import (
    append_valued,
    rule_paragraph,
    styled_paragraph,
)
from server.publishing.docx_inlines import append_text
from server.publishing.fonts import text_width_mm
from server.publishing.layout import mm_to_twips
from server.publishing.letterhead import Letterhead


def head_elements(head: Letterhead) -> list[Any]:
    """Everything above the body."""
    if not head.has_head:
        return _addressee_lines(head)
    left = [_line("DuIssuerParent", text) for text in head.issuer_parent]
    left += [_line("DuIssuer", text) for text in head.issuer]
    if head.issuer:
        longest = head.issuer[-1].upper()
        left.append(_rule(longest, layout.ISSUER_PT, layout.RULE_SHARE, True))
    right = [
        _line("DuCountry", layout.COUNTRY),
        _line("DuMotto", layout.MOTTO),
        _rule(layout.MOTTO, layout.MOTTO_PT, 1.0, False),
    ]
    rows = [
        (left or [_filler()], right),
        ([_line("DuNumber", head.number)], [_line("DuPlaceDate", head.place_date)]),
    ]
    below = [_line("DuLetterSubject", text) for text in head.letter_subject]
    if head.urgency in layout.URGENCY_STAMPS:
        below += _stamp(*layout.URGENCY_STAMPS[head.urgency])
    if below:
        rows.append((below, [_filler()]))
    elements = [
        _borderless(rows, (layout.HEADER_LEFT_MM, layout.HEADER_RIGHT_MM)),
        _filler(),
    ]
    if head.name_line:
        elements.append(_line("DuTypeName", head.name_line))
    elements += [_line("DuSubject", text) for text in head.subject]
    if head.subject:
        width = text_width_mm(head.subject[-1], layout.TITLE_PT, bold=True)
        inset = (layout.TEXT_WIDTH_MM - min(width, 150) * layout.RULE_SHARE) / 2
        elements.append(rule_paragraph(ids.FILLER, mm_to_twips(inset)))
    return elements + _addressee_lines(head)


def end_elements(head: Letterhead) -> list[Any]:
    """Everything below the body."""
    if not head.has_end:
        return []
    left: list[Any] = []
    if head.recipients:
        left.append(_line("DuRecipientsTitle", "Nơi nhận:"))
        left += [_line("DuRecipient", text) for text in head.recipients]
    if head.typist:
        left.append(_line("DuTypist", head.typist))
    right = [_line("DuSignerAuthority", text) for text in head.signer_authority]
    right += [_line("DuSignerPosition", text) for text in head.signer_position]
    if head.signer_name:
        right.append(styled_paragraph("DuSignature"))
        right.append(_line("DuSignerName", head.signer_name))
    half = layout.TEXT_WIDTH_MM / 2
    table = _borderless([(left or [_filler()], right or [_filler()])], (half, half))
    for paragraph in table.iter(qn("w:p")):
        # The block of the signature stays on one page.
        style = paragraph.pPr.find(qn("w:pStyle"))
        style.addnext(OxmlElement("w:keepNext"))
    gap = _filler()
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:before"), "120")
    gap.pPr.append(spacing)
    return [gap, table, _filler()]


def _addressee_lines(head: Letterhead) -> list[Any]:
    if not head.addressees:
        return []
    if len(head.addressees) == 1:
        paragraph = _line("DuAddressees", f"Kính gửi: {head.addressees[0]}")
        append_valued(paragraph.pPr, "w:jc", "center")
        return [paragraph]
    title = _line("DuAddressees", "Kính gửi:")
    indent = OxmlElement("w:ind")
    indent.set(qn("w:left"), str(mm_to_twips(layout.ADDRESSEES_INDENT_MM)))
    title.pPr.append(indent)
    return [title, *(_line("DuAddressee", text) for text in head.addressees)]


def _line(style_id: str, text: str) -> Any:
    paragraph = styled_paragraph(style_id)
    append_text(paragraph, text)
    return paragraph


def _filler() -> Any:
    return styled_paragraph(ids.FILLER)


def _rule(text: str, size_pt: float, share: float, left: bool) -> Any:
    """A line below a text, as long as a share of it, centred in its column."""
    column = layout.HEADER_LEFT_MM if left else layout.HEADER_RIGHT_MM
    width = min(text_width_mm(text, size_pt, bold=True), column) * share
    return rule_paragraph(ids.FILLER, mm_to_twips((column - width) / 2))


def _stamp(text: str, width_mm: float) -> list[Any]:
    """The red frame of urgency, centred below the subject."""
    inset = (layout.HEADER_LEFT_MM - width_mm) / 2
    gap = _filler()
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:before"), "120")
    gap.pPr.append(spacing)
    paragraph = styled_paragraph("DuUrgency")
    borders = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        border = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "12"), ("space", "2")):
            border.set(qn(f"w:{name}"), value)
        border.set(qn("w:color"), layout.URGENCY_COLOUR)
        borders.append(border)
    indent = OxmlElement("w:ind")
    indent.set(qn("w:left"), str(mm_to_twips(inset)))
    indent.set(qn("w:right"), str(mm_to_twips(inset)))
    paragraph.pPr.append(borders)
    paragraph.pPr.append(indent)
    append_text(paragraph, text)
    run = paragraph.find(qn("w:r"))
    properties = run.get_or_add_rPr()
    append_valued(properties, "w:color", layout.URGENCY_COLOUR)
    return [gap, paragraph]


def _borderless(
    rows: list[tuple[list[Any], list[Any]]], widths_mm: tuple[float, float]
) -> Any:
    table = OxmlElement("w:tbl")
    properties = OxmlElement("w:tblPr")
    width = OxmlElement("w:tblW")
    width.set(qn("w:w"), str(sum(mm_to_twips(w) for w in widths_mm)))
    width.set(qn("w:type"), "dxa")
    properties.append(width)
    fixed = OxmlElement("w:tblLayout")
    fixed.set(qn("w:type"), "fixed")
    properties.append(fixed)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.append(margins)
    table.append(properties)
    grid = OxmlElement("w:tblGrid")
    for mm in widths_mm:
        column = OxmlElement("w:gridCol")
        column.set(qn("w:w"), str(mm_to_twips(mm)))
        grid.append(column)
    table.append(grid)
    for cells in rows:
        row = OxmlElement("w:tr")
        row_properties = OxmlElement("w:trPr")
        row_properties.append(OxmlElement("w:cantSplit"))
        row.append(row_properties)
        for mm, elements in zip(widths_mm, cells, strict=True):
            cell = OxmlElement("w:tc")
            cell_properties = OxmlElement("w:tcPr")
            cell_width = OxmlElement("w:tcW")
            cell_width.set(qn("w:w"), str(mm_to_twips(mm)))
            cell_width.set(qn("w:type"), "dxa")
            cell_properties.append(cell_width)
            cell.append(cell_properties)
            for element in elements:
                cell.append(element)
            row.append(cell)
        table.append(row)
    return table
