"""Freezes, new epochs and ended rights while people are in a room."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from collab import errors
from collab.errors import ProtocolError
from collab.ports import AccessChange, Level
from collab.rooms.state import RoomState
from storage.ports import Refusal
from tests.support.nested import nested_update
from tests.support.rooms import DOCUMENT, Tab, World, text_update, turn
from tests.support.wait import until_async


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


async def test_a_late_edit_that_would_end_its_reader_is_not_kept(world: World) -> None:
    an = await world.join("an")
    world.authorizer.freeze(DOCUMENT)
    world.engine.access_changed(AccessChange(document_id=DOCUMENT))
    await until_async(lambda: an.peer.grant.frozen)
    # Whoever read it would merge it, and the engine would end the process.
    an.send_update(nested_update(200_000, delete=True))
    an.type("muộn")
    await until_async(lambda: len(world.store.proposals(DOCUMENT)) > 0)
    (kept,) = world.store.proposals(DOCUMENT)
    assert "muộn".encode() in kept.update


async def test_a_reader_of_a_frozen_document_proposes_nothing(world: World) -> None:
    xem = await world.join("xem", Level.VIEW)
    world.authorizer.freeze(DOCUMENT)
    world.engine.access_changed(AccessChange(document_id=DOCUMENT))
    await until_async(lambda: xem.peer.grant.frozen)
    xem.type("lén")
    await turn()
    assert xem.refused_count == 1
    assert world.store.proposals(DOCUMENT) == ()


async def test_no_page_of_a_person_still_writes_when_another_says_that_none_may(
    world: World,
) -> None:
    first, second = await world.join("an"), await world.join("an")
    slow = asyncio.Event()
    asked = 0

    async def answer_late() -> None:
        nonlocal asked
        asked += 1
        await slow.wait()

    world.authorizer.give("an", DOCUMENT, Level.VIEW)
    world.authorizer.before_answer = answer_late
    world.engine.access_changed(AccessChange(document_id=DOCUMENT))
    await until_async(lambda: asked == 1)
    for _ in range(10):
        await turn()
    levels = {first.peer.grant.level, second.peer.grant.level}
    assert levels == {Level.EDIT}
    slow.set()
    await until_async(lambda: first.peer.grant.level is Level.VIEW)
    assert second.peer.grant.level is Level.VIEW


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
    await until_async(lambda: an.closed)
    assert an.closed is errors.RIGHTS_ENDED
    await until_async(lambda: not phi.peer.may_write)
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


async def test_who_opens_a_document_begun_anew_gets_the_new_one(world: World) -> None:
    an = await world.join("an")
    an.type("cũ")
    await until_async(lambda: an.saved_count == 1)
    world.store.start_epoch(DOCUMENT, text_update("mới"))
    world.authorizer.give("phi", DOCUMENT, Level.EDIT, epoch=2)
    phi = await world.join("phi")
    assert phi.read() == "mới"
    await until_async(lambda: an.closed)
    assert an.closed is errors.WRONG_EPOCH


async def test_a_change_of_epoch_frees_the_room_of_the_old_copy(world: World) -> None:
    an = await world.join("an")
    world.store.start_epoch(DOCUMENT, text_update("mới"))
    world.authorizer.give("an", DOCUMENT, Level.EDIT, epoch=2)
    world.engine.access_changed(AccessChange(document_id=DOCUMENT))
    await until_async(lambda: an.closed)
    assert an.closed is errors.WRONG_EPOCH
    assert (await world.join("an")).read() == "mới"


async def test_a_new_title_is_told_to_everybody_in_the_document(world: World) -> None:
    world.begin("0190c0de-0000-7000-8000-000000000329")
    an = await world.join("an")
    phi = await world.join("phi")
    other = await world.join("an", document="0190c0de-0000-7000-8000-000000000329")
    world.engine.access_changed(AccessChange(document_id=DOCUMENT, title="Tên mới"))
    told = {"type": "renamed", "title": "Tên mới"}
    await until_async(lambda: told in _told(an) and told in _told(phi))
    assert told not in _told(other)


def _told(tab: Tab) -> list[dict[str, object]]:
    return [json.loads(notice) for notice in tab.notices]


async def test_one_who_cannot_be_asked_about_shields_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    an, binh = await world.join("an"), await world.join("phi")
    ask_again = world.authorizer.ask_again

    async def fail_on_an(asked: Any) -> Any:
        if any(who.user_id == "an" for who, _ in asked):
            raise RuntimeError("rights that nobody can read")
        return await ask_again(asked)

    monkeypatch.setattr(world.authorizer, "ask_again", fail_on_an)
    world.authorizer.take("an", DOCUMENT)
    world.authorizer.take("phi", DOCUMENT)
    await world.engine.rights.recheck(AccessChange(DOCUMENT))
    assert binh.closed is errors.RIGHTS_ENDED
    assert not an.closed


async def test_a_full_hall_is_looked_at_in_groups(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And both pages of one person in the same."""
    ask_again = world.authorizer.ask_again
    groups: list[list[str]] = []

    async def count(asked: Any) -> Any:
        groups.append([who.user_id for who, _ in asked])
        return await ask_again(asked)

    names = [f"người {n}" for n in range(120)]
    for name in names:
        world.authorizer.give(name, DOCUMENT, Level.VIEW)
        for _ in range(2):
            await world.join(name)
    monkeypatch.setattr(world.authorizer, "ask_again", count)
    await world.engine.rights.recheck(AccessChange(DOCUMENT))
    assert [len(group) for group in groups] == [100, 100, 40]
    assert all(group.count(name) in (0, 2) for group in groups for name in names)
