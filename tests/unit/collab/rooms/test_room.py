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
from collab.ports import AccessChange, Level
from collab.protocol.limits import Limits
from collab.protocol.shape import EMPTY_UPDATE
from collab.rooms import document as document_module
from collab.rooms.document import DamagedDocument, LiveDocument
from collab.rooms.state import RoomState
from storage.ports import LogDamaged, Refusal
from tests.support.random_edits import Edits
from tests.support.rooms import DOCUMENT, World, text_update, turn
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
    answered: list[tuple[int, int]] = []
    unsaved = world.room()._saves
    real = unsaved._on_saved

    def saved(seq: int) -> None:
        answered.append((seq, phi.saved_count))
        real(seq)

    unsaved._on_saved = saved
    world.log.commits.set()
    await until_async(lambda: an.saved_count == 2)
    # When the second commit was told, the answer was acknowledged already.
    assert answered == [(1, 0), (2, 1)]


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
    assert world.room().tail_length == 1
    await world.engine.rooms.compact(world.room())
    assert world.room().tail_length == 0


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


# ── freeze, epoch, rights ───────────────────────────────────────────────────────


async def test_an_edit_that_meets_a_freeze_is_kept_as_a_proposal(
    world: World,
) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    world.log.commits.clear()
    an.type("muộn")
    await until_async(lambda: world.log.waiting_commits and phi.read() == "muộn")
    an.type("!")
    phi.send_update(phi.edit("?"))
    world.store.set_frozen(DOCUMENT, frozen=True)
    world.log.commits.set()
    await until_async(lambda: an.closed and phi.closed)
    # Nobody may go on from the copy that shows what was never stored.
    assert (an.closed, phi.closed) == (errors.FROZEN, errors.FROZEN)
    assert an.saved_count == phi.saved_count == 0
    await until_async(lambda: len(world.store.proposals(DOCUMENT)) >= 3)
    kept = world.store.proposals(DOCUMENT)
    assert {p.author for p in kept} == {"an", "phi"}
    assert all(p.reason is Refusal.FROZEN for p in kept)
    again = await world.join("an")
    assert again.read() == ""


async def test_a_proposal_waits_for_the_log_to_return(world: World) -> None:
    an = await world.join("an")
    world.authorizer.freeze(DOCUMENT)
    world.engine.access_changed(AccessChange(document_id=DOCUMENT))
    await until_async(lambda: an.peer.grant.frozen)
    world.documents.available = False
    an.type("muộn")
    await turn()
    assert an.refused_count == 1
    world.documents.available = True
    await until_async(lambda: len(world.store.proposals(DOCUMENT)) == 1)


async def test_a_reader_of_a_frozen_document_proposes_nothing(world: World) -> None:
    xem = await world.join("xem", Level.VIEW)
    world.authorizer.freeze(DOCUMENT)
    world.engine.access_changed(AccessChange(document_id=DOCUMENT))
    await until_async(lambda: xem.peer.grant.frozen)
    xem.type("lén")
    await turn()
    assert xem.refused_count == 1
    assert world.store.proposals(DOCUMENT) == ()


async def test_a_replaced_document_sends_everybody_away(world: World) -> None:
    an = await world.join("an")
    an.type("cũ")
    await until_async(lambda: an.saved_count == 1)
    world.store.start_epoch(DOCUMENT, text_update("mới"))
    old_room = world.room()
    an.type("nữa")
    await until_async(lambda: an.closed)
    assert an.closed is errors.WRONG_EPOCH
    world.authorizer.give("an", DOCUMENT, Level.EDIT, epoch=2)
    again = await world.join("an")
    assert again.read() == "mới"
    assert old_room.state is RoomState.CLOSED
    assert world.room() is not old_room


async def test_rights_that_end_reach_the_open_document(world: World) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    world.authorizer.take("an", DOCUMENT)
    world.authorizer.give("phi", DOCUMENT, Level.VIEW)
    world.engine.access_changed(AccessChange(document_id=DOCUMENT))
    await until_async(lambda: an.closed, 1)
    assert an.closed is errors.RIGHTS_ENDED
    await until_async(lambda: not phi.peer.may_write, 1)
    phi.type("không được nữa")
    await turn()
    assert phi.refused_count == 1
    assert any('"level":"view"' in notice for notice in phi.notices)


async def test_what_a_revoked_peer_still_sends_is_ignored(world: World) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    late = an.edit("muộn")
    an.peer.leave(errors.RIGHTS_ENDED)
    an.send_update(late)
    an.peer.room.receive_awareness(an.peer, b"\x01\x05\x01\x02{}")
    frames = len(an.frames)
    an.peer.room.receive_step_1(an.peer, b"\x00")
    await turn()
    assert phi.read() == ""
    assert len(an.frames) == frames
    assert world.stored_text() == ""


