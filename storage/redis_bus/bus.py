"""RedisBus: words between the processes of one office, over Redis pub/sub.

Two halves that share nothing but the names of channels: `publisher` has a thread,
because anyone may publish; `subscriber` has a task on the event loop, because rooms
live there. Must never carry anything that is not in the database already.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from concurrent.futures import Future

from storage.ports import Handler
from storage.redis_bus.publisher import Publisher
from storage.redis_bus.subscriber import Subscriber
from storage.redis_bus.topics import channel

logger = logging.getLogger(__name__)

_FIRST_DELAY_S = 0.1
_LONGEST_DELAY_S = 5.0


class RedisBus:
    """Bus over the Redis at `url`; `capacity` messages at most wait to be sent.

    `chance` gives numbers in [0, 1): when Redis returns, all processes of the office
    come back, and they must not all come at the same moment.
    """

    def __init__(
        self,
        url: str,
        *,
        capacity: int = 10_000,
        chance: Callable[[], float] = random.random,
    ) -> None:
        def delay(attempt: int) -> float:
            longest = min(_LONGEST_DELAY_S, _FIRST_DELAY_S * 2.0 ** min(attempt, 16))
            return longest * (0.5 + 0.5 * chance())

        self._publisher = Publisher(url, capacity=capacity, delay=delay)
        self._subscriber = Subscriber(url, delay=delay)

    async def publish(self, topic: str, payload: bytes) -> None:
        """Returns when Redis has it. Raises BusUnavailable, ValueError (bad topic)."""
        sent: Future[None] = Future()
        self._publisher.put(channel(topic), payload, sent)
        await asyncio.wrap_future(sent)

    def publish_soon(self, topic: str, payload: bytes) -> None:
        try:
            name = channel(topic)
        except ValueError:
            logger.exception("bus: nothing was published")
            return
        self._publisher.put(name, payload)

    async def subscribe(self, topic: str, handler: Handler) -> None:
        """Raises ValueError (bad topic). While Redis is away, returns at once."""
        await self._subscriber.subscribe(topic, handler)

    async def unsubscribe(self, topic: str, handler: Handler) -> None:
        await self._subscriber.unsubscribe(topic, handler)

    def on_gap(self, callback: Callable[[], None]) -> None:
        self._subscriber.on_gap(callback)

    async def close(self) -> None:
        await self._subscriber.close()
        await asyncio.to_thread(self._publisher.close)
