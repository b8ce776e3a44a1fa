"""The fonts that PDFs embed, and what they can show.

Tinos has the widths of Times New Roman and full Vietnamese; it lies beside this module
so that every machine makes the same pages. Must never look at the system's fonts.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FOLDER = Path(__file__).parent / "fonts"
FACES = ("Regular", "Bold", "Italic", "BoldItalic")
# Signs that need no glyph: they only say how text flows.
_INVISIBLE = frozenset(map(ord, "\t\n\r\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0f"))


def missing_characters(text: str) -> tuple[str, ...]:
    """Characters that no page can show, in the order in which they come; each once."""
    covered = covered_code_points()
    found: dict[str, None] = {}
    for char in text:
        code = ord(char)
        if code not in covered and code not in _INVISIBLE:
            found[char] = None
    return tuple(found)


@lru_cache(maxsize=1)
def covered_code_points() -> frozenset[int]:
    """What all faces can show, since any text may be set bold or italic."""
    return frozenset.intersection(
        *(code_points((FOLDER / f"Tinos-{face}.ttf").read_bytes()) for face in FACES)
    )


def text_width_mm(text: str, size_pt: float, *, bold: bool = False) -> float:
    return _face(bold).getlength(text) / 1000 * size_pt / 72 * 25.4


def code_points(font: bytes) -> frozenset[int]:
    """The code points of a TrueType font's character map (formats 4 and 12).

    Raises ValueError when it has neither. Source: OpenType specification, `cmap`.
    """
    tables = struct.unpack_from(">H", font, 4)[0]
    start = None
    for index in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if tag == b"cmap":
            start = offset
    if start is None:
        raise ValueError("no cmap table")
    best: frozenset[int] | None = None
    for index in range(struct.unpack_from(">H", font, start + 2)[0]):
        _, _, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * index)
        form = struct.unpack_from(">H", font, start + offset)[0]
        if form == 12:
            return _format_12(font, start + offset)
        if form == 4:
            best = _format_4(font, start + offset)
    if best is None:
        raise ValueError("no Unicode character map")
    return best


@lru_cache(maxsize=2)
def _face(bold: bool) -> ImageFont.FreeTypeFont:
    name = "Tinos-Bold.ttf" if bold else "Tinos-Regular.ttf"
    return ImageFont.truetype(str(FOLDER / name), 1000)


def _format_12(font: bytes, at: int) -> frozenset[int]:
    found: set[int] = set()
    for index in range(struct.unpack_from(">I", font, at + 12)[0]):
        first, last, _ = struct.unpack_from(">III", font, at + 16 + 12 * index)
        found.update(range(first, last + 1))
    return frozenset(found)


def _format_4(font: bytes, at: int) -> frozenset[int]:
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", font, at + 16 + 4 * count)
    offsets_at = at + 16 + 6 * count
    offsets = struct.unpack_from(f">{count}H", font, offsets_at)
    found: set[int] = set()
    for index in range(count):
        for code in range(starts[index], ends[index] + 1):
            glyph = code
            if offsets[index]:
                place = offsets_at + 2 * index + offsets[index]
                place += 2 * (code - starts[index])
                glyph = struct.unpack_from(">H", font, place)[0]
                if not glyph:
                    continue
            if (glyph + deltas[index]) & 0xFFFF and code != 0xFFFF:
                found.add(code)
    return frozenset(found)
