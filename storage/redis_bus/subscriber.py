"""Listen to Redis on the event loop, and know when something may have been missed.

One connection serves all topics. It is driven directly, not through redis-py's PubSub:
that one reconnects and subscribes again in silence, and the silence is exactly what a
room must hear of. Must never let a handler's error end the listening.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

import redis.asyncio
from redis.backoff import NoBackoff
from redis.retry import Retry

from storage.ports import Handler
from storage.redis_bus.topics import MISSED, PREFIX, channel

logger = logging.getLogger(__name__)

_CONNECT_S = 3.0
# A connection that leaves a ping unanswered for so long is dead, whatever TCP says.
_PING_S = 5.0
_MESSAGES_A_TURN = 100


class _Session:
    """One connection's life. `asked`: a future for each SUBSCRIBE not yet confirmed."""

    def __init__(self, connection: Any) -> None:
        # The library's connection classes share no typed base.
        self.connection = connection
        self.commands: asyncio.Queue[tuple[str, ...]] = asyncio.Queue()
        self.asked: defaultdict[str, deque[asyncio.Future[None]]] = defaultdict(deque)
        self.heard = True

    def ask(self, name: str) -> asyncio.Future[None]:
        confirmed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.asked[name].append(confirmed)
        self.commands.put_nowait(("SUBSCRIBE", name))
        return confirmed

    def confirm(self, name: str) -> None:
        # Redis answers in order, so the oldest question is the one answered.
        waiting = self.asked.get(name)
        if waiting:
            waiting.popleft().set_result(None)
            if not waiting:
                del self.asked[name]

    def release(self) -> None:
        """Let go of everyone who waits; the gap callback follows the next session."""
        for waiting in self.asked.values():
            for confirmed in waiting:
                confirmed.set_result(None)
        self.asked.clear()


class Subscriber:
    """`delay` gives the seconds to wait before attempt n (from 0) after a failure."""

    def __init__(self, url: str, *, delay: Callable[[int], float]) -> None:
        self._pool: Any = redis.asyncio.ConnectionPool.from_url(
            url,
            protocol=2,
            socket_timeout=None,
            socket_connect_timeout=_CONNECT_S,
            retry=Retry(NoBackoff(), 0),
        )
        self._delay = delay
        self._handlers: dict[str, list[Handler]] = {}
        self._gap_callbacks: list[Callable[[], None]] = []
        self._session: _Session | None = None
        self._task: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        self._away = False
        self._attempt = 0

    async def subscribe(self, topic: str, handler: Handler) -> None:
        """Returns when messages flow; while Redis is away, at once."""
        name = channel(topic)
        handlers = self._handlers.setdefault(name, [])
        handlers.append(handler)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="bus-subscriber")
        if self._session is None:
            await self._tried.wait()
            return
        if len(handlers) == 1:
            await asyncio.shield(self._session.ask(name))
        elif name in self._session.asked:
            await asyncio.shield(self._session.asked[name][-1])

    async def unsubscribe(self, topic: str, handler: Handler) -> None:
        name = channel(topic)
        handlers = self._handlers.get(name, [])
        if handler in handlers:
            handlers.remove(handler)
            if not handlers:
                del self._handlers[name]
                if self._session is not None:
                    self._session.commands.put_nowait(("UNSUBSCRIBE", name))

    def on_gap(self, callback: Callable[[], None]) -> None:
        self._gap_callbacks.append(callback)

    async def close(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._handlers.clear()

    async def _run(self) -> None:
        while True:
            try:
                await self._connect_and_listen()
            except* Exception as group:  # noqa: BLE001
                # Whatever it was, the cure is a new connection; the first says why.
                if not self._away:
                    logger.warning("bus: not listening (%s)", group.exceptions[0])
            self._away = True
            self._tried.set()
            await asyncio.sleep(self._delay(self._attempt))
            self._attempt += 1

    async def _connect_and_listen(self) -> None:
        session = _Session(self._pool.make_connection())
        try:
            await session.connection.connect()
            self._session = session
            first = [session.ask(name) for name in (MISSED, *self._handlers)]
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._read(session))
                tasks.create_task(self._send(session))
                tasks.create_task(self._ping(session))
                tasks.create_task(self._settle(first))
        finally:
            self._session = None
            session.release()
            await session.connection.disconnect(nowait=True)

    async def _settle(self, first: list[asyncio.Future[None]]) -> None:
        """When all topics flow: say what may have been missed before."""
        # Not gather(), which would cancel what others wait for too.
        await asyncio.wait(first)
        if self._away:
            logger.info("bus: listening again")
            self._tell_gap()
        self._away = False
        self._attempt = 0
        self._tried.set()

    async def _send(self, session: _Session) -> None:
        while True:
            command = await session.commands.get()
            await session.connection.send_command(*command, check_health=False)

    async def _ping(self, session: _Session) -> None:
        while True:
            session.heard = False
            session.commands.put_nowait(("PING",))
            await asyncio.sleep(_PING_S)
            if not session.heard:
                raise TimeoutError("Redis leaves a ping unanswered")

    async def _read(self, session: _Session) -> None:
        count = 0
        while True:
            answer = await session.connection.read_response(disable_decoding=True)
            session.heard = True
            self._take(session, answer)
            count += 1
            if count % _MESSAGES_A_TURN == 0:
                # What is buffered already is read without a pause.
                await asyncio.sleep(0)

    def _take(self, session: _Session, answer: Any) -> None:
        kind = answer[0] if isinstance(answer, list) else b""
        if kind == b"subscribe":
            session.confirm(answer[1].decode("ascii"))
        elif kind == b"message":
            name = answer[1].decode("ascii")
            if name == MISSED:
                self._tell_gap()
            topic = name.removeprefix(PREFIX)
            for handler in tuple(self._handlers.get(name, ())):
                try:
                    handler(topic, answer[2])
                except Exception:
                    logger.exception("bus: a handler of %s failed", topic)

    def _tell_gap(self) -> None:
        for callback in tuple(self._gap_callbacks):
            try:
                callback()
            except Exception:
                logger.exception("bus: a gap callback failed")
