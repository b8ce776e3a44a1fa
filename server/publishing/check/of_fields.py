"""Checks of the letterhead: what must be there, and in which form.

Pure; each function adds its faults to what is being checked.
"""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext_lazy as _

from server.common.text import search_key
from server.publishing.check.faults import Checked, Place, part_of
from server.publishing.check.vocabulary import VOCABULARY
from server.publishing.letterhead import (
    bare_line,
    clean_text,
    lines_of,
    padded_number,
)

_AUTHORITY = re.compile(r"^(?P<code>[A-ZĐ]{1,3}(?:[./][A-ZĐ]?)?)\s+(?=\S)")


def check_fields(doc: Checked) -> None:
    _subject(doc)
    _issuer(doc)
    _addressees(doc)
    _signer(doc)
    _authority(doc)
    _recipients(doc)
    _number(doc)
    _date(doc)


def _subject(doc: Checked) -> None:
    subject = clean_text(doc.content.fields.subject).strip()
    place = Place(field="subject", end=len(subject))
    if not subject and doc.kind.subject != "none":
        doc.add("subject_missing", _("Chưa có trích yếu."), place)
    if len(subject) > doc.rules.words.subject_limit:
        doc.add(
            "subject_too_long",
            _("Trích yếu dài quá số ký tự cho phép. Hãy rút gọn."),
            place,
            quote=subject[:60],
        )


def _issuer(doc: Checked) -> None:
    fields = doc.content.fields
    if not fields.issuer.strip():
        message = _("Chưa có tên cơ quan ban hành.")
        doc.add("issuer_missing", message, Place(field="issuer"))
    if doc.kind.place_date and not fields.place.strip():
        doc.add("place_missing", _("Chưa có địa danh."), Place(field="place"))


def _addressees(doc: Checked) -> None:
    wanted = doc.kind.addressees
    lines = lines_of(doc.content.fields.addressees)
    if wanted in ("required", "dispatch") and not lines:
        message = _("Chưa có nơi gửi đến (Kính gửi).")
        doc.add("addressees_missing", message, Place(field="addressees"))
    if wanted != "none":
        return
    message = _("Loại văn bản này không có mục Kính gửi.")
    if lines:
        doc.add("addressees_unexpected", message, Place(field="addressees"))
    for index, text in enumerate(doc.texts[: doc.main_count]):
        if text.strip().startswith("Kính gửi"):
            place = Place(paragraph=index, end=len(text))
            doc.add("addressees_unexpected", message, place, quote=text[:60])


def _signer(doc: Checked) -> None:
    fields = doc.content.fields
    pairs = [("signer_position", "signer_name")]
    if doc.kind.signatures == 2:
        pairs.append(("", "second_name"))
    for position, name in pairs:
        if not getattr(fields, name).strip():
            message = _("Chưa có họ tên người ký.")
            doc.add("signer_missing", message, Place(field=name))
        if position and not getattr(fields, position).strip():
            message = _("Chưa có chức vụ người ký.")
            doc.add("signer_missing", message, Place(field=position))
        _name(doc, name)


def _name(doc: Checked, field: str) -> None:
    name = clean_text(getattr(doc.content.fields, field))
    titles = VOCABULARY.on(doc.day).titles
    title = titles.match(name) if titles else None
    if title is not None and title[0].strip():
        doc.replace(
            "signer_title",
            _("Không ghi học hàm, học vị trước họ tên người ký."),
            Place(field=field, end=title.end()),
            title[0],
            "",
        )
        return
    right = " ".join(word[:1].upper() + word[1:] for word in name.split())
    if name.strip() and right != " ".join(name.split()):
        doc.replace(
            "name_capitals",
            _("Viết hoa chữ cái đầu của mọi âm tiết trong tên người."),
            Place(field=field, end=len(name)),
            name,
            right,
        )


