"""Checks of the words: spaces, tone marks, dates, capitals, abbreviations, old fonts.

Only what a rule can decide is a fault; nothing here knows a dictionary. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from collab.content.labels import parse_label
from server.publishing.check.faults import Checked, Place, is_shouted, part_of
from server.publishing.check.old_fonts import find_old_fonts
from server.publishing.check.vocabulary import VOCABULARY

_DOUBLE = re.compile(r"(?<=\S)[ \u00a0]{2,}(?=\S)")
_BEFORE = re.compile(r"(?<=[\wÀ-ỹ)”\"])[ \u00a0]+(?=[,;:!?)”]|\.(?!\w))")
_AFTER = re.compile(r"(?<=[a-zà-ỹ])([,;:])(?=[A-Za-zÀ-ỹ])")
# Left blank in "(Kèm theo Quyết định số   /QĐ-… ngày   tháng   năm   )": whoever gives
# the number fills it in.
_BLANK = re.compile(
    r"(?<![\wÀ-ỹ])(?:(?:số:?|ngày|tháng)[ \u00a0.…_]*|năm[ \u00a0.…_\d]*)"
    r"(?=/|tháng\b|năm\b|của\b|[,;)]|$)"
)
_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*")
# Open syllables in oa, oe, uy, the tone on the first vowel and on the second; "qu" is
# one consonant.
_OLD_TONE = re.compile(
    r"[òóỏõọÒÓỎÕỌ][aeAE](?![\wÀ-ỹ])|(?<![qQ])[ùúủũụÙÚỦŨỤ][yY](?![\wÀ-ỹ])"
)
_NEW_TONE = re.compile(
    r"[oO][àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸ](?![\wÀ-ỹ])"
    r"|(?<![qQ])[uU][ỳýỷỹỵỲÝỶỸỴ](?![\wÀ-ỹ])"
)
_LONG_DATE = re.compile(
    r"ngày (?P<day>\d{1,2})(?P<comma>\s*,)?\s+tháng (?P<month>\d{1,2})(?P<also>\s*,)?"
    r"(?=\s+năm \d{4})"
)
_SHORT_DATE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
_CAPS = re.compile(r"(?<![\w/À-ỹ-])[A-ZĐ][A-ZĐ0-9&]*[A-ZĐ][A-ZĐ0-9]*(?![\w/À-ỹ-])")


def check_words(doc: Checked) -> None:
    for place, text in doc.passages():
        _spaces(doc, place, text)
        _dates(doc, place, text)
        _old_fonts(doc, place, text)
        if not is_shouted(text):
            _capitals(doc, place, text)
    _tones(doc)
    _abbreviations(doc)


def _spaces(doc: Checked, place: Place, text: str) -> None:
    is_reference = place.paragraph in doc.references
    blanks = [m.span() for m in _BLANK.finditer(text)] if is_reference else []
    for match in _DOUBLE.finditer(text):
        if _lies_in(blanks, match):
            continue
        at = part_of(place, match.start(), match.end())
        doc.replace("double_space", _("Thừa khoảng trắng."), at, match[0], " ")
    for match in _BEFORE.finditer(text):
        if _lies_in(blanks, match):
            continue
        at = part_of(place, match.start(), match.end())
        message = _("Thừa khoảng trắng trước dấu câu.")
        doc.replace("space_before_sign", message, at, match[0], "")
    addresses = [m.span() for m in _ADDRESS.finditer(text)]
    for match in _AFTER.finditer(text):
        if _lies_in(addresses, match):
            continue
        at = part_of(place, match.start(), match.end())
        message = _("Thiếu khoảng trắng sau dấu câu.")
        doc.replace("space_after_sign", message, at, match[1], match[1] + " ")


def _lies_in(spans: list[tuple[int, int]], match: re.Match[str]) -> bool:
    return any(start <= match.start() < end for start, end in spans)


def _dates(doc: Checked, place: Place, text: str) -> None:
    zeros = doc.rules.zeros
    message = format_lazy(
        _("Ngày dưới {day}, tháng dưới {month} thêm số 0 ở trước; không có dấu phẩy."),
        day=zeros.day_below,
        month=zeros.month_below,
    )
    for match in _LONG_DATE.finditer(text):
        day, month = int(match["day"]), int(match["month"])
        if not (1 <= day <= 31 and 1 <= month <= 12):
            wrong = _("Ngày tháng này không có trong lịch.")
            at = part_of(place, match.start(), match.end())
            doc.replace("date_form", wrong, at, match[0], None)
            continue
        right = f"ngày {zeros.day(day)} tháng {zeros.month(month)}"
        if match[0] != right:
            at = part_of(place, match.start(), match.end())
            doc.replace("date_form", message, at, match[0], right)
    for match in _SHORT_DATE.finditer(text):
        day, month = int(match[1]), int(match[2])
        if not (1 <= day <= 31 and 1 <= month <= 12):
            continue
        # A leading zero of another month is common in short dates, and harmless.
        is_free = month >= zeros.month_below
        shown = match[2] if is_free else zeros.month(month)
        right = f"{zeros.day(day)}/{shown}/{match[3]}"
        if match[0] != right:
            at = part_of(place, match.start(), match.end())
            doc.replace("date_form", message, at, match[0], right)


def _capitals(doc: Checked, place: Place, text: str) -> None:
    for rule in VOCABULARY.on(doc.day).capitals:
        for match in rule.wrong.finditer(text):
            right = rule.correction(match)
            if match[0] == right or match[0] in rule.keep:
                continue
            at = part_of(place, match.start(), match.end())
            message = _("Viết hoa chưa đúng quy định.")
            doc.replace("capitals", message, at, match[0], right)


def _tones(doc: Checked) -> None:
    """Both hòa and hoà in one text: the rarer of the two ways is the fault."""
    passages = list(doc.passages())
    old = [(p, m) for p, t in passages for m in _OLD_TONE.finditer(t)]
    new = [(p, m) for p, t in passages for m in _NEW_TONE.finditer(t)]
    if not old or not new:
        return
    rarer, to_new = (old, True) if len(old) < len(new) else (new, False)
    message = _("Đặt dấu thanh chưa thống nhất (hòa – hoà) trong văn bản.")
    for place, match in rarer:
        at = part_of(place, match.start(), match.end())
        doc.replace("tone_marks", message, at, match[0], moved_tone(match[0], to_new))


def moved_tone(pair: str, to_new: bool) -> str:
    """ "òa" ↔ "oà": the tone on the other of two vowels."""
    first, second = pair[0], pair[1]
    source, target = (first, second) if to_new else (second, first)
    split = unicodedata.normalize("NFD", source)
    tone = next(c for c in split if c in "\u0300\u0309\u0303\u0301\u0323")
    bare = unicodedata.normalize("NFC", split.replace(tone, ""))
    toned = unicodedata.normalize("NFC", target + tone)
    return bare + toned if to_new else toned + bare


def _abbreviations(doc: Checked) -> None:
    """Short forms that no earlier place of the text explains; each is named once."""
    known = VOCABULARY.on(doc.day).abbreviations
    body = "\n".join(doc.texts)
    seen: Counter[str] = Counter()
    for place, text in doc.passages():
        if place.paragraph is None or is_shouted(text):
            continue
        for match in _CAPS.finditer(text):
            short = match[0]
            seen[short] += 1
            if short in known or seen[short] > 1 or _is_numeral(short):
                continue
            if _is_explained(short, body):
                continue
            at = part_of(place, match.start(), match.end())
            message = _("Chữ viết tắt chưa được giải thích ở lần dùng đầu tiên.")
            doc.add("abbreviation", message, at, quote=short)


def _is_numeral(word: str) -> bool:
    return parse_label("chapter", f"Chương {word}") is not None


def _is_explained(short: str, body: str) -> bool:
    word = re.escape(short)
    return bool(
        re.search(rf"\((?:[^()]*\b)?{word}\)", body)
        or re.search(rf"(?:gọi tắt|viết tắt|gọi)\s+là\s*:?\s*[“\"]?{word}\b", body)
    )


def _old_fonts(doc: Checked, place: Place, text: str) -> None:
    message = _("Còn chữ của phông cũ (TCVN3, VNI).")
    for start, end, right in find_old_fonts(text):
        at = part_of(place, start, end)
        doc.replace("old_font", message, at, text[start:end], right)
