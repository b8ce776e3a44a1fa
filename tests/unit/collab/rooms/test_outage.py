"""The log is away: people go on writing, nobody is told "saved", nothing is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collab import errors
from collab.errors import ProtocolError
from collab.protocol.limits import Limits
from tests.support.rooms import World, turn
from tests.support.wait import until_async


async def test_editing_goes_on_and_all_is_saved_on_return(world: World) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    world.documents.available = False
    for word in ("một ", "hai ", "ba"):
        an.type(word)
    await until_async(lambda: phi.read() == "một hai ba")
    await until_async(lambda: any('"up":false' in n for n in phi.notices))
    assert an.saved_count == 0
    assert not world.engine.is_log_up
    assert world.engine.unsaved_bytes > 0
    quý = await world.join("quý")
    assert quý.read() == "một hai ba"
    assert any('"up":false' in notice for notice in quý.notices)
    world.documents.available = True
    await until_async(lambda: an.saved_count == 3)
    assert world.stored_text() == "một hai ba"
    assert any('"up":true' in notice for notice in quý.notices)
    assert world.engine.is_log_up


async def test_too_much_that_waits_stops_the_writer_and_keeps_the_room() -> None:
    world = World(limits=replace(Limits(), max_unsaved_bytes=2_000))
    world.begin()
    world.engine.start()
    an, phi = await world.join("an"), await world.join("phi")
    world.documents.available = False
    an.type("x" * 3_000)
    await until_async(lambda: phi.read())
    with pytest.raises(ProtocolError) as refused:
        an.type("y")
    assert refused.value.close is errors.OVERLOADED
    world.documents.available = True
    await until_async(lambda: an.saved_count == 1)
    await world.engine.stop()


@pytest.mark.parametrize("is_away", [True, False])
async def test_many_letters_that_wait_count_as_the_memory_they_take(
    is_away: bool,
) -> None:
    """Merged or not: with the log away, and with a commit that does not end."""
    world = World(limits=replace(Limits(), max_unsaved_bytes=100_000))
    world.begin()
    world.engine.start()
    an = await world.join("an")
    world.documents.available = not is_away
    world.log.commits.clear() if not is_away else None
    typed = 0
    with pytest.raises(ProtocolError) as refused:
        while typed < 1_000:
            an.type("x")
            typed += 1
            await turn()
    assert refused.value.close is errors.OVERLOADED
    world.documents.available = True
    world.log.commits.set()
    await until_async(lambda: an.saved_count == typed)
    assert world.engine._writer.waiting_memory == 0
    await world.engine.stop()


async def test_stopping_in_an_outage_acknowledges_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collab.rooms.engine._DRAIN_S", 0.05)
    an = await world.join("an")
    world.documents.available = False
    an.type("a")
    await world.engine.stop()
    assert an.saved_count == 0
    assert an.closed is errors.SERVER_RESTARTING
