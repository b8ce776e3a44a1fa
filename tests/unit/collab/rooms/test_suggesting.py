"""Whoever may only suggest can do nothing else, whatever their program sends."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc

from collab import errors
from collab.content.suggested import original
from collab.errors import ProtocolError
from collab.ports import Grant, Level
from collab.protocol import awareness
from collab.protocol.awareness import Said, written
from tests.support.rooms import Tab, World, turn
from tests.support.suggesting import (
    AT,
    Edit,
    deletes,
    first_text,
    inserts,
    text_of,
    update_of,
)
from tests.support.suggesting_edits import HONEST, HOSTILE, ME, both, erases, writes
from tests.support.suggesting_rooms import do, stored, words

DRAFT = "0190c0de-0000-7000-8000-000000000019"


@pytest.fixture
async def room_of_two(world: World) -> tuple[World, Tab, Tab]:
    """A suggester and an editor in a draft of two paragraphs."""
    world.store.create(DRAFT, first_text("Điều một hai", "Ba bốn"))
    editor = await world.join("quy", document=DRAFT)
    suggester = await world.join(ME, Level.SUGGEST, document=DRAFT)
    return world, suggester, editor


@pytest.mark.parametrize("edit", HONEST.values(), ids=HONEST)
async def test_a_suggestion_is_taken_shown_and_saved(
    room_of_two: tuple[World, Tab, Tab], edit: Edit
) -> None:
    world, suggester, editor = room_of_two
    before = stored(world, DRAFT)
    do(suggester, edit)
    await turn()
    assert (suggester.refused_count, len(editor.updates)) == (0, 1)
    assert stored(world, DRAFT) != before
    assert original(stored(world, DRAFT)) == original(before)


@pytest.mark.parametrize("edit", HOSTILE.values(), ids=HOSTILE)
async def test_anything_else_is_refused_and_touches_nobody(
    room_of_two: tuple[World, Tab, Tab], edit: Edit
) -> None:
    world, suggester, editor = room_of_two
    before = stored(world, DRAFT)
    do(suggester, edit)
    await turn()
    assert suggester.refused_count == 1
    assert suggester.notices[-1].find("not_a_suggestion") > 0
    assert (suggester.closed, editor.closed, editor.updates) == (None, None, [])
    assert stored(world, DRAFT) == before
    editor.send_update(update_of(editor.doc, writes("vẫn làm ")))
    await turn()
    assert words(world, DRAFT)[0].startswith("vẫn làm ")


async def test_the_other_dialect_is_sent_away_by_name(world: World) -> None:
    world.store.create(DRAFT, first_text("Điều một"))
    plain = await world.join(
        ME, Level.SUGGEST, document=DRAFT, dialect="y-websocket", sync=False
    )
    held = world.store.load(DRAFT)
    assert held is not None
    plain.doc.apply_update(held.snapshot or held.updates[0].update)
    do(plain, inserts("x", ME))
    with pytest.raises(ProtocolError) as refused:
        do(plain, writes("lén"))
    assert refused.value.close is errors.NOT_A_SUGGESTION
    await turn()
    assert words(world, DRAFT) == ["Điều một"]


async def test_ones_own_suggestion_can_be_taken_back(
    room_of_two: tuple[World, Tab, Tab],
) -> None:
    world, suggester, _editor = room_of_two
    before = stored(world, DRAFT)
    do(suggester, both(inserts("mới ", ME), deletes(5, 8, ME, "s2")))

    def takes_back(doc: Doc[Any]) -> None:
        del text_of(doc)[0 : len("mới ".encode())]
        text_of(doc).format(0, 8, {"deletion": None})

    do(suggester, takes_back)
    await turn()
    assert suggester.refused_count == 0
    assert stored(world, DRAFT) == before


async def test_somebody_elses_suggestion_stays(
    room_of_two: tuple[World, Tab, Tab],
) -> None:
    """Neither taken back nor accepted; only a mark of one's own may be laid over it."""
    world, suggester, editor = room_of_two
    editor.send_update(update_of(editor.doc, inserts("của Quý ", "quy")))
    await turn()
    suggester.read()
    over = update_of(suggester.doc, deletes(0, 4, ME))
    suggester.send_update(over)
    await turn()
    assert suggester.refused_count == 0
    other = await world.join("thao", Level.SUGGEST, document=DRAFT)
    for edit in (
        lambda doc: text_of(doc).format(0, 4, {"insertion": None}),
        lambda doc: text_of(doc).format(0, 4, {"deletion": None}),
        erases,
    ):
        tab = await world.join("thao", Level.SUGGEST, document=DRAFT)
        do(tab, edit)
        await turn()
        assert tab.refused_count == 1
    assert other.refused_count == 0


