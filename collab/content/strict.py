"""Whether a block of a Y document is exactly what the editor writes, and nothing more.

The reader of content is lenient: what it does not know it leaves out. Whoever may
only suggest must not use that: an element that the reader skips would make every
editor throw away the paragraph around it. So their edits are held against the schema
of the editor (editor_client/src/schema). Must never raise because of what is in the
document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from pycrdt import XmlElement, XmlText

from collab.content.read_suggestions import MAX_AUTHOR, MAX_ID, MAX_TIME
from collab.content.tree import (
    ALIGNMENTS,
    IMAGE_ALIGNMENTS,
    MARKS,
    MAX_COLUMNS,
    MAX_INDENT,
    STYLES,
)

_MAX_DEPTH = 40
_MAX_TEXT = 2_000  # of an attribute
_MAX_ROWS = 10_000
Check = Callable[[Any], bool]

_BLOCKS = frozenset(
    {
        "paragraph",
        "bulletList",
        "orderedList",
        "table",
        "image",
        "pageBreak",
        "horizontalRule",
    }
)
_CHILDREN: dict[str, frozenset[str]] = {
    "bulletList": frozenset({"listItem"}),
    "orderedList": frozenset({"listItem"}),
    "listItem": _BLOCKS,
    "table": frozenset({"tableRow"}),
    "tableRow": frozenset({"tableCell", "tableHeader"}),
    "tableCell": _BLOCKS,
    "tableHeader": _BLOCKS,
    "paragraph": frozenset({"hardBreak"}),
}
_MAY_BE_EMPTY = frozenset({"paragraph", "tableRow"})


def is_sound_block(node: object) -> bool:
    """Whether a child of the body is one the editor could have written."""
    return isinstance(node, XmlElement) and node.tag in _BLOCKS and _is_sound(node, 0)


def _is_sound(node: XmlElement, depth: int) -> bool:
    tag = node.tag or ""
    allowed = _ATTRIBUTES.get(tag)
    if allowed is None or depth > _MAX_DEPTH:
        return False
    named = cast("Iterable[tuple[str, Any]]", node.attributes)
    for name, value in named:
        check = allowed.get(name)
        if check is None or not (value is None or check(value)):
            return False
    inside = _CHILDREN.get(tag, frozenset())
    children = list(node.children)
    if not children and tag in _CHILDREN and tag not in _MAY_BE_EMPTY:
        return False
    if tag == "listItem" and getattr(children[0], "tag", None) != "paragraph":
        return False
    for child in children:
        if isinstance(child, XmlText):
            if tag != "paragraph" or not _is_sound_text(child):
                return False
        elif (
            not isinstance(child, XmlElement)
            or child.tag not in inside
            or not _is_sound(child, depth + 1)
        ):
            return False
    return True


def _is_sound_text(text: XmlText) -> bool:
    if any(True for _ in cast("Iterable[tuple[str, Any]]", text.attributes)):
        return False
    for value, marks in text.diff():
        if not isinstance(value, str):
            return False
        for name, mark in (marks or {}).items():
            check = _TEXT_MARKS.get(name)
            if check is None or not (mark is None or check(mark)):
                return False
    return True


def _is_whole(low: int, high: int) -> Check:
    def check(value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return low <= value <= high and value == int(value)

    return check


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _MAX_TEXT


def _is_one_of(names: frozenset[str]) -> Check:
    return lambda value: isinstance(value, str) and value in names


def _is_widths(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MAX_COLUMNS
        and all(w is None or _is_whole(0, 10_000)(w) for w in value)
    )


def _is_width(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 < value <= 1_000


def _is_suggested(value: object, more: Mapping[str, Check] | None = None) -> bool:
    checks = {**_SUGGESTED, **(more or {})}
    if not isinstance(value, dict) or set(value) != set(checks):
        return False
    return all(check(value[name]) for name, check in checks.items())


def _is_short(limit: int) -> Check:
    return lambda value: isinstance(value, str) and 0 < len(value) <= limit


def _is_time(value: object) -> bool:
    if not isinstance(value, str) or len(value) > MAX_TIME:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _is_reformatted(value: object) -> bool:
    def is_marks(names: object) -> bool:
        return isinstance(names, str) and all(n in MARKS for n in names.split())

    return _is_suggested(value, {"before": is_marks, "href": _or_none(_is_text)})


def _is_restyled(value: object) -> bool:
    def is_look(before: object) -> bool:
        return (
            isinstance(before, dict)
            and set(before) == set(_LOOK)
            and all(_or_none(check)(before[name]) for name, check in _LOOK.items())
        )

    return _is_suggested(value, {"before": is_look})


def _is_bare(value: object) -> bool:
    return value in ({}, True)


def _is_link(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"href"}
        and _or_none(_is_text)(value["href"])
    )


_SUGGESTED: dict[str, Check] = {
    "id": _is_short(MAX_ID),
    "author": _is_short(MAX_AUTHOR),
    "at": _is_time,
}
_LOOK: dict[str, Check] = {
    "style": _is_one_of(STYLES),
    "align": _is_one_of(ALIGNMENTS),
    "indent": _is_whole(0, MAX_INDENT),
    "number": _is_text,
}
_ENDS: dict[str, Check] = {"insertion": _is_suggested, "deletion": _is_suggested}
_SPANS: dict[str, Check] = {
    "colspan": _is_whole(1, MAX_COLUMNS),
    "rowspan": _is_whole(1, _MAX_ROWS),
    "colwidth": _is_widths,
}
_ATTRIBUTES: dict[str, dict[str, Check]] = {
    "paragraph": {**_LOOK, **_ENDS, "formatting": _is_restyled},
    "hardBreak": _ENDS,
    "bulletList": {},
    "orderedList": {"start": _is_whole(0, 100_000)},
    "listItem": {},
    "table": _ENDS,
    "tableRow": _ENDS,
    "tableCell": _SPANS,
    "tableHeader": _SPANS,
    "image": {
        "src": _is_text,
        "alt": _is_text,
        "width": _is_width,
        "align": _is_one_of(IMAGE_ALIGNMENTS),
        **_ENDS,
    },
    "pageBreak": _ENDS,
    "horizontalRule": _ENDS,
}
_TEXT_MARKS: dict[str, Check] = {
    **dict.fromkeys(MARKS, _is_bare),
    "link": _is_link,
    "insertion": _is_suggested,
    "deletion": _is_suggested,
    "formatting": _is_reformatted,
}
