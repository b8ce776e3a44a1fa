"""Short binary frames on daphne without autobahn's machinery for each, and a brake.

The handshake, pings, closing, fragments, long frames and whatever is odd stay with
autobahn, which copies what it has not read yet once a frame. Frames that came together
are handed over together, to an application that asks for it (`READ_FRAMES`). daphne
tells an application nothing about a socket that is full and takes any amount; here
`send` waits (`Brake`), as uvicorn's does. It reads any amount, too; here it stops while
much waits for the application.

Must never be needed: everything works on daphne's own protocol, slower and unbounded.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from collab.gateway.outbox import WRITE_FRAME
from collab.gateway.plain_frames import (
    MOST_QUEUED,
    MOST_QUEUED_BYTES,
    framed,
    take_short,
)
from collab.gateway.reading import GIVE_FRAMES, READ_FRAMES, Take
from collab.gateway.unsent import TAKEN_BYTES, keep_little_unsent, taken_bytes


class Brake:
    """Whether a peer reads: of Twisted's transport only a producer hears that its
    buffer is full, and that there is room again."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._is_free = asyncio.Event()
        self._is_free.set()
        # Until here it was the HTTP channel, which needs it no more.
        transport.unregisterProducer()
        transport.registerProducer(self, True)
        self._connection = getattr(transport, "getHandle", lambda: None)()
        if self._connection is not None:
            keep_little_unsent(self._connection)

    def taken_bytes(self) -> int | None:
        return taken_bytes(self._connection)

    @property
    def is_free(self) -> bool:
        return self._is_free.is_set()

    async def released(self) -> None:
        """Wait for room; returns at once when there is some, or when it is over."""
        await self._is_free.wait()

    def pauseProducing(self) -> None:
        self._is_free.clear()

    def resumeProducing(self) -> None:
        self._is_free.set()
        if self._transport.disconnecting:
            # It waits for its producer to say that nothing more comes.
            self._transport.unregisterProducer()

    def stopProducing(self) -> None:
        self._is_free.set()


class LeanProtocol(WebSocketProtocol):  # type: ignore[misc]  # daphne has no types
    data: bytes
    """What autobahn has received and not read."""
    _gives_together = False
    _take: Take | None = None
    brake: Brake | None = None
    _queued = 0
    _queued_bytes = 0
    _is_read = True
    _taken: int | None = None

    def onOpen(self) -> None:
        self.brake = Brake(self.transport)
        super().onOpen()

    def extensions(self) -> dict[str, Any]:
        """For the scope of this connection."""
        return {
            WRITE_FRAME: self.write_frame,
            READ_FRAMES: self.receive_frames,
            GIVE_FRAMES: self.give_frames,
            TAKEN_BYTES: self.taken_bytes,
        }

    def taken_bytes(self) -> int | None:
        return None if self.brake is None else self.brake.taken_bytes()

    def onAutoPingTimeout(self) -> None:
        """The ping may wait behind a long document: who takes that is alive."""
        before, self._taken = self._taken, self.taken_bytes()
        if None not in (before, self._taken) and self._taken != before:
            self.autoPingTimeoutCall = self.factory._batched_timer.call_later(
                self.autoPingTimeout, self.onAutoPingTimeout
            )
        else:
            super().onAutoPingTimeout()

    def _sendAutoPing(self) -> None:
        self._taken = self.taken_bytes()
        super()._sendAutoPing()

    def write_frame(self, message: bytes, count: int = 1) -> bool:
        """Write a binary message now, `count` times. False: `send` is the way."""
        if self.state != self.STATE_OPEN or self._perMessageCompress or self.send_queue:
            return False
        if self.brake is None or not self.brake.is_free:
            return False
        frame = framed(message)
        _write(self.transport, frame if count == 1 else frame * count)
        return True

    def give_frames(self, take: Take) -> None:
        """Offer frames to `take` first, when none wait before them."""
        self._take = take

    async def receive_frames(self) -> Any:
        """As `receive`, but what came together is in "frames": a list of bytes."""
        self._gives_together = True
        event = await self.application_queue.get()
        self._read_on()
        return event

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        super().onMessage(payload, isBinary)
        self._wait(1, len(payload))

    def check_timeouts(self) -> None:
        """Called every few seconds; an application may take frames without a word."""
        super().check_timeouts()
        if self.state == self.STATE_OPEN:
            self._read_on()

    def _wait(self, frames: int, size: int) -> None:
        self._queued += frames
        self._queued_bytes += size
        if self._is_read and (
            self._queued > MOST_QUEUED or self._queued_bytes > MOST_QUEUED_BYTES
        ):
            self._is_read = False
            self.transport.pauseProducing()

    def _read_on(self) -> None:
        if self.application_queue.empty():
            self._queued = self._queued_bytes = 0
            if not self._is_read:
                self._is_read = True
                self.transport.resumeProducing()

    def consumeData(self) -> None:
        if self._may_read_short():
            taken: list[bytes] = []
            end = take_short(self.data, 0, taken)
            if taken:
                self.data = self.data[end:]
                self._hand_over(taken)
        if self.data:
            super().consumeData()

    def _may_read_short(self) -> bool:
        return (
            self.state == self.STATE_OPEN
            and self.current_frame is None
            and not self.inside_message
            and self._perMessageCompress is None
            # Autobahn itself must see that something came after a ping.
            and not self.autoPingTimeoutCall
            and not self.muted
        )

    def _hand_over(self, frames: list[bytes]) -> None:
        self.last_ping = time.time()
        if self._take and self.application_queue.empty() and self._take(frames):
            return
        put = self.application_queue.put_nowait
        if self._gives_together:
            put({"type": "websocket.receive", "frames": frames})
        else:
            for frame in frames:
                put({"type": "websocket.receive", "bytes": frame})
        self._wait(len(frames), sum(map(len, frames)))


def _write(transport: Any, data: bytes) -> None:
    """Write now what goes out in one call.

    Twisted asks the system whether it may, is told so in the next turn, writes, and
    takes the question back.
    """
    is_plain = not getattr(transport, "TLS", True)
    if is_plain and transport.connected and not _waits(transport):
        written = transport.writeSomeData(data)
        if written == len(data):
            return
        if isinstance(written, int) and written > 0:
            data = data[written:]
    # The rest; and Twisted itself finds out what is wrong with a broken connection.
    transport.write(data)


def _waits(transport: Any) -> bool:
    """Whether something is to be written before, or nothing more is."""
    return bool(
        transport.dataBuffer
        or transport._tempDataBuffer
        or transport.disconnecting
        or transport._writeDisconnected
    )


class LeanFactory(WebSocketFactory):  # type: ignore[misc]
    protocol = LeanProtocol
