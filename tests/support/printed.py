"""A PDF as it is printed, measured: where words stand, how large, in which face.

Read by poppler, so that nothing of the product judges its own work. Lengths are
millimetres from the upper left corner, sizes points. Skips, with the reason, where a
program is not installed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path

import pytest
from PIL import Image

MM = 25.4 / 72
DPI = 200
# Ascent and descent of the faces of Times, per em.
ASCENT, DESCENT = 0.891, 0.216
# What poppler takes for the descent of a font whose file says 0, as LibreOffice's do.
UNKNOWN_DESCENT, TALL = 0.35, 1.2
FONTS = Path(__file__).resolve().parents[2] / "server" / "publishing" / "fonts"
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>{ours}</dir><cachedir>{cache}</cachedir>
<match target="pattern"><test name="family"><string>Times New Roman</string></test>
<edit name="family" mode="assign" binding="same"><string>Tinos</string></edit></match>
</fontconfig>"""
ZOOM = 3  # the most that pdftohtml takes
_WORD = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)<')
_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">')
_SPEC = re.compile(r'<fontspec id="(\d+)" size="([-\d]+)" family="([^"]*)"')
_RUN = re.compile(
    r'<text top="(-?\d+)" left="(-?\d+)" width="(\d+)" height="(\d+)" font="(\d+)">'
)


@dataclass(frozen=True, slots=True)
class Box:
    """`face` is "Bold", "Italic", "BoldItalic" or "" (upright)."""

    left: float
    right: float
    baseline: float
    size_pt: float = 0
    face: str = ""
    text: str = ""
    last: float = 0  # baseline of the last line, when there are several

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def top(self) -> float:
        return self.baseline - ASCENT * self.size_pt * MM

    @property
    def bottom(self) -> float:
        return (self.last or self.baseline) + DESCENT * self.size_pt * MM


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the page, by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Sheet:
    width: float
    height: float
    words: tuple[Box, ...]

    def find(self, text: str) -> Box:
        """The first place of these words, one line or several, all of one look."""
        wanted = text.split()
        for start in range(len(self.words) - len(wanted) + 1):
            group = self.words[start : start + len(wanted)]
            if [w.text for w in group] == wanted:
                return around(group)
        raise AssertionError(f"{text!r} is not printed")

    def lines(self) -> list[Box]:
        """Words that share a baseline, from top to bottom."""
        rows: dict[float, list[Box]] = {}
        for word in self.words:
            at = next((k for k in rows if abs(k - word.baseline) < 0.6), word.baseline)
            rows.setdefault(at, []).append(word)
        return [around(rows[key]) for key in sorted(rows)]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(b.left for b in boxes),
        max(b.right for b in boxes),
        boxes[0].baseline,
        boxes[0].size_pt,
        boxes[0].face,
        " ".join(b.text for b in boxes),
        boxes[-1].baseline,
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """A run of letters of one size and face, in zoomed points."""

    area: Area
    size_pt: float
    face: str