async def test_rights_that_end_while_the_room_loads_are_noticed(world: World) -> None:
    world.authorizer.give("an", DOCUMENT, Level.EDIT)
    world.log.loads.clear()
    opening = asyncio.create_task(world.join("an"))
    await turn()
    world.authorizer.take("an", DOCUMENT)
    world.engine.access_changed(AccessChange(document_id=DOCUMENT))
    await turn()
    world.authorizer.grants.pop(("an", DOCUMENT), None)
    world.log.loads.set()
    with pytest.raises(ProtocolError) as refused:
        await opening
    assert refused.value.close is errors.NOT_AVAILABLE


async def test_rights_that_cannot_be_asked_are_asked_again(world: World) -> None:
    an = await world.join("an")
    world.authorizer.available = False
    world.authorizer.take("an", DOCUMENT)
    world.engine.access_changed(AccessChange(user_id="an"))
    await turn()
    assert an.closed is None
    world.authorizer.available = True
    await world.engine.rights.retry()
    assert an.closed is errors.RIGHTS_ENDED


# ── damage ──────────────────────────────────────────────────────────────────────


def _fail_on(monkeypatch: pytest.MonkeyPatch, mark: bytes) -> None:
    """The engine breaks on every update that holds `mark`."""
    real = document_module.LiveDocument.apply

    def apply(self: LiveDocument, update: bytes) -> None:
        if mark in update:
            raise DamagedDocument("panic")
        real(self, update)

    monkeypatch.setattr(document_module.LiveDocument, "apply", apply)


async def test_an_edit_that_breaks_the_engine_ends_its_sender_only(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    _fail_on(monkeypatch, b"BOOM")
    an.type("tốt ")
    phi.type("BOOM")
    await turn()
    # Meanwhile the room holds what comes, and answers it afterwards.
    an.type("sau")
    await until_async(lambda: phi.closed and an.saved_count == 2)
    assert phi.closed is errors.MALFORMED_FRAME
    assert an.closed is None
    assert world.stored_text() == "tốt sau"


async def test_an_unreadable_edit_does_not_stop_the_room(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    # The shape is right, the engine cannot decode it: a text that is not UTF-8.
    bad = text_update("abcdef", 5).replace(b"abcdef", b"a\xff\xfedef")
    an.type("tốt")
    phi.send_update(bad)
    await until_async(lambda: phi.closed and an.saved_count == 1)
    assert world.engine.counters["rebuilds"] == 0
    assert world.room().state is RoomState.OPEN


async def test_a_viewers_question_and_answer_wait_while_the_room_is_made_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    xem = await world.join("xem", Level.VIEW, dialect="y-websocket")
    _fail_on(monkeypatch, b"BOOM")
    an.type("có sẵn")
    await until_async(lambda: an.saved_count == 1)
    xem.read()
    world.log.loads.clear()
    phi.type("BOOM")
    await until_async(lambda: world.room().state is RoomState.REBUILDING)
    answers = len(xem.answers)
    xem.peer.room.receive_step_1(xem.peer, b"\x00")
    xem.send_update(xem.doc.get_update(), is_answer=True)
    world.log.loads.set()
    await until_async(lambda: len(xem.answers) > answers)
    assert xem.closed is None


async def test_a_peer_that_lags_is_helped_after_the_room_is_made_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    chậm = await world.join("chậm")
    _fail_on(monkeypatch, b"BOOM")
    chậm.peer.base_state = world.room().state_vector()
    chậm.peer.is_lagging = True
    an.type("lỡ mất")
    await until_async(lambda: an.saved_count == 1)
    world.log.loads.clear()
    phi.type("BOOM")
    await until_async(lambda: world.room().state is RoomState.REBUILDING)
    world.room().catch_up(chậm.peer)
    world.log.loads.set()
    await until_async(lambda: chậm.read() == "lỡ mất")
    assert not chậm.peer.is_lagging


async def test_a_room_that_cannot_be_made_anew_sends_everybody_to_a_fresh_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    real = world.log.load

    async def load(document_id: str) -> None:
        raise LogDamaged("a part is missing")

    _fail_on(monkeypatch, b"BOOM")
    monkeypatch.setattr(world.log, "load", load)
    phi.type("BOOM")
    await until_async(lambda: an.closed and phi.closed)
    assert an.closed is errors.SERVER_RESTARTING
    monkeypatch.setattr(world.log, "load", real)
    again = await world.join("an")
    again.type("lại")
    await until_async(lambda: again.saved_count == 1)


async def test_one_harmful_edit_among_thousands_is_found_quickly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _fail_on(monkeypatch, b"BOOM")
    probes = 0
    real = document_module._harms

    def counted(full: bytes, suspects: list[bytes]) -> bool:
        nonlocal probes
        probes += 1
        return real(full, suspects)

    monkeypatch.setattr(document_module, "_harms", counted)
    suspects = [text_update(f"t{i}", i + 1) for i in range(1_000)]
    suspects[617] = text_update("BOOM", 5_000)
    _, verdicts = document_module.find_harmful([], suspects)
    assert [i for i, harms in enumerate(verdicts) if harms] == [617]
    assert probes < 30


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
    await world.engine.rooms.open(DOCUMENT)
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
