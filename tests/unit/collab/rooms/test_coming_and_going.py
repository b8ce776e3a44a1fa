"""A day's worth of people who come and go leaves nothing behind in the process.

Counted are the objects that Python keeps, which is exact: one object forgotten in a
hundred visits would be seen. The engine's own memory belongs to a `LiveDocument` each.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from collab.protocol.limits import Limits
from collab.rooms.document import LiveDocument
from collab.rooms.peer import Peer
from collab.rooms.room import Room
from storage.ports import Append, AppendOutcome
from tests.support.rooms import World
from tests.support.wait import until_async

DOCUMENTS = 100
VISITS = 5_000
# Caches that fill slowly, and the loop's own upkeep.
SLACK = VISITS // 100

_seqs = itertools.count(1)


async def forget(batch: Sequence[Append]) -> list[AppendOutcome]:
    """A log that says "stored" and keeps nothing: what it keeps would be counted."""
    return [AppendOutcome(append.document_id, next(_seqs)) for append in batch]


async def visit(world: World, document: str) -> None:
    """Two people open a document, see each other, one types, and both go."""
    an = await world.join("an", document=document)
    phi = await world.join("phi", document=document)
    an.type("x")
    await until_async(lambda: an.saved_count == 1)
    assert phi.read().endswith("x")
    an.leave_room()
    phi.leave_room()


async def rounds(world: World, visits: int) -> None:
    for _ in range(visits // DOCUMENTS):
        await asyncio.gather(*(visit(world, f"d{n}") for n in range(DOCUMENTS)))
        await until_async(lambda: not world.engine.rooms.rooms(), what="all unloaded")


def kept() -> Counter[str]:
    """All that Python keeps, by type."""
    gc.collect()
    return Counter(
        f"{type(each).__module__}.{type(each).__qualname__}"
        for each in gc.get_objects()
    )


def rooms_kept() -> int:
    """Rooms, and what belongs to one, that somebody still refers to."""
    gc.collect()
    kinds = (Room, Peer, LiveDocument)
    return sum(isinstance(each, kinds) for each in gc.get_objects())


async def test_five_thousand_visits_leave_no_room_task_thread_or_memory() -> None:
    world = World(limits=replace(Limits(), idle_room_s=0.0))
    world.log.append_many = forget  # type: ignore[method-assign]
    for number in range(DOCUMENTS):
        world.begin(f"d{number}", "bắt đầu ")
    world.engine.start()
    # What is made once: threads of the pool, caches, the first of everything.
    await rounds(world, 5 * DOCUMENTS)
    await until_async(lambda: not rooms_kept(), what="no room is kept")
    tasks, threads = len(asyncio.all_tasks()), threading.active_count()
    before = kept()
    await rounds(world, VISITS)
    await until_async(lambda: not rooms_kept(), what="no room is kept")
    assert world.engine.counters["rooms_unloaded"] >= VISITS
    assert len(asyncio.all_tasks()) <= tasks
    assert threading.active_count() <= threads
    # Timers that were cancelled stay with the event loop until they would be due.
    await until_async(lambda: (kept() - before).total() <= SLACK, what="no more kept")
    await world.engine.stop()
