"""Who hears what of an edit: its writer "saved", once for each, and nobody an echo."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, Text

from collab.protocol.structs import structs_of
from collab.rooms.document import LiveDocument
from tests.support.rooms import Tab, World, turn
from tests.support.wait import until_async

EDITS = 60


def listen(tab: Tab) -> list[int]:
    """How many acknowledgements come with each word of the server to this tab."""
    told: list[int] = []
    again = tab.send_again

    def send_again(frame: bytes, count: int) -> None:
        told.append(count)
        again(frame, count)

    tab.send_again = send_again  # type: ignore[method-assign]
    return told


async def type_in_one_turn(world: World, *tabs: Tab) -> None:
    """While a commit is under way; whatever comes meanwhile is one batch of the log."""
    for tab in tabs:
        for number in range(EDITS):
            tab.type(f"{number} ")
    await turn()


async def test_a_writer_is_told_once_of_all_its_edits_in_a_commit(world: World) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    of_an, of_phi = listen(an), listen(phi)
    world.log.commits.clear()
    await type_in_one_turn(world, an)
    # The first turn's batch is being committed; these two share the next commit.
    await type_in_one_turn(world, an)
    await type_in_one_turn(world, an)
    assert of_an == []
    world.log.commits.set()
    await until_async(lambda: an.saved_count == 3 * EDITS)
    assert len(of_an) < 3
    assert of_phi == []
    assert phi.read().count(" ") == 3 * EDITS


async def test_writers_of_one_commit_hear_of_their_own_edits_only(world: World) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    of_an, of_phi = listen(an), listen(phi)
    await type_in_one_turn(world, an, phi)
    await until_async(lambda: an.saved_count == phi.saved_count == EDITS)
    assert of_an == of_phi == [EDITS]
    assert world.engine._writer.commits == 1


async def test_later_edits_are_acknowledged_by_their_own_commit(world: World) -> None:
    an = await world.join("an")
    told = listen(an)
    for rounds in range(1, 4):
        await type_in_one_turn(world, an)
        await until_async(lambda: an.saved_count == EDITS * rounds)  # noqa: B023
    assert told == [EDITS] * 3


async def test_who_types_alone_is_sent_nothing_of_it(world: World) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    for _ in range(3):
        await type_in_one_turn(world, an)
    await until_async(lambda: an.saved_count == EDITS * 3)
    assert an.updates == []
    assert len(phi.updates) == 3
    assert phi.read() == str(an.text)


async def test_two_who_type_in_one_turn_hear_only_each_other(world: World) -> None:
    an, phi, quý = [await world.join(name) for name in ("an", "phi", "quý")]
    an.type("của An ")
    phi.type("của Phi ")
    await until_async(lambda: an.saved_count == phi.saved_count == 1)
    heard = {}
    for tab in (an, phi, quý):
        (update,) = tab.updates
        alone: Doc[Any] = Doc()
        alone.apply_update(update)
        heard[tab] = str(alone.get("content", type=Text))
    assert heard[an] == "của Phi "
    assert heard[phi] == "của An "
    assert sorted(heard[quý].split()) == ["An", "Phi", "của", "của"]
    assert an.read() == phi.read() == quý.read()


async def test_under_load_a_few_writers_hear_only_the_others(world: World) -> None:
    an, phi, quý = [await world.join(name) for name in ("an", "phi", "quý")]
    await type_in_one_turn(world, an, phi, quý)
    await until_async(
        lambda: an.saved_count == phi.saved_count == quý.saved_count == EDITS
    )
    for tab in (an, phi, quý):
        (update,) = tab.updates
        heard = {struct.client for struct in structs_of(update)}
        assert tab.doc.client_id not in heard
        assert len(heard) == 2
    texts = {tab.read() for tab in (an, phi, quý)}
    assert len(texts) == 1
    assert len(texts.pop().split()) == EDITS * 3


async def test_dear_edits_are_spread_over_turns_by_what_they_took(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that other rooms have their turn in between. They are sent singly: edits that
    came together would be flushed together."""
    an, phi = await world.join("an"), await world.join("phi")
    real, counts = LiveDocument.take, []

    def take(self: LiveDocument, updates: Any, *, is_flat: bool = False) -> bytes:
        counts.append(len(updates))
        world.clock.advance(0.005 * len(updates))
        return real(self, updates, is_flat=is_flat)

    monkeypatch.setattr(LiveDocument, "take", take)
    for count in (20, 40):
        for _ in range(count):
            an.type("Điều khoản thi hành. " * 1_000)
        await turn()
    await until_async(lambda: an.saved_count == 60)
    first, *later = counts
    assert (first, sum(later)) == (20, 40)
    assert max(later) <= 3
    assert phi.read() == str(an.text)


async def test_a_burst_reaches_the_others_in_bounded_pieces(world: World) -> None:
    """As after a pause of the process: thousands of edits of one turn of the loop."""
    most, sent = 2_000, 5_000
    an, phi = await world.join("an"), await world.join("phi")
    for _ in range(sent):
        an.type("x")
    await until_async(lambda: an.saved_count == sent)
    grown = []
    for update in phi.updates:
        before = len(phi.text)
        phi.doc.apply_update(update)
        grown.append(len(phi.text) - before)
    assert sum(grown) == sent
    assert max(grown) <= most
    # Few of them: each costs everybody a frame.
    assert len(grown) <= 2 * -(-sent // most)
