"""Automatic labels of numbered paragraphs: "Chương I", "Điều 1.", "a)" …

Labels are never stored: they follow from the order of paragraphs, so that moving a
Điều renumbers the rest and two people who insert one each do not collide. The editor
follows the same rules; `tests/unit/collab/content/label_cases.json` is read by both.

Rules, over all paragraphs in document order (those in lists and tables too):
1. part, chapter, section, subsection and article count from 1; chapter restarts at a
   part, section at a chapter, subsection at a section (and at what restarts those);
   article never restarts.
2. clause restarts at an article and at a part, chapter, section, subsection or
   heading; point restarts at a clause and at what restarts clauses.
3. `number` replaces the label. If it is the label of some number of its style
   ("Điều 7."), counting goes on from it; else ("Điều 5a.", "") nothing is counted.
   Either way it restarts what its style restarts.

Pure; must never read or change anything but its arguments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from collab.content.tree import Block, Paragraph, iter_paragraphs

# No f, j, w, z; ă â ê ô ơ ư are not used for points (NĐ 30/2020, Phụ lục I, and use).
POINT_LETTERS = "abcdđeghiklmnopqrstuvxy"
OWN_LINE_STYLES = frozenset({"part", "chapter", "section", "subsection"})

_RESTARTS: dict[str, tuple[str, ...]] = {
    "part": ("chapter", "section", "subsection", "clause", "point"),
    "chapter": ("section", "subsection", "clause", "point"),
    "section": ("subsection", "clause", "point"),
    "subsection": ("clause", "point"),
    "article": ("clause", "point"),
    "heading": ("clause", "point"),
    "clause": ("point",),
    "point": (),
}
_FORMS: dict[str, tuple[str, str]] = {
    "part": ("Phần ", ""),
    "chapter": ("Chương ", ""),
    "section": ("Mục ", ""),
    "subsection": ("Tiểu mục ", ""),
    "article": ("Điều ", "."),
    "clause": ("", "."),
    "point": ("", ")"),
}
_ROMAN_DIGITS = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_MAX_NUMBER = 3999  # the last that Roman digits can write


class Labeller:
    """Gives labels to paragraphs that come in document order."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def label(self, paragraph: Paragraph) -> str:
        """The label without the space after it; "" when there is none."""
        style = paragraph.style
        for lower in _RESTARTS.get(style, ()):
            self._counts[lower] = 0
        if style not in _FORMS:
            return paragraph.number or ""
        if paragraph.number is not None:
            number = parse_label(style, paragraph.number)
            if number is not None:
                self._counts[style] = number
            return paragraph.number
        self._counts[style] = self._counts.get(style, 0) + 1
        return format_label(style, self._counts[style])

    def expected(self, paragraph: Paragraph) -> str:
        """The automatic label that this paragraph would get now; counts nothing."""
        return format_label(paragraph.style, self._counts.get(paragraph.style, 0) + 1)


def label_paragraphs(blocks: Iterable[Block]) -> tuple[str, ...]:
    """Labels in the order of `tree.iter_paragraphs`."""
    labeller = Labeller()
    return tuple(labeller.label(p) for p in iter_paragraphs(blocks))


def format_label(style: str, number: int) -> str:
    """`format_label("article", 3)` → "Điều 3."; "" for a style without labels."""
    if style not in _FORMS:
        return ""
    before, after = _FORMS[style]
    return f"{before}{_write_number(style, number)}{after}"


def parse_label(style: str, label: str) -> int | None:
    """The number in a label of exactly the automatic form, else None."""
    if style not in _FORMS:
        return None
    before, after = _FORMS[style]
    match = re.fullmatch(
        re.escape(before) + r"(\w{1,15})" + re.escape(after), label.strip()
    )
    if match is None:
        return None
    number = _read_number(style, match[1])
    # Only the one spelling of a number counts: "01." is a choice, not a place.
    if number is None or format_label(style, number) != label.strip():
        return None
    return number


def to_roman(number: int) -> str:
    if not 0 < number <= _MAX_NUMBER:
        return str(number)
    digits = ""
    for value, letters in _ROMAN_DIGITS:
        count, number = divmod(number, value)
        digits += letters * count
    return digits


def to_letters(number: int) -> str:
    """1 → a, 5 → đ, 23 → y, 24 → aa, 25 → ab."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, len(POINT_LETTERS))
        letters = POINT_LETTERS[rest] + letters
    return letters


def _write_number(style: str, number: int) -> str:
    if style in ("part", "chapter"):
        return to_roman(number)
    if style == "point":
        return to_letters(number)
    return str(number)


def _read_number(style: str, text: str) -> int | None:
    if style in ("part", "chapter"):
        values = {letters: value for value, letters in _ROMAN_DIGITS}
        if not all(c in values for c in text):
            return None
        total = 0
        for here, after in zip(text, [*text[1:], ""], strict=True):
            value = values[here]
            total += -value if after and values[after] > value else value
        return total if total > 0 else None
    if style == "point":
        total = 0
        for char in text:
            index = POINT_LETTERS.find(char)
            if index < 0:
                return None
            total = total * len(POINT_LETTERS) + index + 1
            if total > _MAX_NUMBER:
                return None
        return total
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        return None
    return int(text) or None
