"""Checks of the body's order: căn cứ, Điều – khoản – điểm, ending, appendices.

Labels are read as the exporters print them; those that people typed into the text
count too. Pure.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from collab.content.labels import Labeller, parse_label, to_roman
from collab.content.tree import Paragraph, iter_paragraphs
from server.publishing.check.faults import Checked, Fix, Place
from server.publishing.letterhead import has_line, letterhead_of
from server.publishing.parts import is_label

_TYPED = (
    ("article", re.compile(r"\s*(Điều\s+\d{1,4}[.:])\s")),
    ("clause", re.compile(r"\s*(\d{1,3}\.)\s")),
    ("point", re.compile(r"\s*([a-zđ]\))\s")),
)
# What nothing but an appendix of its own begins anew.
_ANEW = frozenset({"part", "chapter", "section", "subsection", "article"})
_CLOSING = re.compile(r"[.;,:…\s/]*$")


def check_structure(doc: Checked) -> None:
    _bases(doc)
    _enacting(doc)
    _numbering(doc)
    _ending(doc)
    _empty(doc)
    _appendices(doc)


def _bases(doc: Checked) -> None:
    main = range(doc.main_count)
    bases = [i for i in main if doc.paragraphs[i].style == "basis" and doc.texts[i]]
    typed = [i for i in main if doc.texts[i].lstrip().startswith("Căn cứ")]
    if doc.kind.basis == "required" and not bases and not typed:
        message = _("Chưa có căn cứ ban hành.")
        doc.add("basis_missing", message, Place())
    for index in bases:
        text = doc.texts[index].rstrip()
        sign = "." if index == bases[-1] else ";"
        if text.endswith(sign):
            continue
        start = _CLOSING.search(text).start()  # type: ignore[union-attr]
        doc.replace(
            "basis_ending",
            _("Mỗi căn cứ kết thúc bằng dấu chấm phẩy, căn cứ cuối bằng dấu chấm."),
            Place(paragraph=index, start=start, end=len(text)),
            text[start:],
            sign,
        )


def _enacting(doc: Checked) -> None:
    enacts = doc.kind.enacts
    if not enacts or has_line(doc.parts[0].blocks, enacts):
        return
    if not doc.content.fields.enacting_authority.strip():
        message = _("Chưa có thẩm quyền ban hành và lời quyết định trước Điều 1.")
        doc.add("enacting_missing", message, Place(), quote=enacts)


def _numbering(doc: Checked) -> None:
    labeller = Labeller()
    starts = _starts(doc)
    anew: frozenset[str] = frozenset()  # what this appendix has not numbered yet
    for index, paragraph in enumerate(doc.paragraphs):
        anew = _ANEW if index in starts else anew
        style, label, typed = _read_label(paragraph, doc.texts[index])
        _letter(doc, index, style, label)
        if label is None:
            labeller.label(paragraph)
            anew -= {style}
            continue
        shown = Paragraph(style=style, number=label)  # type: ignore[arg-type]
        expected = labeller.expected(shown)
        given = parse_label(style, label)
        is_first = style in anew or (given == 1 and style in ("clause", "point"))
        if given is not None and label != expected and not is_first:
            at = doc.texts[index].find(label) if typed else 0
            end = at + len(label) if typed else 0
            fix = Fix("replace", label, expected) if typed else Fix("number", label, "")
            doc.add(
                "numbering_order",
                _("Số thứ tự không liền với mục trước."),
                Place(paragraph=index, start=at, end=end),
                quote=label,
                fix=fix,
            )
        labeller.label(shown)
        anew = anew if given is None else anew - {style}


def _starts(doc: Checked) -> frozenset[int]:
    """Where an appendix begins: at its heading, or, without a page break before it,
    at the line in brackets that says what it is issued with."""
    bracketed = {i for i in doc.references if doc.texts[i].lstrip().startswith("(")}
    starts = set()
    index = 0
    for part in doc.parts:
        if part.is_appendix:
            starts.add(index)
        index += sum(1 for _p in iter_paragraphs(part.blocks))
    return frozenset(starts | bracketed)


def _read_label(paragraph: Paragraph, text: str) -> tuple[str, str | None, bool]:
    """Style, label and whether it was typed; None = the automatic label."""
    if paragraph.style != "body":
        return paragraph.style, paragraph.number, False
    for style, pattern in _TYPED:
        match = pattern.match(text)
        if match is not None:
            label = " ".join(match[1].split())
            return style, label.replace(":", ".") if style == "article" else label, True
    return "body", paragraph.number, False


def _letter(doc: Checked, index: int, style: str, label: str | None) -> None:
    if style == "point" and label and re.match(r"[fjwz]\)", label):
        message = _("Điểm không dùng chữ f, j, w, z (theo bảng chữ cái tiếng Việt).")
        doc.add("point_letter", message, Place(paragraph=index), quote=label)


def _ending(doc: Checked) -> None:
    if not doc.kind.ending:
        return
    fields, rules = doc.content.fields, doc.rules
    if letterhead_of(fields, 0, rules).lines_after:
        return  # the form itself ends the text
    last = next(
        (i for i in reversed(range(doc.main_count)) if doc.texts[i].strip()), None
    )
    if last is None:
        doc.add("body_missing", _("Văn bản chưa có nội dung."), Place())
        return
    text, ending = doc.texts[last].rstrip(), rules.words.ending
    start = _CLOSING.search(text).start()  # type: ignore[union-attr]
    if text[start:].strip() == ending:
        return
    doc.replace(
        "ending_missing",
        _("Cuối văn bản chưa có dấu kết thúc theo mẫu."),
        Place(paragraph=last, start=start, end=len(text)),
        text[start:],
        ending,
    )


def _empty(doc: Checked) -> None:
    """Between paragraphs; in cells and lists an empty one may be meant."""
    top = {id(block) for block in doc.content.blocks if isinstance(block, Paragraph)}
    if not any(text.strip() for text in doc.texts):
        return
    for index, paragraph in enumerate(doc.paragraphs):
        if id(paragraph) in top and not doc.texts[index].strip():
            doc.add(
                "empty_paragraph",
                _("Đoạn trống. Khoảng cách giữa các đoạn đã có sẵn."),
                Place(paragraph=index),
                fix=Fix("remove", "", ""),
            )


def _appendices(doc: Checked) -> None:
    """Numbered with Roman digits when there are two or more, else not at all."""
    index = doc.main_count
    appendices = [part for part in doc.parts[1:] if part.is_appendix]
    labelled = [p for p in appendices if _label_of(p.blocks[0], doc)]
    count = 0
    for part in appendices:
        first = part.blocks[0]
        text = _label_of(first, doc)
        if text:
            count += 1
            word = doc.rules.words.appendix
            wanted = to_roman(count) if len(labelled) > 1 else ""
            given = re.match(r"[\s.:]*([IVXLC]+|\d+)?", text[len(word) :])
            found = given[1] or "" if given else ""
            if found != wanted:
                end = len(word) + (given.end() if given else 0)
                doc.replace(
                    "appendix_number",
                    _("Từ hai phụ lục trở lên mới đánh số, bằng chữ số La Mã."),
                    Place(paragraph=index, end=end),
                    text[:end],
                    f"{text[: len(word)]} {wanted}".rstrip(),
                )
        index += sum(1 for _p in iter_paragraphs(part.blocks))


def _label_of(block: object, doc: Checked) -> str:
    if isinstance(block, Paragraph) and is_label(block.text.strip(), doc.rules):
        return block.text.strip()
    return ""
