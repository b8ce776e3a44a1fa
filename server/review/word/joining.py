"""Join a paragraph with the next one, when its end goes for good.

The next one keeps its style and number, as everywhere (`collab.content.suggested`).
Must never remove a paragraph that has letters and nothing to run into.
"""

from __future__ import annotations

from collections.abc import Sequence

from collab.content import amending
from collab.content.places import ParagraphPlace, Place, letters_of


def join_with_next(places: Sequence[Place], index: int) -> None:
    place = places[index]
    assert isinstance(place, ParagraphPlace)
    after = places[index + 1] if index + 1 < len(places) else None
    letters = letters_of(place.element)
    if isinstance(after, ParagraphPlace) and _is_same_flow(place, after):
        amending.put_before(after.element, letters)
    elif letters:
        return
    _remove(place)


def _is_same_flow(place: ParagraphPlace, after: ParagraphPlace) -> bool:
    if place.items is not None and place.items is after.items:
        return True
    return place.parent is after.parent


def _remove(place: ParagraphPlace) -> None:
    is_only = len(list(place.parent.children)) == 1
    if not is_only:
        begins_item = place.item is not None and place.index == 0
        if not begins_item:
            del place.parent.children[place.index]
        return
    if place.item is not None and place.items is not None:
        if len(list(place.items.children)) > 1:
            del place.items.children[place.item_index]
