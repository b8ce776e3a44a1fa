"""Suggestions about looks, decided in the live document: which attributes to set.

For programs that change a draft in place, as what came back from Word does. Gives what
is to be set, None for what is to go; must never change the document itself.
"""

from __future__ import annotations

from typing import Any

from pycrdt import XmlElement

from collab.content.cell_looks import settle_cell
from collab.content.layers import (
    PARAGRAPH_LOOK,
    Decide,
    settle_paragraph,
    settle_run,
)
from collab.content.places import Letter
from collab.content.read import read_cell, read_child, read_run
from collab.content.read_suggestions import FORMATTING_NAME
from collab.content.tree import MARKS, Paragraph, Suggested
from collab.content.write import (
    cell_look_attributes,
    paragraph_attributes,
    run_attributes,
)

Attributes = dict[str, Any]


def looks_on(letter: Letter) -> tuple[Suggested, ...]:
    """Who suggests that it looks otherwise, lowest first."""
    top = read_run(letter.char, letter.attributes).formatting
    return () if top is None else (*top.under, top)


def settled_letter(letter: Letter, decide: Decide) -> Attributes:
    """Nothing when nothing about its look is decided."""
    run = read_run(letter.char, letter.attributes)
    settled = settle_run(run, decide)
    if settled == run:
        return {}
    gone = {name: None for name in letter.attributes if _is_look(name)}
    made = run_attributes(settled)
    return gone | {name: value for name, value in made.items() if _is_look(name)}


def _is_look(name: str) -> bool:
    return name in MARKS or name == "link" or bool(FORMATTING_NAME.fullmatch(name))


def settled_paragraph(element: XmlElement, decide: Decide) -> Attributes:
    (block,) = read_child(element)
    if not isinstance(block, Paragraph):
        return {}
    settled = settle_paragraph(block, decide)
    if settled == block:
        return {}
    made = paragraph_attributes(settled)
    return {name: made[name] for name in (*PARAGRAPH_LOOK, "formatting")}


def settled_cell(element: XmlElement, decide: Decide) -> Attributes:
    """What is decided is not made here: the cell goes on saying it, with nothing open
    about it, as it does while a merge waits (`reshape`)."""
    cell = read_cell(element)
    if cell is None:
        return {}
    settled = settle_cell(cell, decide)
    return {} if settled == cell else cell_look_attributes(settled)
