"""The measures of an official document, as data: one place for .docx and PDF.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I (sizes, margins, placement). Where the decree
gives a range, the value of its own example column is taken. Sizes in points, lengths
in millimetres. Must never contain code that draws.
"""

from __future__ import annotations

from dataclasses import dataclass

from collab.content.tree import INDENT_MM, Align, Style

PAGE_WIDTH_MM = 210.0
PAGE_HEIGHT_MM = 297.0
MARGIN_TOP_MM = 20.0
MARGIN_BOTTOM_MM = 20.0
MARGIN_LEFT_MM = 30.0
MARGIN_RIGHT_MM = 15.0
TEXT_WIDTH_MM = PAGE_WIDTH_MM - MARGIN_LEFT_MM - MARGIN_RIGHT_MM
TEXT_HEIGHT_MM = PAGE_HEIGHT_MM - MARGIN_TOP_MM - MARGIN_BOTTOM_MM
PAGE_NUMBER_FROM_TOP_MM = 10.0  # centred in the top margin, from page 2 on
CODE_GAP_MM = 1.5  # the QR code in the bottom margin of page 1
CODE_SIDE_MM = 14.0

FONT = "Times New Roman"  # PDF embeds Tinos, which has the same widths
BODY_PT = 14.0
# Word's "single" for Times New Roman is 1.15 of the size; the decree asks for single
# to 1.5 lines and at least 6 pt between paragraphs.
SINGLE_LINE = 1.15
LINE_SPACING = 1.1
PARAGRAPH_GAP_PT = 6.0
FIRST_LINE_MM = 10.0
LIST_STEP_MM = 7.0

HEADER_LEFT_MM = 72.0  # the right column must hold the Quốc hiệu on one line
HEADER_RIGHT_MM = TEXT_WIDTH_MM - HEADER_LEFT_MM
COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"

COUNTRY_PT = 12.0
MOTTO_PT = 13.0
ISSUER_PT = 12.0
NUMBER_PT = 13.0
DATE_PT = 13.0
LETTER_SUBJECT_PT = 12.0
URGENCY_PT = 13.0
TITLE_PT = 14.0
SIGNER_PT = 14.0
RECIPIENTS_TITLE_PT = 12.0
RECIPIENTS_PT = 11.0
PAGE_NUMBER_PT = 13.0
SIGNATURE_SPACE_MM = 25.0
ADDRESSEES_INDENT_MM = 35.0
ADDRESSEES_COLON_MM = 20.0  # the width of "Kính gửi: " at 14 pt

URGENCY_STAMPS: dict[str, tuple[str, float]] = {
    "urgent": ("KHẨN", 20.0),
    "very_urgent": ("THƯỢNG KHẨN", 40.0),
    "flash": ("HỎA TỐC", 30.0),
}
URGENCY_HEIGHT_MM = 8.0
URGENCY_COLOUR = "FF0000"

RULE_SHARE = 0.4  # of the line above it: the decree says one third to one half
HEADER_CELL_FILL = "F2F2F2"


@dataclass(frozen=True, slots=True)
class StyleRule:
    """How paragraphs of one style look before anything is set by hand."""

    title: str  # the name of the style in Word
    align: Align = "justify"
    bold: bool = False
    italic: bool = False
    first_line: bool = True
    keep_with_next: bool = False
    size_pt: float = BODY_PT


STYLE_RULES: dict[Style, StyleRule] = {
    "body": StyleRule("Duthao Thân văn bản"),
    "basis": StyleRule("Duthao Căn cứ", italic=True),
    "part": StyleRule(
        "Duthao Phần", "center", bold=True, first_line=False, keep_with_next=True
    ),
    "chapter": StyleRule(
        "Duthao Chương", "center", bold=True, first_line=False, keep_with_next=True
    ),
    "section": StyleRule(
        "Duthao Mục", "center", bold=True, first_line=False, keep_with_next=True
    ),
    "subsection": StyleRule(
        "Duthao Tiểu mục", "center", bold=True, first_line=False, keep_with_next=True
    ),
    "article": StyleRule("Duthao Điều", bold=True, keep_with_next=True),
    "clause": StyleRule("Duthao Khoản"),
    "point": StyleRule("Duthao Điểm"),
    "heading": StyleRule("Duthao Đề mục", bold=True, keep_with_next=True),
    "caption": StyleRule(
        "Duthao Chú thích", "center", italic=True, first_line=False, size_pt=13.0
    ),
    "center_title": StyleRule(
        "Duthao Tiêu đề giữa", "center", bold=True, first_line=False
    ),
}


def mm_to_twips(mm: float) -> int:
    return round(mm * 1440 / 25.4)


INDENT_TWIPS = mm_to_twips(INDENT_MM)


def px_to_mm(px: float) -> float:
    """CSS pixels, 96 to the inch."""
    return px * 25.4 / 96
