"""Words that only make sense in a font from before Unicode.

The font is no longer known, so a word counts only when it holds signs that Vietnamese
does not have and reads as a Vietnamese syllable once converted. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from server.common.text import search_key
from server.publishing.legacy_fonts import to_unicode

_FONTS = (".VnTime", "VNI-Times")
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_WORD = re.compile(r"[^\s,.;:!?()\"“”/]+")
# Latin letters and signs of one byte that no Vietnamese word is written with.
_STRANGE = re.compile(
    r"[\u00a1-\u00bf\u00c4-\u00c7\u00cb\u00ce-\u00d1\u00d6-\u00d8\u00db\u00dc\u00de"
    r"\u00df\u00e4-\u00e7\u00eb\u00ee-\u00f1\u00f6-\u00f8\u00fb\u00fc\u00fe\u00ff]"
)
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnpqrstvx])?"
    r"[aeiouy]{1,3}(?:ch|nh|ng|[cmnpt])?"
)


def find_old_fonts(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and the word in Unicode, of each word that is in an old font."""
    if not _STRANGE.search(text):
        return
    for match in _WORD.finditer(text):
        if len(match[0]) < 2 or not _STRANGE.search(match[0]):
            continue
        for font in _FONTS:
            right = unicodedata.normalize("NFC", to_unicode(match[0], font))
            if is_syllable(right):
                yield match.start(), match.end(), right
                break


def is_syllable(word: str) -> bool:
    """Whether this could be a Vietnamese word of one syllable."""
    split = unicodedata.normalize("NFD", word)
    if sum(c in _TONES for c in split) > 1 or _STRANGE.search(word):
        return False
    return _SYLLABLE.fullmatch(search_key(word)) is not None
