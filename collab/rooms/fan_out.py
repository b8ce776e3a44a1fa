"""Give many peers the same bytes: one frame is built for each way of addressing.

Must never wait: a peer that does not read loses the frame and is resynchronised.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial

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


# Writers times edits of one turn. Above this one frame for all costs less than to spare
# each writer what it wrote; below it, which is how people type, nobody hears itself.
_APART = 64


def show_edits(
    peers: Collection[Peer],
    batch: Sequence[tuple[Peer, bytes]],
    merged: bytes,
    writers: Collection[Peer],
) -> None:
    """Show everybody what came in one turn, and each writer only what others wrote.

    One by one, then: few edits, and nothing to merge that could fail or take long.
    """
    if len(writers) > 1 and len(writers) * len(batch) > _APART:
        fan_out(peers, lambda to: to.update(merged))
        return
    fan_out((p for p in peers if p not in writers), lambda to: to.update(merged))
    if len(writers) == 1:
        return
    here = [writer for writer in writers if writer in peers]
    for author, update in batch:
        others = (writer for writer in here if writer is not author)
        fan_out(others, partial(_update_frame, update=update))


def _update_frame(encoder: Encoder, update: bytes) -> bytes:
    return encoder.update(update)
