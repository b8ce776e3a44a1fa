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
from server.publishing.rules.model import Component, RuleSet, StyleRule

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
    "DuAppendixHeading": "heading",
    "DuAppendixBody": "body",
    "DuAppendixReference": "body",
    "DuFormLine": "body",
}
ID_OF_STYLE: dict[Style, str] = {
    style: key for key, style in reversed(list(BODY_IDS.items()))
}
ID_OF_STYLE |= {"body": "DuBody", "article": "DuArticle"}
ARTICLE_TEXT = "DuArticleText"  # a Điều that is a sentence, not a title: not bold
FORM_LINE = "DuFormLine"  # a line of the type's form, made from fields
INNER = "DuInner"  # body text in cells and lists: no first-line indent

_TITLES: dict[Style, str] = {
    "body": "Duthao Thân văn bản",
    "basis": "Duthao Căn cứ",
    "part": "Duthao Phần",
    "chapter": "Duthao Chương",
    "section": "Duthao Mục",
    "subsection": "Duthao Tiểu mục",
    "article": "Duthao Điều",
    "clause": "Duthao Khoản",
    "point": "Duthao Điểm",
    "heading": "Duthao Đề mục",
    "caption": "Duthao Chú thích",
    "center_title": "Duthao Tiêu đề giữa",
}

LABEL = "DuLabel"
BOLD_LABEL = "DuBoldLabel"
LINK = "DuLink"
IMAGE = "DuImage"
PAGE_BREAK = "DuPageBreak"
RULE = "DuRule"
FILLER = "DuFiller"  # empty, only there because Word needs a paragraph

# Letterhead: style id → the name in Word and the component of the rules.
_HEAD: dict[str, tuple[str, str]] = {
    "DuCountry": ("Quốc hiệu", "country"),
    "DuMotto": ("Tiêu ngữ", "motto"),
    "DuIssuerParent": ("Cơ quan chủ quản", "issuer_parent"),
    "DuIssuer": ("Cơ quan ban hành", "issuer"),
    "DuIssuerMark": ("Dấu dưới cơ quan", "issuer"),
    "DuNumber": ("Số ký hiệu", "number"),
    "DuPlaceDate": ("Địa danh ngày", "place_date"),
    "DuLetterSubject": ("Trích yếu công văn", "letter_subject"),
    "DuUrgency": ("Độ khẩn", "urgency"),
    "DuHandling": ("Chỉ dẫn phạm vi", "handling"),
    "DuTypeName": ("Tên loại", "type_name"),
    "DuSubject": ("Trích yếu", "subject"),
    "DuEnactingAuthority": ("Thẩm quyền ban hành", "enacting_authority"),
    "DuEnacting": ("Lời quyết định", "enacting"),
    "DuDispatcher": ("Nơi điện", "addressees"),
    "DuAddressees": ("Kính gửi", "addressees"),
    "DuAddressee": ("Nơi kính gửi", "addressee"),
    "DuRecipientsTitle": ("Nơi nhận đề mục", "recipients_title"),
    "DuRecipient": ("Nơi nhận", "recipient"),
    "DuTypist": ("Người soạn", "typist"),
    "DuSignerAuthority": ("Quyền hạn người ký", "signer_authority"),
    "DuSignerPosition": ("Chức vụ người ký", "signer_position"),
    "DuSignature": ("Chỗ ký", "signer_name"),
    "DuSignerName": ("Họ tên người ký", "signer_name"),
    "DuSecondPosition": ("Chức vụ người ký bên trái", "signer_position"),
    "DuSecondName": ("Họ tên người ký bên trái", "signer_name"),
    "DuContact": ("Địa chỉ cơ quan", "contact"),
    "DuCopy": ("Phần sao", "number"),
    "DuCopyForm": ("Hình thức sao", "copy_form"),
    "DuCorner": ("Chỉ dẫn bản sao điện tử", "corner"),
}
HEAD_IDS = frozenset(_HEAD)
COMPONENT_OF = {style_id: component for style_id, (_, component) in _HEAD.items()}
# The heading of an appendix: the author's style, drawn as the norm wants it.
APPENDIX_IDS: dict[tuple[Style, bool], str] = {
    ("heading", False): "DuAppendixHeading",
    ("body", False): "DuAppendixBody",
    ("body", True): "DuAppendixReference",
}


def new_document(rules: RuleSet) -> Any:
    """An empty page of these rules, with our styles and the number from page 2 on."""
    return docx.Document(BytesIO(_template(rules)))


@lru_cache(maxsize=8)
def _template(rules: RuleSet) -> bytes:
    # Made once: the styles are the same for every document, and making them is slow.
    document = docx.Document()
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    _set_page(document, rules)
    _set_defaults(document, rules)
    for style_name, rule in rules.styles.items():
        _body_style(document, rules, ID_OF_STYLE[style_name], _TITLES[style_name], rule)
    _variant_styles(document, rules)
    for style_id, (name, component) in _HEAD.items():
        _head_style(document, style_id, f"Duthao {name}", rules.components[component])
    _structure_styles(document, rules)
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


