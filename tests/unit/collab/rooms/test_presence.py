"""Who is here: the server vouches for names, and nobody speaks for another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from collab.errors import ProtocolError
from collab.protocol import awareness
from collab.protocol.awareness import Said, written
from collab.protocol.limits import Limits
from collab.rooms.presence import REMOTE_LIFE_S, Presence
from tests.support.rooms import World, person
from tests.support.wait import until_async


class Somebody:
    """What the presence keeper needs of a peer."""

    def __init__(self, user: str, *, may_write: bool = True) -> None:
        self.identity = person(user)
        self.may_write = may_write
        self.clients: set[int] = set()


@pytest.fixture
def presence() -> Presence:
    return Presence(Limits())


def say(
    presence: Presence,
    peer: Any,
    client: int,
    clock: int,
    value: dict[str, object] | None = None,
    now: float = 0,
) -> list[int]:
    return presence.receive(
        peer, awareness.encode([Said(client, clock, written(value))]), now
    )


def seen(presence: Presence) -> dict[int, Any]:
    payload = presence.encode_all()
    return {s.client: s.value for s in awareness.decode(payload)} if payload else {}


def test_the_server_says_who_it_is(presence: Presence) -> None:
    an = Somebody("an")
    say(presence, an, 1, 1, {"user": {"name": "Chủ tịch"}, "cursor": {"head": 3}})
    state = seen(presence)[1]
    assert state["user"]["name"] == "Bà an"
    assert state["user"]["id"] == "an"
    assert state["cursor"] == {"head": 3}


def test_nobody_speaks_for_another(presence: Presence) -> None:
    an, phi = Somebody("an"), Somebody("phi")
    say(presence, an, 1, 1, {"cursor": 1})
    assert say(presence, phi, 1, 9, {"cursor": 2}) == []
    assert say(presence, phi, 1, 9, None) == []
    assert seen(presence)[1]["cursor"] == 1


def test_a_relayed_ghost_does_not_bring_the_dead_back(presence: Presence) -> None:
    an, phi = Somebody("an"), Somebody("phi")
    say(presence, an, 1, 1, {"cursor": 1})
    assert presence.leave(an, 0) == [1]
    assert say(presence, phi, 1, 1, {"cursor": 1}) == []
    assert seen(presence) == {}


def test_who_returns_is_seen_at_once_and_with_every_move(presence: Presence) -> None:
    an = Somebody("an")
    say(presence, an, 1, 5, {"cursor": 1})
    presence.leave(an, 0)
    back = Somebody("an")
    assert say(presence, back, 1, 5, {"cursor": 1}) == [1]
    for clock in (6, 7, 8):
        assert say(presence, back, 1, clock, {"cursor": clock}) == [1]
        assert seen(presence)[1]["cursor"] == clock


def test_announced_clocks_never_go_back(presence: Presence) -> None:
    an = Somebody("an")
    clocks = []
    for peer, clock in ((an, 5), (Somebody("an"), 5), (Somebody("an"), 6)):
        say(presence, peer, 1, clock, {"cursor": clock})
        clocks.append(awareness.decode(presence.encode([1]))[0].clock)
        presence.leave(peer, 0)  # type: ignore[arg-type]
        clocks.append(awareness.decode(presence.encode([1]))[0].clock)
    assert clocks == sorted(set(clocks))


def test_a_new_socket_takes_over_before_the_old_one_is_seen_to_die(
    presence: Presence,
) -> None:
    old, new = Somebody("an"), Somebody("an")
    say(presence, old, 1, 5, {"cursor": 1})
    assert say(presence, new, 1, 5, {"cursor": 1}) == [], "a relay, perhaps"
    assert say(presence, new, 1, 6, {"cursor": 2}) == [1]
    assert presence.leave(old, 0) == []  # type: ignore[arg-type]
    assert seen(presence)[1]["cursor"] == 2


def test_a_repeated_or_older_state_changes_nothing(presence: Presence) -> None:
    an = Somebody("an")
    say(presence, an, 1, 5, {"cursor": 1})
    assert say(presence, an, 1, 5, {"cursor": 2}) == []
    assert say(presence, an, 1, 4, {"cursor": 2}) == []
    assert say(presence, an, 1, 5, None) == [1]
    assert seen(presence) == {}


def test_more_clients_than_allowed_are_ignored_not_punished(
    presence: Presence,
) -> None:
    an = Somebody("an")
    for client in range(1, 10):
        say(presence, an, client, 1, {"cursor": client})
    assert len(seen(presence)) == Limits().max_clients_per_peer


def test_a_large_state_is_refused() -> None:
    presence = Presence(replace(Limits(), max_awareness_bytes=100))
    with pytest.raises(ProtocolError):
        say(presence, Somebody("an"), 1, 1, {"cursor": "x" * 200})
    with pytest.raises(ProtocolError):
        presence.receive(Somebody("an"), b"\x00" * 401, 0)  # type: ignore[arg-type]


def test_a_state_that_grows_when_it_is_written_is_measured_as_it_is_told() -> None:
    # "1e9" is told to everybody as "1000000000.0".
    text = '{"cursor":[' + ",".join(["1e9"] * 50) + "]}"
    said = awareness.encode([Said(1, 1, text.encode())])
    presence = Presence(replace(Limits(), max_awareness_bytes=400))
    assert len(text) < 400
    with pytest.raises(ProtocolError):
        presence.receive(Somebody("an"), said, 0)  # type: ignore[arg-type]


def test_the_dead_are_forgotten_in_the_end(presence: Presence) -> None:
    an = Somebody("an")
    for client in range(1, 4):
        say(presence, an, client, 1, {"cursor": 1})
    presence.leave(an, 0)  # type: ignore[arg-type]
    assert presence.expire(REMOTE_LIFE_S + 1) == []
    assert presence._entries == {}


def test_a_process_that_dies_takes_its_people_along(presence: Presence) -> None:
    here = awareness.encode([Said(7, 1, written({"user": {"id": "phi"}}))])
    assert presence.receive_remote(here, 0) == [7]
    assert presence.expire(REMOTE_LIFE_S + 1) == [7]
    assert seen(presence) == {}


def test_who_moves_to_another_process_is_seen_there(presence: Presence) -> None:
    there = awareness.encode([Said(7, 3, written({"user": {"id": "an"}, "cursor": 1}))])
    presence.receive_remote(there, 0)
    an = Somebody("an")
    assert say(presence, an, 7, 4, {"cursor": 2}) == [7]
    # The former process tells of the end of the former socket: too late.
    assert (
        presence.receive_remote(awareness.encode([Said(7, 4, written(None))]), 0) == []
    )
    assert seen(presence)[7]["cursor"] == 2


def test_who_moves_after_the_farewell_is_seen_too(presence: Presence) -> None:
    there = awareness.encode([Said(7, 3, written({"user": {"id": "an"}, "cursor": 1}))])
    presence.receive_remote(there, 0)
    presence.receive_remote(awareness.encode([Said(7, 4, written(None))]), 0)
    assert say(presence, Somebody("phi"), 7, 9, {"cursor": 1}) == []
    assert say(presence, Somebody("an"), 7, 3, {"cursor": 2}) == [7]


def test_another_process_cannot_speak_for_people_here(presence: Presence) -> None:
    say(presence, Somebody("an"), 1, 1, {"cursor": 1})
    forged = awareness.encode([Said(1, 99, written({"user": {"id": "phi"}}))])
    assert presence.receive_remote(forged, 0) == []


async def test_everybody_in_the_room_is_told_and_newcomers_too(world: World) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    said = awareness.encode([Said(11, 1, written({"cursor": {"head": 1}}))])
    an.peer.room.receive_awareness(an.peer, said)
    await until_async(lambda: phi.presence)
    (state,) = awareness.decode(phi.presence[0])
    assert state.value is not None
    assert state.value["user"]["name"] == "Bà an"  # type: ignore[index]
    quý = await world.join("quý")
    assert awareness.decode(quý.presence[0])[0].client == 11
    an.leave_room()
    await until_async(lambda: awareness.decode(phi.presence[-1])[0].value is None)


def test_an_id_belongs_to_its_writer_long_after_they_left(presence: Presence) -> None:
    """What they typed under it may still be on its way."""
    an, phi = Somebody("an"), Somebody("phi")
    say(presence, an, 1, 1, {"cursor": 1})
    presence.leave(an, 0)
    presence.expire(REMOTE_LIFE_S + 1)
    later = 3 * REMOTE_LIFE_S
    presence.expire(later)
    assert presence.owner_of(1) == "an"
    assert say(presence, phi, 1, 9, {"cursor": 2}, later) == []
    assert say(presence, an, 1, 2, {"cursor": 2}, later) == [1]


def test_who_only_reads_owns_no_id(presence: Presence) -> None:
    reader, an = Somebody("phi", may_write=False), Somebody("an")
    say(presence, reader, 1, 1, {"cursor": 1})
    assert presence.owner_of(1) is None
    presence.leave(reader, 0)
    presence.expire(REMOTE_LIFE_S + 1)
    say(presence, an, 1, 1, {"cursor": 1}, REMOTE_LIFE_S + 2)
    assert presence.owner_of(1) == "an"


def test_what_is_remembered_of_ids_is_bounded(
    presence: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collab.rooms.presence._MOST_OWNERS", 3)
    for client in range(5):
        say(presence, Somebody(f"an{client}"), client, 1, {"cursor": 1})
    assert [presence.owner_of(client) for client in range(5)] == [
        None, None, "an2", "an3", "an4",
    ]  # fmt: skip
