"""Whose program writes under which client id is known after the room was unloaded."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc

from collab.ports import Level
from collab.protocol import awareness
from collab.protocol.awareness import Said
from storage.ports import LogDamaged, LogUnavailable
from tests.support.rooms import Tab, World, turn
from tests.support.suggesting import Edit, first_text, inserts, update_of
from tests.support.suggesting_edits import ME, both, writes
from tests.support.suggesting_rooms import do, words
from tests.support.wait import until_async

DRAFT = "0190c0de-0000-7000-8000-000000000021"
FIRST_CLIENT = 7  # of `first_text`


async def unload(world: World, *tabs: Tab) -> None:
    """Everybody leaves, and the room goes."""
    await turn()
    for tab in tabs:
        tab.leave_room()
    room = world.room(DRAFT)
    await world.engine.rooms._unload(room)
    assert world.engine.rooms.find(DRAFT) is None


async def come_back(world: World, tab: Tab, user: str, level: Level) -> Tab:
    """The same page, with the same client id, on a new socket."""
    again = await world.join(user, level, document=DRAFT, sync=False)
    again.doc = tab.doc
    again.sync()
    return again


def announce(tab: Tab, client: int) -> None:
    here = Said(client, 1, b'{"cursor":null}')
    tab.peer.room.receive_awareness(tab.peer, awareness.encode([here]))


def forged(tab: Tab, client: int, edit: Edit) -> bytes:
    doc: Doc[Any] = Doc(client_id=client)
    doc.apply_update(tab.doc.get_update())
    return update_of(doc, edit)


@pytest.fixture
async def written(world: World) -> tuple[World, Tab, Tab]:
    """An editor has written, a suggester has suggested; the room is unloaded."""
    world.store.create(DRAFT, first_text("Điều một hai", "Ba bốn"), author="quy")
    editor = await world.join("quy", document=DRAFT)
    suggester = await world.join(ME, Level.SUGGEST, document=DRAFT)
    do(editor, writes("của tôi "))
    do(suggester, inserts("đề nghị ", ME, at=0))
    await turn()
    editor.read()
    suggester.read()
    await unload(world, editor, suggester)
    return world, suggester, editor


@pytest.mark.parametrize("claims", [False, True], ids=["silent", "claims the id"])
async def test_nobody_writes_for_a_colleague_who_is_away(
    written: tuple[World, Tab, Tab], claims: bool
) -> None:
    """What the colleague has typed and not sent would be taken for known."""
    world, suggester, editor = written
    unsent = update_of(editor.doc, writes("chưa gửi "))
    me = await come_back(world, suggester, ME, Level.SUGGEST)
    if claims:
        announce(me, editor.doc.client_id)
    me.send_update(forged(me, editor.doc.client_id, inserts("x", ME)))
    await until_async(lambda: me.refused_count == 1)
    back = await come_back(world, editor, "quy", Level.EDIT)
    back.send_update(unsent)
    await turn()
    assert words(world, DRAFT)[0].startswith("chưa gửi ")


async def test_nobody_writes_for_a_colleague_who_is_back(
    written: tuple[World, Tab, Tab],
) -> None:
    world, suggester, editor = written
    unsent = update_of(editor.doc, writes("chưa gửi "))
    back = await come_back(world, editor, "quy", Level.EDIT)
    announce(back, editor.doc.client_id)
    me = await come_back(world, suggester, ME, Level.SUGGEST)
    me.send_update(forged(me, editor.doc.client_id, inserts("x", ME)))
    await until_async(lambda: me.refused_count == 1)
    back.send_update(unsent)
    await turn()
    assert words(world, DRAFT)[0].startswith("chưa gửi ")


async def test_nobody_writes_under_an_id_that_a_colleague_only_announced(
    world: World,
) -> None:
    """Its first letters are typed without a network, and come after the room went."""
    world.store.create(DRAFT, first_text("Điều một hai", "Ba bốn"), author="quy")
    editor = await world.join("quy", document=DRAFT)
    announce(editor, editor.doc.client_id)
    await unload(world, editor)
    unsent = update_of(editor.doc, writes("chưa gửi "))
    me = await world.join(ME, Level.SUGGEST, document=DRAFT)
    me.send_update(forged(me, editor.doc.client_id, inserts("x", ME)))
    await until_async(lambda: me.refused_count == 1)
    back = await come_back(world, editor, "quy", Level.EDIT)
    back.send_update(unsent)
    await turn()
    assert words(world, DRAFT)[0].startswith("chưa gửi ")


async def test_ones_own_page_goes_on_after_the_room_was_unloaded(
    written: tuple[World, Tab, Tab],
) -> None:
    """What was typed meanwhile, and what is typed while the log is asked, in order."""
    world, suggester, _editor = written
    offline = update_of(suggester.doc, inserts("một ", ME, ident="s2"))
    me = await come_back(world, suggester, ME, Level.SUGGEST)
    me.send_update(offline)
    do(me, inserts("hai ", ME, at=len("một "), ident="s2"))
    do(me, inserts("ba ", ME, at=0, ident="s3"))
    await until_async(lambda: me.saved_count == 3)
    assert me.refused_count == 0


async def test_nobody_claims_ones_own_id_by_coming_first(
    written: tuple[World, Tab, Tab],
) -> None:
    world, suggester, _editor = written
    other = await world.join("thao", Level.SUGGEST, document=DRAFT)
    announce(other, suggester.doc.client_id)
    other.send_update(forged(other, suggester.doc.client_id, inserts("x", "thao")))
    await until_async(lambda: other.refused_count == 1)
    me = await come_back(world, suggester, ME, Level.SUGGEST)
    do(me, inserts("một ", ME, ident="s2"))
    await until_async(lambda: me.saved_count == 1)


async def test_nobody_writes_as_the_program_that_made_the_draft(
    written: tuple[World, Tab, Tab],
) -> None:
    world, suggester, _editor = written
    me = await come_back(world, suggester, ME, Level.SUGGEST)
    me.send_update(forged(me, FIRST_CLIENT, inserts("x", ME)))
    await until_async(lambda: me.refused_count == 1)


async def test_while_the_log_is_away_the_edit_waits_and_is_judged_later(
    written: tuple[World, Tab, Tab], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, suggester, _editor = written
    real, calls = world.log.past, 0

    async def past(document_id: str, after_seq: int) -> Any:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise LogUnavailable("away")
        return await real(document_id, after_seq)

    monkeypatch.setattr(world.log, "past", past)
    monkeypatch.setattr("collab.rooms.guard._RETRY_S", 0)
    me = await come_back(world, suggester, ME, Level.SUGGEST)
    do(me, inserts("một ", ME, ident="s2"))
    await until_async(lambda: me.saved_count == 1)
    assert (me.refused_count, calls > 1) == (0, True)


async def test_where_the_past_is_damaged_who_is_here_counts(
    written: tuple[World, Tab, Tab], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, suggester, editor = written

    async def past(document_id: str, after_seq: int) -> Any:
        raise LogDamaged("a gap")

    monkeypatch.setattr(world.log, "past", past)
    me = await come_back(world, suggester, ME, Level.SUGGEST)
    announce(me, suggester.doc.client_id)
    do(me, inserts("một ", ME, ident="s2"))
    await until_async(lambda: me.saved_count == 1)
    back = await come_back(world, editor, "quy", Level.EDIT)
    announce(back, editor.doc.client_id)
    me.read()
    me.send_update(forged(me, editor.doc.client_id, inserts("x", ME)))
    await until_async(lambda: me.refused_count == 1)


async def test_the_log_is_asked_once_and_not_for_what_the_room_saw(
    written: tuple[World, Tab, Tab], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, suggester, _editor = written
    real, asked = world.log.past, []

    async def past(document_id: str, after_seq: int) -> Any:
        asked.append(after_seq)
        return await real(document_id, after_seq)

    monkeypatch.setattr(world.log, "past", past)
    fresh = await world.join("thao", Level.SUGGEST, document=DRAFT)
    for number in range(3):
        do(fresh, inserts("x", "thao", ident=f"t{number}"))
    await until_async(lambda: fresh.saved_count == 3)
    assert asked == []
    me = await come_back(world, suggester, ME, Level.SUGGEST)
    for number in range(3):
        do(me, both(inserts("một ", ME, ident=f"n{number}")))
        await until_async(lambda count=number: me.saved_count == count + 1)
    assert len(asked) == 2  # all that there is, and that there is no more
