"""All rooms of one process: start, stop, admit people, follow their rights.

The gateway talks to this and to rooms. Started once in the event loop that serves
the sockets. Must never be shared between event loops.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from collab import errors
from collab.errors import ProtocolError
from collab.ports import (
    AccessChange,
    AccessFeed,
    Authorizer,
    Clock,
    Grant,
    Identity,
)
from collab.protocol.frames import Encoder
from collab.protocol.limits import Limits
from collab.rooms.directory import Directory
from collab.rooms.peer import Outlet, Peer
from collab.rooms.persistence import LogWriter
from collab.rooms.room import Room
from collab.rooms.services import Services
from storage.ports import Bus, LogUnavailable, UpdateLog

logger = logging.getLogger(__name__)

T = TypeVar("T")

ACCESS_TOPIC = "access"
_FEED_INTERVAL_S = 0.4
_TIDY_INTERVAL_S = 5.0
_DRAIN_S = 10.0


class Engine:
    def __init__(
        self,
        *,
        log: UpdateLog,
        authorizer: Authorizer,
        clock: Clock,
        limits: Limits,
        bus: Bus | None = None,
        feed: AccessFeed | None = None,
    ) -> None:
        self.limits = limits
        self.clock = clock
        self.authorizer = authorizer
        self.counters: Counter[str] = Counter()
        self.connections: Counter[str] = Counter()
        self._log = log
        self._bus = bus
        self._feed = feed
        self._background: set[asyncio.Future[None]] = set()
        self._heavy = ThreadPoolExecutor(2, thread_name_prefix="duthao-heavy")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writer = LogWriter(log, on_state=self._log_state)
        self._services: Services | None = None
        self._directory: Directory | None = None
        self.is_stopping = False

    # ── life ────────────────────────────────────────────────────────────────────

    def start(self) -> None:
        """Begin in the running event loop. Safe to call again."""
        if self._loop is not None:
            return
        loop = self._loop = asyncio.get_running_loop()
        self._services = Services(
            log=self._log,
            writer=self._writer,
            bus=self._bus,
            clock=self.clock,
            limits=self.limits,
            process_id=secrets.token_bytes(8),
            soon=loop.call_soon,
            later=loop.call_later,
            spawn=self._spawn,
            run_heavy=self._run_heavy,
            counters=self.counters,
        )
        self._directory = Directory(self._services)
        self._spawn(self._writer.run())
        self._spawn(self._tidy())
        if self._feed is not None:
            self._spawn(self._follow_rights(self._feed))
        if self._bus is not None:
            self._bus.on_gap(self._missed_messages)
            self._spawn(self._bus.subscribe(ACCESS_TOPIC, self._access_hint))

    async def stop(self) -> None:
        """Save what can be saved, tell everybody to come back, and end."""
        if self._loop is None:
            return
        self.is_stopping = True
        saved = await self._writer.drain(_DRAIN_S)
        if not saved:
            logger.error("stopping with unsaved edits; browsers keep and resend them")
        for room in self.rooms.rooms():
            room.empty(errors.SERVER_RESTARTING)
        await self.rooms.close_all()
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        self._heavy.shutdown(wait=False, cancel_futures=True)
        if self._bus is not None:
            await self._bus.close()
        await self._log.close()

    @property
    def rooms(self) -> Directory:
        assert self._directory is not None, "the engine is not started"
        return self._directory

    @property
    def is_log_up(self) -> bool:
        return self._writer.is_up

    @property
    def unsaved_bytes(self) -> int:
        return self._writer.waiting_bytes

    # ── admission ───────────────────────────────────────────────────────────────

    async def admit(
        self,
        identity: Identity,
        document_id: str,
        encoder: Encoder,
        outlet: Outlet,
        *,
        epoch: int | None,
    ) -> Peer:
        """Check rights, load the room and join it. Raises ProtocolError."""
        try:
            grant = await self.authorizer.authorize(identity, document_id)
            if grant is None:
                raise ProtocolError(errors.NOT_AVAILABLE)
            if epoch is not None and epoch != grant.epoch:
                raise ProtocolError(errors.WRONG_EPOCH)
            room = await self.rooms.open(document_id)
        except LogUnavailable:
            # The browser tries again; what it holds stays in it.
            raise ProtocolError(errors.SERVER_RESTARTING, "the log is away") from None
        if room.epoch != grant.epoch:
            raise ProtocolError(errors.WRONG_EPOCH)
        return Peer(room, identity, grant, encoder, outlet)

    def left(self, peer: Peer) -> None:
        peer.room.leave(peer)
        self.rooms.left(peer.room)

    # ── rights ──────────────────────────────────────────────────────────────────

    def access_changed(self, change: AccessChange) -> None:
        """A hint from any thread: look at the rights of these people again, now."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(
                lambda: self._spawn(self._recheck_quietly(change))
            )

    async def _recheck(self, change: AccessChange) -> None:
        for room in self.rooms.rooms():
            if change.document_id in (None, room.document_id):
                for peer in list(room.peers):
                    if change.user_id in (None, peer.identity.user_id):
                        await self._recheck_peer(room, peer)

    async def _recheck_peer(self, room: Room, peer: Peer) -> None:
        grant: Grant | None = None
        if await self.authorizer.is_alive(peer.identity):
            grant = await self.authorizer.authorize(peer.identity, room.document_id)
        if peer not in room.peers:
            return
        if grant is None:
            peer.leave(errors.RIGHTS_ENDED)
        elif grant.epoch != room.epoch:
            peer.leave(errors.WRONG_EPOCH)
        else:
            peer.change_grant(grant)

    async def _follow_rights(self, feed: AccessFeed) -> None:
        cursor: int | None = None
        while True:
            await asyncio.sleep(_FEED_INTERVAL_S)
            if cursor is not None and not self.rooms.rooms():
                # Nobody to send away; the cursor stays, so nothing is missed.
                continue
            try:
                cursor, changes = await feed.since(cursor)
            except LogUnavailable:
                continue
            for change in changes:
                await self._recheck_quietly(change)

    async def _recheck_quietly(self, change: AccessChange) -> None:
        try:
            await self._recheck(change)
        except LogUnavailable:
            logger.warning("rights cannot be checked now: the database is away")

    def _access_hint(self, topic: str, payload: bytes) -> None:
        document_id, _, user_id = payload.decode().partition(" ")
        self._spawn(
            self._recheck_quietly(AccessChange(document_id or None, user_id or None))
        )

    # ── upkeep ──────────────────────────────────────────────────────────────────

    async def _tidy(self) -> None:
        """Now and then: all rights, all logs, all presence."""
        next_recheck = self.clock.monotonic() + self.limits.recheck_s
        next_catch_up = self.clock.monotonic() + self.limits.catch_up_s
        while True:
            await asyncio.sleep(_TIDY_INTERVAL_S)
            now = self.clock.monotonic()
            self.rooms.compact_long_tails()
            for room in self.rooms.rooms():
                room.expire_presence()
            if now >= next_recheck:
                next_recheck = now + self.limits.recheck_s
                await self._recheck_quietly(AccessChange())
            if self._bus is not None and now >= next_catch_up:
                next_catch_up = now + self.limits.catch_up_s
                self._missed_messages()

    def _missed_messages(self) -> None:
        for room in self.rooms.rooms():
            self._spawn(room.read_log())

    def _log_state(self, up: bool) -> None:
        for room in self.rooms.rooms():
            room.tell_all({"type": "log", "up": up})

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Future[None]) -> None:
        self._background.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, LogUnavailable):
            logger.warning("background work stopped: %s", error)
        elif error is not None:
            logger.error("background work failed", exc_info=error)

    def _run_heavy(self, work: Callable[[], T]) -> Awaitable[T]:
        assert self._loop is not None
        return self._loop.run_in_executor(self._heavy, work)
