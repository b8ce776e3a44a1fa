"""In what list a paragraph is to stand, from what a Word file says it stands in.

Word numbers each paragraph by itself; a draft says of what kind of list it is to be an
item, and how much deeper. Must never guess where a draft has no words for it. Pure.
"""

from __future__ import annotations

from typing import cast

from collab.content.tree import Listed
from server.publishing.marked import Look, MarkedParagraph
from server.review.word.steps import Relist

_LISTS = ("bullet", "ordered")


def place_in(look: Look) -> tuple[str, int] | None:
    return look.place


def relisted(old: MarkedParagraph, new: MarkedParagraph) -> Relist | None:
    """The list in which it is to stand; None where a draft has no words for it."""
    was, now = old.look.place, new.look.place
    is_open = old.was is not None and old.was.place != was
    if is_open or (was and was[0] not in _LISTS) or (now and now[0] not in _LISTS):
        return None
    if now is None:
        return Relist("none", 0, was_item=True)
    kind = cast(Listed, now[0])
    if was is None:
        return Relist(kind, now[1], was_item=False)
    listed = kind if was[0] != kind else None
    return Relist(listed, now[1] - was[1], was_item=True)
