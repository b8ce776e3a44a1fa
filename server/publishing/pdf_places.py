"""Where number, date, signature and seal belong on the pages of a PDF.

`layout.typ` sets invisible marks; typst tells where they came to stand. Lengths are
points from the lower left corner of the page, as PDF counts. Pure; must never guess a
place: what has no mark has no place.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

MARKS = "<duthao-mark>"
PT_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Box:
    """`page` counts from 0."""

    page: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Blank:
    """A gap in a line of text, and the look of the letters beside it."""

    page: int
    left: float
    right: float
    baseline: float
    size_pt: float
    italic: bool


@dataclass(frozen=True, slots=True)
class Places:
    """None: the document has no such place, or it is already filled.

    `signature` is ô 7c of Nghị định 30/2020, between chức vụ and họ tên.
    """

    signature: Box | None = None
    number: Blank | None = None
    day: Blank | None = None
    month: Blank | None = None


def read_places(found: str, page_height_mm: float) -> Places:
    """From what typst answers (JSON) when it is asked for the marks."""
    height = page_height_mm * PT_PER_MM
    marks = {mark["name"]: {**mark, "height": height} for mark in json.loads(found)}
    return Places(
        signature=_box(marks, "signature"),
        number=_blank(marks, "number"),
        day=_blank(marks, "day"),
        month=_blank(marks, "month"),
    )


def _box(marks: dict[str, Any], name: str) -> Box | None:
    first, last = marks.get(f"{name}-from"), marks.get(f"{name}-to")
    if first is None or last is None:
        return None
    return Box(_page(first), _x(first), _y(last), _x(last), _y(first))


def _blank(marks: dict[str, Any], name: str) -> Blank | None:
    first, last = marks.get(f"{name}-from"), marks.get(f"{name}-to")
    if first is None or last is None:
        return None
    return Blank(
        _page(first),
        _x(first),
        _x(last),
        _y(first),
        float(first["size"]),
        bool(first["italic"]),
    )


def _page(mark: dict[str, Any]) -> int:
    return int(mark["at"]["page"]) - 1


def _x(mark: dict[str, Any]) -> float:
    return float(mark["at"]["x"].removesuffix("pt"))


def _y(mark: dict[str, Any]) -> float:
    return float(mark["height"]) - float(mark["at"]["y"].removesuffix("pt"))
