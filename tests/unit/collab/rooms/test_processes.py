"""Two processes and one document: the bus is a hint, the log is the truth."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from collab import errors
from collab.protocol import awareness
from collab.protocol.awareness import Said, written
from collab.rooms.relay import Relay, RelayKind, encode, topic_of
from collab.rooms.state import RoomState
from storage.memory import MemoryBus, MemoryDocuments, MemoryHub
from tests.support.rooms import DOCUMENT, World, text_update, turn
from tests.support.wait import until_async


@dataclass
class Office:
    a: World
    b: World
    hub: MemoryHub


@pytest.fixture
async def office(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """Two engines over one log and one bus; what is overdue is so at once."""
    monkeypatch.setattr("collab.rooms.elsewhere._COMMIT_DUE_S", 0.1)
    monkeypatch.setattr("collab.rooms.elsewhere._GAP_S", 0.05)
    documents, hub = MemoryDocuments(), MemoryHub()
    office = Office(
        World(documents, bus=MemoryBus(hub)), World(documents, bus=MemoryBus(hub)), hub
    )
    office.a.begin()
    for world in (office.a, office.b):
        world.engine.start()
    yield office
    documents.available = True
    for world in (office.a, office.b):
        world.log.commits.set()
        world.log.loads.set()
        await world.engine.stop()


async def test_an_edit_in_one_process_is_shown_in_the_other(office: Office) -> None:
    an, phi = await office.a.join("an"), await office.b.join("phi")
    an.type("từ A ")
    await until_async(lambda: phi.read() == "từ A ")
    phi.type("từ B")
    await until_async(lambda: an.read() == "từ A từ B")
    await until_async(lambda: an.saved_count == phi.saved_count == 1)
    await until_async(lambda: office.a.room().is_clean and office.b.room().is_clean)
    head = office.a.store.head(DOCUMENT)
    assert head is not None
    assert head.last_seq == 2, "each edit is stored once"


async def test_processes_converge_when_the_bus_drops_everything(
    office: Office,
) -> None:
    an, phi = await office.a.join("an"), await office.b.join("phi")
    bus = office.b.bus
    assert bus is not None
    bus.connected = False
    an.type("không nghe thấy")
    await until_async(lambda: an.saved_count == 1)
    assert phi.read() == ""
    bus.connected = True
    await until_async(lambda: phi.read() == "không nghe thấy")


async def test_a_gap_that_only_one_lost_message_left_is_closed_by_the_log(
    office: Office,
) -> None:
    an, phi = await office.a.join("an"), await office.b.join("phi")
    bus = office.b.bus
    assert bus is not None
    bus._connected = False  # silently: no reconnect is ever noticed
    an.type("mất ")
    await until_async(lambda: an.saved_count == 1)
    bus._connected = True
    phi.type("của B")
    await until_async(lambda: phi.saved_count == 1)
    await until_async(lambda: "mất" in phi.read())
    await until_async(lambda: sorted(an.read()) == sorted(phi.read()))


async def test_an_edit_whose_process_died_is_saved_by_the_other(
    office: Office,
) -> None:
    an, phi = await office.a.join("an"), await office.b.join("phi")
    office.a.log.commits.clear()  # A never commits again
    an.type("mồ côi")
    await until_async(lambda: phi.read() == "mồ côi")
    await until_async(lambda: office.b.stored_text() == "mồ côi")
    assert office.b.engine.counters["orphans_adopted"] == 1


async def test_adopted_edits_do_not_multiply_in_an_outage(office: Office) -> None:
    an, phi = await office.a.join("an"), await office.b.join("phi")
    sent: list[bytes] = []
    bus = office.a.bus
    assert bus is not None
    await bus.subscribe(topic_of(DOCUMENT), lambda topic, payload: sent.append(payload))
    an.edit("")
    office.a.documents.available = False
    an.type("một lần")
    await until_async(lambda: phi.read() == "một lần")
    room = office.b.room()
    # Many times overdue while the log is away.
    for _ in range(12):
        for name in list(room.elsewhere._shown):
            room.elsewhere._overdue(name)
        await turn()
    office.a.documents.available = True
    await until_async(lambda: an.saved_count == 1)
    await until_async(lambda: office.a.room().is_clean and office.b.room().is_clean)
    shown = [p for p in sent if p[0] == RelayKind.UPDATE]
    assert len(shown) == 1
    head = office.a.store.head(DOCUMENT)
    assert head is not None
    assert head.last_seq <= 2


async def test_nothing_is_acknowledged_because_another_process_showed_it(
    office: Office,
) -> None:
    """A dies after showing an edit; its writer comes to B, which holds it unsaved."""
    an, phi = await office.a.join("an"), await office.b.join("phi")
    office.a.log.commits.clear()
    office.b.log.commits.clear()
    an.type("chưa lưu")
    await until_async(lambda: phi.read() == "chưa lưu")
    again = await office.b.join("an")
    again.send_update(an.doc.get_update(), is_answer=True)
    await turn()
    assert again.saved_count == 0
    office.b.log.commits.set()
    await until_async(lambda: again.saved_count == 1)
    assert office.b.stored_text() == "chưa lưu"


async def test_what_comes_while_a_room_loads_is_not_missed(office: Office) -> None:
    an = await office.a.join("an")
    office.b.log.loads.clear()
    opening = asyncio.create_task(office.b.join("phi"))
    await until_async(lambda: office.b.log.load_count)
    an.type("trong lúc mở")
    await until_async(lambda: an.saved_count == 1)
    await turn()
    office.b.log.loads.set()
    phi = await opening
    await until_async(lambda: phi.read() == "trong lúc mở", 1)
    assert office.b.room().known.upto == 1


async def test_what_comes_while_a_room_is_made_anew_is_not_missed(
    office: Office,
) -> None:
    an, phi = await office.a.join("an"), await office.b.join("phi")
    room = office.b.room()
    office.b.log.loads.clear()
    room._start_rebuild([], RuntimeError("panic"))
    an.type("trong lúc sửa")
    await until_async(lambda: an.saved_count == 1)
    await turn()
    office.b.log.loads.set()
    await until_async(lambda: room.state is RoomState.OPEN)
    await until_async(lambda: phi.read() == "trong lúc sửa", 1)
    assert (await office.b.join("quý")).read() == "trong lúc sửa"


async def test_of_too_much_that_comes_while_a_room_is_made_anew_the_log_tells(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collab.rooms.elsewhere._MOST_LATER_BYTES", 2_000)
    an, phi = await office.a.join("an"), await office.b.join("phi")
    room = office.b.room()
    office.b.log.loads.clear()
    room._start_rebuild([], RuntimeError("panic"))
    an.type("đã lưu ")
    await until_async(lambda: an.saved_count == 1)
    office.a.log.commits.clear()
    for number in range(50):
        an.type(f"{number} ")
        await turn()
    held = room.elsewhere._later
    assert sum(len(message.body) for message in held) < 2_000
    office.b.log.loads.set()
    await until_async(lambda: room.state is RoomState.OPEN)
    office.a.log.commits.set()
    await until_async(lambda: phi.read() == an.read(), 1)
    assert phi.read().endswith("48 49 ")
    assert office.b.engine.counters["orphans_adopted"] == 0


async def test_a_new_epoch_never_mixes_with_the_former_one(office: Office) -> None:
    an, phi = await office.a.join("an"), await office.b.join("phi")
    an.type("cũ")
    await until_async(lambda: phi.read() == "cũ")
    office.a.store.start_epoch(DOCUMENT, text_update("mới"))
    await office.b.room().elsewhere.read_log()
    assert phi.closed is errors.WRONG_EPOCH
    assert "mới" not in phi.read()


async def test_people_of_both_processes_see_each_other(office: Office) -> None:
    an = await office.a.join("an")
    an.peer.room.receive_awareness(
        an.peer, awareness.encode([Said(11, 1, written({"cursor": 1}))])
    )
    phi = await office.b.join("phi")
    await until_async(lambda: phi.presence)
    assert awareness.decode(phi.presence[-1])[0].client == 11
    an.leave_room()
    await until_async(lambda: awareness.decode(phi.presence[-1])[0].value is None)


async def test_noise_on_the_bus_stops_nothing(office: Office) -> None:
    an, phi = await office.a.join("an"), await office.b.join("phi")
    bus = office.a.bus
    assert bus is not None
    for noise in (
        b"",
        b"\xff\xff",
        encode(RelayKind.UPDATE, b"someone", number=1, body=b"\x01\x01"),
        encode(RelayKind.AWARENESS, b"someone", body=b"\x09"),
        encode(RelayKind.COMMITTED, b"someone", number=9, seq=10**6),
    ):
        await bus.publish(topic_of(DOCUMENT), noise)
    an.type("vẫn chạy")
    await until_async(lambda: phi.read() == "vẫn chạy")


async def test_an_ended_room_hears_nothing_more(office: Office) -> None:
    phi = await office.b.join("phi")
    room = office.b.room()
    room.end(errors.WRONG_EPOCH)
    await turn()
    assert phi.closed is errors.WRONG_EPOCH
    assert isinstance(room.elsewhere.relay, Relay)
    assert office.b.bus is not None
    assert topic_of(DOCUMENT) not in office.b.bus._handlers
