"""Where marks are to be set into a draft that is written for Word: at letters of its
paragraphs, and around its pictures. Must never say what the marks mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Points:
    """Marks to be set into the text: by paragraph, at offsets in its letters; and
    before and behind its pictures."""

    by_paragraph: dict[int, list[tuple[int, Any]]] = field(default_factory=dict)
    by_picture: dict[int, tuple[list[Any], list[Any]]] = field(default_factory=dict)

    def add(self, paragraph: int, offset: int, made: Any) -> None:
        self.by_paragraph.setdefault(paragraph, []).append((offset, made))

    def add_around(
        self, picture: int, before: Iterable[Any], behind: Iterable[Any]
    ) -> None:
        starts, ends = self.by_picture.setdefault(picture, ([], []))
        starts.extend(before)
        ends.extend(behind)

    def set_around(self, picture: int, line: Any, start: int) -> None:
        """Into the line of a picture that stands from `start` on."""
        starts, ends = self.by_picture.get(picture, ((), ()))
        for made in reversed(starts):
            line.insert(start, made)
        line.extend(ends)

    def of(self, paragraph: int) -> list[tuple[int, Any]]:
        # Stable: what is given first at one place stands first.
        return sorted(self.by_paragraph.get(paragraph, ()), key=lambda pair: pair[0])