class Printed:
    """One PDF file on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        xml = _output("pdftotext", "-bbox", str(self.path), "-")
        parts = xml.split("<page ")[1:]
        return tuple(
            self._sheet("<page " + part, looks)
            for part, looks in zip(parts, self._looks(), strict=True)
        )

    def _sheet(self, xml: str, looks: list[_Look]) -> Sheet:
        size = _PAGE.match(xml)
        assert size is not None
        words = []
        for match in _WORD.finditer(xml):
            left, top, right, bottom = (float(n) for n in match.groups()[:4])
            look = _look_at(looks, (left + right) / 2, (top + bottom) / 2)
            height = (bottom - top) / look.size_pt
            descent = UNKNOWN_DESCENT if height > TALL else DESCENT
            words.append(
                Box(
                    left * MM,
                    right * MM,
                    (bottom - descent * look.size_pt) * MM,
                    look.size_pt,
                    look.face,
                    unescape(match[5]),
                )
            )
        return Sheet(float(size[1]) * MM, float(size[2]) * MM, tuple(words))

    def _looks(self) -> list[list[_Look]]:
        """The runs of each page, with their sizes and faces."""
        xml = _output(
            "pdftohtml", "-xml", "-i", "-stdout", "-fontfullname",
            "-zoom", str(ZOOM), str(self.path),
        )  # fmt: skip
        fonts = {m[1]: (int(m[2]) / ZOOM, _face(m[3])) for m in _SPEC.finditer(xml)}
        pages = []
        for part in xml.split("<page ")[1:]:
            looks = []
            for match in _RUN.finditer(part):
                top, left, width, height = (int(n) for n in match.groups()[:4])
                area = Area(left, top, left + width, top + height)
                looks.append(_Look(area, *fonts[match[5]]))
            pages.append(looks)
        return pages

    def picture(self, page: int) -> Image.Image:
        """The page (from 1) in colour, DPI dots an inch."""
        stem = self.path.with_suffix(f".{page}")
        _output(
            "pdftoppm", "-r", str(DPI), "-f", str(page), "-l", str(page),
            "-singlefile", "-png", str(self.path), str(stem),
        )  # fmt: skip
        return Image.open(f"{stem}.png").convert("RGB")

    def rule_below(self, box: Box, page: int = 1, within: float = 3) -> Area:
        """The longest dark row of dots from a text's last line to `within` below it,
        that passes under the middle of the text."""
        above = (box.last or box.baseline) + 0.5
        area = Area(0, above, 0, box.bottom + within)
        return self.longest_rule(area, page, near=box.centre)

    def longest_rule(
        self, area: Area, page: int = 1, near: float | None = None
    ) -> Area:
        """The longest dark row of dots between two heights of the page."""
        image = self.picture(page).convert("L")
        per_mm = DPI / 25.4
        best = Area(0, 0, 0, 0)
        for y in range(int(area.top * per_mm), int(area.bottom * per_mm)):
            x = 0
            while x < image.width:
                start = x
                while x < image.width and image.getpixel((x, y)) < 140:  # type: ignore[operator]
                    x += 1
                left, right = start / per_mm, x / per_mm
                is_near = near is None or left <= near <= right
                if is_near and right - left > best.width:
                    best = Area(left, y / per_mm, right, y / per_mm)
                x += 1
        return best

    def red_area(self, page: int = 1) -> Area:
        """What is printed in red: the frame of a stamp."""
        image = self.picture(page)
        red = image.split()[0].point(lambda v: 255 if v > 150 else 0)
        green = image.split()[1].point(lambda v: 255 if v < 120 else 0)
        both = Image.composite(green, Image.new("L", image.size, 0), red)
        box = both.getbbox()
        assert box is not None, "nothing is red"
        return Area(*(v * 25.4 / DPI for v in box))


def _look_at(looks: list[_Look], x: float, y: float) -> _Look:
    def distance(look: _Look) -> float:
        area = look.area
        across = max(area.left - x * ZOOM, x * ZOOM - area.right, 0)
        along = max(area.top - y * ZOOM, y * ZOOM - area.bottom, 0)
        middle = abs((area.top + area.bottom) / 2 - y * ZOOM)
        return across + along * 4 + middle / 100

    return min(looks, key=distance)


def _face(name: str) -> str:
    bold = "Bold" if "Bold" in name else ""
    return bold + ("Italic" if "Italic" in name else "")


def word_to_pdf(folder: Path, documents: dict[str, bytes]) -> dict[str, Path]:
    """Word files through LibreOffice, all in one start of it.

    It is given our face for Times New Roman, of the same widths: a machine without the
    real one would set Vietnamese letters in another face, and measure that.
    """
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    for name, data in documents.items():
        (folder / f"{name}.docx").write_bytes(data)
    fonts = folder / "fonts.conf"
    fonts.write_text(_FONTS.format(ours=FONTS, cache=folder / "fonts"))
    subprocess.run(
        [
            office,
            "--headless",
            f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            *(str(folder / f"{name}.docx") for name in documents),
        ],
        check=True,
        capture_output=True,
        timeout=180,
        env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
    )
    return {name: folder / f"{name}.pdf" for name in documents}


def need_poppler() -> None:
    for program in ("pdftotext", "pdftohtml", "pdftoppm"):
        if shutil.which(program) is None:
            pytest.skip("poppler-utils is not installed")


def _output(*command: str) -> str:
    done = subprocess.run(command, check=True, capture_output=True, timeout=60)
    return done.stdout.decode()
