"""The parts of a stored document that comments hang on: text, choices, pictures.

Read as the editor lays them out, so that both find the same words in the same place.
Pure. Must never change the document that it was given as bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pycrdt import Doc, Map, Text, XmlElement, XmlFragment, XmlText

from collab.content.tree import CHOICE_FIELDS
from collab.protocol.shape import read_deletions
from collab.protocol.slicing import pieces

BODY = "body"
PICTURE = "picture"
_BREAK = "hardBreak"
_PARAGRAPHS = frozenset({"paragraph", "heading"})


class Deleted:
    """The letters and elements that an update says are gone."""

    def __init__(self, update: bytes) -> None:
        self._ranges: dict[int, list[tuple[int, int]]] = {}
        for writer, start, length in read_deletions(update):
            self._ranges.setdefault(writer, []).append((start, start + length))

    def __contains__(self, item: tuple[int, int]) -> bool:
        writer, clock = item
        return any(start <= clock < end for start, end in self._ranges.get(writer, ()))


def document(state: bytes) -> Doc[Any]:
    doc: Doc[Any] = Doc()
    doc.get(BODY, type=XmlFragment)
    doc.get("fields", type=Map)
    if state:
        for piece in pieces(state):
            doc.apply_update(piece)
    return doc


def parts_of(doc: Doc[Any]) -> dict[str, list[str]]:
    """The blocks of the body, and each field of the letterhead as one block."""
    fields: Map[Any] = doc.get("fields", type=Map)
    parts = {
        name: [str(value)] for name, value in fields.items() if isinstance(value, Text)
    }
    body: XmlFragment = doc.get(BODY, type=XmlFragment)
    with doc.transaction():
        parts[BODY] = list(_blocks(body))
    return parts


def choices_of(doc: Doc[Any]) -> dict[str, str]:
    """What is chosen in the letterhead, not written; "" where nothing is."""
    fields: Map[Any] = doc.get("fields", type=Map)
    values = {name: fields.get(name) for name in CHOICE_FIELDS}
    said = {name: v if isinstance(v, str) else "" for name, v in values.items()}
    return {**said, "urgency": said["urgency"] or "normal"}


def _blocks(parent: XmlFragment | XmlElement) -> Iterator[str]:
    """The text of each paragraph, empty ones too, as `collab.content.read` counts them;
    a line break within one is one of its letters."""
    loose = ""
    for child in parent.children:
        if isinstance(child, XmlText):
            loose += _letters(child)
            continue
        if not isinstance(child, XmlElement):
            continue
        if child.tag == _BREAK:
            loose += "\n"
            continue
        if loose:
            yield loose
            loose = ""
        if child.tag in _PARAGRAPHS:
            yield "".join(_within(child))
        else:
            yield from _blocks(child)
    if loose:
        yield loose


def _within(paragraph: XmlElement) -> Iterator[str]:
    for child in paragraph.children:
        if isinstance(child, XmlText):
            yield _letters(child)
        elif isinstance(child, XmlElement) and child.tag == _BREAK:
            yield "\n"
        elif isinstance(child, XmlElement):
            yield from _within(child)


def _letters(text: XmlText) -> str:
    """Without its marks; an embedded object counts as one letter."""
    return "".join(
        piece if isinstance(piece, str) else "\ufffc" for piece, _marks in text.diff()
    )
