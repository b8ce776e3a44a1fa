"""What the application appends to a log reaches those who are in the room."""

from __future__ import annotations

import asyncio

from pycrdt import Doc, Text

from collab.ports import AccessChange
from tests.support.rooms import DOCUMENT, World
from tests.support.wait import until_async

WRITTEN = AccessChange(document_id=DOCUMENT, written=True)


def append(world: World, text: str) -> bytes:
    """As a restored version: an edit on what is saved, by no peer."""
    stored = world.store.load(DOCUMENT)
    assert stored is not None
    doc: Doc = Doc()
    for entry in stored.updates:
        doc.apply_update(entry.update)
    before = doc.get_state()
    doc.get("content", type=Text).insert(0, text)
    update = doc.get_update(before)
    world.store.append(DOCUMENT, update, epoch=1, author="an")
    return update


async def test_everybody_sees_it_at_once_without_a_bus(world: World) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    an.type("có sẵn")
    await until_async(lambda: an.saved_count == 1)
    append(world, "khôi phục ")
    world.engine.access_changed(WRITTEN)
    await until_async(lambda: phi.read() == an.read() == "khôi phục có sẵn")


async def test_it_merges_with_what_is_typed_at_that_moment(world: World) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    an.type("có sẵn")
    await until_async(lambda: an.saved_count == 1)
    world.log.commits.clear()
    phi.send_update(phi.edit(" và thêm"))
    append(world, "khôi phục ")
    world.engine.access_changed(WRITTEN)
    world.log.commits.set()
    await until_async(lambda: phi.saved_count == 1)
    await until_async(lambda: an.read() == phi.read() == "khôi phục có sẵn và thêm")
    assert world.stored_text() == "khôi phục có sẵn và thêm"


async def test_a_lost_hint_is_made_up_for_by_the_next_edit(world: World) -> None:
    an = await world.join("an")
    an.type("a")
    await until_async(lambda: an.saved_count == 1)
    append(world, "b")
    # Nobody tells the room; the number of its next commit shows the gap.
    an.type("c")
    await until_async(lambda: an.read() == "bac")


async def test_a_log_that_is_away_is_read_when_it_returns(world: World) -> None:
    an = await world.join("an")
    append(world, "khôi phục")
    world.documents.available = False
    world.engine.access_changed(WRITTEN)
    await until_async(lambda: world.engine.rights._unanswered)
    assert an.read() == ""
    world.documents.available = True
    await world.engine.rights.retry()
    await until_async(lambda: an.read() == "khôi phục")


async def test_it_is_seen_by_one_who_was_coming_in(world: World) -> None:
    world.log.loads.clear()
    coming = asyncio.create_task(world.join("an", sync=False))
    await until_async(lambda: world.log.load_count == 1)
    append(world, "khôi phục")
    await world.engine.rights.recheck(WRITTEN)
    world.log.loads.set()
    an = await coming
    an.sync()
    await world.engine.rights.retry()
    await until_async(lambda: an.read() == "khôi phục")