def _authority(doc: Checked) -> None:
    """ "KT CHỦ TỊCH", "T/M ỦY BAN NHÂN DÂN": a code that the norm does not know."""
    codes = doc.rules.authorities
    for field in ("signer_authority", "signer_position"):
        text = clean_text(getattr(doc.content.fields, field))
        match = _AUTHORITY.match(text.upper())
        if match is None or match["code"] in codes:
            continue
        bare = re.sub(r"[./]", "", match["code"])
        same = {re.sub(r"[./]", "", code): code for code in codes}
        if bare not in same and match["code"].isalpha():
            continue  # a word, such as "Q" in no code at all
        place = Place(field=field, end=match.end("code"))
        old = text[: match.end("code")]
        message = _("Quyền hạn người ký ghi chưa đúng ký hiệu quy định.")
        doc.replace("authority_form", message, place, old, same.get(bare))


def _recipients(doc: Checked) -> None:
    if not doc.kind.recipients:
        return
    text = clean_text(doc.content.fields.recipients)
    lines = [bare_line(line) for line in lines_of(text)]
    lines = [line for line in lines if line]
    if not lines:
        message = _("Chưa có nơi nhận.")
        doc.add("recipients_missing", message, Place(field="recipients"))
        return
    filed = doc.rules.words.filed
    key = _key(filed)
    match = next((line for line in lines if _key(line).startswith(key)), None)
    if match is None:
        doc.replace(
            "recipients_not_filed",
            _("Nơi nhận chưa có dòng lưu ở văn thư."),
            Place(field="recipients", start=len(text), end=len(text)),
            "",
            f"\n{filed}",
        )
    elif not match.startswith(filed):
        start = text.index(match)
        end = start + _length_of(match, key)
        doc.replace(
            "recipients_not_filed",
            _("Dòng lưu ghi chưa đúng mẫu."),
            Place(field="recipients", start=start, end=end),
            text[start:end],
            filed,
        )
    same = doc.rules.words.same_as_above
    if doc.kind.subject == "letter" and _key(same) != _key(lines[0]):
        message = _("Dòng đầu của nơi nhận trong công văn là “Như trên”.")
        doc.add("recipients_same_as_above", message, Place(field="recipients"))


def _number(doc: Checked) -> None:
    fields, words = doc.content.fields, doc.rules.words
    number = fields.number.strip()
    if number and not re.fullmatch(
        words.number_pattern, padded_number(number, doc.rules)
    ):
        message = _("Số văn bản ghi chưa đúng dạng.")
        doc.add("number_form", message, Place(field="number"), quote=number)
    notation = clean_text(fields.notation).strip()
    place = Place(field="notation", end=len(clean_text(fields.notation)))
    if not notation:
        doc.add("notation_form", _("Chưa có ký hiệu văn bản."), place)
    elif not re.fullmatch(words.notation_pattern, notation):
        right = re.sub(r"\s+|[–—]", lambda m: "" if m[0].isspace() else "-", notation)
        is_right = re.fullmatch(words.notation_pattern, right) is not None
        doc.replace(
            "notation_form",
            _("Ký hiệu ghi chưa đúng dạng, ví dụ: có khoảng trắng."),
            place,
            notation,
            right if is_right else None,
        )
    elif doc.kind.name_line and doc.kind.subject != "letter":
        code = fields.document_type
        bare = re.sub(r"^\d{4}/", "", notation)
        if not re.match(rf"{re.escape(code)}(?:[-/]|$)", bare):
            message = _("Ký hiệu chưa bắt đầu bằng chữ viết tắt tên loại văn bản.")
            doc.add("notation_type", message, place, quote=notation)


def _date(doc: Checked) -> None:
    for field in ("date", "deadline"):
        text = getattr(doc.content.fields, field).strip()
        if not text:
            continue
        try:
            date.fromisoformat(text)
        except ValueError:
            message = _("Ngày tháng này không có trong lịch.")
            doc.add("date_form", message, part_of(Place(field=field), 0, len(text)))


def _key(text: str) -> str:
    return "".join(c for c in search_key(text) if c.isalnum())


def _length_of(text: str, key: str) -> int:
    """How many characters of the text make up the key."""
    for length in range(1, len(text) + 1):
        if _key(text[:length]) == key:
            return length
    return len(text)
