"""Suggestions as typed values from the attributes that a Y document holds.

The same two names stand on text, line breaks, blocks and ends of paragraphs. Nothing
is trusted: what has not the form of a suggestion is none. Must never raise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from collab.content.tree import (
    ALIGNMENTS,
    MARKS,
    MAX_INDENT,
    STYLES,
    Align,
    Reformatted,
    Restyled,
    Style,
    Suggested,
)

MAX_ID = 64
MAX_AUTHOR = 200
MAX_TIME = 40


def read_suggested(value: object) -> Suggested | None:
    named = _named(value)
    return None if named is None else Suggested(*named)


def read_ends(attributes: Mapping[str, Any]) -> dict[str, Suggested | None]:
    """`insertion` and `deletion`, ready to be given to what they stand on."""
    return {
        "insertion": read_suggested(attributes.get("insertion")),
        "deletion": read_suggested(attributes.get("deletion")),
    }


def read_reformatted(value: object) -> Reformatted | None:
    """Flat, because clients compare it flat: `before` is names of marks in a row."""
    named = _named(value)
    if named is None or not isinstance(value, dict):
        return None
    before, href = value.get("before"), value.get("href")
    marks = before.split() if isinstance(before, str) else []
    return Reformatted(
        *named,
        frozenset(mark for mark in marks if mark in MARKS),
        href if isinstance(href, str) and href else None,
    )


def read_restyled(value: object) -> Restyled | None:
    named = _named(value)
    before = value.get("before") if isinstance(value, dict) else None
    if named is None or not isinstance(before, dict):
        return None
    style, align = before.get("style"), before.get("align")
    indent, number = before.get("indent"), before.get("number")
    is_number = isinstance(indent, int | float) and not isinstance(indent, bool)
    return Restyled(
        *named,
        cast(Style, style) if isinstance(style, str) and style in STYLES else "body",
        cast(Align, align) if isinstance(align, str) and align in ALIGNMENTS else None,
        max(0, min(MAX_INDENT, int(cast(float, indent)))) if is_number else 0,
        number if isinstance(number, str) else None,
    )


def _named(value: object) -> tuple[str, str, str] | None:
    if not isinstance(value, dict):
        return None
    ident, author, at = value.get("id"), value.get("author"), value.get("at")
    if not (isinstance(ident, str) and isinstance(author, str) and isinstance(at, str)):
        return None
    if not ident or not author:
        return None
    return ident[:MAX_ID], author[:MAX_AUTHOR], at[:MAX_TIME]
