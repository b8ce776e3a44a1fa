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
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

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
# SQLite runs a statement for each row at the cost of a function call. PostgreSQL takes
# all rows in one statement, as JSON: the driver writes that down four times as fast as
# six arrays, and no text in it needs a separator of its own.
_LOCK_HEADS = {
    "sqlite": (
        "SELECT document_id, epoch, frozen, last_seq FROM update_log_documenthead"
        " WHERE document_id IN (SELECT value FROM json_each(%s))"
    ),
    # Locked in one order everywhere, so that two processes cannot block each other.
    "postgresql": (
        "SELECT document_id, epoch, frozen, last_seq FROM update_log_documenthead"
        " WHERE document_id IN (SELECT json_array_elements_text(%s::json))"
        " ORDER BY document_id FOR UPDATE"
    ),
}
_ADVANCE_EACH = (
    "UPDATE update_log_documenthead SET last_seq = %s WHERE document_id = %s"
)
_INSERT_EACH = (
    "INSERT INTO update_log_updaterow"
    ' (document_id, seq, epoch, "update", authors, at)'
    " VALUES (%s, %s, %s, %s, %s, %s)"
)
_STORE_ALL = (
    "WITH new AS MATERIALIZED ("
    "  SELECT * FROM json_to_recordset(%s::json) AS row"
    "  (d text, s bigint, e int, u text, a jsonb, t timestamptz)"
    "), advanced AS ("
    "  UPDATE update_log_documenthead AS head SET last_seq = last.s"
    "  FROM (SELECT d, max(s) AS s FROM new GROUP BY d) AS last"
    "  WHERE head.document_id = last.d"
    ") INSERT INTO update_log_updaterow"
    ' (document_id, seq, epoch, "update", authors, at)'
    " SELECT d, s, e, decode(u, 'hex'), a, t FROM new"
)


@dataclass(slots=True)
class _Locked:
    """As much of a locked head as an append needs."""

    epoch: int
    frozen: bool
    last_seq: int


def _lock_heads(using: str, document_ids: Sequence[str]) -> dict[str, _Locked]:
    connection = connections[using]
    statement = _LOCK_HEADS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(document_ids)])
        return {
            name: _Locked(epoch, bool(frozen), last_seq)
            for name, epoch, frozen, last_seq in cursor.fetchall()
        }


def lock_head(using: str, document_id: str) -> DocumentHead | None:
    """The caller is in a transaction."""
    heads = DocumentHead.objects.using(using).select_for_update()
    return heads.filter(document_id=document_id).first()


def append_many(using: str, batch: Sequence[Append]) -> list[AppendOutcome]:
    """One transaction, committed on return. See `UpdateLog.append_many`."""
    if not batch:
        return []
    with transaction.atomic(using=using, durable=True):
        heads = _lock_heads(using, list({a.document_id for a in batch}))
        outcomes = [_decide(heads.get(a.document_id), a) for a in batch]
        _store(using, batch, outcomes, heads)
    return outcomes


def _decide(head: _Locked | None, append: Append) -> AppendOutcome:
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
    heads: dict[str, _Locked],
) -> None:
    kept = [
        (append, outcome.seq)
        for append, outcome in zip(batch, outcomes, strict=True)
        if outcome.seq is not None
    ]
    if not kept:
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            rows = [
                {
                    "d": a.document_id,
                    "s": seq,
                    "e": a.epoch,
                    "u": a.update.hex(),
                    "a": a.authors,
                    "t": a.at.isoformat(),
                }
                for a, seq in kept
            ]
            cursor.execute(_STORE_ALL, [json.dumps(rows)])
            return
        as_stored = connection.ops.adapt_datetimefield_value
        names = {a.document_id for a, _ in kept}
        cursor.executemany(_ADVANCE_EACH, [(heads[n].last_seq, n) for n in names])
        cursor.executemany(
            _INSERT_EACH,
            [
                (
                    *(a.document_id, seq, a.epoch, a.update),
                    *(_as_json(a.authors), as_stored(a.at)),
                )
                for a, seq in kept
            ],
        )


@lru_cache(maxsize=1_000)
def _as_json(authors: tuple[str, ...]) -> str:
    """Nearly always one person, and the same again and again."""
    return json.dumps(authors)


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
