"""A long document is read before it is made; nothing written meanwhile is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from pycrdt import XmlElement, XmlFragment

from collab import errors
from collab.errors import ProtocolError
from collab.ports import AccessChange
from collab.protocol import nesting
from collab.rooms.opening import Beginning
from collab.rooms.state import RoomState
from storage.memory import MemoryBus, MemoryDocuments, MemoryHub
from tests.support.rooms import DOCUMENT, World, text_update, turn
from tests.support.wait import until_async

LONG = "Căn cứ Luật Tổ chức chính quyền địa phương. " * 2_000


class Workshop:
    """Holds back what makes a document, after the bytes of the log are ready."""

    def __init__(self, world: World) -> None:
        self.is_open = asyncio.Event()
        self.fails = False
        inner = world.engine.run_heavy
        calls = 0

        async def run_heavy(work: Callable[[], Any]) -> Any:
            nonlocal calls
            calls += 1
            if calls > 1:
                await self.is_open.wait()
                if self.fails:
                    raise ValueError("the engine cannot read it")
            return await inner(work)

        world.engine.run_heavy = run_heavy  # type: ignore[method-assign]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    world.begin(text=LONG)
    yield world
    await world.engine.stop()


@pytest.fixture
async def workshop(world: World) -> AsyncIterator[Workshop]:
    workshop = Workshop(world)
    world.engine.start()
    yield workshop
    workshop.is_open.set()


async def finish(world: World, workshop: Workshop) -> None:
    workshop.is_open.set()
    room = world.room()
    while room.state is RoomState.BUILDING:  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0)
    await turn()


async def test_the_text_is_read_before_the_document_is_made(
    world: World, workshop: Workshop
) -> None:
    huong = await world.join("Hương")
    assert world.room().state is RoomState.BUILDING
    assert huong.read() == LONG


async def test_who_has_the_text_already_gets_only_what_is_new(
    world: World, workshop: Workshop
) -> None:
    huong = await world.join("Hương", sync=False)
    huong.doc.apply_update(world.store.load(DOCUMENT).updates[0].update)  # type: ignore[union-attr]
    huong.sync()
    assert len(huong.answers[-1]) < 1_000
    assert huong.read() == LONG


async def test_what_is_typed_meanwhile_is_taken_and_saved_when_it_is_made(
    world: World, workshop: Workshop
) -> None:
    huong, lam = await world.join("Hương"), await world.join("Lâm")
    huong.type("Điều 1. ")
    lam.type("Điều 2. ")
    await turn()
    assert (huong.saved_count, lam.saved_count) == (0, 0)
    assert not world.room().is_clean
    await finish(world, workshop)
    assert (huong.saved_count, lam.saved_count) == (1, 1)
    assert huong.read() == lam.read() == world.stored_text()
    assert "Điều 1. " in huong.read()
    assert "Điều 2. " in huong.read()


async def test_what_a_browser_kept_is_asked_for_once_the_document_is_made(
    world: World, workshop: Workshop
) -> None:
    huong = await world.join("Hương", sync=False)
    huong.edit("viết khi mất mạng")
    huong.sync()
    assert huong.questions == 0
    await finish(world, workshop)
    assert huong.questions == 1


async def test_one_who_comes_while_it_is_made_and_one_after_see_the_same(
    world: World, workshop: Workshop
) -> None:
    early = await world.join("Hương", dialect="y-websocket")
    await finish(world, workshop)
    early.type("x")
    await turn()
    late = await world.join("Lâm")
    assert early.read() == late.read() == world.stored_text()


async def test_what_cannot_be_read_sends_everybody_away(
    world: World, workshop: Workshop
) -> None:
    workshop.fails = True
    huong = await world.join("Hương")
    huong.type("chưa lưu")
    workshop.is_open.set()
    while huong.closed is None:  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0)
    assert huong.closed == errors.SERVER_RESTARTING
    assert huong.saved_count == 0


async def test_a_peer_that_stopped_reading_meanwhile_is_brought_back(
    world: World, workshop: Workshop
) -> None:
    huong = await world.join("Hương")
    # What the gateway does when its socket stops and starts again.
    huong.peer.base_state = world.room().state_vector()
    huong.peer.is_lagging = True
    lam = await world.join("Lâm")
    lam.type("Điều 3. ")
    world.room().catch_up(huong.peer)
    before = sum(map(len, huong.frames))
    await finish(world, workshop)
    assert sum(map(len, huong.frames)) - before < 2_000, "only what it lacked"
    assert not huong.peer.is_lagging
    assert huong.read() == lam.read()


async def test_who_has_lost_the_right_is_not_brought_back(
    world: World, workshop: Workshop
) -> None:
    huong, lam = await world.join("Hương"), await world.join("Lâm")
    huong.peer.base_state = world.room().state_vector()
    huong.peer.is_lagging = True
    world.room().catch_up(huong.peer)
    # The socket stays: it carries other documents, too.
    world.authorizer.take("Hương", DOCUMENT)
    await world.engine.rights.recheck(AccessChange(DOCUMENT, "Hương"))
    assert huong.closed == errors.RIGHTS_ENDED
    seen = len(huong.frames)
    lam.type("điều Hương không được đọc")
    await finish(world, workshop)
    assert lam.saved_count == 1
    assert huong.frames[seen:] == []


async def test_one_who_sends_too_much_meanwhile_takes_nobody_elses_place(
    world: World, workshop: Workshop
) -> None:
    huong, lam = await world.join("Hương"), await world.join("Lâm")
    large = lam.edit("x" * 1_000_000)
    with pytest.raises(ProtocolError) as told:
        for _ in range(200):
            lam.send_update(large)
    assert told.value.close == errors.OVERLOADED
    huong.type("Điều 1. ")
    await finish(world, workshop)
    assert huong.saved_count == 1


async def test_a_held_message_that_fails_stops_nobody_elses(
    world: World, workshop: Workshop
) -> None:
    huong, lam = await world.join("Hương"), await world.join("Lâm")
    lam.peer.is_lagging, lam.peer.base_state = True, b"\xff"  # no engine reads this
    world.room().catch_up(lam.peer)
    huong.type("Điều 1. ")
    await finish(world, workshop)
    assert huong.saved_count == 1
    assert (huong.closed, lam.closed) == (None, errors.MALFORMED_FRAME)


async def test_nothing_is_kept_of_one_who_left_meanwhile(
    world: World, workshop: Workshop
) -> None:
    large = text_update("x" * 1_000_000)
    for _ in range(60):
        lam = await world.join("Lâm", dialect="y-websocket", sync=False)
        lam.send_update(large)
        lam.leave_room()
    huong = await world.join("Hương")
    huong.type("Điều 1. ")
    await finish(world, workshop)
    assert huong.saved_count == 1
    assert "xxx" not in world.stored_text()


async def test_what_the_application_writes_meanwhile_is_shown_without_a_bus(
    world: World, workshop: Workshop
) -> None:
    huong = await world.join("Hương")
    world.store.append(DOCUMENT, text_update("khôi phục "), epoch=1, author="an")
    await world.engine.rights.recheck(AccessChange(DOCUMENT, written=True))
    await finish(world, workshop)
    await world.engine.rights.retry()
    await until_async(lambda: "khôi phục " in huong.read())


async def test_the_text_is_whole_when_a_browser_hears_that_it_has_it(
    world: World, workshop: Workshop
) -> None:
    """The editor opens then, and may write."""
    world.store.append(DOCUMENT, text_update("và thêm "), epoch=1, author="an")
    huong = await world.join("Hương", sync=False)
    huong.sync()
    assert len(huong.answers) == len(huong.updates) == 1
    assert huong.frames.index(huong.peer.encoder.step_2(huong.answers[0])) > (
        huong.frames.index(huong.peer.encoder.update(huong.updates[0]))
    )
    assert "và thêm " in huong.read()


async def test_a_room_that_ended_meanwhile_stays_ended(
    world: World, workshop: Workshop
) -> None:
    workshop.fails = True
    await world.join("Hương")
    room = world.room()
    room.end(errors.WRONG_EPOCH)
    await turn()
    ended: list[object] = []
    room.empty = ended.append  # type: ignore[method-assign]
    workshop.is_open.set()
    await turn()
    assert ended == []


async def test_edits_of_another_process_reach_who_reads_from_the_log() -> None:
    hub, documents = MemoryHub(), MemoryDocuments()
    here, there = (World(documents, bus=MemoryBus(hub)) for _ in range(2))
    here.begin(text=LONG)
    workshop = Workshop(here)
    here.engine.start()
    there.engine.start()
    lam = await there.join("Lâm")
    while there.room().state is RoomState.BUILDING:  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0)
    early = await here.join("Hương")
    lam.type("một ")
    await until_async(lambda: lam.saved_count == 1)
    late = await here.join("Phi", sync=False)
    late.sync()
    early.type("hai ")
    lam.type("ba ")
    await until_async(lambda: lam.saved_count == 2)
    assert (early.read(), late.read()) == (LONG + "hai ", LONG)
    await finish(here, workshop)
    await until_async(
        lambda: early.read() == late.read() == lam.read() == here.stored_text()
    )
    assert all(word in lam.read() for word in ("một ", "hai ", "ba "))
    for world in (here, there):
        await world.engine.stop()


async def test_a_short_document_is_made_at_once(world: World) -> None:
    world.begin("ngan", text="Kính gửi")
    world.engine.start()
    await world.join("Hương", document="ngan")
    assert world.room("ngan").state is RoomState.OPEN


def test_the_log_of_many_updates_is_told_whole() -> None:
    parts = [text_update("một"), text_update("hai"), text_update("ba")]
    beginning = Beginning(parts)
    assert len(beginning.missing(b"\x00")) == 2
    with pytest.raises(ValueError):
        beginning.missing(b"\xff\xff\xff")


async def test_no_edit_waits_until_a_long_document_is_measured(
    world: World, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading all of it for its depth would stop every room meanwhile."""
    read: list[int] = []
    depth_of = nesting.depth_of

    def noting(update: bytes) -> int:
        read.append(len(update))
        return depth_of(update)

    monkeypatch.setattr("collab.rooms.document.depth_of", noting)
    huong, lam = await world.join("Hương"), await world.join("Lâm")
    body = huong.doc.get("body", type=XmlFragment)
    before = huong.doc.get_state()
    body.children.append(XmlElement("paragraph"))
    huong.send_update(huong.doc.get_update(before))
    await finish(world, workshop)
    await until_async(lambda: huong.saved_count == 1)
    lam.read()
    assert len(lam.doc.get("body", type=XmlFragment).children) == 1
    assert read, "the edit itself is measured"
    assert max(read) < len(LONG)
