"""What only real processes can show: crashes, and writers that share no memory."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from pathlib import Path

from storage.ports import Refusal
from tests.support.log_worlds import DjangoWorld

DRAFT = "01930000-0000-7000-8000-000000000001"
PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120


async def start_writer(world: DjangoWorld, name: str, count: int) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.append_worker",
        world.as_json(),
        DRAFT,
        name,
        str(count),
        stdout=PIPE,
        cwd=PROJECT,
    )


async def next_acknowledgement(writer: Process) -> tuple[str, str, str]:
    """The update, its seq, its refusal."""
    assert writer.stdout is not None
    line = await asyncio.wait_for(writer.stdout.readline(), PATIENCE_S)
    update, seq, refusal = line.decode().split(maxsplit=2)
    return update, seq, refusal.strip()


async def end(writer: Process) -> None:
    if writer.returncode is None:
        writer.kill()
    await asyncio.wait_for(writer.communicate(), PATIENCE_S)


async def test_processes_that_append_at_once_leave_no_gap(
    database_world: DjangoWorld,
) -> None:
    await database_world.sync(lambda: database_world.store.create(DRAFT, None))
    count = 25
    names = ("anh", "binh", "chi")
    writers = [await start_writer(database_world, name, count) for name in names]
    outputs = await asyncio.wait_for(
        asyncio.gather(*(w.communicate() for w in writers)), PATIENCE_S
    )
    assert [w.returncode for w in writers] == [0, 0, 0]
    told: dict[int, str] = {}
    for output, _ in outputs:
        for line in output.decode().splitlines():
            update, seq, _refusal = line.split(maxsplit=2)
            told[int(seq)] = update
    updates = await database_world.open().read_since(DRAFT, 0)
    assert [u.seq for u in updates] == list(range(1, len(names) * count + 1))
    assert {u.seq: u.update.decode() for u in updates} == told
    assert set(Counter(told.values()).values()) == {1}


async def test_acknowledged_updates_survive_a_killed_process(
    database_world: DjangoWorld,
) -> None:
    await database_world.sync(lambda: database_world.store.create(DRAFT, None))
    writer = await start_writer(database_world, "anh", 100_000)
    try:
        told = [await next_acknowledgement(writer) for _ in range(15)]
    finally:
        await end(writer)
    updates = await database_world.open().read_since(DRAFT, 0)
    kept = {str(u.seq): u.update.decode() for u in updates}
    for update, seq, _refusal in told:
        assert kept[seq] == update
    assert [u.seq for u in updates] == list(range(1, len(updates) + 1))


async def test_a_freeze_is_one_instant_for_every_process(
    database_world: DjangoWorld,
) -> None:
    """After the freezing transaction commits, no process stores anything more."""
    world = database_world
    await world.sync(lambda: world.store.create(DRAFT, None))
    writer = await start_writer(world, "anh", 100_000)
    try:
        await next_acknowledgement(writer)
        await world.sync(lambda: world.store.set_frozen(DRAFT, frozen=True))
        log = world.open()
        frozen = await log.head(DRAFT)
        assert frozen is not None
        while (await next_acknowledgement(writer))[2] != Refusal.FROZEN:
            pass
        for _ in range(5):
            assert (await next_acknowledgement(writer))[1:] == ("None", "frozen")
        assert await log.head(DRAFT) == frozen
    finally:
        await end(writer)


async def test_an_action_that_rolls_back_leaves_the_log_as_it_was(
    database_world: DjangoWorld,
) -> None:
    world = database_world
    await world.sync(lambda: world.store.create(DRAFT, b"first"))

    def fail() -> None:
        world.store.set_frozen(DRAFT, frozen=True)
        world.store.start_epoch(DRAFT, b"other")
        raise ZeroDivisionError

    def act() -> bool:
        try:
            world.atomically(fail)
        except ZeroDivisionError:
            return True
        return False

    before = await world.open().load(DRAFT)
    assert await world.sync(act)
    assert await world.open().load(DRAFT) == before