def _set_page(document: Any, rules: RuleSet) -> None:
    page = rules.page
    section = document.sections[0]
    section.page_width = Mm(page.width_mm)
    section.page_height = Mm(page.height_mm)
    section.top_margin = Mm(page.margin_top_mm)
    section.bottom_margin = Mm(page.margin_bottom_mm)
    section.left_margin = Mm(page.margin_left_mm)
    section.right_margin = Mm(page.margin_right_mm)
    section.header_distance = Mm(page.number_from_top_mm)
    section.footer_distance = Mm(page.number_from_top_mm)
    # The first page has its own header, and it is empty: page 1 shows no number.
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    # A run for each part of the field: the number takes the size of its own.
    for tag, kind in (
        ("w:fldChar", "begin"),
        ("w:instrText", None),
        ("w:fldChar", "separate"),
        ("w:t", None),
        ("w:fldChar", "end"),
    ):
        run = paragraph.add_run()
        run.font.size = Pt(page.number_pt)
        part = OxmlElement(tag)
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = "PAGE" if tag == "w:instrText" else "2"
        run._r.append(part)


def _set_defaults(document: Any, rules: RuleSet) -> None:
    # Without this, Word stretches the words before a line break over the whole line.
    compat = document.settings.element.find(qn("w:compat"))
    if compat is None:
        compat = OxmlElement("w:compat")
        document.settings.element.append(compat)
    compat.insert(0, OxmlElement("w:doNotExpandShiftReturn"))
    normal = document.styles["Normal"]
    normal.font.name = rules.text.font
    normal.font.size = Pt(rules.text.size_pt)
    properties = normal.element.get_or_add_rPr()
    fonts = properties.rFonts
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), rules.text.font)
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
    document: Any, rules: RuleSet, style_id: str, name: str, rule: StyleRule
) -> None:
    style = _paragraph_style(document, style_id, name, rule.align)
    style.font.size = Pt(rule.size_pt)
    style.font.bold, style.font.italic = rule.bold or None, rule.italic or None
    form = style.paragraph_format
    exact = rules.text.exact_line_pt
    # In a cell a line that is higher than its text would stretch the table.
    form.line_spacing = (
        Pt(exact) if exact and style_id != INNER else rules.text.line_spacing
    )
    if style_id != INNER:
        form.space_before = Pt(rules.text.gap_pt)
    if rule.first_line:
        form.first_line_indent = Mm(rules.text.first_line_mm)
    form.keep_with_next = rule.keep or None
    form.widow_control = True


def _variant_styles(document: Any, rules: RuleSet) -> None:
    size = rules.text.size_pt
    article = _TITLES["article"]
    centred = rules.styles["center_title"]
    reference = rules.styles["caption"]
    for style_id, name, rule in (
        (ARTICLE_TEXT, f"{article} (nội dung)", StyleRule(size)),
        (FORM_LINE, "Duthao Dòng mẫu", rules.styles["body"]),
        (INNER, "Duthao Trong bảng", StyleRule(size, "left", first_line=False)),
        ("DuAppendixHeading", "Duthao Phụ lục", centred),
        ("DuAppendixBody", "Duthao Tên phụ lục", centred),
        ("DuAppendixReference", "Duthao Phụ lục kèm theo", reference),
    ):
        _body_style(document, rules, style_id, name, rule)


def _head_style(document: Any, style_id: str, name: str, part: Component) -> None:
    style = _paragraph_style(document, style_id, name, part.align)
    style.font.size = Pt(part.size_pt)
    style.font.bold, style.font.italic = part.bold or None, part.italic or None
    style.font.underline = part.underline or None
    style.font.all_caps = part.capitals or None
    form = style.paragraph_format
    form.space_before = Pt(part.before_pt)
    if part.inset_mm:
        form.left_indent = form.right_indent = Mm(part.inset_mm)


def _structure_styles(document: Any, rules: RuleSet) -> None:
    for style_id, name, align in (
        (IMAGE, "Duthao Hình", "center"),
        (PAGE_BREAK, "Duthao Ngắt trang", "left"),
        (RULE, "Duthao Đường kẻ", "center"),
        (FILLER, "Duthao Đệm", "left"),
    ):
        style = _paragraph_style(document, style_id, name, align)
        if style_id in (FILLER, RULE):
            style.font.size = Pt(2)

    def form(style_id: str) -> Any:
        return document.styles[f"Duthao {_HEAD[style_id][0]}"].paragraph_format

    signature = form("DuSignature")
    signature.space_before = Mm(layout.SIGNATURE_SPACE_MM)
    signature.line_spacing = Pt(1)
    form("DuAddressees").space_after = Pt(rules.text.gap_pt)
    form("DuDispatcher").first_line_indent = Mm(rules.text.first_line_mm)
    item = form("DuAddressee")
    item.left_indent = Mm(layout.ADDRESSEES_INDENT_MM + layout.ADDRESSEES_COLON_MM + 4)
    item.first_line_indent = Mm(-4)
