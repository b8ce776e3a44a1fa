"""Who may only suggest, in one room: the shadow on which their edits are tried.

It is made when the first of them comes and follows the document from then on; a room
without people who only suggest pays nothing. A long one is made on a thread, and what
these people send meanwhile is kept in its order: no other room waits for it, nor does
anybody else in this one. The same while the log is asked who writes under a client id,
or when the document was begun. Must be told of every update that the document takes,
and must never let pass what was not tried.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from collab import errors
from collab.errors import Close
from collab.protocol.shape import read_state_vector
from collab.protocol.structs import structs_of
from collab.protocol.updates import engine_faults, merge_tree
from collab.rooms.document import LiveDocument
from collab.rooms.held import Held
from collab.rooms.owners import Owners
from collab.rooms.pace import BUDGET_S
from collab.rooms.peer import Peer
from collab.rooms.refusing import refuse_change
from collab.rooms.services import Services
from collab.rooms.suggesting import Shadow, Verdict
from collab.rooms.timely import timing_of
from storage.ports import LogUnavailable

logger = logging.getLogger(__name__)

_MOST_BEHIND = 200
# The shadow of what is shorter is made in some milliseconds, at once.
_LONG_BYTES = 50_000
_RETRY_S = 0.5


class _Unknown(Exception):
    """The log must be asked before an edit can be judged: about these client ids, if
    any, and about when the document was begun."""

    def __init__(self, clients: frozenset[int] = frozenset()) -> None:
        self.clients = clients
        super().__init__(clients)


@dataclass(slots=True)
class _Clients:
    """The client ids under which an edit writes: those that come with it, and those of
    which only the log can tell whose they are."""

    fresh: set[int] = field(default_factory=set)
    unknown: set[int] = field(default_factory=set)
    are_anothers: bool = False


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
        self._owners = Owners(services)
        self._is_asking = False

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
        """Whether the edit only suggests; else its writer is told that it does not, or
        it waits here."""
        refusal: Close | None = errors.NOT_A_SUGGESTION
        try:
            if not peer.is_astray:
                refusal = self._refusal(self._document(), peer, update)
        except _Unknown as unknown:
            self._ask(peer, update, unknown.clients)
            return False
        if refusal is not None:
            refuse_change(self._services, peer, refusal)
        return refusal is None

    def _ask(self, peer: Peer, update: bytes, clients: frozenset[int]) -> None:
        """Keep the edit, before all that waits, until the log has answered."""
        room = peer.room

        def again() -> None:
            room.receive_update(peer, update, is_answer=False, is_checked=True)

        self._held.add_first(peer, len(update), again)
        if not self._is_asking:
            self._is_asking = True
            self._services.spawn(self._seek(room.document_id, clients))

    async def _seek(self, document_id: str, clients: frozenset[int]) -> None:
        try:
            while self._held:
                try:
                    await self._owners.seek(document_id)
                    break
                except LogUnavailable:
                    await asyncio.sleep(_RETRY_S)
        except Exception:
            logger.exception("the log cannot be read for who may only suggest")
        finally:
            self._owners.told(clients)
            self._is_asking = False
        self._release()

    def _is_ready(self) -> bool:
        if self._is_asking:
            return False
        if self._shadow is not None or self._is_unmakable:
            return True
        return self._making is None and len(self._document().full()) <= _LONG_BYTES

    def _begin(self) -> None:
        if self._is_asking:
            return
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

    def _refusal(
        self, document: LiveDocument, peer: Peer, update: bytes
    ) -> Close | None:
        """Why the edit cannot be taken. Raises _Unknown."""
        if document.has_unintegrated:
            # What waits might be completed by the edit, and nobody could tell how.
            return errors.NOT_A_SUGGESTION
        try:
            with engine_faults():
                clients = self._clients(document, peer, update)
                verdict = self._judge(document, peer, update, clients)
        except ValueError:
            verdict, clients = Verdict.CHANGES, _Clients()
        if verdict is Verdict.SUGGESTS:
            for client in clients.fresh:
                self._owners.saw(client, peer.identity.user_id)
            return None
        if not clients.unknown:
            self.forget()
        if verdict is Verdict.UNSURE:
            raise _Unknown(frozenset(clients.unknown))
        if verdict is Verdict.UNTIMELY:
            return errors.UNLIKELY_TIME
        return errors.NOT_A_SUGGESTION

    def _judge(
        self, document: LiveDocument, peer: Peer, update: bytes, clients: _Clients
    ) -> Verdict:
        if clients.unknown:
            return Verdict.UNSURE
        if clients.are_anothers:
            return Verdict.CHANGES
        if self._shadow is None:
            self._shadow = Shadow(document.full())
        elif self._behind:
            self._shadow.take(merge_tree(self._behind))
        self._behind, self._bytes_behind = [], 0
        me = peer.identity.user_id
        now, begun = self._services.clock.now(), self._owners.begun
        return self._shadow.judge(
            update,
            lambda by: by.author == me,
            lambda at: timing_of(at, now, begun),
        )

    def _clients(self, document: LiveDocument, peer: Peer, update: bytes) -> _Clients:
        """Under whose client ids the edit writes.

        What somebody else has typed and not yet sent has the same places in the
        document: the engine would take it for known, and it would be lost.
        """
        held = read_state_vector(document.state_vector())
        found = _Clients()
        me, owner_of = peer.identity.user_id, peer.room.people.owner_of
        for struct in structs_of(update):
            client = struct.client
            if struct.clock + struct.length <= held.get(client, 0):
                continue
            is_mine = self._owners.is_of(client, me)
            if is_mine is None:
                is_mine = owner_of(client) in (None, me)
                if client not in held:
                    found.fresh.add(client)
                elif not self._owners.was_sought(client):
                    found.unknown.add(client)
            if not is_mine:
                found.are_anothers = True
        return found

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
