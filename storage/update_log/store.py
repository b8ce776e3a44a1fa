"""DjangoDocumentStore: the update log for actions and commands.

It runs on the caller's thread, connection and transaction, so that "issued" and
"frozen" are one commit. Must never open or commit a transaction that the caller has
not asked for, other than the one that makes a single call whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.db import transaction

from storage.ports import (
    AppendRefused,
    DocumentAbsent,
    DocumentExists,
    Head,
    HistoryEntry,
    PastUpdate,
    Proposal,
    Refusal,
    StoredDocument,
)
from storage.update_log import past, reading
from storage.update_log.models import DocumentHead, ProposalRow
from storage.update_log.writing import insert_update, lock_head


class DjangoDocumentStore:
    """DocumentStore over the Django database `using`; `now` gives aware UTC times."""

    def __init__(self, using: str = "default", *, now: Callable[[], datetime]) -> None:
        self._using = using
        self._now = now

    def create(
        self, document_id: str, initial_update: bytes | None, *, author: str = ""
    ) -> None:
        with transaction.atomic(using=self._using):
            head, made = DocumentHead.objects.using(self._using).get_or_create(
                document_id=document_id,
                defaults={"last_seq": 0 if initial_update is None else 1},
            )
            if not made:
                raise DocumentExists(document_id)
            if initial_update is not None:
                insert_update(head, self._using, initial_update, author, self._now())

    def head(self, document_id: str) -> Head | None:
        return reading.head(self._using, document_id)

    def heads(self, document_ids: Iterable[str]) -> dict[str, Head]:
        return reading.heads(self._using, document_ids)

    def load(self, document_id: str) -> StoredDocument | None:
        """Raises LogDamaged."""
        return reading.load(self._using, document_id)

    def history(self, document_id: str) -> tuple[HistoryEntry, ...]:
        """Raises LogDamaged."""
        return reading.history(self._using, document_id)

    def walk(
        self, document_id: str, *, after_seq: int = 0, up_to_seq: int | None = None
    ) -> Iterator[PastUpdate]:
        return past.walk(self._using, document_id, after_seq, up_to_seq)

    def append(
        self, document_id: str, update: bytes, *, epoch: int, author: str
    ) -> int:
        with transaction.atomic(using=self._using):
            head = lock_head(self._using, document_id)
            refusal = _refusal(head, epoch)
            if head is None or refusal is not None:
                raise AppendRefused(refusal or Refusal.ABSENT)
            head.last_seq += 1
            head.save(using=self._using, update_fields=["last_seq"])
            insert_update(head, self._using, update, author, self._now())
            return head.last_seq

    def authors(self, document_id: str) -> tuple[str, ...]:
        """Raises LogDamaged."""
        return reading.authors(self._using, document_id)

    def set_frozen(self, document_id: str, *, frozen: bool) -> None:
        with transaction.atomic(using=self._using):
            head = self._locked(document_id)
            head.frozen = frozen
            head.save(using=self._using, update_fields=["frozen"])

    def start_epoch(
        self, document_id: str, snapshot: bytes, *, author: str = ""
    ) -> int:
        with transaction.atomic(using=self._using):
            head = self._locked(document_id)
            head.epoch += 1
            head.base_seq = head.snapshot_seq = head.last_seq
            head.last_seq += 1
            head.save(
                using=self._using,
                update_fields=["epoch", "base_seq", "snapshot_seq", "last_seq"],
            )
            insert_update(head, self._using, snapshot, author, self._now())
            return head.epoch

    def _locked(self, document_id: str) -> DocumentHead:
        head = lock_head(self._using, document_id)
        if head is None:
            raise DocumentAbsent(document_id)
        return head

    def proposals(self, document_id: str) -> tuple[Proposal, ...]:
        return tuple(
            Proposal(
                document_id=row.document_id,
                author=row.author,
                epoch=row.epoch,
                reason=Refusal(row.reason),
                update=bytes(row.update),
                at=row.at,
            )
            for row in ProposalRow.objects.using(self._using)
            .filter(document_id=document_id)
            .order_by("id")
        )


def _refusal(head: DocumentHead | None, epoch: int) -> Refusal | None:
    if head is None:
        return Refusal.ABSENT
    if head.epoch != epoch:
        return Refusal.WRONG_EPOCH
    return Refusal.FROZEN if head.frozen else None
