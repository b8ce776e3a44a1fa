"""Edits that break the engine: they end their sender only."""

from __future__ import annotations

import pytest
from pycrdt import XmlElement, XmlFragment, XmlText

from collab import errors
from collab.ports import Level
from collab.rooms import document as document_module
from collab.rooms.document import DamagedDocument, LiveDocument
from collab.rooms.state import RoomState
from storage.ports import LogDamaged
from tests.support.nested import nested_update
from tests.support.rooms import World, text_update, turn
from tests.support.wait import until_async


def _fail_on(monkeypatch: pytest.MonkeyPatch, mark: bytes) -> None:
    """The engine breaks on every update that holds `mark`."""
    real = document_module.LiveDocument.apply

    def apply(self: LiveDocument, update: bytes, **told: bool) -> None:
        if mark in update:
            raise DamagedDocument("panic")
        real(self, update, **told)

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


async def test_an_edit_that_would_exhaust_the_stack_never_meets_the_engine(
    world: World,
) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    # The engine ends the process when it deletes as many levels as this.
    phi.send_update(nested_update(200_000, delete=True))
    an.type("tốt")
    await until_async(lambda: phi.closed and an.saved_count == 1)
    assert phi.closed is errors.DOCUMENT_TOO_LARGE
    assert an.closed is None
    assert world.stored_text() == "tốt"


async def test_depth_cannot_be_reached_step_by_step(world: World) -> None:
    phi = await world.join("phi")
    for first in range(0, 4_000, 100):
        if phi.closed is None:
            phi.send_update(nested_update(100, first=first))
            await turn()
    assert phi.closed is errors.DOCUMENT_TOO_LARGE


async def test_depth_cannot_be_reached_from_the_inside_out(world: World) -> None:
    phi = await world.join("phi")
    for first in range(4_000, -1, -100):
        if phi.closed is None:
            phi.send_update(nested_update(100, first=first))
            await turn()
    assert phi.closed is errors.DOCUMENT_TOO_LARGE


async def test_a_long_flat_draft_takes_ever_more_paragraphs(world: World) -> None:
    phi = await world.join("phi")
    body = phi.doc.get("body", type=XmlFragment)
    for _ in range(1_200):
        before = phi.doc.get_state()
        paragraph = XmlElement("paragraph")
        body.children.append(paragraph)
        paragraph.children.append(XmlText("đoạn"))
        phi.send_update(phi.doc.get_update(before))
    await until_async(lambda: phi.saved_count == 1_200)
    assert phi.closed is None
