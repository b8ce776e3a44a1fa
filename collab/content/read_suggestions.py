"""Suggestions as typed values from the attributes that a Y document holds.

The same two names stand on text, line breaks, blocks and ends of paragraphs. Nothing
is trusted: what has not the form of a suggestion is none. Must never raise.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from collab.content.tree import (
    ALIGNMENTS,
    IMAGE_ALIGNMENTS,
    LISTINGS,
    MARKS,
    MAX_INDENT,
    MAX_LAYERS,
    MAX_NESTED,
    MERGE,
    SPLIT,
    STYLES,
    Celled,
    Listed,
    Pictured,
    Reformatted,
    Restyled,
    Suggested,
    Widths,
)

MAX_ID = 64
MAX_AUTHOR = 200
MAX_TIME = 40
MAX_RANK = 1_000
MAX_IMAGE_MM = 1000.0
MAX_COLUMN_PX = 10_000
SHAPE = re.compile(rf"{SPLIT}|{MERGE}[0-9A-Za-z-]{{1,64}}")
# The binding adds a hash to a mark that may stand twice on one text.
FORMATTING_NAME = re.compile(r"formatting(--[0-9A-Za-z+/=]{8})?")


def read_suggested(value: object) -> Suggested | None:
    named = _named(value)
    return None if named is None else Suggested(*named)


def read_ends(attributes: Mapping[str, Any]) -> dict[str, Suggested | None]:
    """`insertion` and `deletion`, ready to be given to what they stand on."""
    return {
        "insertion": read_suggested(attributes.get("insertion")),
        "deletion": read_suggested(attributes.get("deletion")),
    }


def read_reformatted(
    attributes: Mapping[str, Any], marks: frozenset[str], href: str | None
) -> Reformatted | None:
    """All that is suggested about the look of a text that has these marks now.

    Each stands under a name of its own (`formatting--` and a hash, or without one), so
    that two people may suggest at the same moment. They are taken in one order; what
    each found below it is worked out from what it says it is about.
    """
    claims = {
        claim
        for name, value in attributes.items()
        if FORMATTING_NAME.fullmatch(name) and (claim := _claim(value))
    }
    if not claims:
        return None
    found = sorted(claims, key=_Claim.order)[:MAX_LAYERS]
    looks = _looks(found, marks, href)
    layers = [
        Reformatted(c.by.id, c.by.author, c.by.at, frozenset(m), h, c.about)
        for c, (m, h) in zip(found, looks, strict=True)
    ]
    return replace(layers[-1], under=tuple(layers[:-1]))


def top_rank(attributes: Mapping[str, Any]) -> int:
    """The highest of what is suggested about the look; -1 when nothing is."""
    claims = [_claim(v) for n, v in attributes.items() if FORMATTING_NAME.fullmatch(n)]
    return max((claim.rank for claim in claims if claim), default=-1)


@dataclass(frozen=True, slots=True)
class _Claim:
    rank: int
    by: Suggested
    about: frozenset[str] | None
    before: frozenset[str]
    href: str | None

    def order(self) -> tuple[Any, ...]:
        by, about = self.by, sorted(self.about or ())
        return (
            *(self.rank, by.at, by.author, by.id, " ".join(about)),
            *(" ".join(sorted(self.before)), self.href or ""),
        )

    def names(self, marks: frozenset[str], href: str | None) -> frozenset[str]:
        """What it is about, when it changed the look before it into this."""
        if self.about is not None:
            return self.about
        names = self.before ^ marks
        return names | {"link"} if self.href != href else names

    def under(
        self, marks: frozenset[str], href: str | None
    ) -> tuple[frozenset[str], str | None]:
        names = self.names(marks, href)
        return marks - names | self.before & names, (
            self.href if "link" in names else href
        )


def _looks(
    claims: list[_Claim], marks: frozenset[str], href: str | None
) -> list[tuple[frozenset[str], str | None]]:
    """What each claim found: the base, with the wishes of those below it."""
    seen = (marks, href)
    names: list[frozenset[str]] = []
    links: list[str | None] = []
    for claim in reversed(claims):
        names.insert(0, claim.names(*seen))
        links.insert(0, seen[1])
        seen = claim.under(*seen)
    found = []
    for claim, about, link in zip(claims, names, links, strict=True):
        found.append(seen)
        # A claim about a mark wants it to be otherwise than it says it was.
        wanted = about & MARKS - claim.before
        seen = (seen[0] - about | wanted, link if "link" in about else seen[1])
    return found


def _claim(value: object) -> _Claim | None:
    named = _named(value)
    if named is None or not isinstance(value, dict):
        return None
    about, before, href = value.get("about"), value.get("before"), value.get("href")
    return _Claim(
        _whole(value.get("rank"), 0, MAX_RANK),
        Suggested(*named),
        _words(about) & {*MARKS, "link"} if isinstance(about, str) else None,
        _words(before) & MARKS,
        href if isinstance(href, str) and href else None,
    )


def _words(value: object) -> frozenset[str]:
    """Flat, because clients compare it flat: names in a row."""
    return frozenset(value.split()) if isinstance(value, str) else frozenset()


def read_restyled(value: object) -> Restyled | None:
    layers = [
        Restyled(
            *named,
            _one_of(before.get("style"), STYLES, "body"),
            _one_of(before.get("align"), ALIGNMENTS, None),
            _whole(before.get("indent"), 0, MAX_INDENT),
            read_number(before.get("number")),
            read_listed(before.get("listed")),
            read_nested(before.get("nested")),
        )
        for named, before in _layers(value)
    ]
    return replace(layers[-1], under=tuple(layers[:-1])) if layers else None


def read_pictured(value: object) -> Pictured | None:
    layers = [
        Pictured(
            *named,
            before["alt"] if isinstance(before.get("alt"), str) else "",
            read_width(before.get("width")),
            _one_of(before.get("align"), IMAGE_ALIGNMENTS, "center"),
        )
        for named, before in _layers(value)
    ]
    return replace(layers[-1], under=tuple(layers[:-1])) if layers else None


def read_celled(value: object, colspan: int) -> Celled | None:
    layers = [
        Celled(
            *named,
            read_headed(before.get("headed")),
            read_shape(before.get("shape")),
            read_widths(before.get("colwidth"), colspan),
        )
        for named, before in _layers(value)
    ]
    return replace(layers[-1], under=tuple(layers[:-1])) if layers else None


def read_headed(value: object) -> bool | None:
    """Whether a cell is suggested to be a header."""
    return value if isinstance(value, bool) else None


def read_shape(value: object) -> str | None:
    """What a cell is suggested to become: several, or one with others."""
    return value if isinstance(value, str) and SHAPE.fullmatch(value) else None


def read_widths(value: object, colspan: int) -> Widths:
    """Of the columns that a cell spans; 0 and what is no width stand for none."""
    found = value[:colspan] if isinstance(value, list) else []
    widths = [_whole(width, 0, MAX_COLUMN_PX) or None for width in found]
    return (*widths, *(None,) * (colspan - len(widths)))


def _layers(value: object) -> list[tuple[tuple[str, str, str], dict[str, Any]]]:
    """Lowest first. Each holds the one below it in `under`."""
    found: list[tuple[tuple[str, str, str], dict[str, Any]]] = []
    while isinstance(value, dict) and len(found) < MAX_LAYERS:
        named, before = _named(value), value.get("before")
        if named is None or not isinstance(before, dict):
            break
        found.insert(0, (named, before))
        value = value.get("under")
    return found


def read_listed(value: object) -> Listed | None:
    """What list a paragraph is suggested to stand in."""
    return cast("Listed | None", _one_of(value, LISTINGS, None))


def read_nested(value: object) -> int:
    return _whole(value, -MAX_NESTED, MAX_NESTED)


def read_width(value: object) -> float | None:
    """Of an image, in millimetres; None = its natural size."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if 0 < value <= MAX_IMAGE_MM else None
    return None


def read_number(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _one_of(value: object, allowed: frozenset[str], default: Any) -> Any:
    return value if isinstance(value, str) and value in allowed else default


def _whole(value: object, lowest: int, highest: int) -> int:
    """Zero when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return max(lowest, min(highest, int(value))) if math.isfinite(value) else 0


def _named(value: object) -> tuple[str, str, str] | None:
    if not isinstance(value, dict):
        return None
    ident, author, at = value.get("id"), value.get("author"), value.get("at")
    if not (isinstance(ident, str) and isinstance(author, str) and isinstance(at, str)):
        return None
    if not ident or not author:
        return None
    return ident[:MAX_ID], author[:MAX_AUTHOR], at[:MAX_TIME]
