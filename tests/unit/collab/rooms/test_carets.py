"""Carets that move often are told now and then, and cost nobody a letter."""

from __future__ import annotations

from typing import Any

import pytest

from collab.protocol import awareness
from collab.protocol.awareness import Said, written
from tests.support.rooms import Tab, World, turn
from tests.support.wait import until_async

MOVES = 500


def move(tab: Tab, client: int, clock: int) -> None:
    said = awareness.encode([Said(client, clock, written({"cursor": clock}))])
    tab.peer.room.receive_awareness(tab.peer, said)


def carets(tab: Tab) -> dict[int, Any]:
    """The last that this tab was told of each client."""
    return {
        state.client: (state.value or {}).get("cursor")
        for payload in tab.presence
        for state in awareness.decode(payload)
    }


async def test_a_caret_that_moves_often_is_told_once(world: World) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    for clock in range(1, MOVES + 1):
        move(an, 11, clock)
    await until_async(lambda: phi.presence)
    assert carets(phi) == {11: MOVES}
    assert len(phi.presence) == 1
    assert an.presence == []  # it is its own


async def test_two_pages_of_a_person_tell_each_other(world: World) -> None:
    here, there = await world.join("an"), await world.join("an")
    move(here, 11, 1)
    await until_async(lambda: there.presence)
    # Over the new socket, before the old one was seen to die.
    move(there, 11, 2)
    await until_async(lambda: here.presence)
    assert carets(here) == {11: 2}
    assert carets(there) == {11: 1}


async def test_many_who_move_are_told_in_one_frame(world: World) -> None:
    tabs = [await world.join(f"người {number}") for number in range(20)]
    for clock in range(1, 6):
        for number, tab in enumerate(tabs):
            move(tab, 100 + number, clock)
    await until_async(lambda: all(tab.presence for tab in tabs))
    for tab in tabs:
        assert len(tab.presence) == 1
        assert carets(tab) == {100 + number: 5 for number in range(20)}


async def test_who_lags_is_told_of_no_caret_and_of_every_letter(world: World) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    phi.peer.base_state, phi.peer.is_lagging = phi.doc.get_state(), True
    told = len(phi.frames)
    for clock in range(1, MOVES + 1):
        move(an, 11, clock)
        an.type("x")
        await turn()
    await until_async(lambda: an.saved_count == MOVES)
    assert phi.frames[told:] == []
    phi.peer.room.catch_up(phi.peer)
    assert phi.read() == "x" * MOVES
    # And where the others are now, which is the last of what was left out.
    assert carets(phi) == {11: MOVES}


@pytest.mark.parametrize("moves", [1, MOVES])
async def test_carets_wait_behind_the_text_that_they_stand_in(
    world: World, moves: int
) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    told = len(phi.frames)
    for clock in range(1, moves + 1):
        move(an, 11, clock)
    an.type("chữ")
    await until_async(lambda: phi.presence)
    kinds = [phi._parts(frame)[0] for frame in phi.frames[told:]]
    assert kinds == [0, 1]
