"""Who is here, and where their carets are. The server vouches for every name.

A client may speak only for client ids that it brought first; whatever it says of
`user` is replaced by the identity that signed in. Some providers relay the states of
others: those are ignored, not punished. Must never be stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from collab.errors import MALFORMED_FRAME, ProtocolError
from collab.ports import Identity
from collab.protocol import awareness
from collab.protocol.awareness import NOBODY, Said, State
from collab.protocol.limits import Limits
from collab.rooms.peer import Peer

# A state that its process no longer renews is dropped (clients renew every 15 s).
REMOTE_LIFE_S = 45.0
_MOST_OWNERS = 10_000


@dataclass(slots=True)
class _Entry:
    clock: int  # as announced; ahead of the owner's after a return
    owner_clock: int  # as the owner sent it last
    value: dict[str, object] | None
    owner: Peer | None  # None: a peer of another process
    user_id: str
    seen_at: float
    text: bytes  # `value` as it is told to others


class Presence:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._entries: dict[int, _Entry] = {}
        # Who brought which client id, as long as the room is there: what somebody has
        # typed under it may still be on its way when they are long gone.
        self._owners: dict[int, str] = {}

    def owner_of(self, client: int) -> str | None:
        """The person who writes with this client id, if that is known."""
        return self._owners.get(client)

    def owners(self) -> dict[int, str]:
        """Everybody that is known, in the order in which they came."""
        return dict(self._owners)

    def recall(self, owners: Mapping[int, str]) -> None:
        """What the room before this one knew of it."""
        for client, user_id in owners.items():
            self._remember(client, user_id)

    def receive(self, peer: Peer, payload: bytes, now: float) -> list[int]:
        """Take a peer's awareness update. Returns the client ids that changed."""
        if len(payload) > self._limits.max_awareness_bytes * 4:
            raise ProtocolError(MALFORMED_FRAME, "awareness too large")
        changed = []
        for state in awareness.decode(payload):
            if self._take(peer, state, now):
                changed.append(state.client)
        return changed

    def receive_remote(self, payload: bytes, now: float) -> list[int]:
        """Take the states that another process vouches for."""
        changed = []
        for client, clock, value, _ in awareness.decode(payload):
            entry = self._entries.get(client)
            if entry is not None and (entry.owner is not None or clock < entry.clock):
                continue
            user = value.get("user") if value else None
            if isinstance(user, dict):
                user_id = str(user.get("id", ""))
                # Whether they only read there is not said here.
                self._remember(client, user_id)
            else:
                # Gone: the id stays reserved for the person it belonged to.
                user_id = entry.user_id if entry is not None else ""
            text = awareness.written(value)
            entry = _Entry(clock, clock, value, None, user_id, now, text)
            self._entries[client] = entry
            changed.append(client)
        return changed

    def leave(self, peer: Peer, now: float) -> list[int]:
        """Forget a peer's states. Returns the client ids to announce as gone."""
        gone = []
        for client in peer.clients:
            entry = self._entries.get(client)
            if entry is not None and entry.owner is peer:
                # The id stays reserved for the same person: a colleague's provider
                # may still relay the old state, and must not get to own it.
                self._entries[client] = _Entry(
                    *(entry.clock + 1, entry.owner_clock, None, None),
                    *(entry.user_id, now, NOBODY),
                )
                gone.append(client)
        peer.clients.clear()
        return gone

    def expire(self, now: float) -> list[int]:
        """Drop what nobody renews. Returns the client ids to announce as gone."""
        gone = []
        for client, entry in list(self._entries.items()):
            if entry.owner is None and now - entry.seen_at > REMOTE_LIFE_S:
                if entry.value is None:
                    del self._entries[client]
                else:
                    entry.value, entry.text = None, NOBODY
                    entry.clock += 1
                    entry.seen_at = now
                    gone.append(client)
        return gone

    def encode(self, clients: Iterable[int]) -> bytes:
        return awareness.encode(
            Said(client, entry.clock, entry.text)
            for client in clients
            if (entry := self._entries.get(client)) is not None
        )

    def encode_all(self) -> bytes | None:
        """Everyone who is here, or None."""
        here = [c for c, entry in self._entries.items() if entry.value is not None]
        return self.encode(here) if here else None

    def is_only_of(self, peer: Peer, clients: Iterable[int]) -> bool:
        """Whether these are a peer's own states, as it told them."""
        return all(
            (entry := self._entries.get(client)) is not None and entry.owner is peer
            for client in clients
        )

    def encode_local(self) -> bytes | None:
        """The states this process vouches for, or None."""
        here = [
            client
            for client, entry in self._entries.items()
            if entry.owner is not None and entry.value is not None
        ]
        return self.encode(here) if here else None

    def local_of(self, clients: Iterable[int]) -> list[int]:
        """Those of the ids that this process may announce to others."""
        return [
            client
            for client in clients
            if (entry := self._entries.get(client)) is not None
            and (entry.owner is not None or entry.value is None)
        ]

    def _take(self, peer: Peer, state: State, now: float) -> bool:
        client, clock, value, size_bytes = state
        entry = self._entries.get(client)
        if entry is None:
            me = peer.identity.user_id
            if value is None or self._owners.get(client, me) != me:
                return False
        elif entry.owner is not peer:
            if value is None or entry.user_id != peer.identity.user_id:
                return False
            # The same person over a new socket, before the old one was seen to die:
            # only a newer state proves that this is not another tab's relay.
            if entry.value is not None and clock <= entry.owner_clock:
                return False
        elif clock < entry.owner_clock or (
            clock == entry.owner_clock and value is not None
        ):
            return False
        if client not in peer.clients:
            if len(peer.clients) >= self._limits.max_clients_per_peer:
                return False
            peer.clients.add(client)
        if peer.may_write:
            # Who only reads owns no id: or it would keep its writer from writing.
            self._remember(client, peer.identity.user_id)
        text = NOBODY
        if value is not None:
            value = _stamp(value, peer.identity)
            text = awareness.written(value)
            # As it came, and as everybody is told it: numbers may grow in between.
            if max(size_bytes, len(text)) > self._limits.max_awareness_bytes:
                raise ProtocolError(MALFORMED_FRAME, "awareness state too large")
        # A returning client counts on from its own clock; ours may be ahead.
        announced = max(clock, entry.clock + 1) if entry is not None else clock
        self._entries[client] = _Entry(
            announced, clock, value, peer, peer.identity.user_id, now, text
        )
        return True

    def _remember(self, client: int, user_id: str) -> None:
        if user_id and client not in self._owners:
            if len(self._owners) >= _MOST_OWNERS:
                del self._owners[next(iter(self._owners))]
            self._owners[client] = user_id


def _stamp(value: dict[str, object], identity: Identity) -> dict[str, object]:
    return {
        **value,
        "user": {
            "id": identity.user_id,
            "name": identity.name,
            "unit": identity.unit,
            "colour": identity.colour,
            # The name that caret libraries read.
            "color": identity.colour,
        },
    }
