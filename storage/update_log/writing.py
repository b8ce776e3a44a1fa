"""Write the log: the statements that give each update its `seq` and make it durable.

Every write locks the head's row first (SQLite: the whole database, by BEGIN IMMEDIATE)
and decides under that lock, so two processes can neither share a `seq` nor write past
a freeze. The hot path is raw SQL through `executemany`, about four times as fast here
as model objects; the rest is the ORM. Must never change or delete an update, except to
move it into a history chunk in the same transaction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import connections, transaction

from storage.ports import Append, AppendOutcome, HistoryEntry, Proposal, Refusal
from storage.update_log.chunks import pack
from storage.update_log.models import (
    DocumentHead,
    HistoryChunk,
    ProposalRow,
    Snapshot,
    UpdateRow,
)

# The current snapshot and the one before it, should the current one prove bad.
KEPT_SNAPSHOTS = 2
# Bounds of one history chunk, hence of the time that one move holds the lock.
CHUNK_UPDATES = 2_000
CHUNK_BYTES = 1_000_000
# Documents named in one SELECT; SQLite allows 32,766 parameters.
_DOCUMENTS_AT_ONCE = 1_000

# SQLite runs a statement for each row at the cost of a function call. PostgreSQL takes
# columns as arrays in one statement: three times as fast there as row by row.
_ADVANCE_EACH = (
    "UPDATE update_log_documenthead SET last_seq = %s WHERE document_id = %s"
)
_INSERT_EACH = (
    "INSERT INTO update_log_updaterow"
    ' (document_id, seq, epoch, "update", authors, at)'
    " VALUES (%s, %s, %s, %s, %s, %s)"
)
_ADVANCE_ALL = (
    "UPDATE update_log_documenthead AS head SET last_seq = new.last_seq"
    " FROM unnest(%s::bigint[], %s::text[]) AS new (last_seq, document_id)"
    " WHERE head.document_id = new.document_id"
)
_INSERT_ALL = (
    "INSERT INTO update_log_updaterow"
    ' (document_id, seq, epoch, "update", authors, at)'
    " SELECT document_id, seq, epoch, content, authors::jsonb, at"
    " FROM unnest(%s::text[], %s::bigint[], %s::int[], %s::bytea[], %s::text[],"
    " %s::timestamptz[]) AS new (document_id, seq, epoch, content, authors, at)"
)


def _lock_heads(using: str, document_ids: Sequence[str]) -> dict[str, DocumentHead]:
    """Lock in one order everywhere, so that two processes cannot block each other."""
    ordered = sorted(document_ids)
    heads: dict[str, DocumentHead] = {}
    for start in range(0, len(ordered), _DOCUMENTS_AT_ONCE):
        rows = (
            DocumentHead.objects.using(using)
            .select_for_update()
            .filter(document_id__in=ordered[start : start + _DOCUMENTS_AT_ONCE])
            .order_by("document_id")
        )
        heads.update((row.document_id, row) for row in rows)
    return heads


def lock_head(using: str, document_id: str) -> DocumentHead | None:
    """The caller is in a transaction."""
    return _lock_heads(using, [document_id]).get(document_id)


def append_many(using: str, batch: Sequence[Append]) -> list[AppendOutcome]:
    """One transaction, committed on return. See `UpdateLog.append_many`."""
    if not batch:
        return []
    with transaction.atomic(using=using, durable=True):
        heads = _lock_heads(using, list({a.document_id for a in batch}))
        outcomes = [_decide(heads.get(a.document_id), a) for a in batch]
        _store(using, batch, outcomes, heads)
    return outcomes


def _decide(head: DocumentHead | None, append: Append) -> AppendOutcome:
    if head is None:
        return AppendOutcome(append.document_id, None, Refusal.ABSENT)
    if head.epoch != append.epoch:
        return AppendOutcome(append.document_id, None, Refusal.WRONG_EPOCH)
    if head.frozen:
        return AppendOutcome(append.document_id, None, Refusal.FROZEN)
    head.last_seq += 1
    return AppendOutcome(append.document_id, head.last_seq)


def _store(
    using: str,
    batch: Sequence[Append],
    outcomes: Sequence[AppendOutcome],
    heads: dict[str, DocumentHead],
) -> None:
    connection = connections[using]
    as_stored = connection.ops.adapt_datetimefield_value
    rows = [
        (
            a.document_id,
            o.seq,
            a.epoch,
            a.update,
            json.dumps(a.authors),
            as_stored(a.at),
        )
        for a, o in zip(batch, outcomes, strict=True)
        if o.seq is not None
    ]
    if not rows:
        return
    advanced = {row[0] for row in rows}
    ends = [(heads[name].last_seq, name) for name in advanced]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                _ADVANCE_ALL, [list(column) for column in zip(*ends, strict=True)]
            )
            cursor.execute(
                _INSERT_ALL, [list(column) for column in zip(*rows, strict=True)]
            )
        else:
            cursor.executemany(_ADVANCE_EACH, ends)
            cursor.executemany(_INSERT_EACH, rows)


def insert_update(
    head: DocumentHead, using: str, update: bytes, author: str, at: datetime
) -> None:
    """Store one update at `head.last_seq`, which the caller has given out."""
    UpdateRow.objects.using(using).create(
        document_id=head.document_id,
        seq=head.last_seq,
        epoch=head.epoch,
        update=update,
        authors=[author] if author else [],
        at=at,
    )


def store_snapshot(
    using: str, document_id: str, epoch: int, state: bytes, up_to_seq: int
) -> bool:
    """Make `state` the current snapshot. See `UpdateLog.compact`."""
    with transaction.atomic(using=using, durable=True):
        head = lock_head(using, document_id)
        if head is None or head.epoch != epoch:
            return False
        if up_to_seq > head.last_seq:
            raise ValueError(f"{document_id}: seq {up_to_seq} was never stored")
        if up_to_seq <= head.snapshot_seq:
            return False
        snapshots = Snapshot.objects.using(using)
        snapshots.create(
            document_id=document_id, epoch=epoch, seq=up_to_seq, state=state
        )
        head.snapshot_seq = up_to_seq
        head.save(using=using, update_fields=["snapshot_seq"])
        kept = snapshots.filter(document_id=document_id, epoch=epoch)
        old = kept.order_by("-seq").values_list("id", flat=True)[KEPT_SNAPSHOTS:]
        snapshots.filter(id__in=list(old)).delete()
    return True


def move_to_history(using: str, document_id: str) -> bool:
    """Move one chunk of the updates that loading no longer needs.

    Returns whether there may be more. Each call is a short transaction, so that
    appends run between two of them; a crash between them loses and doubles nothing.
    """
    with transaction.atomic(using=using, durable=True):
        head = lock_head(using, document_id)
        if head is None:
            return False
        entries, epoch, more = _next_chunk(using, head)
        if not entries:
            return False
        HistoryChunk.objects.using(using).create(
            document_id=document_id,
            epoch=epoch,
            first_seq=entries[0].seq,
            last_seq=entries[-1].seq,
            payload=pack(entries),
        )
        UpdateRow.objects.using(using).filter(
            document_id=document_id, seq__lte=entries[-1].seq
        ).delete()
    return more


def _next_chunk(using: str, head: DocumentHead) -> tuple[list[HistoryEntry], int, bool]:
    """The oldest rows of one epoch up to the snapshot, within the bounds of a chunk."""
    rows = (
        UpdateRow.objects.using(using)
        .filter(document_id=head.document_id, seq__lte=head.snapshot_seq)
        .order_by("seq")
        .values_list("seq", "update", "authors", "at", "epoch")[: CHUNK_UPDATES + 1]
    )
    entries: list[HistoryEntry] = []
    chunk_epoch = 0
    size = 0
    for seq, update, authors, at, epoch in rows.iterator(chunk_size=200):
        full = len(entries) == CHUNK_UPDATES or size >= CHUNK_BYTES
        if entries and (full or epoch != chunk_epoch):
            return entries, chunk_epoch, True
        chunk_epoch = epoch
        size += len(update)
        entries.append(HistoryEntry(seq, bytes(update), tuple(authors), at))
    return entries, chunk_epoch, False


def keep_proposal(using: str, proposal: Proposal) -> None:
    ProposalRow.objects.using(using).create(
        document_id=proposal.document_id,
        author=proposal.author,
        epoch=proposal.epoch,
        reason=proposal.reason.value,
        update=proposal.update,
        at=proposal.at,
    )
