"""Break a paragraph of a live document where somebody pressed Enter in Word.

The shorter half moves into a paragraph of its own, so that what others do at the same
moment in the longer one goes on. Must never lose a letter or what stands on it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pycrdt import XmlElement

from collab.content import amending
from collab.content.places import Letter, ParagraphPlace, attributes_of, letters_of
from collab.content.tree import Inline, Paragraph
from collab.content.write import suggested_value
from server.review.word.building import align_of
from server.review.word.steps import NewEnd


def split(
    place: ParagraphPlace,
    at: int,
    lines: Sequence[Sequence[Inline]],
    ends: Sequence[NewEnd],
) -> None:
    """Before the letter `at`: the first line, then each end with the next line.

    Afterwards `place` is the paragraph that holds what stood before that letter."""
    letters = letters_of(place.element)
    is_item = place.item is not None and place.index == 0
    goes_on = is_item and len(list(place.parent.children)) > 1
    if at == 0:
        made = [
            _insert(place, offset, _paragraph(line, end))
            for offset, (line, end) in enumerate(zip(lines, ends, strict=False))
        ]
        amending.insert_inlines(place.element, 0, lines[-1])
        _go_to(place, made[0])
    elif at * 2 >= len(letters) and not goes_on:
        _move_tail(place, at, lines, ends)
    else:
        _move_head(place, at, lines, ends)


def _move_tail(
    place: ParagraphPlace,
    at: int,
    lines: Sequence[Sequence[Inline]],
    ends: Sequence[NewEnd],
) -> None:
    element = place.element
    tail = letters_of(element)[at:]
    last = _insert(place, 1, Paragraph(), like=element)
    _replace_text(last, tail)
    amending.insert_inlines(last, 0, lines[-1])
    amending.remove_letters(element, at, at + len(tail))
    amending.insert_inlines(element, at, lines[0])
    _end(element, ends[0])
    middle = list(zip(lines[1:-1], ends[1:], strict=True))
    for offset, (line, end) in enumerate(middle):
        _insert(place, 1 + offset, _paragraph(line, end))


def _move_head(
    place: ParagraphPlace,
    at: int,
    lines: Sequence[Sequence[Inline]],
    ends: Sequence[NewEnd],
) -> None:
    element = place.element
    head = letters_of(element)[:at]
    first = _insert(place, 0, Paragraph(), like=element)
    _replace_text(first, head)
    amending.insert_inlines(first, len(head), lines[0])
    _end(first, ends[0])
    amending.remove_letters(element, 0, at)
    amending.insert_inlines(element, 0, lines[-1])
    middle = list(zip(lines[1:-1], ends[1:], strict=True))
    for offset, (line, end) in enumerate(middle):
        _insert(place, 1 + offset, _paragraph(line, end))
    _go_to(place, first)


def _end(element: XmlElement, end: NewEnd) -> None:
    """Of the half that stands above: a new end, and nothing else suggested of it."""
    amending.set_attribute(element, "formatting", None)
    amending.set_attribute(element, "insertion", suggested_value(end.by))
    amending.set_attribute(element, "deletion", suggested_value(end.deletion))


def _go_to(place: ParagraphPlace, element: XmlElement) -> None:
    """To the paragraph that was made before it, at the same number in its parent."""
    place.element = element
    if place.item is not None and place.items is not None and place.index == 0:
        item = place.items.children[place.item_index]
        assert isinstance(item, XmlElement)
        place.item = place.parent = item


def _paragraph(line: Sequence[Inline], end: NewEnd) -> Paragraph:
    look = end.look
    return Paragraph(
        tuple(line),
        look.style or "body",
        align_of(look) if look.style else None,
        look.indent if look.style else 0,
        insertion=end.by,
        deletion=end.deletion,
    )


def _insert(
    place: ParagraphPlace,
    offset: int,
    paragraph: Paragraph,
    like: XmlElement | None = None,
) -> XmlElement:
    """Beside the paragraph; one that begins an item begins another item."""
    if place.item is not None and place.items is not None and place.index == 0:
        made = amending.insert_item(place.items, place.item_index + offset, paragraph)
    else:
        made = amending.insert_block(place.parent, place.index + offset, paragraph)
    if like is not None:
        held = attributes_of(like)
        for name in {*attributes_of(made), *held}:
            amending.set_attribute(made, name, held.get(name))
    return made


def _replace_text(element: XmlElement, letters: Sequence[Letter]) -> None:
    for index in reversed(range(len(list(element.children)))):
        del element.children[index]
    amending.copy_letters(letters, element)
    if not letters:
        amending.add_text(element)
