"""Data frames of uvicorn without a parser object, an event and a pause for each.

    uvicorn … --ws collab.gateway.lean_uvicorn:LeanWebSocket

The handshake, pings, closing, fragments, text and whatever is odd go to uvicorn's own
protocol (`websockets-sansio`), a whole frame at a time. Only a plain masked binary
frame is read here, and only a binary frame is written here: built once, the same bytes
to every peer. Frames that came together are handed over together, to an application
that asks for it (`READ_FRAMES`). It reads on while up to `MOST_QUEUED` frames wait for
the application, where uvicorn stops the socket and starts it again for each frame.

Must never be needed: everything works on uvicorn's own protocol and on daphne, slower.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from collab.gateway.outbox import WRITE_FRAME
from collab.gateway.plain_frames import (
    FINAL_BINARY,
    MOST_QUEUED,
    MOST_QUEUED_BYTES,
    apply_mask,
    framed,
    take_short,
)
from collab.gateway.reading import GIVE_FRAMES, READ_FRAMES, Take
from collab.gateway.unsent import TAKEN_BYTES, keep_little_unsent, taken_bytes
from collab.gateway.waiting import Gate, Inbox

_FRAMES = "frames"


class _Reader(Enum):
    HANDSHAKE = 1
    LEAN = 2
    OWN = 3  # uvicorn's own


class LeanWebSocket(WebSocketsSansIOProtocol):
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        # uvicorn's own are asyncio's; these have all of them that it calls.
        self.queue = Inbox[Any]()  # type: ignore[assignment]
        self.writable = Gate()  # type: ignore[assignment]
        self.writable.set()
        self._reader = _Reader.HANDSHAKE
        self._part = bytearray()
        """The beginning of a frame whose rest has not come."""
        self._wanted = 0
        self._queued = 0
        self._queued_bytes = 0
        self._taken: int | None = None
        """What the peer had taken when it was pinged, or last looked at."""
        self._take: Take | None = None
        self._rest: list[bytes] = []
        """Frames that came with the last one received, the next one last."""

    def handle_connect(self, event: Request) -> None:
        connection = self.transport.get_extra_info("socket")
        if connection is not None:
            keep_little_unsent(connection)
        super().handle_connect(event)
        extensions = cast("dict[str, Any]", self.scope["extensions"])
        extensions[TAKEN_BYTES] = self.taken_bytes
        if self.response.status_code != 101 or self.conn.extensions:
            # What an extension does to frames is not known here.
            self._reader = _Reader.OWN
            return
        extensions[WRITE_FRAME] = self.write_frame
        extensions[READ_FRAMES] = self.receive_frames
        extensions[GIVE_FRAMES] = self.give_frames

    # ── signs of life ───────────────────────────────────────────────────────────

    def taken_bytes(self) -> int | None:
        return taken_bytes(self.transport.get_extra_info("socket"))

    def send_keepalive_ping(self) -> None:
        self._taken = self.taken_bytes()
        super().send_keepalive_ping()

    def keepalive_timeout(self) -> None:
        """The ping may wait behind a long document: who takes that is alive."""
        before, self._taken = self._taken, self.taken_bytes()
        is_taking = None not in (before, self._taken) and self._taken != before
        if is_taking and self.ping_timeout is not None:
            self.pong_timer = self.loop.call_later(
                self.ping_timeout, self.keepalive_timeout
            )
        else:
            super().keepalive_timeout()

    # ── writing ─────────────────────────────────────────────────────────────────

    def write_frame(self, message: bytes, count: int = 1) -> bool:
        """Write a binary message now, `count` times. False: it has to wait, or there
        is no socket; then `send` is the way."""
        if (
            not self.handshake_complete
            or self.close_sent
            or self.disconnected
            or not self.writable.is_set()
            or self.transport.is_closing()
        ):
            return False
        frame = framed(message)
        self.transport.write(frame if count == 1 else frame * count)
        return True

    # ── reading ─────────────────────────────────────────────────────────────────

    def data_received(self, data: bytes) -> None:
        if self._reader is _Reader.HANDSHAKE:
            if not self.handshake_complete:
                is_early = self.handshake_initiated
                super().data_received(data)
                if is_early:
                    # It did not wait for the answer, and may be inside a frame.
                    self._reader = _Reader.OWN
                return
            self._reader = _Reader.LEAN
        if self._reader is _Reader.OWN or self.close_sent:
            self._leave_to_uvicorn(data)
            return
        if self._part:
            self._part += data
            if len(self._part) < self._wanted:
                return
            data = bytes(self._part)
            self._part.clear()
        self._read(data)

    def _read(self, data: bytes) -> None:
        at, size = 0, len(data)
        taken: list[bytes] = []
        while at < size:
            if not self.frames:
                at = take_short(data, at, taken)
                if at == size:
                    break
            start, end = _bounds(data, at)
            if start and end - start > self.config.ws_max_size:
                # uvicorn's parser refuses it by its header.
                self._hand_over(taken)
                self._leave_to_uvicorn(data[at:])
                return
            if not start or end > size:
                self._part += data[at:]
                self._wanted = end - at if start else end
                break
            is_masked = data[at + 1] & 0x80
            if data[at] == FINAL_BINARY and is_masked and not self.frames:
                taken.append(apply_mask(data[start:end], data[start - 4 : start]))
            else:
                self._hand_over(taken)
                taken = []
                super().data_received(data[at:end])
                if self.conn.parser_exc is not None or self.close_sent:
                    self._leave_to_uvicorn(data[end:])
                    return
            at = end
        self._hand_over(taken)

    def _leave_to_uvicorn(self, data: bytes) -> None:
        """From now on its own protocol reads."""
        self._reader = _Reader.OWN
        data, self._part = bytes(self._part) + data, bytearray()
        if data:
            super().data_received(data)

    def _hand_over(self, frames: list[bytes]) -> None:
        if not frames:
            return
        if self._take is not None and self.queue.empty() and self._take(frames):
            return
        self.queue.put_nowait({"type": "websocket.receive", _FRAMES: frames})  # type: ignore[arg-type]
        self._queued += len(frames)
        self._queued_bytes += sum(map(len, frames))
        if not self.read_paused and (
            self._queued > MOST_QUEUED or self._queued_bytes > MOST_QUEUED_BYTES
        ):
            self.read_paused = True
            self.transport.pause_reading()

    def give_frames(self, take: Take) -> None:
        """Offer frames to `take` first, when none wait before them.

        The application is at work then: what was said in the handshake is let go.
        """
        self._take = take
        self.request.headers.clear()
        self.response.headers.clear()
        cast("list[Any]", self.scope["headers"]).clear()

    async def receive_frames(self) -> Any:
        """As `receive`, but what came together is in "frames": a list of bytes."""
        event = await self.queue.get()
        if self.queue.empty():
            self._queued = self._queued_bytes = 0
            if self.read_paused:
                self.read_paused = False
                self.transport.resume_reading()
        return event

    async def receive(self) -> Any:
        if not self._rest:
            event = await self.receive_frames()
            if _FRAMES not in event:
                return event
            self._rest = event[_FRAMES][::-1]
        return {"type": "websocket.receive", "bytes": self._rest.pop()}


def _bounds(data: bytes, at: int) -> tuple[int, int]:
    """Where the payload of the frame at `at` begins and ends.

    (0, bytes to wait for) when not even the header is there.
    """
    have = len(data) - at
    if have < 2:
        return 0, 2
    length = data[at + 1] & 0x7F
    start = at + 2
    if length == 126:
        start += 2
    elif length == 127:
        start += 8
    if data[at + 1] & 0x80:
        start += 4
    if have < start - at:
        return 0, start - at
    if length == 126:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
    elif length == 127:
        length = int.from_bytes(data[at + 2 : at + 10], "big")
    return start, start + length
