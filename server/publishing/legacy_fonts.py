"""Text of the fonts from before Unicode: TCVN3 (".VnTime") and VNI ("VNI-Times").

In such a font, "®" is drawn as "đ": the letters are right only with the font. Converted
by the font's name, run by run. Pure; must never guess from the text alone.

Sources: TCVN 5712:1993 (VN3), and the published VNI for Windows table.
"""

from __future__ import annotations

import re

_TCVN3_CODES = (
    "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢£¤¥¦§"
)
_TCVN3_LETTERS = (
    "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ"
)
_TCVN3 = str.maketrans(_TCVN3_CODES, _TCVN3_LETTERS)

_VNI_TONES = {"ù": "áéóúý", "ø": "àèòùỳ", "û": "ảẻỏủỷ", "õ": "ãẽõũỹ", "ï": "ạẹọụỵ"}
_VNI_HATS = {"â": "âêô", "á": "ấếố", "à": "ầềồ", "å": "ẩểổ", "ã": "ẫễỗ", "ä": "ậệộ"}
_VNI_BREVES = {"ê": "ă", "é": "ắ", "è": "ằ", "ú": "ẳ", "ü": "ẵ", "ë": "ặ"}
_VNI_HORNS = {"ù": "ớứ", "ø": "ờừ", "û": "ởử", "õ": "ỡữ", "ï": "ợự"}


def _vni_table() -> dict[str, str]:
    table = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
    for sign, letters in _VNI_TONES.items():
        table |= {base + sign: x for base, x in zip("aeouy", letters, strict=True)}
    for sign, letters in _VNI_HATS.items():
        table |= {base + sign: x for base, x in zip("aeo", letters, strict=True)}
    table |= {"a" + sign: letter for sign, letter in _VNI_BREVES.items()}
    for sign, letters in _VNI_HORNS.items():
        table |= {base + sign: x for base, x in zip("ôö", letters, strict=True)}
    upper = {key.upper(): value.upper() for key, value in table.items()}
    mixed = {
        key[0].upper() + key[1:]: value.upper()
        for key, value in table.items()
        if len(key) > 1
    }
    return mixed | upper | table


_VNI = _vni_table()
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def is_legacy_font(name: str | None) -> bool:
    return bool(name) and str(name).casefold().startswith((".vn", "vni-"))


def to_unicode(text: str, font: str) -> str:
    """Text of a run in this font as Unicode; unchanged for any other font."""
    folded = font.casefold()
    if folded.startswith(".vn"):
        text = text.translate(_TCVN3)
        # The capital fonts (".VnTimeH") draw small letters as capitals.
        return text.upper() if folded.endswith("h") else text
    if folded.startswith("vni-"):
        return _VNI_PATTERN.sub(lambda match: _VNI[match[0]], text)
    return text
