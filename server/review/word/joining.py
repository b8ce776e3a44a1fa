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
    siblings = len(list(place.parent.children))
    if place.item is None or place.items is None:
        if siblings > 1:
            del place.parent.children[place.index]
    elif place.index > 0:
        del place.parent.children[place.index]
    elif siblings == 1 and len(list(place.items.children)) > 1:
        del place.items.children[place.item_index]
