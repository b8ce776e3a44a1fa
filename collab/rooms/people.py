"""Tell everyone in a room who is here, at most once every few hundredths of a second.

Presence is the first thing to be dropped for a slow peer; text is brought back and
never lost. Must never wait for anyone.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from collab.errors import ProtocolError
from collab.rooms.fan_out import fan_out
from collab.rooms.peer import Loss, Peer
from collab.rooms.presence import Presence
from collab.rooms.relay import Relay, RelayKind
from collab.rooms.services import Cancel, Services

_DELAY_S = 0.025


class People:
    def __init__(
        self, peers: AbstractSet[Peer], services: Services, relay: Relay | None
    ) -> None:
        self._peers = peers
        self._services = services
        self._relay = relay
        self._presence = Presence(services.limits)
        self._due: set[int] = set()
        self._due_elsewhere: set[int] = set()
        self._timer: Cancel | None = None

    def owner_of(self, client: int) -> str | None:
        """The person who writes with this client id, if that is known here."""
        return self._presence.owner_of(client)

    def owners(self) -> dict[int, str]:
        """The same of all that are known."""
        return self._presence.owners()

    def recall(self, owners: Mapping[int, str]) -> None:
        self._presence.recall(owners)

    def introduce(self, peer: Peer) -> None:
        """Tell one peer of everybody who is here."""
        here = self._presence.encode_all()
        if here is not None:
            peer.outlet.send(peer.encoder.awareness(here), loss=Loss.FIRST)

    def receive(self, peer: Peer, payload: bytes) -> None:
        """Raises ProtocolError."""
        self._announce(self._presence.receive(peer, payload, self._now()))

    def receive_remote(self, payload: bytes) -> None:
        try:
            changed = self._presence.receive_remote(payload, self._now())
        except ProtocolError:
            self._services.counters["bus_unreadable"] += 1
            return
        self._announce(changed, relayed=True)

    def leave(self, peer: Peer) -> None:
        self._announce(self._presence.leave(peer, self._now()))

    def expire(self) -> None:
        self._announce(self._presence.expire(self._now()))

    def greet(self) -> None:
        """Another process opened the room: tell it of the people here."""
        here = self._presence.encode_local()
        if here is not None and self._relay is not None:
            self._relay.send(RelayKind.AWARENESS, body=here)

    def close(self) -> None:
        self._send_elsewhere()
        if self._timer is not None:
            self._timer.cancel()

    def _announce(self, clients: list[int], *, relayed: bool = False) -> None:
        if not clients:
            return
        if not relayed:
            self._due_elsewhere.update(clients)
        self._due.update(clients)
        if self._timer is None:
            self._timer = self._services.later(_DELAY_S, self._send)

    def _send(self) -> None:
        self._timer = None
        self._send_elsewhere()
        due, self._due = self._due, set()
        payload = self._presence.encode(due)
        # Nobody is told where its own caret is: it said so.
        is_only_of = self._presence.is_only_of
        others = [peer for peer in self._peers if not is_only_of(peer, due)]
        fan_out(others, lambda to: to.awareness(payload), loss=Loss.FIRST)

    def _send_elsewhere(self) -> None:
        """To the other processes: what this one vouches for."""
        due, self._due_elsewhere = self._due_elsewhere, set()
        local = self._presence.local_of(due)
        if local and self._relay is not None:
            body = self._presence.encode(local)
            self._relay.send(RelayKind.AWARENESS, body=body)

    def _now(self) -> float:
        return self._services.clock.monotonic()
