"""The named Word styles of our documents, and a blank document that has them.

People go on working with an exported file in Word, so each part has a style with a
Vietnamese name; the importer knows parts again by the style ids. Ids must never change:
files in the field carry them.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from collab.content.tree import Style
from server.publishing import layout
from server.publishing.layout import STYLE_RULES

ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}

# Style ids of body paragraphs, and of variants that mean the same style.
BODY_IDS: dict[str, Style] = {
    "DuBody": "body",
    "DuBasis": "basis",
    "DuPart": "part",
    "DuChapter": "chapter",
    "DuSection": "section",
    "DuSubsection": "subsection",
    "DuArticle": "article",
    "DuClause": "clause",
    "DuPoint": "point",
    "DuHeading": "heading",
    "DuCaption": "caption",
    "DuCenterTitle": "center_title",
    "DuArticleText": "article",
    "DuInner": "body",
}
ID_OF_STYLE: dict[Style, str] = {
    style: key for key, style in reversed(list(BODY_IDS.items()))
}
ID_OF_STYLE |= {"body": "DuBody", "article": "DuArticle"}
ARTICLE_TEXT = "DuArticleText"  # a Điều that is a sentence, not a title: not bold
INNER = "DuInner"  # body text in cells and lists: no first-line indent

LABEL = "DuLabel"
BOLD_LABEL = "DuBoldLabel"
LINK = "DuLink"
IMAGE = "DuImage"
PAGE_BREAK = "DuPageBreak"
RULE = "DuRule"
FILLER = "DuFiller"  # empty, only there because Word needs a paragraph

# Letterhead: id → (Vietnamese name, size, bold, italic, alignment, capitals).
_HEAD: dict[str, tuple[str, float, bool, bool, str, bool]] = {
    "DuCountry": ("Quốc hiệu", layout.COUNTRY_PT, True, False, "center", False),
    "DuMotto": ("Tiêu ngữ", layout.MOTTO_PT, True, False, "center", False),
    "DuIssuerParent": (
        "Cơ quan chủ quản", layout.ISSUER_PT, False, False, "center", True,
    ),
    "DuIssuer": ("Cơ quan ban hành", layout.ISSUER_PT, True, False, "center", True),
    "DuNumber": ("Số ký hiệu", layout.NUMBER_PT, False, False, "center", False),
    "DuPlaceDate": ("Địa danh ngày", layout.DATE_PT, False, True, "center", False),
    "DuLetterSubject": (
        "Trích yếu công văn", layout.LETTER_SUBJECT_PT, False, False, "center", False,
    ),
    "DuUrgency": ("Độ khẩn", layout.URGENCY_PT, True, False, "center", False),
    "DuTypeName": ("Tên loại", layout.TITLE_PT, True, False, "center", False),
    "DuSubject": ("Trích yếu", layout.TITLE_PT, True, False, "center", False),
    "DuAddressees": ("Kính gửi", layout.BODY_PT, False, False, "left", False),
    "DuAddressee": ("Nơi kính gửi", layout.BODY_PT, False, False, "left", False),
    "DuRecipientsTitle": (
        "Nơi nhận đề mục", layout.RECIPIENTS_TITLE_PT, True, True, "left", False,
    ),
    "DuRecipient": ("Nơi nhận", layout.RECIPIENTS_PT, False, False, "left", False),
    "DuTypist": ("Người soạn", layout.RECIPIENTS_PT, False, False, "left", False),
    "DuSignerAuthority": (
        "Quyền hạn người ký", layout.SIGNER_PT, True, False, "center", True,
    ),
    "DuSignerPosition": (
        "Chức vụ người ký", layout.SIGNER_PT, True, False, "center", True,
    ),
    "DuSignature": ("Chỗ ký", layout.SIGNER_PT, False, False, "center", False),
    "DuSignerName": ("Họ tên người ký", layout.SIGNER_PT, True, False, "center", False),
}  # fmt: skip
HEAD_IDS = frozenset(_HEAD)


def new_document() -> Any:
    """An empty A4 document with our styles and the page number from page 2 on."""
    return docx.Document(BytesIO(_template()))


@lru_cache(maxsize=1)
def _template() -> bytes:
    # Made once: the styles are the same for every document, and making them is slow.
    document = docx.Document()
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    _set_page(document)
    _set_defaults(document)
    for style_name, rule in STYLE_RULES.items():
        _body_style(document, ID_OF_STYLE[style_name], rule.title, rule)
    article = STYLE_RULES["article"]
    plain = layout.StyleRule(article.title + " (nội dung)")
    _body_style(document, ARTICLE_TEXT, plain.title, plain)
    inner = layout.StyleRule("Duthao Trong bảng", "left", first_line=False)
    _body_style(document, INNER, inner.title, inner)
    for style_id, (name, size, bold, italic, align, caps) in _HEAD.items():
        style = _paragraph_style(document, style_id, f"Duthao {name}", align)
        style.font.size = Pt(size)
        style.font.bold, style.font.italic = bold or None, italic or None
        style.font.all_caps = caps or None
    _structure_styles(document)
    for style_id, name, is_bold in (
        (LABEL, "Duthao Nhãn số", False),
        (BOLD_LABEL, "Duthao Nhãn số đậm", True),
        (LINK, "Duthao Liên kết", False),
    ):
        style = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        style.element.set(qn("w:styleId"), style_id)
        style.font.bold = is_bold or None
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width = Mm(layout.PAGE_WIDTH_MM)
    section.page_height = Mm(layout.PAGE_HEIGHT_MM)
    section.top_margin = Mm(layout.MARGIN_TOP_MM)
    section.bottom_margin = Mm(layout.MARGIN_BOTTOM_MM)
    section.left_margin = Mm(layout.MARGIN_LEFT_MM)
    section.right_margin = Mm(layout.MARGIN_RIGHT_MM)
    section.header_distance = Mm(layout.PAGE_NUMBER_FROM_TOP_MM)
    section.footer_distance = Mm(layout.PAGE_NUMBER_FROM_TOP_MM)
    # The first page has its own header, and it is empty: page 1 shows no number.
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    run.font.size = Pt(layout.PAGE_NUMBER_PT)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind:
            field = OxmlElement("w:fldChar")
            field.set(qn("w:fldCharType"), kind)
        else:
            field = OxmlElement("w:instrText")
            field.text = text
        run._r.append(field)


def _set_defaults(document: Any) -> None:
    # Without this, Word stretches the words before a line break over the whole line.
    compat = document.settings.element.find(qn("w:compat"))
    if compat is None:
        compat = OxmlElement("w:compat")
        document.settings.element.append(compat)
    compat.insert(0, OxmlElement("w:doNotExpandShiftReturn"))
    normal = document.styles["Normal"]
    normal.font.name = layout.FONT
    normal.font.size = Pt(layout.BODY_PT)
    properties = normal.element.get_or_add_rPr()
    fonts = properties.rFonts
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), layout.FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    language.set(qn("w:eastAsia"), "vi-VN")
    properties.append(language)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    # The template's own defaults and theme fonts would show through.
    defaults = document.styles.element.find(qn("w:docDefaults"))
    if defaults is not None:
        document.styles.element.remove(defaults)


def _paragraph_style(document: Any, style_id: str, name: str, align: str) -> Any:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.element.set(qn("w:styleId"), style_id)
    style.base_style = document.styles["Normal"]
    style.paragraph_format.alignment = ALIGN[align]
    style.quick_style = True
    return style


def _body_style(
    document: Any, style_id: str, name: str, rule: layout.StyleRule
) -> None:
    style = _paragraph_style(document, style_id, name, rule.align)
    style.font.size = Pt(rule.size_pt)
    style.font.bold, style.font.italic = rule.bold or None, rule.italic or None
    form = style.paragraph_format
    form.line_spacing = layout.LINE_SPACING
    if style_id != INNER:
        form.space_before = Pt(layout.PARAGRAPH_GAP_PT)
    if rule.first_line:
        form.first_line_indent = Mm(layout.FIRST_LINE_MM)
    form.keep_with_next = rule.keep_with_next or None
    form.widow_control = True


def _structure_styles(document: Any) -> None:
    for style_id, name, align in (
        (IMAGE, "Duthao Hình", "center"),
        (PAGE_BREAK, "Duthao Ngắt trang", "left"),
        (RULE, "Duthao Đường kẻ", "center"),
        (FILLER, "Duthao Đệm", "left"),
    ):
        style = _paragraph_style(document, style_id, name, align)
        if style_id in (FILLER, RULE):
            style.font.size = Pt(2)
    heights = {
        "DuLetterSubject": 6,
        "DuPlaceDate": 0,
        "DuTypeName": 12,
        "DuAddressees": 12,
        "DuNumber": 4,
    }
    for style_id, points in heights.items():
        name = f"Duthao {_HEAD[style_id][0]}"
        document.styles[name].paragraph_format.space_before = Pt(points)
    document.styles["Duthao Địa danh ngày"].paragraph_format.space_before = Pt(4)
    # A subject that fills its line to the edges would touch its neighbours.
    for name, inset_mm in (("Trích yếu công văn", 5), ("Trích yếu", 8)):
        form = document.styles[f"Duthao {name}"].paragraph_format
        form.left_indent = form.right_indent = Mm(inset_mm)
    signature = document.styles["Duthao Chỗ ký"].paragraph_format
    signature.space_before = Mm(layout.SIGNATURE_SPACE_MM)
    signature.line_spacing = Pt(1)
    head = document.styles["Duthao Kính gửi"].paragraph_format
    head.space_after = Pt(layout.PARAGRAPH_GAP_PT)
    item = document.styles["Duthao Nơi kính gửi"].paragraph_format
    item.left_indent = Mm(layout.ADDRESSEES_INDENT_MM + layout.ADDRESSEES_COLON_MM + 4)
    item.first_line_indent = Mm(-4)
