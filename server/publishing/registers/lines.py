"""How a text breaks into the lines of a narrow column: how many, and where a word may.

Programs break at spaces; a notation such as 12/QĐ-BCĐPCTT&TKCN has none and may be
wider than its column. Pure. Must never take a sign away.
"""

from __future__ import annotations

import re
from functools import lru_cache

from server.publishing.fonts import text_width_mm

# No sign is wider than this part of the size of the letters (the W of Times is 0.944).
_WIDEST = 1.0
_MM_PER_PT = 25.4 / 72
_MAY_BREAK = "\u200b"
_PIECES = re.compile(r"[^/&._@–-]*[/&._@–-]+|[^/&._@–-]+")


def lines_in(text: str, room_mm: float, size_pt: float, *, bold: bool = False) -> int:
    """How many lines the text takes in a column that has so much room."""
    return sum(
        _lines_of(line, room_mm, size_pt, bold=bold) for line in text.split("\n")
    )


def _lines_of(line: str, room_mm: float, size_pt: float, *, bold: bool) -> int:
    space = _width(" ", size_pt, bold)
    count, filled = 1, 0.0
    for word in line.split():
        width = _width(word, size_pt, bold)
        if filled and filled + space + width > room_mm:
            count, filled = count + 1, 0.0
        if width > room_mm:
            # The next word begins a line: a guess too many is a blank strip, one too
            # few hides a line.
            count += len(_by_letters(word, room_mm, size_pt, bold)) - 1
            filled = room_mm
        else:
            filled += width + (space if filled else 0.0)
    return count


def breakable(text: str, room_mm: float, size_pt: float, *, bold: bool = False) -> str:
    """The same text, with places in words too wide for the room where they may break:
    after a stroke or a hyphen, and if need be between any two letters."""
    safe = room_mm / (_WIDEST * size_pt * _MM_PER_PT)
    if all(len(word) <= safe for word in text.split()):
        return text
    return re.sub(r"\S+", lambda m: _broken(m[0], room_mm, size_pt, bold), text)


def _broken(word: str, room_mm: float, size_pt: float, bold: bool) -> str:
    if _width(word, size_pt, bold) <= room_mm:
        return word
    pieces: list[str] = []
    for piece in _PIECES.findall(word):
        pieces += _by_letters(piece, room_mm, size_pt, bold)
    return _MAY_BREAK.join(pieces)


def _by_letters(word: str, room_mm: float, size_pt: float, bold: bool) -> list[str]:
    """As many letters on each line as it holds; one at least."""
    pieces = []
    while len(word) > 1 and _width(word, size_pt, bold) > room_mm:
        fits = 1
        while _width(word[: fits + 1], size_pt, bold) <= room_mm:
            fits += 1
        pieces.append(word[:fits])
        word = word[fits:]
    return [*pieces, word]


@lru_cache(maxsize=16_384)
def _width(word: str, size_pt: float, bold: bool) -> float:
    return text_width_mm(word, size_pt, bold=bold)