async def test_what_follows_a_refused_edit_is_refused_until_one_comes_anew(
    room_of_two: tuple[World, Tab, Tab],
) -> None:
    world, suggester, _editor = room_of_two
    do(suggester, writes("lén"))
    do(suggester, inserts("x", ME))
    await turn()
    assert suggester.refused_count == 2
    anew = await world.join(ME, Level.SUGGEST, document=DRAFT)
    do(anew, inserts("x", ME))
    await turn()
    assert anew.refused_count == 0


async def test_an_edit_that_rests_on_what_has_not_come_is_refused(
    room_of_two: tuple[World, Tab, Tab],
) -> None:
    """Else the rest could come later, and turn it into something else."""
    world, suggester, _editor = room_of_two
    first = update_of(suggester.doc, writes("lén"))
    second = update_of(suggester.doc, inserts("x", ME))
    suggester.send_update(second)
    await turn()
    assert suggester.refused_count == 1
    fresh = await world.join(ME, Level.SUGGEST, document=DRAFT)
    fresh.send_update(first)
    await turn()
    assert fresh.refused_count == 1
    assert words(world, DRAFT) == ["Điều một hai", "Ba bốn"]


@pytest.mark.parametrize("has_written", [False, True])
@pytest.mark.parametrize("has_left", [False, True])
async def test_nobody_writes_in_the_name_of_a_colleagues_program(
    room_of_two: tuple[World, Tab, Tab], has_written: bool, has_left: bool
) -> None:
    """What the colleague has typed and not sent would be taken for known."""
    world, suggester, editor = room_of_two
    here = Said(editor.doc.client_id, 1, written({"cursor": None}))
    editor.peer.room.receive_awareness(editor.peer, awareness.encode([here]))
    if has_written:
        editor.send_update(update_of(editor.doc, writes("của tôi ")))
        await turn()
        suggester.read()
    unsent = update_of(editor.doc, writes("chưa gửi "))
    if has_left:
        editor.leave_room()
    forged: Doc[Any] = Doc(client_id=editor.doc.client_id)
    forged.apply_update(suggester.doc.get_update())
    suggester.send_update(update_of(forged, inserts("x", ME)))
    await turn()
    assert suggester.refused_count == 1
    back = await world.join("quy", document=DRAFT)
    back.send_update(unsent)
    await turn()
    assert words(world, DRAFT)[0].startswith("chưa gửi ")


async def test_a_suggestion_fits_what_an_editor_writes_meanwhile(
    room_of_two: tuple[World, Tab, Tab],
) -> None:
    world, suggester, editor = room_of_two
    do(suggester, inserts("x", ME))
    hers = update_of(suggester.doc, inserts("mới ", ME, at=6))
    editor.send_update(update_of(editor.doc, writes("của tôi ", 5)))
    suggester.send_update(hers)
    await turn()
    assert suggester.refused_count == 0
    assert "của tôi " in words(world, DRAFT)[0]


async def test_a_level_that_changes_counts_from_that_moment(
    room_of_two: tuple[World, Tab, Tab],
) -> None:
    world, suggester, _editor = room_of_two
    suggester.peer.change_grant(Grant(Level.EDIT, 1, frozen=False))
    do(suggester, writes("được phép "))
    suggester.peer.change_grant(Grant(Level.SUGGEST, 1, frozen=False))
    do(suggester, inserts("x", ME))
    do(suggester, writes("lén "))
    await turn()
    suggester.peer.change_grant(Grant(Level.SUGGEST, 1, frozen=True))
    await turn()
    assert words(world, DRAFT)[0] == "được phép Điều một hai"
    assert suggester.refused_count == 1


async def test_a_frozen_draft_keeps_a_late_suggestion_for_its_author(
    room_of_two: tuple[World, Tab, Tab],
) -> None:
    world, suggester, _editor = room_of_two
    suggester.peer.change_grant(Grant(Level.SUGGEST, 1, frozen=True))
    do(suggester, inserts("muộn", ME))
    await turn()
    assert '"reason":"frozen"' in suggester.notices[-1]
    (kept,) = world.store.proposals(DRAFT)
    assert kept.author == ME


async def test_a_room_without_suggesters_keeps_no_shadow(world: World) -> None:
    world.store.create(DRAFT, first_text("một"))
    editor = await world.join("quy", document=DRAFT)
    guard = world.room(DRAFT)._guard
    editor.send_update(update_of(editor.doc, writes("a")))
    await turn()
    assert guard._shadow is None
    suggester = await world.join(ME, Level.SUGGEST, document=DRAFT)
    do(suggester, inserts("x", ME))
    assert guard._shadow is not None
    suggester.leave_room()
    assert guard._shadow is None


def test_the_time_in_these_tests_is_one_that_is_taken() -> None:
    assert AT.endswith("Z")
