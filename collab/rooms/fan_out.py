"""Give many peers the same bytes: one frame is built for each way of addressing.

Must never wait: a peer that does not read loses the frame and is resynchronised.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from collab.protocol.frames import Encoder
from collab.protocol.keystrokes import join_typed
from collab.protocol.updates import merge_tree
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
# What is merged for each writer anew; longer edits go out one by one.
_SHORT_BYTES = 10_000


def show_edits(
    peers: Collection[Peer],
    batch: Sequence[tuple[Peer, bytes]],
    merged: bytes,
    writers: Collection[Peer],
) -> None:
    """Show everybody what came in one turn, and each writer only what others wrote.

    `merged`: all of the batch, which the document has taken.
    """
    if len(writers) > 1 and len(writers) * len(batch) > _APART:
        fan_out(peers, lambda to: to.update(merged))
        return
    readers = [peer for peer in peers if peer not in writers]
    if readers:
        fan_out(readers, lambda to: to.update(merged))
    if len(writers) == 1:
        return
    is_short = sum(len(update) for _, update in batch) <= _SHORT_BYTES
    for writer in writers:
        if writer in peers and not writer.is_lagging:
            others = [update for author, update in batch if author is not writer]
            for update in [merge_tree(join_typed(others))] if is_short else others:
                writer.outlet.send(writer.encoder.update(update), loss=Loss.RESYNC)
