"""Write what is new beside what was there: paragraphs, tables, pictures, breaks.

Must never let what is taken back run into a list or an item that stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from collab.content import amending
from collab.content.adding_looks import TooManyLooksError, resized_image
from collab.content.normal import normalise_blocks
from collab.content.places import AtomPlace, ParagraphPlace, attributes_of
from collab.content.read import read_child
from collab.content.read_suggestions import read_restyled
from collab.content.tree import Paragraph
from server.publishing.marked import MarkedParagraph
from server.review.word.building import block_of, paragraph_of
from server.review.word.joining import has_next
from server.review.word.outcome import said
from server.review.word.pen import Pen
from server.review.word.settling import Settler
from server.review.word.steps import (
    DeleteAtom,
    InsertNodes,
    Resize,
    SettleThing,
    Step,
)


class Placing:
    def __init__(self, pen: Pen, settler: Settler) -> None:
        self._pen = pen
        self._settler = settler

    def thing(self, place: AtomPlace, steps: Sequence[Step]) -> None:
        for step in steps:
            if isinstance(step, DeleteAtom):
                if "deletion" not in attributes_of(place.element):
                    self._pen.set(place.element, "deletion", step.by)
                    self._pen.take("deletion", step, "▭")
            elif isinstance(step, Resize):
                self._resize(place, step)
            elif isinstance(step, SettleThing) and self._settler.thing(
                place.element, step
            ):
                del place.parent.children[place.index]
                self._pen.settled.atoms.add(step.number)

    def _resize(self, place: AtomPlace, step: Resize) -> None:
        by = self._pen.named(step.by)
        try:
            values = resized_image(place.element, by, step.width)
        except TooManyLooksError:
            self._pen.outcome.miss("formatted", step)
            return
        for name, value in values.items():
            amending.set_attribute(place.element, name, value)
        if values:
            self._pen.take("resize", step, step.text or "▭")

    def insert(self, place: Any, step: InsertNodes) -> None:
        is_item = isinstance(place, ParagraphPlace) and place.item is not None
        runs_on = not step.is_after and isinstance(place, ParagraphPlace)
        if step.is_after:
            runs_on = has_next(self._pen.map, place)
        for node in reversed(step.nodes):
            if isinstance(node, MarkedParagraph):
                if node.deletion and not runs_on:
                    self._pen.outcome.miss("edge", replace(step, nodes=(node,)))
                    node = replace(node, deletion=None)
                self._paragraph(place, node, step, is_item=is_item)
            elif is_item and place.index == 0 and not step.is_after:
                # An item begins with a paragraph, so nothing else goes before it.
                self._pen.outcome.miss("no_place", replace(step, nodes=(node,)))
            else:
                # A new table whose cells are all to go again is none.
                for made in normalise_blocks((block_of(node, self._pen.author),)):
                    amending.insert_block(
                        place.parent, place.index + step.is_after, made
                    )
            runs_on = isinstance(node, MarkedParagraph)
        self._pen.take("insertion", step, said(step))

    def _paragraph(
        self, place: Any, node: MarkedParagraph, step: InsertNodes, *, is_item: bool
    ) -> None:
        made = _looking_like(place, paragraph_of(node, self._pen.author), step)
        if is_item and step.is_after:
            self._insert_in_list(place, node, made)
        elif is_item and node.in_list:
            amending.insert_item(place.items, place.item_index, made)
        elif is_item:
            amending.insert_block(place.item, 0, made)
        else:
            amending.insert_block(place.parent, place.index + step.is_after, made)

    def _insert_in_list(
        self, place: ParagraphPlace, node: MarkedParagraph, made: Paragraph
    ) -> None:
        """Behind a paragraph of an item. What ends an item must not run into the next
        one when it is taken back, so it is an item too, or stands behind the list."""
        assert place.items is not None and place.outside is not None
        is_last = place.index == len(list(place.parent.children)) - 1
        ends_list = place.item_index == len(list(place.items.children)) - 1
        is_nested = getattr(place.outside, "tag", None) == "listItem"
        if not is_last:
            amending.insert_block(place.parent, place.index + 1, made)
        elif node.in_list or not ends_list or is_nested:
            amending.insert_item(place.items, place.item_index + 1, made)
        else:
            amending.insert_block(place.outside, place.outside_index + 1, made)


def _looking_like(place: Any, made: Paragraph, step: InsertNodes) -> Paragraph:
    """Behind a paragraph whose end is only suggested: if both go back, that one runs
    into the new one, and must look as it did."""
    if not (isinstance(place, ParagraphPlace) and step.is_after):
        return made
    held = attributes_of(place.element)
    if not ({"insertion", "deletion"} & held.keys()):
        return made
    look = read_restyled(held.get("formatting"))
    if look is not None:
        style, align = look.style, look.align
        indent, number = look.indent, look.number
    else:
        (was,) = read_child(place.element)
        assert isinstance(was, Paragraph)
        style, align, indent, number = was.style, was.align, was.indent, was.number
    return replace(made, style=style, align=align, indent=indent, number=number)
