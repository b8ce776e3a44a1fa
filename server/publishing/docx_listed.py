"""The list of Word in which a paragraph is suggested to stand, until that is decided.

In the draft it stays where it is and says its list (`collab.content.listing`); Word is
shown the list, and in `w:pPrChange` what stands. Must never make a list of what nobody
suggests.
"""

from __future__ import annotations

from dataclasses import replace

from collab.content.tree import Listed, Paragraph
from server.publishing.docx_blocks import Place
from server.publishing.docx_numbering import MAX_LEVEL, Numbering


class SuggestedLists:
    """Paragraphs that follow each other count on in one list."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._held: dict[tuple[bool, int], int] = {}

    def place(self, block: Paragraph, here: Place) -> Place:
        """Where the paragraph is to stand, `here` when nobody suggests otherwise."""
        found = self.place_of(block.listed, block.nested, here)
        if found is here:
            self._held.clear()
        return found

    def place_of(self, listed: Listed | None, nested: int, here: Place) -> Place:
        is_item = here.level >= 0 and here.num_id != self._numbering.continued
        if listed == "none":
            return replace(here, level=-1, num_id=0) if is_item else here
        if listed is None and not (is_item and nested):
            return here
        depth = here.level if is_item else here.level + 1
        level = max(0, min(depth + nested, MAX_LEVEL))
        ordered = here.ordered if listed is None else listed == "ordered"
        number = self._held.get((ordered, level))
        if number is None:
            number = self._numbering.new_list(ordered, 1, level)
            self._held[ordered, level] = number
        return replace(here, level=level, num_id=number, ordered=ordered)
