"""What a room promises to the people in it."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from typing import Any

import pytest
from pycrdt import Doc, Text

from collab import errors
from collab.errors import ProtocolError
from collab.ports import Level
from collab.protocol.limits import Limits
from collab.protocol.shape import EMPTY_UPDATE
from collab.rooms.document import LiveDocument
from collab.rooms.state import RoomState
from storage.ports import LogDamaged
from tests.support.random_edits import Edits
from tests.support.rooms import DOCUMENT, World, turn
from tests.support.wait import until_async


async def test_an_edit_reaches_the_others_and_is_saved(world: World) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    an.type("Kính gửi")
    await until_async(lambda: an.saved_count == 1)
    assert phi.read() == "Kính gửi"
    assert world.stored_text() == "Kính gửi"


async def test_nothing_is_acknowledged_before_its_commit(world: World) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    world.log.commits.clear()
    an.type("a")
    await until_async(lambda: phi.read() == "a")
    assert an.saved_count == 0
    world.log.commits.set()
    await until_async(lambda: an.saved_count == 1)


async def test_edits_that_come_while_a_commit_is_under_way_are_saved_next(
    world: World,
) -> None:
    an = await world.join("an")
    world.log.commits.clear()
    an.type("a")
    await until_async(lambda: world.log.waiting_commits)
    an.type("b")
    an.type("c")
    await turn()
    world.log.commits.set()
    await until_async(lambda: an.saved_count == 3)
    assert world.stored_text() == "abc"


async def test_an_edit_whose_writer_left_before_the_flush_is_saved(
    world: World,
) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    an.type("vội")
    an.leave_room()
    await until_async(lambda: world.stored_text() == "vội")
    assert phi.read() == "vội"
    assert an.saved_count == 0


async def test_the_last_person_may_leave_during_a_commit(world: World) -> None:
    an = await world.join("an")
    world.log.commits.clear()
    an.type("a")
    await until_async(lambda: world.log.waiting_commits)
    an.leave_room()
    room = world.room()
    await world.engine.rooms._unload(room)
    assert world.engine.rooms.find(DOCUMENT) is room
    world.log.commits.set()
    await until_async(lambda: world.stored_text() == "a")
    await world.engine.rooms._unload(room)
    assert world.engine.rooms.find(DOCUMENT) is None
    assert room.state is RoomState.CLOSED


async def test_two_who_open_at_once_wait_for_one_load(world: World) -> None:
    world.log.loads.clear()
    opening = [asyncio.create_task(world.join(name)) for name in ("an", "phi", "quý")]
    await turn()
    opening[0].cancel()
    world.log.loads.set()
    tabs = await asyncio.gather(*opening[1:])
    assert world.log.load_count == 1
    tabs[0].type("x")
    await turn()
    assert tabs[1].read() == "x"


async def test_a_load_that_fails_leaves_nothing_behind(world: World) -> None:
    world.documents.available = False
    with pytest.raises(ProtocolError) as refused:
        await world.join("an")
    assert refused.value.close is errors.SERVER_RESTARTING
    assert world.engine.rooms.find(DOCUMENT) is None
    world.documents.available = True
    an = await world.join("an")
    an.type("a")
    await until_async(lambda: an.saved_count == 1)


async def test_a_stored_document_that_cannot_be_read_is_refused_by_name(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def load(document_id: str) -> None:
        raise LogDamaged("a part is missing")

    monkeypatch.setattr(world.log, "load", load)
    with pytest.raises(ProtocolError) as refused:
        await world.join("an")
    assert refused.value.close is errors.SERVER_RESTARTING


async def test_an_absent_document_is_not_available(world: World) -> None:
    with pytest.raises(ProtocolError) as refused:
        await world.join("an", document="vắng")
    assert refused.value.close is errors.NOT_AVAILABLE


async def test_a_viewers_edit_is_refused_and_reaches_nobody(world: World) -> None:
    an, xem = await world.join("an"), await world.join("xem", Level.VIEW)
    xem.type("lén")
    await turn()
    assert an.read() == ""
    assert (xem.saved_count, xem.refused_count) == (0, 1)
    assert world.stored_text() == ""


async def test_a_viewers_edit_in_the_other_dialect_ends_the_socket(
    world: World,
) -> None:
    xem = await world.join("xem", Level.VIEW, dialect="y-websocket")
    with pytest.raises(ProtocolError) as refused:
        xem.type("lén")
    assert refused.value.close is errors.READ_ONLY


async def test_a_viewers_answer_that_adds_nothing_is_acknowledged(
    world: World,
) -> None:
    an = await world.join("an")
    an.type("có sẵn")
    await until_async(lambda: an.saved_count == 1)
    xem = await world.join("xem", Level.VIEW)
    xem.send_update(xem.doc.get_update(), is_answer=True)
    xem.send_update(EMPTY_UPDATE, is_answer=True)
    assert (xem.saved_count, xem.refused_count) == (2, 0)
    assert world.store.head(DOCUMENT).last_seq == 1  # type: ignore[union-attr]


async def test_an_answer_that_adds_nothing_waits_for_what_was_shown_before(
    world: World,
) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    world.log.commits.clear()
    an.type("a")
    await until_async(lambda: phi.read() == "a")
    phi.send_update(phi.doc.get_update(), is_answer=True)
    await turn()
    assert phi.saved_count == 0
    world.log.commits.set()
    await until_async(lambda: phi.saved_count == 1)


async def test_an_answer_that_adds_nothing_does_not_wait_for_later_edits(
    world: World,
) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    world.log.commits.clear()
    an.type("a")
    await until_async(lambda: world.log.waiting_commits and phi.read() == "a")
    phi.send_update(phi.doc.get_update(), is_answer=True)
    an.type("b")
    await turn()
    saves = world.room()._saves
    real = saves._on_saved

    def saved(seq: int) -> None:
        world.log.commits.clear()
        real(seq)

    saves._on_saved = saved
    world.log.commits.set()
    await until_async(lambda: phi.saved_count == 1)
    # The second commit still waits.
    assert an.saved_count == 1
    world.log.commits.set()
    await until_async(lambda: an.saved_count == 2)


async def test_an_unintegrated_update_reaches_a_newcomer(world: World) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    first, second = an.edit("một "), an.edit("hai")
    an.send_update(second)
    await until_async(lambda: an.saved_count == 1)
    quý = await world.join("quý")
    phi.send_update(first)
    await until_async(lambda: phi.saved_count == 1)
    assert quý.read() == "một hai"
    assert world.stored_text() == "một hai"


async def test_many_updates_that_never_fit_do_not_slow_the_room() -> None:
    lonely: Doc[Any] = Doc(client_id=7)
    text = lonely.get("content", type=Text)
    document = LiveDocument(())
    text += "x"
    for _ in range(400):
        before = lonely.get_state()
        text += "x"
        document.apply(lonely.get_update(before))
    assert document.has_unintegrated
    assert len(document._unintegrated) <= 51
    whole: Doc[Any] = Doc()
    whole.apply_update(document.full())
    whole.apply_update(lonely.get_update())
    assert str(whole.get("content", type=Text)) == "x" * 401


@pytest.mark.parametrize("seed", range(40))
def test_a_history_in_any_order_is_the_same_document(seed: int) -> None:
    chance = random.Random(seed)
    people = [Edits(client_id=100 + n) for n in range(3)]
    history = []
    for _ in range(15):
        one, other = chance.sample(people, 2)
        draw = chance.randrange
        history.append(one.do(draw(12), draw(1_000), draw(1_000)))
        other.doc.apply_update(one.doc.get_update(other.doc.get_state()))
    whole = Edits()
    for update in history:
        whole.doc.apply_update(update)
    chance.shuffle(history)
    document = LiveDocument(())
    for update in history:
        document.apply(update)
    assert not document.has_unintegrated
    for state in (document.full(), document._doc.get_update()):
        shown = Edits()
        shown.doc.apply_update(state)
        assert shown.shown() == whole.shown()


async def test_compaction_loses_nothing_that_waits(world: World) -> None:
    an = await world.join("an")
    first, second, third = an.edit("một "), an.edit("hai "), an.edit("ba")
    for update in (first, third):
        an.send_update(update)
        await turn()
    await until_async(lambda: an.saved_count == 2)
    await world.engine.rooms.compact(world.room())
    assert world.store.load(DOCUMENT).snapshot is not None  # type: ignore[union-attr]
    an.send_update(second)
    await until_async(lambda: an.saved_count == 3)
    assert world.stored_text() == "một hai ba"


async def test_a_compaction_without_a_tail_is_not_tried_again_and_again(
    world: World,
) -> None:
    an = await world.join("an")
    an.type("a")
    await until_async(lambda: an.saved_count == 1)
    stored = world.store.load(DOCUMENT)
    assert stored is not None
    await world.log.compact(
        DOCUMENT, epoch=1, snapshot=stored.updates[0].update, up_to_seq=1
    )
    assert world.room().known.tail_length == 1
    await world.engine.rooms.compact(world.room())
    assert world.room().known.tail_length == 0


async def test_a_document_over_its_limit_ends_its_writer_only() -> None:
    world = World(limits=replace(Limits(), max_document_bytes=2_000))
    world.begin()
    world.engine.start()
    an, phi = await world.join("an"), await world.join("phi")
    phi.type("ngắn")
    an.type("x" * 5_000)
    await until_async(lambda: an.closed)
    assert an.closed is errors.DOCUMENT_TOO_LARGE
    assert phi.closed is None
    await until_async(lambda: phi.saved_count == 1)
    assert world.stored_text() == "ngắn"
    await world.engine.stop()


async def test_a_full_document_can_still_be_made_smaller() -> None:
    world = World(limits=replace(Limits(), max_document_bytes=1_000))
    world.begin(text="x" * 960)
    world.engine.start()
    an = await world.join("an")
    for start in range(0, 100, 2):
        an.send_update(an.erase(start, start + 1))
    await until_async(lambda: an.saved_count == 50)
    assert an.closed is None
    assert world.stored_text() == "x" * 910
    await world.engine.stop()


# ── end ─────────────────────────────────────────────────────────────────────────


async def test_an_idle_room_is_unloaded_and_another_load_has_it_all() -> None:
    world = World(
        limits=replace(Limits(), idle_room_s=0.01, compact_on_unload_updates=1)
    )
    world.begin()
    world.engine.start()
    an = await world.join("an")
    an.type("a")
    await until_async(lambda: an.saved_count == 1)
    an.leave_room()
    await until_async(lambda: world.engine.rooms.find(DOCUMENT) is None)
    assert world.store.load(DOCUMENT).snapshot is not None  # type: ignore[union-attr]
    assert (await world.join("phi")).read() == "a"
    await world.engine.stop()


async def test_a_room_that_refuses_its_only_visitor_is_unloaded_too() -> None:
    world = World(limits=replace(Limits(), idle_room_s=0.01))
    world.begin()
    world.engine.start()
    an = await world.join("an")
    an.leave_room()
    # Opened, never joined.
    await world.engine.rooms.open(DOCUMENT, epoch=1)
    await until_async(lambda: world.engine.rooms.find(DOCUMENT) is None)
    await world.engine.stop()


async def test_stopping_saves_what_waits_and_says_goodbye(world: World) -> None:
    an = await world.join("an")
    an.type("cuối")
    await world.engine.stop()
    assert world.stored_text() == "cuối"
    assert an.saved_count == 1
    assert an.closed is errors.SERVER_RESTARTING


async def test_a_fresh_room_waits_for_what_the_ended_one_has_shown(
    world: World,
) -> None:
    an = await world.join("an")
    world.log.commits.clear()
    an.type("đang lưu")
    await until_async(lambda: world.log.waiting_commits)
    world.room().end(errors.SERVER_RESTARTING)
    opening = asyncio.create_task(world.join("phi"))
    await turn()
    assert not opening.done()
    world.log.commits.set()
    assert (await opening).read() == "đang lưu"
