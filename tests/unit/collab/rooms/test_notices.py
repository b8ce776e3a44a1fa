"""Notices of the application reach the people of one document, by their level."""

from __future__ import annotations

import asyncio

from collab.ports import Level
from storage.memory import MemoryBus, MemoryDocuments, MemoryHub
from tests.support.rooms import DOCUMENT, World
from tests.support.wait import until_async

NOTICE: dict[str, object] = {"type": "threads", "revision": 3}
HEARD = ['{"type":"threads","revision":3}']


async def test_only_those_at_the_level_hear_and_any_thread_may_tell(
    world: World,
) -> None:
    an = await world.join("an")
    gop_y = await world.join("gop_y", Level.COMMENT)
    xem = await world.join("xem", Level.VIEW)
    tell = world.engine.tell
    await asyncio.to_thread(tell, DOCUMENT, NOTICE, Level.COMMENT)
    await until_async(lambda: an.notices == gop_y.notices == HEARD)
    assert xem.notices == []
    tell(DOCUMENT, NOTICE)
    await until_async(lambda: xem.notices == HEARD)


async def test_a_document_that_nobody_has_open_is_told_to_nobody(world: World) -> None:
    an = await world.join("an")
    world.engine.tell("another", NOTICE)
    world.engine.tell(DOCUMENT, NOTICE)
    await until_async(lambda: an.notices == HEARD)


async def test_other_processes_hear_of_it_over_the_bus() -> None:
    documents, hub = MemoryDocuments(), MemoryHub()
    here, there = (World(documents, bus=MemoryBus(hub)) for _ in range(2))
    here.begin()
    for each in (here, there):
        each.engine.start()
    phi = await there.join("phi", Level.COMMENT)
    xem = await there.join("xem", Level.VIEW)
    here.engine.tell(DOCUMENT, NOTICE, Level.COMMENT)
    await until_async(lambda: phi.notices == HEARD)
    assert xem.notices == []
    for each in (here, there):
        await each.engine.stop()
