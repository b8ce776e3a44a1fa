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


# Into so many groups writers of one turn are divided. What each is shown of the others
# is made of what its group is shown of the other groups: with any number of writers
# some three short merges for each, and a frame more for eight times as many.
_GROUPS = 8
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
    if len(writers) == 1:
        # Nearly every turn: somebody types, and the others read.
        [writer] = writers
        fan_out(peers, lambda to: to.update(merged), except_for=writer)
        return
    readers = [peer for peer in peers if peer not in writers]
    fan_out(readers, lambda to: to.update(merged))
    short, long = _written_by_each(batch)
    for author, update in long:
        others = [peer for peer in writers if peer in peers]
        fan_out(others, _framing(update), except_for=author)
    for writer, updates in _without_own(short, writers):
        if writer in peers and not writer.is_lagging:
            for update in updates:
                writer.outlet.send(writer.encoder.update(update), loss=Loss.RESYNC)


def _framing(update: bytes) -> Callable[[Encoder], bytes]:
    return lambda to: to.update(update)


_Written = list[tuple[Peer, bytes]]


def _written_by_each(
    batch: Sequence[tuple[Peer, bytes]],
) -> tuple[_Written, _Written]:
    """What each writer wrote: the short ones, and the long ones."""
    own: dict[Peer, list[bytes]] = {}
    for writer, update in batch:
        own.setdefault(writer, []).append(update)
    short: _Written = []
    long: _Written = []
    for writer, edits in own.items():
        update = merge_tree(join_typed(edits))
        (short if len(update) <= _SHORT_BYTES else long).append((writer, update))
    return short, long


def _without_own(
    own: _Written, writers: Collection[Peer]
) -> Iterator[tuple[Peer, Sequence[bytes]]]:
    """For each of the writers, what is in `own` of others."""
    others = set(writers).difference(writer for writer, _ in own)
    if others and own:
        whole = merge_tree([update for _, update in own])
        for writer in others:
            yield writer, (whole,)
    if len(own) > 1:
        yield from _but_each_own(own, ())


def _but_each_own(
    own: _Written, shown: tuple[bytes, ...]
) -> Iterator[tuple[Peer, Sequence[bytes]]]:
    """`own`: of two at least; `shown`: what all of them are shown beside."""
    size = -(-len(own) // _GROUPS)
    groups = [own[at : at + size] for at in range(0, len(own), size)]
    wholes = [merge_tree([update for _, update in group]) for group in groups]
    for group, others in zip(groups, _but_each(wholes), strict=True):
        if len(group) == 1:
            yield group[0][0], (*shown, others)
        else:
            yield from _but_each_own(group, (*shown, others))


def _but_each(updates: Sequence[bytes]) -> Iterator[bytes]:
    """For each of them all before and all after it, as one: three merges for each, not
    one of all the others."""
    after = [updates[-1]]
    for update in reversed(updates[1:-1]):
        after.append(merge_tree([update, after[-1]]))
    before: bytes | None = None
    for update in updates:
        yield merge_tree(
            [part for part in (before, after.pop() if after else None) if part]
        )
        before = update if before is None else merge_tree([before, update])
