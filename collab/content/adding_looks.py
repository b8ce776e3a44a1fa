"""One more suggestion about a look in the live document: which attributes to set.

On top of those that stand there, so that each can be decided by itself. For programs
that change a draft in place, as what came back from Word does; the editor does the same
(editor_client/src/suggest/look.ts). Gives what is to be set, None for what is to go;
must never touch what others suggested, and never change the document itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pycrdt import XmlElement

from collab.content.layers import PARAGRAPH_LOOK, TEXT_LOOK
from collab.content.places import Letter
from collab.content.read import read_cell, read_child, read_run
from collab.content.read_suggestions import top_rank
from collab.content.tree import (
    MARKS,
    Celled,
    Image,
    Paragraph,
    Pictured,
    Reformatted,
    Restyled,
    Suggested,
)
from collab.content.write import (
    cell_look_attributes,
    claim_attributes,
    paragraph_attributes,
    pictured_value,
)

Attributes = dict[str, Any]

# Of one text or paragraph; the reader takes some more, of people who write at once.
MOST_LAYERS = 8


class TooManyLooksError(Exception):
    """So many suggestions stand there that nobody could tell them apart."""


def reformatted_letter(
    letter: Letter, by: Suggested, wishes: Mapping[str, Any]
) -> Attributes:
    """Nothing when it looks so already. `wishes`: marks by their name (true, false),
    and "link" with its address or None. Raises `TooManyLooksError`."""
    run = read_run(letter.char, letter.attributes)
    look = {**{name: name in run.marks for name in MARKS}, "link": run.href}
    about = [n for n in TEXT_LOOK if n in wishes and wishes[n] != look[n]]
    if not about:
        return {}
    under = () if run.formatting is None else (*run.formatting.under, run.formatting)
    if len(under) >= MOST_LAYERS:
        raise TooManyLooksError
    # Alone it may say what all was; above others it says what it is about.
    names = frozenset(about) if under else None
    layer = Reformatted(by.id, by.author, by.at, run.marks, run.href, names)
    values: Attributes = {**claim_attributes(layer, top_rank(letter.attributes) + 1)}
    for name in about:
        wish = wishes[name]
        if name == "link":
            values["link"] = {"href": wish} if wish else None
        else:
            values[name] = {} if wish else None
    return values


def restyled_paragraph(
    element: XmlElement, by: Suggested, wishes: Mapping[str, Any]
) -> Attributes:
    """Nothing when it looks so already. `wishes`: names of `PARAGRAPH_LOOK`; a number
    goes with the style that it counted. Raises `TooManyLooksError`."""
    (block,) = read_child(element)
    if not isinstance(block, Paragraph):
        return {}
    before = {name: getattr(block, name) for name in PARAGRAPH_LOOK}
    look = {**before, **wishes}
    if look == before:
        return {}
    if look["style"] != before["style"]:
        look["number"] = None
    held = block.formatting
    under = () if held is None else (*held.under, held)
    if len(under) >= MOST_LAYERS:
        raise TooManyLooksError
    layer = Restyled(by.id, by.author, by.at, **before, under=under)
    made = paragraph_attributes(Paragraph((), **look, formatting=layer))
    changed = [name for name in PARAGRAPH_LOOK if look[name] != before[name]]
    return {name: made[name] for name in (*changed, "formatting")}


def resized_image(element: XmlElement, by: Suggested, width_mm: float) -> Attributes:
    """Nothing when it is as wide already. Raises `TooManyLooksError`."""
    (image,) = read_child(element)
    if not isinstance(image, Image) or image.width_mm == width_mm:
        return {}
    held = image.formatting
    under = () if held is None else (*held.under, held)
    if len(under) >= MOST_LAYERS:
        raise TooManyLooksError
    bare = tuple(replace(each, under=()) for each in under)
    before = (image.alt, image.width_mm, image.align)
    layer = Pictured(by.id, by.author, by.at, *before, under=bare)
    return {"width": width_mm, "formatting": pictured_value(layer)}


def recelled_cell(
    element: XmlElement, by: Suggested, wishes: Mapping[str, Any]
) -> Attributes:
    """Nothing when it is so already. `wishes`: `headed`, `shape`, or `widths` by the
    number of the cell's column. Raises `TooManyLooksError`."""
    cell = read_cell(element)
    if cell is None:
        return {}
    widths = list(cell.widths or (None,) * cell.colspan)
    cell = replace(cell, widths=tuple(widths))
    for column, width in wishes.get("widths", {}).items():
        widths[column] = width
    made = replace(cell, widths=tuple(widths), shape=wishes.get("shape", cell.shape))
    is_header = cell.header if cell.headed is None else cell.headed
    if wishes.get("headed", is_header) != is_header:
        made = replace(made, headed=wishes["headed"])
    if made == cell:
        return {}
    under = () if cell.formatting is None else (*cell.formatting.under, cell.formatting)
    if len(under) >= MOST_LAYERS:
        raise TooManyLooksError
    layer = Celled(
        by.id,
        by.author,
        by.at,
        headed=cell.headed,
        shape=cell.shape,
        widths=cell.widths,
        under=tuple(replace(each, under=()) for each in under),
    )
    before = cell_look_attributes(cell)
    now = cell_look_attributes(replace(made, formatting=layer))
    return {name: value for name, value in now.items() if value != before[name]}
