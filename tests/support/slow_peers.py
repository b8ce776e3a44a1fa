"""People on a bad line: all comes in the end, a little at a time."""

from __future__ import annotations

import asyncio

from tests.support.dead_peers import DeadPeer, connect

BYTES_AT_A_TIME, PAUSE_S = 50_000, 0.1


class SlowPeer(DeadPeer):
    """Takes some bytes, and then nothing for a while."""

    _taken = 0

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._taken += len(data)
        if self._taken >= BYTES_AT_A_TIME and not self.joined.done():
            assert self.transport is not None
            self._taken = 0
            self.transport.pause_reading()
            loop = asyncio.get_running_loop()
            loop.call_later(PAUSE_S, self._go_on)

    def _go_on(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.resume_reading()

    def stop(self) -> None:
        if self.transport is not None:
            self.transport.abort()


async def slow_peer(port: int, document: str, token: str) -> SlowPeer:
    """It has asked for the document; `joined` is done when that has come."""
    path = f"/collab/y/{document}?token={token}"
    return await connect(port, path, SlowPeer)
