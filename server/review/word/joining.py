"""Join a paragraph with the next one, when its end goes for good.

The next one keeps its style and number, as everywhere (`collab.content.suggested`).
Must never remove a paragraph that has letters and nothing to run into.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from collab.content import amending
from collab.content.places import (
    ParagraphPlace,
    Place,
    attributes_of,
    letters_of,
)
from server.review.word.mapping import Mapping

Joined = Literal["joined", "gone", "stays"]


def runs_on(places: Sequence[Place], index: int) -> bool:
    """Whether the paragraph there has one behind it that it can run into."""
    place = places[index]
    after = places[index + 1] if index + 1 < len(places) else None
    return (
        isinstance(place, ParagraphPlace)
        and isinstance(after, ParagraphPlace)
        and _is_same_flow(place, after)
    )


def reaches(places: Sequence[Place], index: int) -> bool:
    """As `runs_on`, past paragraphs that are suggested to go with all their letters."""
    while runs_on(places, index):
        index += 1
        after = places[index]
        assert isinstance(after, ParagraphPlace)
        if not _goes(after):
            return True
    return False


def _goes(place: ParagraphPlace) -> bool:
    return "deletion" in attributes_of(place.element) and all(
        "deletion" in letter.attributes for letter in letters_of(place.element)
    )


def has_next(mapping: Mapping, place: Place) -> bool:
    """Whether what is written behind that place has a paragraph to run into."""
    if isinstance(place, ParagraphPlace) and place.items is not None:
        return runs_on(mapping.places, mapping.order[id(place)])
    children = list(place.parent.children)[place.index + 1 : place.index + 2]
    return any(getattr(child, "tag", None) == "paragraph" for child in children)


def join_with_next(places: list[Place], index: int) -> Joined:
    """What became of the paragraph; `places` loses it when it is no more."""
    place = places[index]
    assert isinstance(place, ParagraphPlace)
    letters = letters_of(place.element)
    found: Joined = "gone"
    if runs_on(places, index):
        after = places[index + 1]
        assert isinstance(after, ParagraphPlace)
        amending.put_before(after.element, letters)
        found = "joined"
    elif letters:
        return "stays"
    if not _remove(place, has_run_on=found == "joined"):
        return "stays"
    del places[index]
    return found


def _is_same_flow(place: ParagraphPlace, after: ParagraphPlace) -> bool:
    if place.items is not None and place.items is after.items:
        return True
    return place.parent is after.parent


def _remove(place: ParagraphPlace, *, has_run_on: bool) -> bool:
    siblings = len(list(place.parent.children))
    if place.item is None or place.items is None:
        may_go = siblings > 1
    elif siblings > 1:
        # An item begins with a paragraph: the one that it ran into.
        may_go = place.index > 0 or has_run_on
    else:
        if len(list(place.items.children)) < 2:
            return False
        del place.items.children[place.item_index]
        return True
    if may_go:
        del place.parent.children[place.index]
    return may_go
