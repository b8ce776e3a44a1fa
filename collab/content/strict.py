"""Whether a block of a Y document is exactly what the editor writes, and nothing more.

The reader of content is lenient: what it does not know it leaves out. Whoever may
only suggest must not use that: an element that the reader skips would make every
editor throw away the paragraph around it. So their edits are held against the schema
of the editor (editor_client/src/schema). Must never raise because of what is in the
document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from pycrdt import XmlElement, XmlText

from collab.content.read_suggestions import (
    FORMATTING_NAME,
    MAX_AUTHOR,
    MAX_ID,
    MAX_RANK,
    SHAPE,
)
from collab.content.tree import (
    ALIGNMENTS,
    IMAGE_ALIGNMENTS,
    LISTINGS,
    MARKS,
    MAX_COLUMNS,
    MAX_INDENT,
    MAX_LAYERS,
    MAX_NESTED,
    STYLES,
)

_MAX_DEPTH = 40
_MAX_TEXT = 2_000  # of an attribute
_MAX_ROWS = 10_000
_MAX_MERGES = 200  # that are suggested in one table
_TIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?", re.ASCII
)
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
    if tag == "table" and _merges_of(node) > _MAX_MERGES:
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


def _merges_of(table: XmlElement) -> int:
    """How many names of merges its cells have, those that were said before too."""
    names: set[str] = set()
    for row in table.children:
        for cell in getattr(row, "children", ()):
            if not isinstance(cell, XmlElement):
                continue
            look: Any = dict(cast("Iterable[tuple[str, Any]]", cell.attributes))
            value: Any = look.get("formatting")
            for _ in range(MAX_LAYERS):
                if isinstance(look, dict) and isinstance(look.get("shape"), str):
                    names.add(look["shape"])
                if not isinstance(value, dict):
                    break
                look, value = value.get("before"), value.get("under")
    return len(names)


def _is_sound_text(text: XmlText) -> bool:
    if any(True for _ in cast("Iterable[tuple[str, Any]]", text.attributes)):
        return False
    for value, marks in text.diff():
        if not isinstance(value, str):
            return False
        if not _are_reformatted(marks or {}):
            return False
        for name, mark in (marks or {}).items():
            if FORMATTING_NAME.fullmatch(name):
                continue
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


def _is_shape(value: object) -> bool:
    return isinstance(value, str) and SHAPE.fullmatch(value) is not None


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


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
    """In the one form that Python, browsers and Word all read; Word may leave out the
    zone."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
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

    def is_about(names: object) -> bool:
        return isinstance(names, str) and all(
            n in MARKS or n == "link" for n in names.split()
        )

    more: dict[str, Check] = {"before": is_marks, "href": _or_none(_is_text)}
    if not isinstance(value, dict):
        return False
    if "about" in value:
        more["about"] = _or_none(is_about)
    if "rank" in value:
        more["rank"] = _or_none(_is_whole(0, MAX_RANK))
    return _is_suggested(value, more)


def _are_reformatted(marks: Mapping[str, Any]) -> bool:
    """Of one text: each of its own, and no more than are read."""
    found = [
        value
        for name, value in marks.items()
        if FORMATTING_NAME.fullmatch(name) and value is not None
    ]
    alone = all(one != other for i, one in enumerate(found) for other in found[:i])
    return len(found) <= MAX_LAYERS and alone and all(map(_is_reformatted, found))


def _is_layered(look: Mapping[str, Check], more: Mapping[str, Check]) -> Check:
    """Suggestions about one look, each with the one below it."""

    def is_look(before: object) -> bool:
        if not isinstance(before, dict) or not set(look) <= set(before):
            return False
        checks = {**look, **more}
        return set(before) <= set(checks) and all(
            _or_none(checks[name])(value) for name, value in before.items()
        )

    def check(value: object) -> bool:
        for _ in range(MAX_LAYERS):
            if not isinstance(value, dict):
                return False
            here = {n: v for n, v in value.items() if n != "under"}
            if not _is_suggested(here, {"before": is_look}):
                return False
            value = value.get("under")
            if value is None:
                return True
        return False

    return check


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
_LISTING: dict[str, Check] = {
    "listed": _is_one_of(LISTINGS),
    "nested": _is_whole(-MAX_NESTED, MAX_NESTED),
}
_PICTURE: dict[str, Check] = {
    "alt": _is_text,
    "width": _is_width,
    "align": _is_one_of(IMAGE_ALIGNMENTS),
}
_ENDS: dict[str, Check] = {"insertion": _is_suggested, "deletion": _is_suggested}
_CELL_LOOK: dict[str, Check] = {
    "headed": _is_flag,
    "shape": _is_shape,
    "colwidth": _is_widths,
}
_CELL: dict[str, Check] = {
    "colspan": _is_whole(1, MAX_COLUMNS),
    "rowspan": _is_whole(1, _MAX_ROWS),
    **_CELL_LOOK,
    **_ENDS,
    "formatting": _is_layered(_CELL_LOOK, {}),
}
_ATTRIBUTES: dict[str, dict[str, Check]] = {
    "paragraph": {
        **_LOOK,
        **_LISTING,
        **_ENDS,
        "formatting": _is_layered(_LOOK, _LISTING),
    },
    "hardBreak": _ENDS,
    "bulletList": {},
    "orderedList": {"start": _is_whole(0, 100_000)},
    "listItem": {},
    "table": _ENDS,
    "tableRow": _ENDS,
    "tableCell": _CELL,
    "tableHeader": _CELL,
    "image": {
        "src": _is_text,
        **_PICTURE,
        **_ENDS,
        "formatting": _is_layered(_PICTURE, {}),
    },
    "pageBreak": _ENDS,
    "horizontalRule": _ENDS,
}
_TEXT_MARKS: dict[str, Check] = {
    **dict.fromkeys(MARKS, _is_bare),
    "link": _is_link,
    "insertion": _is_suggested,
    "deletion": _is_suggested,
}
