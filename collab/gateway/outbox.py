"""Send frames to one socket without a task for each, in order, within bounds.

`send()` of an ASGI server usually finishes at once, so its coroutine is driven one
step by hand; only when it would block does a task finish it. What waits meanwhile is
bounded: presence is discarded first, then text, and the peers are brought back later
by their state vectors. Must never block the room that sends.
"""

from __future__ import annotations

import asyncio
import types
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any

from collab.gateway.unsent import TakenBytes
from collab.rooms.peer import Loss

Send = Callable[[dict[str, Any]], Awaitable[None]]

WRITE_FRAME = "duthao.write_frame"
"""Name in the scope's extensions of a server's own way to write a binary frame.

`write(message, count) -> bool`: `count` frames of the same message, or none (False).
"""
WriteFrame = Callable[[bytes, int], bool]

# What may never be dropped has its own, far bound: beyond it the peer is hopeless.
_HOPELESS_FACTOR = 20
# Who takes less than this between two looks takes nothing worth waiting for.
_LEAST_TAKEN_BYTES = 10_000


class Outbox:
    def __init__(
        self,
        send: Send,
        *,
        max_bytes: int,
        on_blocked: Callable[[], None],
        on_drained: Callable[[], None],
        on_dropped: Callable[[], None],
        on_presence_dropped: Callable[[], None],
        on_hopeless: Callable[[], None],
        write_frame: WriteFrame | None = None,
    ) -> None:
        """`write_frame`: a server's own way to write at once; False when it cannot."""
        self._send = send
        self._write_frame = write_frame
        self._max_bytes = max_bytes
        self._on_blocked = on_blocked
        self._on_drained = on_drained
        self._on_dropped = on_dropped
        self._on_presence_dropped = on_presence_dropped
        self._on_hopeless = on_hopeless
        self._queue: deque[tuple[bytes, Loss]] | None = None
        """Only while something waits: an empty one takes 700 bytes of each socket."""
        self._queued_bytes = 0
        self._queued = [0] * len(Loss)
        """How many frames of each kind: what is not there need not be looked for."""
        self._task: asyncio.Task[None] | None = None
        self.is_closed = False
        self.blocked_since: float | None = None
        self.taken_bytes: TakenBytes = lambda: None
        """What the peer has taken, where the server of this socket can tell."""
        self._taken: int | None = None

    def put(self, frame: bytes, loss: Loss) -> None:
        if self.is_closed:
            return
        if self._task is None:
            if self._write_frame is None or not self._write_frame(frame, 1):
                self._step(frame)
            return
        self._wait(frame, loss)

    def put_again(self, frame: bytes, count: int) -> None:
        """The same short frame `count` times; never dropped."""
        if (
            self._task is None
            and not self.is_closed
            and self._write_frame is not None
            and self._write_frame(frame, count)
        ):
            return
        for _ in range(count):
            self.put(frame, Loss.NEVER)

    def _wait(self, frame: bytes, loss: Loss) -> None:
        if self._queue is None:
            self._queue = deque()
        self._queue.append((frame, loss))
        self._queued_bytes += len(frame)
        self._queued[loss] += 1
        if self._queued_bytes > self._max_bytes:
            self._drop()

    def close(self) -> None:
        """Send nothing more; a blocked send is given up."""
        self.is_closed = True
        self._forget()
        if self._task is not None:
            self._task.cancel()

    def _forget(self) -> None:
        self._queue = None
        self._queued_bytes = 0
        self._queued = [0] * len(Loss)

    def is_stuck(self, now: float, after_s: float) -> bool:
        """Whether the peer has taken next to nothing for so long.

        A long document on a slow line takes minutes; who reads it is not stuck.
        """
        if self.blocked_since is None or now - self.blocked_since <= after_s:
            return False
        before, self._taken = self._taken, self.taken_bytes()
        if before is None or self._taken is None:
            return True
        if self._taken - before < _LEAST_TAKEN_BYTES:
            return True
        self.blocked_since = now
        return False

    async def finish(self) -> None:
        """Wait for what is on its way, so that a close frame comes after it."""
        if self._task is not None:
            await asyncio.wait([self._task])

    def _step(self, frame: bytes) -> None:
        """Drive one send by hand; hand it to a task if it would block."""
        sending = self._send({"type": "websocket.send", "bytes": frame})
        assert isinstance(sending, Coroutine)
        try:
            waits_for = sending.send(None)
        except StopIteration:
            return
        except Exception:  # noqa: BLE001 - any failure means that the socket is gone
            self.is_closed = True
            return
        self.blocked_since = asyncio.get_running_loop().time()
        self._taken = self.taken_bytes()
        self._on_blocked()
        self._task = asyncio.ensure_future(self._finish(sending, waits_for))

    async def _finish(self, sending: Coroutine[Any, Any, None], waits_for: Any) -> None:
        try:
            await _resume(sending, waits_for)
            while self._queue:
                frame, loss = self._queue.popleft()
                self._queued_bytes -= len(frame)
                self._queued[loss] -= 1
                await self._send({"type": "websocket.send", "bytes": frame})
        except asyncio.CancelledError:
            raise
        except Exception:  # noqa: BLE001 - any failure means that the socket is gone
            self.is_closed = True
            return
        finally:
            self._task = None
            self._queue = self._queue or None
            self.blocked_since = None
        self._on_drained()

    def _drop(self) -> None:
        if self._discard(Loss.FIRST):
            self._on_presence_dropped()
        if self._queued_bytes > self._max_bytes and self._discard(Loss.RESYNC):
            self._on_dropped()
        if self._queued_bytes > self._max_bytes * _HOPELESS_FACTOR:
            self._on_hopeless()

    def _discard(self, loss: Loss) -> bool:
        if not self._queued[loss] or self._queue is None:
            return False
        kept = [item for item in self._queue if item[1] is not loss]
        self._queue = deque(kept)
        self._queued_bytes = sum(len(frame) for frame, _ in kept)
        self._queued[loss] = 0
        return True


@types.coroutine
def _resume(
    coroutine: Coroutine[Any, Any, None], waits_for: Any
) -> Generator[Any, Any, None]:
    """Await a coroutine whose first step was already taken outside a task."""
    while True:
        try:
            try:
                value = yield waits_for
            except BaseException as error:  # noqa: BLE001 - handed to the coroutine
                waits_for = coroutine.throw(error)
            else:
                waits_for = coroutine.send(value)
        except StopIteration:
            return
