"""What the rooms and the application ask of durable state.

These Protocols are all that the engine knows of storage. Every adapter (memory,
SQLite, PostgreSQL, Redis) must pass the same contract tests, so a deployment
changes adapters, never code.

Must never import a framework, a database driver or an adapter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class LogUnavailable(Exception):
    """The log cannot be reached now; the caller keeps its updates and retries."""


class Refusal(StrEnum):
    """Why the log took one update of a batch for no document."""

    ABSENT = "absent"
    FROZEN = "frozen"
    WRONG_EPOCH = "wrong_epoch"


@dataclass(frozen=True, slots=True)
class Head:
    """The row that every append locks: the truth about one document's log."""

    document_id: str
    epoch: int
    frozen: bool
    last_seq: int


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    seq: int
    update: bytes


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """Snapshot (if any) plus every later update, oldest first, gap-free in `seq`."""

    head: Head
    snapshot: bytes | None
    snapshot_seq: int
    updates: tuple[StoredUpdate, ...]


@dataclass(frozen=True, slots=True)
class Append:
    """One merged update of one room, with everyone who wrote a part of it."""

    document_id: str
    epoch: int
    update: bytes
    authors: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class AppendOutcome:
    """`seq` when stored, `refusal` when not; exactly one of the two is set."""

    document_id: str
    seq: int | None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One stored update with its authors and time, from history or from the tail."""

    seq: int
    update: bytes
    authors: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edit that came too late (frozen, or from another epoch): kept, never merged."""

    document_id: str
    author: str
    epoch: int
    reason: Refusal
    update: bytes
    at: datetime


class UpdateLog(Protocol):
    """The durable, append-only log of updates. All methods may raise LogUnavailable.

    `append_many` is one transaction for the whole batch: when it returns, every
    outcome with a `seq` survives a crash of the process and of the machine. The
    frozen flag and the epoch are checked inside that same transaction. `seq` starts
    at 1 and has no gap within a document, whatever number of processes append.
    """

    async def load(self, document_id: str) -> StoredDocument | None: ...

    async def head(self, document_id: str) -> Head | None: ...

    async def read_since(
        self, document_id: str, after_seq: int
    ) -> tuple[StoredUpdate, ...]:
        """Updates with a greater `seq`, oldest first, compacted ones included."""
        ...

    async def append_many(self, batch: Sequence[Append]) -> list[AppendOutcome]:
        """Store the batch; outcomes come in the order of the batch."""
        ...

    async def compact(
        self, document_id: str, *, epoch: int, snapshot: bytes, up_to_seq: int
    ) -> bool:
        """Store a snapshot that covers `up_to_seq` and move older updates to history.

        Returns False, and changes nothing, when the epoch differs or a snapshot as
        new is there already. History keeps every update: compaction loses nothing.
        """
        ...

    async def keep_proposal(self, proposal: Proposal) -> None: ...

    async def close(self) -> None: ...


class DocumentStore(Protocol):
    """The same log for synchronous code, inside the caller's own transaction."""

    def create(self, document_id: str, initial_update: bytes | None) -> None:
        """Begin a log (epoch 1). The initial update, if any, becomes seq 1."""
        ...

    def load(self, document_id: str) -> StoredDocument | None: ...

    def history(self, document_id: str) -> tuple[HistoryEntry, ...]:
        """Every update from the first, oldest first, of the current epoch."""
        ...

    def set_frozen(self, document_id: str, *, frozen: bool) -> None: ...

    def start_epoch(self, document_id: str, snapshot: bytes) -> int:
        """Replace the content by `snapshot` under a new epoch, which is returned.

        Browsers that hold the former epoch are refused before they can merge.
        """
        ...

    def proposals(self, document_id: str) -> tuple[Proposal, ...]: ...


Handler = Callable[[str, bytes], None]
"""Called on the subscriber's event loop with (topic, payload); must not block."""


class Bus(Protocol):
    """Messages between processes: at most once, a hint and never the truth.

    A topic is ASCII, under 100 characters. A subscriber that may have missed
    messages (reconnect) is told through `on_gap` and must read the log.
    """

    async def publish(self, topic: str, payload: bytes) -> None: ...

    def publish_soon(self, topic: str, payload: bytes) -> None:
        """Publish from any thread, without waiting and without raising."""
        ...

    async def subscribe(self, topic: str, handler: Handler) -> None: ...

    async def unsubscribe(self, topic: str, handler: Handler) -> None: ...

    def on_gap(self, callback: Callable[[], None]) -> None: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """A stored file: `digest` is the lowercase SHA-256 in hexadecimal."""

    digest: str
    size_bytes: int


class BlobStore(Protocol):
    """Content-addressed files. The same bytes are stored once."""

    def put(self, data: bytes) -> BlobInfo: ...

    def get(self, digest: str) -> bytes:
        """Raises BlobMissing."""
        ...

    def has(self, digest: str) -> bool: ...


class BlobMissing(Exception):
    """No file with this digest is stored."""
