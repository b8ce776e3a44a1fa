"""Who may only suggest, in one room: the shadow on which their edits are tried.

It is made when the first of them comes and follows the document from then on; a room
without people who only suggest pays nothing. A long one is made on a thread, and what
these people send meanwhile is kept in its order: no other room waits for it, nor does
anybody else in this one. Must be told of every update that the document takes, and must
never let pass what was not tried.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from collab.protocol.shape import read_state_vector
from collab.protocol.structs import structs_of
from collab.protocol.updates import engine_faults, merge_tree
from collab.rooms.document import LiveDocument
from collab.rooms.held import Held
from collab.rooms.pace import BUDGET_S
from collab.rooms.peer import Peer
from collab.rooms.refusing import refuse_change
from collab.rooms.services import Services
from collab.rooms.suggesting import Shadow

logger = logging.getLogger(__name__)

_MOST_BEHIND = 200
# The shadow of what is shorter is made in some milliseconds, at once.
_LONG_BYTES = 50_000


class Guard:
    def __init__(
        self, services: Services, document: Callable[[], LiveDocument]
    ) -> None:
        """`document`: the room's, which has all that `follow` was told."""
        self._services = services
        self._document = document
        self._shadow: Shadow | None = None
        self._behind: list[bytes] = []
        self._bytes_behind = 0
        self._making: object | None = None
        self._is_unmakable = False
        self._held = Held()
        self._is_releasing = False

    def __bool__(self) -> bool:
        """Whether anything waits here."""
        return bool(self._held)

    def follow(self, update: bytes) -> None:
        if self._shadow is None and self._making is None:
            return
        self._behind.append(update)
        self._bytes_behind += len(update)
        if self._shadow is not None and self._bytes_behind > _LONG_BYTES:
            # Nobody has suggested for long: to catch up would hold the loop.
            self.forget()
        elif len(self._behind) > _MOST_BEHIND:
            self._behind = [merge_tree(self._behind)]

    def left(self, peer: Peer, others: Iterable[Peer]) -> None:
        """Somebody left; these stay. Without a suggester no shadow is needed."""
        self._held.forget(peer)
        if not any(other.grant.only_suggests for other in others):
            self.forget()

    def forget(self) -> None:
        """The shadow is of no use. What waits goes on waiting, for the next."""
        self._shadow, self._making = None, None
        self._behind, self._bytes_behind = [], 0
        self._is_unmakable = False
        if self._held and not self._is_releasing:
            self._services.soon(self._release)

    def give_up(self) -> None:
        """The room takes nothing for now: let it hold what waits here, in its order."""
        self.forget()
        self._held.release()

    def has_of(self, peer: Peer) -> bool:
        """Whether anything of the same person waits, so that nothing of theirs may
        overtake it: acknowledgements are counted. Also if they may do more by now."""
        return not self._is_releasing and self._held.has_of(peer)

    def must_wait(self, peer: Peer) -> bool:
        """Whether an edit of this peer has to wait until there is a shadow."""
        return self.has_of(peer) or (peer.must_suggest and not self._is_ready())

    def keep(self, peer: Peer, size_bytes: int, again: Callable[[], None]) -> None:
        """Keep what must wait. Raises ProtocolError when too much waits."""
        self._held.add(peer, size_bytes, again)
        self._begin()

    def admits(self, peer: Peer, update: bytes) -> bool:
        """Whether the edit only suggests; else its writer is told that it does not."""
        if not peer.is_astray and self._passes(self._document(), peer, update):
            return True
        refuse_change(self._services, peer)
        return False

    def _is_ready(self) -> bool:
        if self._shadow is not None or self._is_unmakable:
            return True
        return self._making is None and len(self._document().full()) <= _LONG_BYTES

    def _begin(self) -> None:
        if self._making is None and not self._is_ready():
            self._making = making = object()
            self._services.spawn(self._make(making, self._document().full()))

    def _release(self) -> None:
        """Try what waited, for some milliseconds; the rest in the next turn."""
        monotonic = self._services.clock.monotonic
        started = monotonic()
        self._is_releasing = True
        try:
            while self._held and self._is_ready():
                self._held.release_first()
                if monotonic() - started > BUDGET_S:
                    break
        finally:
            self._is_releasing = False
        if self._held and self._is_ready():
            self._services.soon(self._release)
        elif self._held:
            self._begin()

    def _passes(self, document: LiveDocument, peer: Peer, update: bytes) -> bool:
        if document.has_unintegrated:
            # What waits might be completed by the edit, and nobody could tell how.
            return False
        author = peer.identity.user_id
        try:
            with engine_faults():
                if _is_anothers(document, peer, update):
                    return False
                if self._shadow is None:
                    self._shadow = Shadow(document.full())
                elif self._behind:
                    self._shadow.take(merge_tree(self._behind))
                self._behind, self._bytes_behind = [], 0
                if self._shadow.admits(update, lambda by: by.author == author):
                    return True
        except ValueError:
            pass
        self.forget()
        return False

    async def _make(self, making: object, full: bytes) -> None:
        try:
            shadow = await self._services.run_heavy(lambda: Shadow(full))
        except Exception:
            logger.exception("a document cannot be read for who may only suggest")
            shadow = None
        if self._making is making:
            self._making, self._shadow = None, shadow
            # Then each is refused when it is tried.
            self._is_unmakable = shadow is None
            self._release()


def _is_anothers(document: LiveDocument, peer: Peer, update: bytes) -> bool:
    """Whether the edit writes under the client id of somebody else.

    What that person has typed and not yet sent has the same places in the document:
    the engine would take it for known, and it would be lost.
    """
    held = read_state_vector(document.state_vector())
    new = {
        struct.client
        for struct in structs_of(update)
        if struct.clock + struct.length > held.get(struct.client, 0)
    }
    me = peer.identity.user_id
    owner_of = peer.room.people.owner_of
    return any(owner_of(client) not in (None, me) for client in new)
