"""What several people write in one turn: each sees what the others wrote, once."""

from __future__ import annotations

import pytest

from collab.protocol.structs import structs_of
from collab.rooms import fan_out
from tests.support.rooms import World, turn


async def test_what_a_colleague_typed_in_one_turn_comes_in_one_frame(
    world: World,
) -> None:
    an, phi, reader = [await world.join(name) for name in ("an", "phi", "em")]
    for letter in "abc":
        an.type(letter)
    for letter in "xy":
        phi.type(letter)
    await turn()
    assert [len(tab.updates) for tab in (an, phi, reader)] == [1, 1, 1]
    assert an.read() == phi.read() == reader.read()
    assert sorted(an.read()) == list("abcxy")


@pytest.mark.parametrize("short_bytes", [0, 10_000])
async def test_what_was_typed_and_erased_in_one_turn_is_the_same_for_all(
    world: World, short_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fan_out, "_SHORT_BYTES", short_bytes)
    tabs = [await world.join(name) for name in ("an", "phi", "em")]
    for number, tab in enumerate(tabs):
        for letter in "kinh gui":
            tab.type(letter)
        tab.send_update(tab.erase(number, number + 2))
        tab.type(str(number))
    await turn()
    texts = {tab.read() for tab in tabs}
    assert len(texts) == 1
    assert len(texts.pop()) == 3 * (len("kinh gui") - 2 + 1)


async def test_who_does_not_read_is_not_given_what_others_wrote(world: World) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    an.peer.is_lagging = True
    an.type("a")
    phi.type("b")
    await turn()
    assert (len(an.updates), len(phi.updates)) == (0, 1)
    assert world.stored_text() in ("ab", "ba")


@pytest.mark.parametrize("short_bytes", [0, 40, 10_000])
@pytest.mark.parametrize("count", [2, 3, 8, 9, 20, 70])
async def test_nobody_hears_its_own_words(
    world: World, count: int, short_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fan_out, "_SHORT_BYTES", short_bytes)
    tabs = [await world.join(f"person {number}") for number in range(count)]
    reader = await world.join("em")
    for number, tab in enumerate(tabs):
        # Some have written more than is merged anew for each.
        tab.type("kính gửi" * (1 + 4 * (number % 3 == 0)))
    await turn()
    for tab in tabs:
        heard = {
            struct.client for update in tab.updates for struct in structs_of(update)
        }
        assert heard == {other.doc.client_id for other in tabs if other is not tab}
    assert {tab.read() for tab in tabs} == {reader.read()}


@pytest.mark.parametrize(
    ("count", "frames"), [(2, 1), (8, 1), (9, 2), (64, 2), (65, 3)]
)
async def test_more_writers_than_a_group_has_cost_each_a_frame_or_two(
    world: World, count: int, frames: int
) -> None:
    tabs = [await world.join(f"person {number}") for number in range(count)]
    for tab in tabs:
        tab.type("a")
    await turn()
    assert max(len(tab.updates) for tab in tabs) == frames
