"""What the rooms and the application ask of durable state.

These Protocols are all that the engine knows of storage. Every adapter (memory,
SQLite, PostgreSQL, Redis) must pass the same contract tests, so a deployment
changes adapters, never code.

Must never import a framework, a database driver or an adapter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class LogUnavailable(Exception):
    """The log cannot be reached now; the caller keeps its updates and retries.

    A batch may have been stored although the answer was lost: a retry then stores it
    twice, which is harmless, because a CRDT update may be applied again.
    """


class LogDamaged(Exception):
    """What is stored contradicts itself; a part is never served as the whole."""


class DocumentAbsent(LookupError):
    """No log was ever begun under this document id."""


class AppendRefused(Exception):
    """The log takes no update of this epoch now: `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.value)


class DocumentExists(Exception):
    """A log was begun under this document id before."""


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
    """Snapshot (if any) plus every later update, oldest first, gap-free in `seq`.

    The whole content is the snapshot merged with the updates. After a change of epoch
    there is no snapshot until the next compaction, yet `snapshot_seq` is the last `seq`
    of the former epoch: the first update carries the whole content.
    """

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
class PastUpdate:
    """One stored update of any epoch. `seq` goes on from one epoch to the next."""

    seq: int
    epoch: int
    update: bytes
    authors: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """A late edit (frozen, or from another epoch): kept, and never merged."""

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
        self, document_id: str, after_seq: int, *, epoch: int | None = None
    ) -> tuple[StoredUpdate, ...]:
        """Updates with a greater `seq`, oldest first, compacted ones included.

        Only those of `epoch` (None: of the current one), so that a reader that has
        not yet noticed a new epoch cannot merge its content into the former one.
        Empty when the document is absent.
        """
        ...

    async def past(self, document_id: str, after_seq: int) -> tuple[PastUpdate, ...]:
        """The next of a document's updates of every epoch, oldest first: as many as
        the log reads at once, none after the last. Also raises LogDamaged."""
        ...

    async def append_many(self, batch: Sequence[Append]) -> list[AppendOutcome]:
        """Store the batch; outcomes come in the order of the batch."""
        ...

    async def compact(
        self, document_id: str, *, epoch: int, snapshot: bytes, up_to_seq: int
    ) -> bool:
        """Store a snapshot that covers `up_to_seq` and move older updates to history.

        Returns False, and changes nothing, when the document is absent, the epoch
        differs or a snapshot as new is there already. Raises ValueError when
        `up_to_seq` was never stored. History keeps every update: nothing is lost.
        """
        ...

    async def keep_proposal(self, proposal: Proposal) -> None: ...

    async def close(self) -> None: ...


class DocumentStore(Protocol):
    """The same log for synchronous code, inside the caller's own transaction.

    `set_frozen` and `start_epoch` hold the document's row until the caller commits,
    and an append that meets it waits: do the slow work of a transaction before them.
    """

    def create(
        self, document_id: str, initial_update: bytes | None, *, author: str = ""
    ) -> None:
        """Begin a log (epoch 1). The initial update, if any, becomes seq 1.

        Raises DocumentExists.
        """
        ...

    def head(self, document_id: str) -> Head | None: ...

    def heads(self, document_ids: Iterable[str]) -> dict[str, Head]:
        """The heads of those that are there, by id, in one look."""
        ...

    def load(self, document_id: str) -> StoredDocument | None: ...

    def history(self, document_id: str) -> tuple[HistoryEntry, ...]:
        """Every update from the first, oldest first, of the current epoch."""
        ...

    def walk(
        self, document_id: str, *, after_seq: int = 0, up_to_seq: int | None = None
    ) -> Iterator[PastUpdate]:
        """Every update of every epoch, oldest first, read piece by piece.

        Ends at `up_to_seq`, else at the last `seq` when the walk began. Nothing when
        the document is absent. Raises LogDamaged where one is missing or unreadable,
        so that a part is never taken for the whole.
        """
        ...

    def append(
        self, document_id: str, update: bytes, *, epoch: int, author: str
    ) -> int:
        """One more update, in the caller's transaction. Returns its `seq`.

        Raises AppendRefused. Rooms do not hear of it by themselves: tell them after
        the commit that the log went on.
        """
        ...

    def authors(self, document_id: str) -> tuple[str, ...]:
        """Everyone who wrote a part in any epoch, each once, in order of the id.

        Who began a later epoch is not counted for it: its first update is the
        content that was there.
        """
        ...

    def set_frozen(self, document_id: str, *, frozen: bool) -> None:
        """Refuse (or take again) appends from this transaction's commit on.

        Raises DocumentAbsent.
        """
        ...

    def start_epoch(
        self, document_id: str, snapshot: bytes, *, author: str = ""
    ) -> int:
        """Replace the content by `snapshot` under a new epoch, which is returned.

        Browsers that hold the former epoch are refused before they can merge. `seq`
        goes on; the snapshot is the first update of the new epoch's history. The
        former epoch's updates are kept. Raises DocumentAbsent.
        """
        ...

    def proposals(self, document_id: str) -> tuple[Proposal, ...]:
        """Every edit that came too late, oldest first."""
        ...


class BusUnavailable(Exception):
    """The bus cannot be reached now; what was to be said is in the log anyway."""


Handler = Callable[[str, bytes], None]
"""Called on the subscriber's event loop with (topic, payload); must not block."""


class Bus(Protocol):
    """Messages between processes: at most once, a hint and never the truth.

    A topic is ASCII, under 100 characters. Messages of one publisher arrive in the
    order they were published, at every subscriber, the publisher's own included. A
    subscriber that may have missed messages (reconnect) is told through `on_gap`, on
    its event loop, and must read the log.
    """

    async def publish(self, topic: str, payload: bytes) -> None:
        """Raises BusUnavailable."""
        ...

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

    def put_chunks(self, chunks: Iterable[bytes]) -> BlobInfo:
        """As `put`, for a file that is too large to be held in memory."""
        ...

    def get(self, digest: str) -> bytes:
        """Raises BlobMissing, and BlobDamaged when the bytes are not those stored."""
        ...

    def get_chunks(self, digest: str) -> Iterator[bytes]:
        """As `get`, piece by piece. Raises BlobMissing at once.

        BlobDamaged comes before the last piece, so a damaged file is never served
        whole.
        """
        ...

    def has(self, digest: str) -> bool: ...


class BlobMissing(Exception):
    """No file with this digest is stored."""


class BlobDamaged(Exception):
    """The stored bytes no longer have the digest of their name."""
