"""What arrives on a socket: frames one by one, or those that came together.

Somebody who types fast, or comes back after a while, sends many keystrokes in one
piece; they are recognised and handed to the room together. Pure. Must never take for a
keystroke what is not one: everything else is read the long way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from collab.protocol.keystrokes import is_plain

READ_FRAMES = "duthao.read_frames"
"""Name in the scope's extensions of a server's own `receive`, whose events may carry
several frames, in order, as "frames" in place of "bytes"."""

GIVE_FRAMES = "duthao.give_frames"
"""Name in the scope's extensions of `give(take)`: what came together is offered to
`take(frames) -> bool` first, at once; what it does not take is received as before."""

Take = Callable[[Sequence[bytes]], bool]

_MOST = 128


def frames_of(event: Mapping[str, Any]) -> Sequence[bytes] | None:
    """The binary frames of an event `websocket.receive`; None: it was text."""
    frames: Sequence[bytes] | None = event.get("frames")
    if frames is not None:
        return frames
    frame = event.get("bytes")
    return None if frame is None else (frame,)


def leading_keystrokes(frames: Sequence[bytes], at: int, prefix: bytes) -> list[bytes]:
    """The updates of the frames from `at` on, as long as each is a keystroke in the
    document whose update frames begin with `prefix`."""
    updates: list[bytes] = []
    start = len(prefix) + 1
    for frame in islice(frames, at, None):
        size = len(frame) - start
        # Under 128 one byte tells the size, and a keystroke is no longer.
        if not 0 < size < _MOST or frame[start - 1] != size:
            break
        if not frame.startswith(prefix):
            break
        update = frame[start:]
        if not is_plain(update):
            break
        updates.append(update)
    return updates
