"""Whatever is typed, dropped, repeated or restarted: all end with one document.

It is the one that the log holds. A failing run prints its seed; SEED repeats it.
"""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import y_py
from pycrdt import Doc, Text

from collab.errors import ProtocolError
from collab.protocol.limits import Limits
from tests.support.random_edits import Edits
from tests.support.rooms import DOCUMENT, Tab, World, turn
from tests.support.wait import until_async

SEEDS = [int(os.environ["SEED"])] if "SEED" in os.environ else range(12)


class Client:
    """One person with a bad network: edits wait, arrive twice, or in another order."""

    def __init__(self, number: int, chance: random.Random) -> None:
        self.user = f"người {number}"
        self.edits = Edits(client_id=100 + number)
        self.chance = chance
        self.tab: Tab | None = None
        self._seen = 0
        self._to_send: list[bytes] = []

    async def connect(self, world: World) -> None:
        self.tab = tab = await world.join(self.user, sync=False)
        self._seen = 0
        tab.peer.room.receive_step_1(tab.peer, self.edits.doc.get_state())

    def edit(self) -> None:
        draw = self.chance.randrange
        self._to_send.append(self.edits.do(draw(12), draw(1_000), draw(1_000)))

    def deliver(self) -> None:
        """Send some of what waits, in any order, some of it twice."""
        if self.tab is None or self.tab.closed is not None:
            return
        self.chance.shuffle(self._to_send)
        count = self.chance.randint(0, len(self._to_send))
        now, self._to_send = self._to_send[:count], self._to_send[count:]
        for update in now + self.chance.sample(now, len(now) // 3):
            self.tab.send_update(update)

    def read(self) -> None:
        if self.tab is None:
            return
        frames, self._seen = self.tab.frames[self._seen :], len(self.tab.frames)
        for kind, step, body in map(self.tab._parts, frames):
            if kind == 0 and step in (1, 2):
                for _ in range(self.chance.randint(1, 2)):
                    self.edits.doc.apply_update(body)

    def drop(self) -> None:
        if self.tab is not None and self.tab.closed is None:
            self.tab.leave_room()
        self.tab = None
        # A browser sends all that the server lacks when it comes back.
        self._to_send = []

    async def finish(self, world: World) -> None:
        self.drop()
        await self.connect(world)
        assert self.tab is not None
        missing = self.edits.doc.get_update(world.room().state_vector())
        self.tab.send_update(missing, is_answer=True)


@pytest.mark.parametrize("seed", SEEDS)
async def test_everybody_ends_with_what_the_log_holds(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collab.rooms.engine._DRAIN_S", 0.02)
    print(f"seed {seed}: repeat with SEED={seed}")
    chance = random.Random(seed)
    limits = replace(Limits(), idle_room_s=0.0, compact_on_unload_updates=1)
    world = World(limits=limits)
    world.begin()
    world.engine.start()
    clients = [Client(n, chance) for n in range(chance.randint(3, 5))]
    for _ in range(chance.randint(40, 80)):
        client = chance.choice(clients)
        event = chance.random()
        if event < 0.06:
            client.drop()
        elif event < 0.09:
            await world.engine.stop()
            world = World(world.documents, limits)
            world.engine.start()
            for other in clients:
                other.drop()
        elif event < 0.14 and world.engine.rooms.find(DOCUMENT):
            await world.engine.rooms.compact(world.room())
        elif event < 0.18:
            world.documents.available = not world.documents.available
        elif client.tab is None or client.tab.closed is not None:
            try:
                await client.connect(world)
            except ProtocolError:
                world.documents.available = True
        elif event < 0.6:
            client.edit()
        else:
            client.deliver()
            client.read()
        await turn()
    world.documents.available = True
    for client in clients:
        await client.finish(world)
    await until_async(lambda: world.room().is_clean, what=f"seed {seed} is saved")
    for client in clients:
        client.read()
    await turn()
    stored = Edits()
    document = world.store.load(DOCUMENT)
    assert document is not None
    for part in (document.snapshot, *(entry.update for entry in document.updates)):
        if part is not None:
            stored.doc.apply_update(part)
    for client in clients:
        assert client.edits.shown() == stored.shown(), f"seed {seed}"
    newcomer = await world.join("người mới")
    again = Edits()
    again.doc.apply_update(newcomer.doc.get_update())
    assert again.shown() == stored.shown()
    await world.engine.stop()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    world.begin()
    world.engine.start()
    yield world
    await world.engine.stop()


@pytest.mark.parametrize("seed", range(4))
async def test_a_y_py_program_converges_with_ours(world: World, seed: int) -> None:
    chance = random.Random(seed)
    tab = await world.join("y-py")
    pycrdt_tab = await world.join("pycrdt")
    foreign = y_py.YDoc(7)
    text = foreign.get_text("content")
    applied = 0
    for number in range(40):
        before = y_py.encode_state_vector(foreign)
        with foreign.begin_transaction() as transaction:
            if len(text) > 3 and chance.random() < 0.3:
                text.delete(transaction, chance.randrange(len(text) - 1))
            else:
                text.insert(transaction, chance.randrange(len(text) + 1), f"{number} ")
        tab.send_update(y_py.encode_state_as_update(foreign, before))
        if chance.random() < 0.5:
            pycrdt_tab.type("x")
            await turn()
            for update in tab.updates[applied:]:
                y_py.apply_update(foreign, update)
            applied = len(tab.updates)
    await until_async(lambda: tab.saved_count == 40)
    for update in tab.updates[applied:]:
        y_py.apply_update(foreign, update)
    stored: Doc[Any] = Doc()
    document = world.store.load(DOCUMENT)
    assert document is not None
    for entry in document.updates:
        stored.apply_update(entry.update)
    expected = str(stored.get("content", type=Text))
    assert str(text) == pycrdt_tab.read() == expected
