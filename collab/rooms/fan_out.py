"""Give many peers the same bytes: one frame is built for each way of addressing.

Must never wait: a peer that does not read loses the frame and is resynchronised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from collab.protocol.frames import Encoder
from collab.rooms.peer import Loss, Peer


def fan_out(
    peers: Iterable[Peer],
    encode: Callable[[Encoder], bytes],
    *,
    loss: Loss = Loss.RESYNC,
    except_for: Peer | None = None,
) -> None:
    frames: dict[bytes, bytes] = {}
    for peer in peers:
        if peer is except_for or peer.is_lagging:
            continue
        encoder = peer.encoder
        frame = frames.get(encoder.key)
        if frame is None:
            frame = frames[encoder.key] = encode(encoder)
        peer.outlet.send(frame, loss=loss)
