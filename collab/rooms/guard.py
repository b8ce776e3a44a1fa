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

from collab.protocol.shape import EMPTY_UPDATE, read_state_vector
from collab.protocol.structs import structs_of
from collab.protocol.updates import engine_faults, merge_tree
from collab.rooms.document import LiveDocument
from collab.rooms.held import Held
from collab.rooms.peer import Peer
from collab.rooms.refusing import refuse_change
from collab.rooms.services import Services
from collab.rooms.suggesting import Shadow

logger = logging.getLogger(__name__)

_MOST_BEHIND = 200
# The shadow of what is shorter is made in some milliseconds, at once.
_LONG_BYTES = 50_000


class Guard:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._shadow: Shadow | None = None
        self._behind: list[bytes] = []
        self._making: object | None = None
        self._is_unmakable = False
        self._held = Held()

    def __bool__(self) -> bool:
        """Whether anything waits here."""
        return bool(self._held)

    def follow(self, update: bytes) -> None:
        if self._shadow is None and self._making is None:
            return
        self._behind.append(update)
        if len(self._behind) > _MOST_BEHIND:
            self._behind = [merge_tree(self._behind)]

    def left(self, peer: Peer, others: Iterable[Peer]) -> None:
        """Somebody left; these stay. Without a suggester no shadow is needed."""
        self._held.forget(peer)
        if not any(other.grant.only_suggests for other in others):
            self.forget()

    def forget(self) -> None:
        self._shadow, self._making, self._behind = None, None, []
        self._is_unmakable = False
        if self._held:
            self._services.soon(self._held.release)

    def keeps(
        self,
        peer: Peer,
        document: LiveDocument,
        update: bytes,
        again: Callable[[], None],
    ) -> bool:
        """Whether what somebody sends has to wait until the shadow is there; `again` is
        called then. Raises ProtocolError when too much waits.

        Also of one who may do more by now: acknowledgements are counted, so nothing
        may overtake what waits.
        """
        if self._shadow is not None or self._is_unmakable:
            return False
        if not (peer.must_suggest or self._held.has_of(peer)):
            return False
        if self._making is None and len(document.full()) <= _LONG_BYTES:
            return False
        if self._making is None:
            self._making = making = object()
            self._services.spawn(self._make(making, document.full()))
            if update == EMPTY_UPDATE:
                return False  # nothing to try, and nothing before it that waits
        self._held.add(peer, len(update), again)
        return True

    def admits(self, document: LiveDocument, peer: Peer, update: bytes) -> bool:
        """Whether the edit only suggests; else its writer is told that it does not.

        `document` has all that `follow` was told.
        """
        if not peer.is_astray and self._passes(document, peer, update):
            return True
        refuse_change(self._services, peer)
        return False

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
                self._behind = []
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
            self._held.release()


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
