"""Give many peers the same bytes: one frame is built for each way of addressing.

Must never wait: a peer that does not read loses the frame and is resynchronised.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

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


# Writers of one turn. Above this one frame for all: what it costs to make another for
# each of them grows with their square, and comes just when there is no time.
_MOST_APART = 8
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
    if len(writers) > _MOST_APART:
        fan_out(peers, lambda to: to.update(merged))
        return
    readers = [peer for peer in peers if peer not in writers]
    if readers:
        fan_out(readers, lambda to: to.update(merged))
    if len(writers) == 1:
        return
    own = _written_by_each(batch)
    is_short = len(merged) <= _SHORT_BYTES
    for writer, updates in _without_own(own) if is_short else _one_by_one(own):
        if writer in peers and not writer.is_lagging:
            for update in updates:
                writer.outlet.send(writer.encoder.update(update), loss=Loss.RESYNC)


def _written_by_each(batch: Sequence[tuple[Peer, bytes]]) -> list[tuple[Peer, bytes]]:
    own: dict[Peer, list[bytes]] = {}
    for writer, update in batch:
        own.setdefault(writer, []).append(update)
    return [(writer, merge_tree(join_typed(edits))) for writer, edits in own.items()]


def _without_own(
    own: Sequence[tuple[Peer, bytes]],
) -> Iterator[tuple[Peer, list[bytes]]]:
    """What all before and all after a writer wrote: three merges for each, not one of
    everybody's."""
    after = [own[-1][1]]
    for _, update in reversed(own[1:-1]):
        after.append(merge_tree([update, after[-1]]))
    before: bytes | None = None
    for writer, update in own:
        others = [part for part in (before, after.pop() if after else None) if part]
        yield writer, [merge_tree(others)]
        before = update if before is None else merge_tree([before, update])


def _one_by_one(
    own: Sequence[tuple[Peer, bytes]],
) -> Iterator[tuple[Peer, list[bytes]]]:
    for writer, _ in own:
        yield writer, [update for author, update in own if author is not writer]
