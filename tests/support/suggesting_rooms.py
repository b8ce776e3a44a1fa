"""What a suggester sends into a room of `tests.support.rooms`, and what is stored."""

from __future__ import annotations

from typing import Any

from pycrdt import Doc

from collab.content.read import read_content
from collab.content.suggested import original
from collab.content.tree import Content, Paragraph
from tests.support.rooms import Tab, World
from tests.support.suggesting import Edit, update_of


def do(tab: Tab, edit: Edit) -> bytes:
    """Send what the edit changes; the update that was sent."""
    update = update_of(tab.doc, edit)
    tab.send_update(update)
    return update


def stored(world: World, document: str) -> Content:
    held = world.store.load(document)
    assert held is not None
    doc: Doc[Any] = Doc()
    for update in [held.snapshot, *(entry.update for entry in held.updates)]:
        if update:
            doc.apply_update(update)
    return read_content(doc.get_update())


def words(world: World, document: str) -> list[str]:
    """What stands, by paragraph."""
    blocks = original(stored(world, document)).blocks
    return [block.text for block in blocks if isinstance(block, Paragraph)]
