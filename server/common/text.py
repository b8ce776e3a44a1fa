"""Vietnamese text: one stored form, one search key, one order.

Stored text is NFC (TCVN 6909:2001 is Unicode, precomposed in practice). Search
ignores case, diacritics and where the tone mark stands (hoà = hòa). Names sort by
the given name, which is the last word. Pure; must never touch the database.
"""

from __future__ import annotations

import re
import unicodedata

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Order of tones in Vietnamese dictionaries: none, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES = {"\u0306", "\u0302", "\u031b"}  # breve, circumflex, horn make letters
# Only where nothing follows does the placement differ: hoà, but hoàn; quý is no uy.
_LATE_TONE = re.compile(
    r"o[àáảãạ](?![^\W\d_])|o[èéẻẽẹ](?![^\W\d_])|(?<!q)u[ỳýỷỹỵ](?![^\W\d_])"
)


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def search_key(text: str) -> str:
    """Fold to lower-case ASCII letters: 'Đắk Lắk' and 'dak lak' give the same key.

    Tone marks vanish, so both tone-mark placements fold alike. Runs of white space
    become one space.
    """
    decomposed = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(
        c for c in decomposed if not unicodedata.combining(c) and c != "\x00"
    )
    return " ".join(bare.replace("đ", "d").split())


def accent_key(text: str) -> str:
    """Fold case and the place of the tone mark, and keep the accents.

    'Hoà' and 'HÒA' give 'hòa'; 'hoa' stays another word. NFC.
    """
    lower = nfc(nfc(text).casefold())
    return _LATE_TONE.sub(lambda found: _early_tone(found[0]), lower)


def collation_key(text: str) -> str:
    """A key whose byte order is the Vietnamese dictionary order.

    Letters compare first (a ă â b c d đ e ê …), then tones, then the text itself.
    """
    letters: list[str] = []
    tones: list[str] = []
    for word in nfc(text).casefold().split():
        for char in word:
            base, tone = _split(char)
            index = _ALPHABET.find(base)
            # Digits and signs keep their place before letters; foreign letters after.
            letters.append(f"{index + 200:03d}" if index >= 0 else f"{ord(base):06x}")
            tones.append(str(tone))
        letters.append("!")
        tones.append("0")
    return "".join(letters) + "|" + "".join(tones)


def name_sort_key(full_name: str) -> str:
    """Order people as a Vietnamese list does: given name, then middle, then family."""
    words = nfc(full_name).split()
    return collation_key(" ".join([*words[-1:], *words[1:-1], *words[:1]]))


def _early_tone(pair: str) -> str:
    """Move the tone of the second vowel to the first: 'oà' → 'òa'."""
    first, second = pair[0], pair[1]
    parts = unicodedata.normalize("NFD", second)
    return nfc(first + parts[1:]) + parts[0]


def _split(char: str) -> tuple[str, int]:
    """Part a letter from its tone: 'ắ' → ('ă', 4)."""
    tone = 0
    kept: list[str] = []
    for part in unicodedata.normalize("NFD", char):
        if part in _TONES:
            tone = _TONES[part]
        elif not unicodedata.combining(part) or part in _SHAPES:
            kept.append(part)
    return unicodedata.normalize("NFC", "".join(kept)), tone
