"""One person's presence in one room, over one socket.

A socket may carry several peers (the Hocuspocus dialect multiplexes documents), so
the queue belongs to the socket (`Outlet`) and the rights belong here. Must never
decide anything about the text; the room does.
"""

from __future__ import annotations

import json
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

from collab.errors import Close
from collab.ports import Grant, Identity
from collab.protocol.frames import Encoder

if TYPE_CHECKING:
    from collab.rooms.room import Room


class Loss(IntEnum):
    """What may happen to a frame for a peer that does not read."""

    NEVER = 0
    RESYNC = 1
    """Discarded when nothing else helps; the state vector brings its content back."""
    FIRST = 2
    """Presence: discarded before any text is, and told anew as a whole."""


class Outlet(Protocol):
    """Where a peer's frames go. Neither method waits and neither raises."""

    def send(self, frame: bytes, *, loss: Loss = Loss.NEVER) -> None: ...

    def send_again(self, frame: bytes, count: int) -> None:
        """The same frame `count` times, never discarded."""
        ...

    def leave(self, peer: Peer, close: Close) -> None:
        """End this peer's document, or the socket if it carries no other."""
        ...


class Peer:
    __slots__ = (
        "base_state",
        "clients",
        "encoder",
        "grant",
        "identity",
        "is_astray",
        "is_lagging",
        "outlet",
        "room",
    )

    def __init__(
        self,
        room: Room,
        identity: Identity,
        grant: Grant,
        encoder: Encoder,
        outlet: Outlet,
    ) -> None:
        self.room = room
        self.identity = identity
        self.grant = grant
        self.encoder = encoder
        self.outlet = outlet
        self.clients: set[int] = set()
        # Set while the socket is blocked: what the peer certainly has.
        self.base_state: bytes | None = None
        self.is_lagging = False
        # Holds an edit that was refused as no suggestion: what it sends later rests on
        # that, until it comes anew.
        self.is_astray = False

    @property
    def may_write(self) -> bool:
        return self.grant.may_write

    @property
    def may_write_freely(self) -> bool:
        return self.grant.may_write and not self.grant.only_suggests

    @property
    def must_suggest(self) -> bool:
        return self.grant.may_write and self.grant.only_suggests

    def acknowledge(self, count: int) -> None:
        """Say that `count` of the peer's update frames are committed in the log.

        One frame for each: Hocuspocus providers count them. The other dialect has no
        such message.
        """
        if self.encoder.speaks_hocuspocus:
            self.outlet.send_again(self.encoder.sync_status(saved=True), count)

    def refuse(self, reason: str) -> None:
        """Say that an edit was not taken, and why; the socket stays."""
        if self.encoder.speaks_hocuspocus:
            self.outlet.send(self.encoder.sync_status(saved=False))
            self.tell({"type": "refused", "reason": reason})

    def tell(self, notice: dict[str, object]) -> None:
        """Send a notice of the application (only Hocuspocus can carry one)."""
        if self.encoder.speaks_hocuspocus:
            self.outlet.send(
                self.encoder.stateless(json.dumps(notice, separators=(",", ":")))
            )

    def change_grant(self, grant: Grant) -> None:
        """Take new rights and let the editor know at once."""
        if grant == self.grant:
            return
        self.grant = grant
        if self.encoder.speaks_hocuspocus:
            self.outlet.send(self.encoder.authenticated(may_write=grant.may_write))
        self.tell(
            {
                "type": "access",
                "level": grant.level.name.lower(),
                "frozen": grant.frozen,
            }
        )

    def leave(self, close: Close) -> None:
        self.outlet.leave(self, close)
