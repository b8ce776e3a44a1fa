"""The frames of RFC 6455 that nearly all traffic is: whole, binary, short ones.

Reading gives up at the first frame that is anything else; the server's own parser goes
on from there. Pure. Must never read a frame whose meaning depends on what came before
it: the caller knows whether a fragmented message is open or an extension was agreed.
"""

from __future__ import annotations

try:
    from websockets.speedups import apply_mask
except ImportError:  # a build of websockets without its C part
    from websockets.utils import apply_mask

__all__ = [
    "FINAL_BINARY",
    "MOST_QUEUED",
    "MOST_QUEUED_BYTES",
    "apply_mask",
    "framed",
    "take_short",
]

FINAL_BINARY = 0x82

# While more than this waits for the application, nothing is read.
MOST_QUEUED = 200
MOST_QUEUED_BYTES = 1_000_000


class _Framed:
    """The last message written and its frame: a room gives all its peers the same."""

    message: bytes = b""
    frame: bytes = b"\x82\x00"


def framed(message: bytes) -> bytes:
    """A server's frame for a binary message."""
    if message is _Framed.message:
        return _Framed.frame
    size = len(message)
    if size < 126:
        head = bytes((FINAL_BINARY, size))
    elif size < 65_536:
        head = b"\x82\x7e" + size.to_bytes(2, "big")
    else:
        head = b"\x82\x7f" + size.to_bytes(8, "big")
    _Framed.message, _Framed.frame = message, head + message
    return _Framed.frame


def take_short(data: bytes, at: int, taken: list[bytes]) -> int:
    """Take whole masked binary frames of under 126 bytes; where the first other one
    begins."""
    last = len(data) - 6
    while at <= last and data[at] == FINAL_BINARY and 0x80 <= data[at + 1] < 0xFE:
        start = at + 6
        end = start + data[at + 1] - 0x80
        if end > last + 6:
            break
        taken.append(apply_mask(data[start:end], data[at + 2 : start]))
        at = end
    return at
