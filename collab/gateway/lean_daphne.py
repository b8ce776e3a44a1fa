"""Short binary frames on daphne without autobahn's machinery for each.

The handshake, pings, closing, fragments, long frames and whatever is odd stay with
autobahn, which copies what it has not read yet once a frame. Frames that came together
are handed over together, to an application that asks for it (`READ_FRAMES`). daphne
tells an application nothing about a socket that is full; neither does this.

Must never be needed: everything works on daphne's own protocol, slower.
"""

from __future__ import annotations

import time
from typing import Any

from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from collab.gateway.outbox import WRITE_FRAME
from collab.gateway.plain_frames import framed, take_short
from collab.gateway.reading import READ_FRAMES


class LeanProtocol(WebSocketProtocol):  # type: ignore[misc]  # daphne has no types
    data: bytes
    """What autobahn has received and not read."""
    _gives_together = False

    def extensions(self) -> dict[str, Any]:
        """For the scope of this connection."""
        return {WRITE_FRAME: self.write_frame, READ_FRAMES: self.receive_frames}

    def write_frame(self, message: bytes, count: int = 1) -> bool:
        """Write a binary message now, `count` times. False: `send` is the way."""
        if self.state != self.STATE_OPEN or self._perMessageCompress or self.send_queue:
            return False
        frame = framed(message)
        self.transport.write(frame if count == 1 else frame * count)
        return True

    async def receive_frames(self) -> Any:
        """As `receive`, but what came together is in "frames": a list of bytes."""
        self._gives_together = True
        return await self.application_queue.get()

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
        put = self.application_queue.put_nowait
        if self._gives_together:
            put({"type": "websocket.receive", "frames": frames})
            return
        for frame in frames:
            put({"type": "websocket.receive", "bytes": frame})


class LeanFactory(WebSocketFactory):  # type: ignore[misc]
    protocol = LeanProtocol
