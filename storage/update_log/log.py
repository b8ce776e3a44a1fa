"""DjangoUpdateLog: the update log of the rooms, in SQLite or PostgreSQL.

One thread writes and a few read, each with its own connection (`threads`), so the
event loop never waits for a disk and no request waits for a room. One writer a process
is enough: throughput comes from the size of a batch, and SQLite has one writer anyway.
Must never run inside a caller's transaction; `DjangoDocumentStore` is for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from storage.ports import (
    Append,
    AppendOutcome,
    Head,
    PastUpdate,
    Proposal,
    StoredDocument,
    StoredUpdate,
)
from storage.update_log import past, reading, writing
from storage.update_log.threads import DatabaseThreads


class DjangoUpdateLog:
    """UpdateLog over the Django database `using`."""

    def __init__(self, using: str = "default", *, readers: int = 3) -> None:
        settings = connections.settings[using]
        if settings["ENGINE"].endswith("sqlite3"):
            mode = settings.get("OPTIONS", {}).get("transaction_mode")
            if mode != "IMMEDIATE":
                # A deferred transaction reads before it locks: two processes would
                # give out the same seq, and one would fail.
                raise ImproperlyConfigured(
                    f'DATABASES["{using}"]: SQLite needs transaction_mode IMMEDIATE'
                )
        self._using = using
        self._writer = DatabaseThreads("log-writer", using=using, count=1)
        self._readers = DatabaseThreads("log-reader", using=using, count=readers)

    async def load(self, document_id: str) -> StoredDocument | None:
        """Also raises LogDamaged."""
        return await self._readers.run(partial(reading.load, self._using, document_id))

    async def head(self, document_id: str) -> Head | None:
        return await self._readers.run(partial(reading.head, self._using, document_id))

    async def read_since(
        self, document_id: str, after_seq: int, *, epoch: int | None = None
    ) -> tuple[StoredUpdate, ...]:
        """Also raises LogDamaged."""
        return await self._readers.run(
            partial(reading.read_since, self._using, document_id, after_seq, epoch)
        )

    async def past(self, document_id: str, after_seq: int) -> tuple[PastUpdate, ...]:
        return await self._readers.run(
            partial(past.next_piece, self._using, document_id, after_seq)
        )

    async def append_many(self, batch: Sequence[Append]) -> list[AppendOutcome]:
        # A copy: the caller may go on filling its list.
        return await self._writer.run(
            partial(writing.append_many, self._using, tuple(batch))
        )

    async def compact(
        self, document_id: str, *, epoch: int, snapshot: bytes, up_to_seq: int
    ) -> bool:
        stored = await self._writer.run(
            partial(
                writing.store_snapshot,
                self._using,
                document_id,
                epoch,
                snapshot,
                up_to_seq,
            )
        )
        # Chunk by chunk, so that appends of other rooms take their turn between.
        move = partial(writing.move_to_history, self._using, document_id)
        while stored and await self._writer.run(move):
            pass
        return stored

    async def keep_proposal(self, proposal: Proposal) -> None:
        await self._writer.run(partial(writing.keep_proposal, self._using, proposal))

    async def close(self) -> None:
        """Finish the calls that run, then close every connection."""
        await self._writer.close()
        await self._readers.close()
