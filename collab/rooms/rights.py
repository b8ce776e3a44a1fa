"""Follow everybody's rights while they are in a document.

Three ways lead here, each enough by itself in the end: a hint from the application
or the bus (at once), the feed of committed changes (under a second), and a look at
everybody now and then. What the application wrote into a log comes the same ways.
Must never decide anything; the authorizer does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

from collab import errors
from collab.ports import AccessChange, AccessFeed, Authorizer, Grant
from collab.rooms.peer import Peer
from collab.rooms.room import Room
from collab.rooms.state import HOLDING
from storage.ports import LogUnavailable

logger = logging.getLogger(__name__)

_FEED_INTERVAL_S = 0.4


# Of one question: a few milliseconds of a database thread.
_AT_ONCE = 100
_REST_S = 0.05


class Rights:
    def __init__(
        self,
        authorizer: Authorizer,
        rooms: Callable[[], list[Room]],
        spawn: Callable[[Awaitable[None]], object],
        *,
        is_loading: Callable[[str], bool],
    ) -> None:
        """`is_loading`: whether this document is about to be among `rooms`."""
        self._authorizer = authorizer
        self._rooms = rooms
        self._spawn = spawn
        self._is_loading = is_loading
        # Changes that could not be answered: the database was away.
        self._unanswered: set[AccessChange] = set()
        self.version = 0
        """Grows with every change: who was let in on older rights is asked again."""

    def changed(self, change: AccessChange) -> None:
        """Look at the rights of these people again, now."""
        self.version += 1
        self._spawn(self.recheck(change))

    async def recheck(self, change: AccessChange) -> None:
        """All of them in few questions, so that a full room is answered at once."""
        if change.title is not None:
            self._tell_title(change)
            return
        if change.written:
            await self._read_log(change)
            return
        concerned = [
            peer
            for room in self._rooms()
            if change.document_id in (None, room.document_id)
            for peer in room.peers
            if change.user_id in (None, peer.identity.user_id)
        ]
        for pages in _together(concerned):
            if not await self._recheck_peers(pages):
                self._unanswered.add(change)

    async def _read_log(self, change: AccessChange) -> None:
        if change.document_id is not None and self._is_loading(change.document_id):
            # Perhaps of a log that was read before this was written.
            self._unanswered.add(change)
        for room in self._rooms():
            if room.document_id == change.document_id:
                if room.state in HOLDING:
                    # It is made of what was read before this was written.
                    self._unanswered.add(change)
                    continue
                try:
                    await room.elsewhere.read_log()
                except LogUnavailable:
                    self._unanswered.add(change)

    def _tell_title(self, change: AccessChange) -> None:
        for room in self._rooms():
            if room.document_id == change.document_id:
                room.tell_all({"type": "renamed", "title": change.title})

    async def recheck_all(self) -> None:
        """A group after the other, so that nobody who comes in meanwhile waits."""
        for peers in _together(p for room in self._rooms() for p in room.peers):
            await self._recheck_peers(peers)
            await asyncio.sleep(_REST_S)

    async def retry(self) -> None:
        unanswered, self._unanswered = self._unanswered, set()
        for change in unanswered:
            await self.recheck(change)

    async def follow(self, feed: AccessFeed) -> None:
        """Run until cancelled."""
        cursor: int | None = None
        while True:
            before = cursor
            try:
                if cursor is None or self._rooms():
                    # With nobody here the cursor stays, so nothing is missed.
                    cursor, changes = await feed.since(cursor)
                    for change in dict.fromkeys(changes):
                        self.version += 1
                        await self.recheck(change)
                    await self.retry()
            except LogUnavailable:
                logger.debug("the feed of rights is away")
            except Exception:
                logger.exception("the feed of rights failed")
                cursor = before
            if cursor == before or before is None:
                await asyncio.sleep(_FEED_INTERVAL_S)

    async def _recheck_peers(self, peers: Sequence[Peer]) -> bool:
        """All pages one person has open in a document change together: none of them may
        still write when another one says that nobody may. False when there was no
        answer: who cannot be asked about stays.
        """
        asked = [(peer.identity, peer.room.document_id) for peer in peers]
        try:
            grants = await self._authorizer.ask_again(asked)
        except LogUnavailable:
            logger.warning("rights cannot be checked now: the database is away")
            return False
        except Exception:
            logger.exception("rights of %d could not be checked", len(peers))
            if len(peers) > 1:
                # Of all but whoever it is.
                return all([await self._recheck_peers([peer]) for peer in peers])
            return False
        for peer, grant in zip(peers, grants, strict=True):
            _carry_out(peer, grant)
        return True


def _together(peers: Iterable[Peer]) -> Iterator[list[Peer]]:
    """In groups of about `_AT_ONCE`, no person's pages of a document apart."""
    pages: dict[tuple[Room, str], list[Peer]] = {}
    for peer in peers:
        pages.setdefault((peer.room, peer.identity.user_id), []).append(peer)
    group: list[Peer] = []
    for open_ in pages.values():
        group += open_
        if len(group) >= _AT_ONCE:
            yield group
            group = []
    if group:
        yield group


def _carry_out(peer: Peer, grant: Grant | None) -> None:
    room = peer.room
    if peer not in room.peers:
        return
    if grant is None:
        peer.leave(errors.RIGHTS_ENDED)
    elif grant.epoch > room.epoch:
        # The document was begun anew: this copy of it is nobody's any more.
        room.end(errors.WRONG_EPOCH)
    else:
        peer.change_grant(grant)
