"""Read the log through any Django connection, without a transaction of its own.

Readers take no lock and may race an append, a compaction or a new epoch. So each read
proves itself: `seq` has no gap, or the read is done again. What still has a gap after
that is damage, and is said to be. Must never write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from storage.ports import (
    Head,
    HistoryEntry,
    LogDamaged,
    StoredDocument,
    StoredUpdate,
)
from storage.update_log.chunks import unpack
from storage.update_log.models import (
    DocumentHead,
    HistoryChunk,
    Snapshot,
    UpdateRow,
)

T = TypeVar("T")

# A race needs one more try; several in a row need a very busy compaction.
_TRIES = 5


class _Raced(Exception):
    """The tables changed between two statements of one read."""


def _again(read: Callable[[], T], what: str) -> T:
    for _ in range(_TRIES):
        try:
            return read()
        except _Raced:
            continue
    raise LogDamaged(what)


def head(using: str, document_id: str) -> Head | None:
    row = _head_row(using, document_id)
    return None if row is None else _as_head(row)


def heads(using: str, document_ids: Iterable[str]) -> dict[str, Head]:
    rows = DocumentHead.objects.using(using).filter(document_id__in=[*document_ids])
    return {row.document_id: _as_head(row) for row in rows}


def _head_row(using: str, document_id: str) -> DocumentHead | None:
    return DocumentHead.objects.using(using).filter(document_id=document_id).first()


def _as_head(row: DocumentHead) -> Head:
    return Head(row.document_id, row.epoch, row.frozen, row.last_seq)


def load(using: str, document_id: str) -> StoredDocument | None:
    """Raises LogDamaged."""
    return _again(
        lambda: _load(using, document_id), f"{document_id}: updates are missing"
    )


def _load(using: str, document_id: str) -> StoredDocument | None:
    row = _head_row(using, document_id)
    if row is None:
        return None
    updates = tuple(
        StoredUpdate(seq, bytes(update))
        for seq, update in UpdateRow.objects.using(using)
        .filter(document_id=document_id, seq__gt=row.snapshot_seq)
        .filter(seq__lte=row.last_seq)
        .order_by("seq")
        .values_list("seq", "update")
    )
    if len(updates) != row.last_seq - row.snapshot_seq:
        raise _Raced
    state = (
        Snapshot.objects.using(using)
        .filter(document_id=document_id, epoch=row.epoch, seq=row.snapshot_seq)
        .values_list("state", flat=True)
        .first()
    )
    if state is None and row.snapshot_seq > row.base_seq:
        raise _Raced
    return StoredDocument(
        head=_as_head(row),
        snapshot=None if state is None else bytes(state),
        snapshot_seq=row.snapshot_seq,
        updates=updates,
    )


def read_since(
    using: str, document_id: str, after_seq: int, epoch: int | None
) -> tuple[StoredUpdate, ...]:
    """See `UpdateLog.read_since`. Raises LogDamaged."""
    row = _head_row(using, document_id)
    if row is None:
        return ()
    if epoch is None or epoch == row.epoch:
        found = _of_current_epoch(using, row, after_seq)
    else:
        found = _again(
            lambda: _entries(using, document_id, after_seq, epoch),
            f"{document_id}: updates of epoch {epoch} have a gap",
        )
    return tuple(StoredUpdate(e.seq, e.update) for e in found)


def history(using: str, document_id: str) -> tuple[HistoryEntry, ...]:
    """Every update of the current epoch. Raises LogDamaged."""
    row = _head_row(using, document_id)
    return () if row is None else tuple(_of_current_epoch(using, row, 0))


def authors(using: str, document_id: str) -> tuple[str, ...]:
    """See `DocumentStore.authors`. Raises LogDamaged."""
    wrote: dict[int, list[tuple[int, tuple[str, ...]]]] = {}
    rows = UpdateRow.objects.using(using).filter(document_id=document_id)
    for epoch, seq, names in rows.values_list("epoch", "seq", "authors"):
        wrote.setdefault(epoch, []).append((seq, tuple(names)))
    chunks = HistoryChunk.objects.using(using).filter(document_id=document_id)
    for epoch, payload in chunks.values_list("epoch", "payload"):
        entries = unpack(bytes(payload))
        wrote.setdefault(epoch, []).extend((e.seq, e.authors) for e in entries)
    found: set[str] = set()
    for epoch, parts in wrote.items():
        first = min(seq for seq, _names in parts) if epoch > 1 else 0
        found.update(name for seq, names in parts if seq != first for name in names)
    return tuple(sorted(found))


def _of_current_epoch(
    using: str, row: DocumentHead, after_seq: int
) -> list[HistoryEntry]:
    """All that the head promises, and perhaps what came after the head was read."""
    start = max(after_seq, row.base_seq)
    found = _again(
        lambda: _entries(using, row.document_id, start, row.epoch),
        f"{row.document_id}: updates after {start} have a gap",
    )
    first, last = (found[0].seq, found[-1].seq) if found else (start + 1, start)
    if first != start + 1 or last < row.last_seq:
        raise LogDamaged(f"{row.document_id}: updates after {start} are missing")
    return found


def _entries(
    using: str, document_id: str, after_seq: int, epoch: int
) -> list[HistoryEntry]:
    # Rows before chunks: a row that is moved in between is then seen twice, not missed.
    tail = [
        HistoryEntry(seq, bytes(update), tuple(authors), at)
        for seq, update, authors, at in UpdateRow.objects.using(using)
        .filter(document_id=document_id, seq__gt=after_seq, epoch=epoch)
        .order_by("seq")
        .values_list("seq", "update", "authors", "at")
    ]
    found: list[HistoryEntry] = []
    if not tail or tail[0].seq > after_seq + 1:
        for payload in (
            HistoryChunk.objects.using(using)
            .filter(document_id=document_id, last_seq__gt=after_seq, epoch=epoch)
            .order_by("first_seq")
            .values_list("payload", flat=True)
        ):
            found.extend(e for e in unpack(bytes(payload)) if e.seq > after_seq)
    moved_to = found[-1].seq if found else after_seq
    found.extend(e for e in tail if e.seq > moved_to)
    if found and found[-1].seq - found[0].seq + 1 != len(found):
        raise _Raced
    return found
