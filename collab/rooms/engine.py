"""All rooms of one process: start, stop, admit people, follow their rights.

The gateway talks to this and to rooms. Started once in the event loop that serves
the sockets. Must never be shared between event loops.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Protocol, TypeVar

from collab import errors
from collab.errors import Close, ProtocolError
from collab.ports import (
    AccessChange,
    AccessFeed,
    Authorizer,
    Clock,
    Identity,
    Level,
)
from collab.protocol.frames import Encoder
from collab.protocol.limits import Limits
from collab.rooms.directory import Directory
from collab.rooms.peer import Outlet, Peer
from collab.rooms.persistence import LogWriter
from collab.rooms.proposals import Proposals
from collab.rooms.rights import Rights
from collab.rooms.services import Services
from collab.rooms.state import RoomState
from storage.ports import Bus, LogUnavailable, UpdateLog

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Connection(Protocol):
    """An open socket, as far as its end is concerned."""

    def close(self, close: Close) -> None: ...


ACCESS_TOPIC = "access"
NOTICE_TOPIC = "notices"
_TIDY_INTERVAL_S = 5.0
_DRAIN_S = 10.0
_GOODBYE_S = 3.0
_GOODBYE_STEP_S = 0.01


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
        gather_s: float = 0.0,
    ) -> None:
        """`gather_s`: see `LogWriter`."""
        self.limits = limits
        self.clock = clock
        self.authorizer = authorizer
        self.counters: Counter[str] = Counter()
        self.connections: Counter[str] = Counter()
        """Sockets of each person who has signed in."""
        self.handshakes = 0
        """Every open socket, signed in or not."""
        self.sockets: set[Connection] = set()
        self._log = log
        self._bus = bus
        self._feed = feed
        self._background: set[asyncio.Future[None]] = set()
        self._heavy = ThreadPoolExecutor(2, thread_name_prefix="duthao-heavy")
        # Apart, so that nobody's large frames keep others from their documents.
        self._checks = ThreadPoolExecutor(1, thread_name_prefix="duthao-check")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writer = LogWriter(log, on_state=self._log_state, gather_s=gather_s)
        self._proposals = Proposals(log, clock)
        self.rights = Rights(
            authorizer,
            lambda: self.rooms.rooms(),
            self._spawn,
            is_loading=lambda document_id: self.rooms.is_loading(document_id),
        )
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
            run_heavy=self.run_heavy,
            proposals=self._proposals,
            counters=self.counters,
        )
        self._directory = Directory(self._services)
        self._spawn(self._writer.run())
        self._spawn(self._tidy())
        if self._feed is not None:
            self._spawn(self.rights.follow(self._feed))
        if self._bus is not None:
            self._bus.on_gap(self._missed_messages)
            self._spawn(self._bus.subscribe(ACCESS_TOPIC, self._access_hint))
            self._spawn(self._bus.subscribe(NOTICE_TOPIC, self._notice_hint))

    async def stop(self) -> None:
        """Save what can be saved, tell everybody to come back, and end."""
        if self._loop is None or self.is_stopping:
            return
        self.is_stopping = True
        for room in self.rooms.rooms():
            room.take_no_more()
        saved = await self._writer.drain(_DRAIN_S)
        if not saved:
            logger.error("stopping with unsaved edits; browsers keep and resend them")
        if not await self._proposals.drain(_GOODBYE_S):
            logger.error("stopping with late edits that could not be kept")
        await self._say_goodbye()
        await self.rooms.close_all()
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        self._heavy.shutdown(wait=False, cancel_futures=True)
        self._checks.shutdown(wait=False, cancel_futures=True)
        if self._bus is not None:
            await self._bus.close()
        await self._log.close()

    async def _say_goodbye(self) -> None:
        """Give the sockets a moment to tell their people to come back."""
        for socket in list(self.sockets):
            socket.close(errors.SERVER_RESTARTING)
        for room in self.rooms.rooms():
            room.empty(errors.SERVER_RESTARTING)
        with suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                while self.sockets:  # noqa: ASYNC110 - once, at the end
                    await asyncio.sleep(_GOODBYE_STEP_S)

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
        """Check rights and load the room. Raises ProtocolError.

        The caller joins the peer in the same turn of the event loop: then no change
        of rights falls between.
        """
        while True:
            if self.is_stopping:
                raise ProtocolError(errors.SERVER_RESTARTING)
            asked_at = self.rights.version
            try:
                grant = await self.authorizer.authorize(identity, document_id)
                if grant is None:
                    raise ProtocolError(errors.NOT_AVAILABLE)
                if epoch is not None and epoch != grant.epoch:
                    raise ProtocolError(errors.WRONG_EPOCH)
                room = await self.rooms.open(document_id, epoch=grant.epoch)
            except LogUnavailable:
                # The browser tries again; what it holds stays in it.
                raise ProtocolError(
                    errors.SERVER_RESTARTING, "the log is away"
                ) from None
            if room.state is RoomState.CLOSED:
                raise ProtocolError(errors.SERVER_RESTARTING, "the room has ended")
            if self.rights.version == asked_at:
                break
            # Somebody's rights changed while the room was loaded: ask again.
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
            loop.call_soon_threadsafe(self.rights.changed, change)

    def _access_hint(self, topic: str, payload: bytes) -> None:
        document_id, _, user_id = payload.decode().partition(" ")
        self.rights.changed(AccessChange(document_id or None, user_id or None))

    # ── notices of the application ──────────────────────────────────────────────

    def tell(
        self, document_id: str, notice: dict[str, object], least: Level = Level.VIEW
    ) -> None:
        """A hint from any thread, for the people in this document here and, over the
        bus, in other processes; only those at `least` this level hear of it."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._tell_here, document_id, notice, least)
        if self._bus is not None:
            said = {"document": document_id, "least": int(least), "notice": notice}
            self._bus.publish_soon(NOTICE_TOPIC, json.dumps(said).encode())

    def _tell_here(
        self, document_id: str, notice: dict[str, object], least: Level
    ) -> None:
        room = self.rooms.find(document_id)
        if room is not None:
            room.tell_all(notice, least)

    def _notice_hint(self, topic: str, payload: bytes) -> None:
        # Our own come back too: whoever is told twice looks once.
        said = json.loads(payload)
        self._tell_here(said["document"], said["notice"], Level(said["least"]))

    # ── upkeep ──────────────────────────────────────────────────────────────────

    async def _tidy(self) -> None:
        """Now and then: all rights, all logs, all presence."""
        next_recheck = self.clock.monotonic() + self.limits.recheck_s
        next_catch_up = self.clock.monotonic() + self.limits.catch_up_s
        while True:
            await asyncio.sleep(_TIDY_INTERVAL_S)
            now = self.clock.monotonic()
            try:
                self.rooms.compact_long_tails()
                self._expire_people()
                if now >= next_recheck:
                    next_recheck = now + self.limits.recheck_s
                    await self.rights.recheck_all()
                await self.rights.retry()
                if self._bus is not None and now >= next_catch_up:
                    next_catch_up = now + self.limits.catch_up_s
                    self._missed_messages()
            except Exception:
                logger.exception("upkeep failed; it goes on")

    def _expire_people(self) -> None:
        # Not in `_tidy`: that would hold the last room of the loop, unloaded or not,
        # as long as it sleeps, and for ever when no other room is opened.
        for room in self.rooms.rooms():
            room.people.expire()

    def _missed_messages(self) -> None:
        for room in self.rooms.rooms():
            self._spawn(room.elsewhere.read_log())

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

    def run_heavy(self, work: Callable[[], T]) -> Awaitable[T]:
        """Run a function on a thread of its own, off the event loop."""
        assert self._loop is not None
        return self._loop.run_in_executor(self._heavy, work)

    def run_check(self, work: Callable[[], T]) -> Awaitable[T]:
        """The same for what a peer has sent and nobody has looked at."""
        assert self._loop is not None
        return self._loop.run_in_executor(self._checks, work)
