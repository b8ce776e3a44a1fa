"""Publish to Redis from any thread, without making any caller wait for it.

One thread of its own drains a bounded queue, because a change of rights is published
by a request's thread or by a command that has no event loop, and one queue keeps one
order. What cannot be sent is dropped: after it, subscribers are told that they missed
something. Must never block in `put`, nor raise into it.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from storage.ports import BusUnavailable
from storage.redis_bus.topics import MISSED

logger = logging.getLogger(__name__)

_AT_ONCE = 500
_TIMEOUT_S = 3.0
_FLUSH_AT_EXIT_S = 1.0


@dataclass(frozen=True, slots=True)
class _Message:
    channel: str
    payload: bytes
    sent: Future[None] | None

    def settle(self, error: BusUnavailable | None = None) -> None:
        if self.sent is None:
            return
        # Whoever waited may have been cancelled.
        with contextlib.suppress(InvalidStateError):
            if error is None:
                self.sent.set_result(None)
            else:
                self.sent.set_exception(error)


class Publisher:
    """`delay` gives the seconds to wait before attempt n (from 0) after a failure."""

    def __init__(
        self, url: str, *, capacity: int, delay: Callable[[int], float]
    ) -> None:
        # No retry of its own: a message sent twice is worse than one known as missed.
        self._client = redis.Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_S,
            socket_connect_timeout=_TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )
        self._delay = delay
        self._queue: queue.Queue[_Message | None] = queue.Queue(capacity)
        self._down = False
        self._dropped = False
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(
        self, channel: str, payload: bytes, sent: Future[None] | None = None
    ) -> None:
        """`sent`, if given, gets the outcome: None or BusUnavailable."""
        message = _Message(channel, payload, sent)
        if self._down or self._stop.is_set():
            self._drop(message)
            return
        self._ensure_thread()
        try:
            self._queue.put_nowait(message)
        except queue.Full:
            self._drop(message)

    def _drop(self, message: _Message) -> None:
        self._dropped = True
        message.settle(BusUnavailable("Redis does not answer"))

    def _ensure_thread(self) -> None:
        with self._lock:
            if self._thread is None and not self._stop.is_set():
                self._thread = threading.Thread(
                    target=self._work, name="bus-publisher", daemon=True
                )
                self._thread.start()
                # A command publishes and ends at once: let its words leave first.
                atexit.register(self.close, _FLUSH_AT_EXIT_S)

    def _work(self) -> None:
        while True:
            first = self._queue.get()
            if first is None:
                return
            batch, last = self._batch(first)
            self._send(batch)
            if last:
                return

    def _batch(self, first: _Message) -> tuple[list[_Message], bool]:
        batch = [first]
        while len(batch) < _AT_ONCE:
            try:
                message = self._queue.get_nowait()
            except queue.Empty:
                break
            if message is None:
                return batch, True
            batch.append(message)
        return batch, False

    def _send(self, batch: list[_Message]) -> None:
        try:
            self._publish(batch)
        except (redis.RedisError, OSError) as error:
            self._down = True
            for message in batch:
                self._drop(message)
            if not self._stop.is_set():
                logger.warning("bus: cannot publish (%s)", error)
                self._wait_until_up()
        else:
            for message in batch:
                message.settle()

    def _publish(self, batch: list[_Message]) -> None:
        # Cleared first: what is dropped meanwhile sets it again.
        missed, self._dropped = self._dropped, False
        try:
            with self._client.pipeline(transaction=False) as pipe:
                for message in batch:
                    pipe.publish(message.channel, message.payload)
                if missed:
                    pipe.publish(MISSED, b"")
                pipe.execute()
        except BaseException:
            self._dropped = True
            raise

    def _wait_until_up(self) -> None:
        attempt = 0
        while not self._stop.wait(self._delay(attempt)):
            attempt += 1
            try:
                self._client.ping()
                # From here on messages queue again; what was dropped is announced
                # after that, or one dropped in between would go unsaid.
                self._down = False
                self._publish([])
            except (redis.RedisError, OSError):
                self._down = True
                continue
            logger.info("bus: publishing again")
            return

    def close(self, timeout_s: float = _TIMEOUT_S) -> None:
        """Send what waits, for at most `timeout_s`, and end the thread. Blocks."""
        atexit.unregister(self.close)
        with self._lock:
            self._stop.set()
            thread, self._thread = self._thread, None
        if thread is not None:
            with contextlib.suppress(queue.Full):
                self._queue.put(None, timeout=timeout_s)
            thread.join(timeout_s)
        self._client.close()
