"""Tables of the update log: heads, updates, snapshots, history, proposals.

The tables know documents only by id, and carry no foreign keys: an append is two
statements on a hot path, and it checks the head's row itself, under its lock. Rows are
written once; only a head changes. Must never hold rights, titles or people.
"""

from __future__ import annotations

from django.db import models

from storage.ports import Refusal

DOCUMENT_ID_LENGTH = 64


class DocumentHead(models.Model):
    """One row a document: the truth that every append locks and checks.

    `base_seq` is the last `seq` of the former epoch. `snapshot_seq` is where loading
    starts: the `seq` of the current snapshot, or `base_seq` when there is none yet.
    """

    document_id = models.CharField(max_length=DOCUMENT_ID_LENGTH, primary_key=True)
    epoch = models.PositiveIntegerField(default=1)
    frozen = models.BooleanField(default=False)
    last_seq = models.PositiveBigIntegerField(default=0)
    base_seq = models.PositiveBigIntegerField(default=0)
    snapshot_seq = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.document_id} epoch {self.epoch} seq {self.last_seq}"


class UpdateRow(models.Model):
    """One stored update that was not yet moved to history."""

    # (document, seq) itself is the key: one index serves the append, the load and
    # the uniqueness of `seq`, and a document's rows lie together in it.
    pk = models.CompositePrimaryKey("document_id", "seq")
    document_id = models.CharField(max_length=DOCUMENT_ID_LENGTH)
    seq = models.PositiveBigIntegerField()
    epoch = models.PositiveIntegerField()
    update = models.BinaryField()
    authors = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.document_id} seq {self.seq}"


class Snapshot(models.Model):
    """The merged content of one epoch up to `seq`. Only the newest are kept."""

    document_id = models.CharField(max_length=DOCUMENT_ID_LENGTH)
    epoch = models.PositiveIntegerField()
    seq = models.PositiveBigIntegerField()
    state = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document_id", "epoch", "seq"], name="snapshot_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id} epoch {self.epoch} up to {self.seq}"


class HistoryChunk(models.Model):
    """Updates first_seq…last_seq of one epoch, packed (see `chunks`)."""

    document_id = models.CharField(max_length=DOCUMENT_ID_LENGTH)
    epoch = models.PositiveIntegerField()
    first_seq = models.PositiveBigIntegerField()
    last_seq = models.PositiveBigIntegerField()
    payload = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document_id", "first_seq"], name="history_chunk_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.first_seq}–{self.last_seq}"


class ProposalRow(models.Model):
    """An edit that came too late. It waits for its author and is never merged."""

    document_id = models.CharField(max_length=DOCUMENT_ID_LENGTH)
    author = models.CharField(max_length=64)
    epoch = models.PositiveIntegerField()
    reason = models.CharField(
        max_length=20, choices=[(r.value, r.value) for r in Refusal]
    )
    update = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["document_id", "id"], name="proposal_document")]

    def __str__(self) -> str:
        return f"{self.document_id} by {self.author}: {self.reason}"
