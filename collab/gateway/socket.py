"""One WebSocket: its limits, its peers, its queue, its end.

    ACCEPTED ──► SERVING ──► CLOSED
Data frames go from the ASGI receive straight into the room; nothing on that path
waits. Every way to end has one close code. Must never let one socket's fault reach
another.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from collab import errors
from collab.errors import Close, ProtocolError
from collab.gateway.outbox import Outbox, Send, WriteFrame
from collab.gateway.reading import frames_of, leading_keystrokes
from collab.ports import Identity
from collab.protocol.frames import Kind, Message
from collab.protocol.limits import BYTES_PER_FRAME, TokenBucket
from collab.protocol.nesting import measured
from collab.protocol.shape import check_state_vector, check_update
from collab.rooms.engine import Engine
from collab.rooms.peer import Loss, Peer

logger = logging.getLogger(__name__)

_LARGE_FRAME_BYTES = 64_000
# Handled before the brake is asked again, and before other sockets have their turn.
_MOST_AT_ONCE = 200

Receive = Callable[[], Awaitable[dict[str, Any]]]


class Socket:
    """What both dialects share. A dialect implements `decode` and `handle`."""

    def __init__(
        self,
        engine: Engine,
        receive: Receive,
        send: Send,
        client_address: str,
        write_frame: WriteFrame | None = None,
    ) -> None:
        self.engine = engine
        self.client_address = client_address
        self.peers: set[Peer] = set()
        self.typing: Peer | None = None
        """Whose document the last update was for; the next one probably is, too."""
        self._receive = receive
        self._send = send
        self._closing: Close | None = None
        self._end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._counted: set[str] = set()
        self._is_over = False
        self._is_waiting = False
        """Nothing that was received is still being handled."""
        self._lacks_presence = False
        self._timer: asyncio.TimerHandle | None = None
        self._bucket = TokenBucket(
            engine.limits.frames_per_s,
            engine.limits.frame_burst,
            engine.clock.monotonic(),
        )
        self.outbox = Outbox(
            send,
            max_bytes=engine.limits.queue_bytes_per_socket,
            on_blocked=self._blocked,
            on_drained=self._drained,
            on_dropped=self._dropped,
            on_presence_dropped=self._presence_dropped,
            on_hopeless=lambda: self.close(errors.TOO_SLOW),
            write_frame=write_frame,
        )

    # ── Outlet ──────────────────────────────────────────────────────────────────

    def send(self, frame: bytes, *, loss: Loss = Loss.NEVER) -> None:
        self.outbox.put(frame, loss)

    def send_again(self, frame: bytes, count: int) -> None:
        self.outbox.put_again(frame, count)

    def leave(self, peer: Peer, close: Close) -> None:
        """End one document; end the socket too if it was the last."""
        self.drop_peer(peer)
        if not self.has_documents:
            self.close(close)
        elif peer.encoder.speaks_hocuspocus:
            self.engine.counters[f"left_{close.name}"] += 1
            self.send(peer.encoder.denied(close.name))
            self.send(peer.encoder.left(close.name))

    @property
    def has_documents(self) -> bool:
        """Whether anything goes on over this socket."""
        return bool(self.peers)

    # ── life ────────────────────────────────────────────────────────────────────

    def close(self, close: Close) -> None:
        """Ask for the end; the first reason given is the one that is told."""
        if self._closing is None:
            self._closing = close
            self.engine.counters[f"closed_{close.name}"] += 1
            self._ended()

    @property
    def is_closing(self) -> bool:
        return self._closing is not None

    async def serve(self) -> None:
        """Run until either side ends it."""
        self.engine.sockets.add(self)
        # One task and one timer for each of thousands of sockets: each more is memory.
        reading = asyncio.ensure_future(self._read())
        reading.add_done_callback(self._ended)
        self._watch_later()
        try:
            await self._end
            if reading.done() and not reading.cancelled():
                error = reading.exception()
                if error is not None:
                    logger.error("a socket failed", exc_info=error)
                    self.close(errors.SERVER_RESTARTING)
        finally:
            self._is_over = True
            reading.cancel()
            if self._timer is not None:
                self._timer.cancel()
            self.end_admissions()
            for peer in list(self.peers):
                self.drop_peer(peer)
            self.forget()
            try:
                await self._say_goodbye()
            finally:
                self.engine.sockets.discard(self)

    def _ended(self, reading: asyncio.Task[None] | None = None) -> None:
        if not self._end.done():
            self._end.set_result(None)

    def end_admissions(self) -> None:
        """Nobody may come in over a socket that ends."""

    def forget(self) -> None:
        """Count this socket no more. Safe to call again."""
        for user_id in self._counted:
            self.engine.connections[user_id] -= 1
            if self.engine.connections[user_id] <= 0:
                del self.engine.connections[user_id]
        self._counted.clear()

    def drop_peer(self, peer: Peer) -> None:
        if peer in self.peers:
            self.peers.discard(peer)
            self.engine.left(peer)
        if self.typing is peer:
            self.typing = None

    def count_connection(self, identity: Identity) -> None:
        """Raises ProtocolError when this person has too many connections."""
        if identity.user_id in self._counted:
            return
        if self._is_over:
            # It would never be taken off the count again.
            raise ProtocolError(errors.NOT_AUTHENTICATED, "the socket has ended")
        if self.engine.connections[identity.user_id] >= (
            self.engine.limits.max_connections_per_user
        ):
            raise ProtocolError(errors.TOO_MANY_CONNECTIONS)
        self.engine.connections[identity.user_id] += 1
        self._counted.add(identity.user_id)

    async def _say_goodbye(self) -> None:
        if self._closing is None:
            self.outbox.close()
            return
        try:
            async with asyncio.timeout(2):
                await self.outbox.finish()
                await self._send(
                    {
                        "type": "websocket.close",
                        "code": self._closing.code,
                        "reason": self._closing.name,
                    }
                )
        except Exception:  # noqa: BLE001 - the other side is gone; nothing to tell
            logger.debug("goodbye not heard")
        finally:
            self.outbox.close()

    # ── reading ─────────────────────────────────────────────────────────────────

    async def _read(self) -> None:
        while not self.is_closing:
            self._is_waiting = True
            event = await self._receive()
            self._is_waiting = False
            if event["type"] == "websocket.disconnect":
                return
            if event["type"] != "websocket.receive":
                continue
            frames = frames_of(event)
            if frames is None:
                self.close(errors.MALFORMED_FRAME)
                return
            for at in range(0, len(frames), _MOST_AT_ONCE):
                if at:
                    await asyncio.sleep(0)
                part = frames[at : at + _MOST_AT_ONCE]
                await self._brake(part)
                await self._take_all(part)

    def take_now(self, frames: Sequence[bytes]) -> bool:
        """Handle keystrokes in the moment they are read, without a turn of the loop for
        the task that reads. False: it must, for they have to wait or are no keystrokes.
        """
        peer = self.typing
        if (
            peer is None
            or not self._is_waiting
            or self._is_over
            or self.is_closing
            or len(frames) > _MOST_AT_ONCE
        ):
            return False
        updates = leading_keystrokes(frames, 0, peer.encoder.update_prefix)
        if len(updates) < len(frames):
            return False
        now = self.engine.clock.monotonic()
        if not self._bucket.take_at_once(now, _cost(frames)):
            return False
        self._hand_over(peer, updates)
        return True

    async def _brake(self, frames: Sequence[bytes]) -> None:
        now = self.engine.clock.monotonic()
        ahead = self._bucket.take(now, _cost(frames))
        if ahead > 0:
            if self._bucket.behind_s(now) > self.engine.limits.max_lag_s:
                self.close(errors.TOO_FAST)
                return
            # Not reading is the kindest brake: the network slows the sender.
            await asyncio.sleep(ahead)

    async def _take_all(self, frames: Sequence[bytes]) -> None:
        at = 0
        while at < len(frames) and not self.is_closing:
            at += self._take_keystrokes(frames, at)
            if at < len(frames) and not self.is_closing:
                await self.take(frames[at])
                at += 1

    def _take_keystrokes(self, frames: Sequence[bytes], at: int) -> int:
        """Hand the keystrokes at `at` to the room, all at once. How many there were."""
        peer = self.typing
        if peer is None:
            return 0
        updates = leading_keystrokes(frames, at, peer.encoder.update_prefix)
        if updates:
            self._hand_over(peer, updates)
        return len(updates)

    def _hand_over(self, peer: Peer, updates: Sequence[bytes]) -> None:
        try:
            peer.room.receive_keystrokes(peer, updates)
        except Exception as error:  # noqa: BLE001 - told there
            self._failed(error)

    async def take(self, frame: bytes) -> None:
        """Handle one frame; whatever is wrong with it ends this socket only."""
        try:
            if len(frame) > self.engine.limits.max_frame_bytes:
                raise ProtocolError(errors.FRAME_TOO_LARGE)
            if len(frame) > _LARGE_FRAME_BYTES:
                message = await self.engine.run_check(lambda: self._checked(frame))
            else:
                message = self.decode(frame)
            if not self.is_closing:
                self.handle(message, is_checked=len(frame) > _LARGE_FRAME_BYTES)
        except Exception as error:  # noqa: BLE001 - told there
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, ProtocolError):
            if error.detail:
                logger.info("%s from %s", error, self.client_address)
            self.close(error.close)
        else:
            logger.error("a frame from %s failed", self.client_address, exc_info=error)
            self.close(errors.MALFORMED_FRAME)

    def _checked(self, frame: bytes) -> Message:
        """Megabytes of tiny parts take a second to check: not on the event loop."""
        message = self.decode(frame)
        if message.kind in (Kind.UPDATE, Kind.SYNC_STEP_2):
            check_update(message.body)
            return message._replace(body=measured(message.body))
        if message.kind is Kind.SYNC_STEP_1:
            check_state_vector(message.body)
        return message

    def decode(self, frame: bytes) -> Message:
        raise NotImplementedError

    def handle(self, message: Message, *, is_checked: bool) -> None:
        """`is_checked`: the shape of its update is known to be right."""
        raise NotImplementedError

    def watch_turn(self) -> None:
        """Called every few seconds for what a dialect must watch."""

    def _watch_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self.engine.limits.ping_s, self._watch)

    def _watch(self) -> None:
        # First: whatever fails below, this socket is looked at again.
        self._watch_later()
        now = asyncio.get_running_loop().time()
        if self.outbox.is_stuck(now, self.engine.limits.stuck_send_s):
            self.outbox.close()
            self.close(errors.TOO_SLOW)
        self.watch_turn()

    # ── back-pressure ───────────────────────────────────────────────────────────

    def _blocked(self) -> None:
        """The peers certainly have what their rooms hold now: all of it was sent.

        But of two in one room the other may still have to be sent what this one was.
        """
        counts = Counter(peer.room for peer in self.peers)
        for peer in self.peers:
            # Who lags already has its base, and lacks what came after it.
            if not peer.is_lagging:
                is_alone = counts[peer.room] == 1
                peer.base_state = peer.room.state_vector() if is_alone else None

    def _dropped(self) -> None:
        self.engine.counters["frames_dropped"] += 1
        for peer in self.peers:
            peer.is_lagging = True

    def _presence_dropped(self) -> None:
        self.engine.counters["presence_dropped"] += 1
        self._lacks_presence = True

    def _drained(self) -> None:
        lacking, self._lacks_presence = self._lacks_presence, False
        lagging = [peer for peer in self.peers if peer.is_lagging]
        for peer in self.peers.difference(lagging):
            peer.base_state = None
            if lacking:
                peer.room.people.introduce(peer)
        for peer in lagging:
            # Sending to one may block again, before the next has been helped.
            try:
                peer.room.catch_up(peer)
            except Exception as error:  # noqa: BLE001 - told there
                self._failed(error)


def _cost(frames: Sequence[bytes]) -> float:
    return float(len(frames) + sum(map(len, frames)) // BYTES_PER_FRAME)


def dispatch(peer: Peer, message: Message, *, is_checked: bool = False) -> bool:
    """Give a document's message to its room. False if it is no document message."""
    kind, _, body = message
    room = peer.room
    if kind is Kind.UPDATE:
        room.receive_update(peer, body, is_answer=False, is_checked=is_checked)
    elif kind is Kind.AWARENESS:
        room.receive_awareness(peer, body)
    elif kind is Kind.SYNC_STEP_1:
        room.receive_step_1(peer, body)
    elif kind is Kind.SYNC_STEP_2:
        room.receive_update(peer, body, is_answer=True, is_checked=is_checked)
    elif kind is Kind.QUERY_AWARENESS:
        room.people.introduce(peer)
    else:
        return False
    return True
