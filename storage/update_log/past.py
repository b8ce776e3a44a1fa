"""Walk through a document's whole past, all epochs, a piece at a time.

A long history holds more than a process should have in memory at once: one history
chunk, or some hundreds of rows, is held and the rest is left where it is. The walk
takes no lock and may race a compaction, which moves rows into a chunk: each piece must
therefore begin where the last one ended, or it is looked for again. Must never skip.
"""

from __future__ import annotations

from collections.abc import Iterator

from storage.ports import LogDamaged, PastUpdate
from storage.update_log.chunks import unpack
from storage.update_log.models import DocumentHead, HistoryChunk, UpdateRow

_ROWS = 500
# A piece is missed only while it moves; more looks than this means that it is gone.
_TRIES = 5


def walk(
    using: str, document_id: str, after_seq: int, up_to_seq: int | None
) -> Iterator[PastUpdate]:
    """See `DocumentStore.walk`."""
    heads = DocumentHead.objects.using(using).filter(document_id=document_id)
    last = heads.values_list("last_seq", flat=True).first()
    if last is None:
        return
    end = last if up_to_seq is None else min(last, up_to_seq)
    at = after_seq
    while at < end:
        for past in _next_piece(using, document_id, at):
            if past.seq > end:
                return
            yield past
            at = past.seq


def next_piece(using: str, document_id: str, after_seq: int) -> tuple[PastUpdate, ...]:
    """See `UpdateLog.past`."""
    heads = DocumentHead.objects.using(using).filter(document_id=document_id)
    last = heads.values_list("last_seq", flat=True).first()
    if last is None or after_seq >= last:
        return ()
    return tuple(_next_piece(using, document_id, after_seq))


def _next_piece(using: str, document_id: str, after: int) -> list[PastUpdate]:
    """Updates from `after` + 1 on without a gap, at least one."""
    for _ in range(_TRIES):
        found = _rows(using, document_id, after) or _chunk(using, document_id, after)
        if found:
            return found
    raise LogDamaged(f"{document_id}: update {after + 1} is missing")


def _rows(using: str, document_id: str, after: int) -> list[PastUpdate]:
    rows = (
        UpdateRow.objects.using(using)
        .filter(document_id=document_id, seq__gt=after)
        .order_by("seq")
        .values_list("seq", "epoch", "update", "authors", "at")[:_ROWS]
    )
    found = [PastUpdate(s, e, bytes(u), tuple(a), at) for s, e, u, a, at in rows]
    return _joined(found, after, document_id)


def _chunk(using: str, document_id: str, after: int) -> list[PastUpdate]:
    row = (
        HistoryChunk.objects.using(using)
        .filter(document_id=document_id, first_seq__lte=after + 1)
        .filter(last_seq__gt=after)
        .values_list("epoch", "payload")
        .first()
    )
    if row is None:
        return []
    epoch, payload = row
    found = [
        PastUpdate(e.seq, epoch, e.update, e.authors, e.at)
        for e in unpack(bytes(payload))
        if e.seq > after
    ]
    return _joined(found, after, document_id)


def _joined(found: list[PastUpdate], after: int, document_id: str) -> list[PastUpdate]:
    """What follows `after` at once; nothing when it begins later."""
    if not found or found[0].seq != after + 1:
        return []
    if found[-1].seq - found[0].seq + 1 != len(found):
        raise LogDamaged(f"{document_id}: updates after {after} have a gap")
    return found
