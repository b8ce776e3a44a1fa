"""Every storage port in memory: one process, nothing survives it.

The reference of the contract tests and the fake of the engine's tests, so it obeys
the same contract as the databases do, and adds switches that break it on purpose.
Must never be wired in an office: what it acknowledges is gone with the process.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from storage.ports import (
    Append,
    AppendOutcome,
    AppendRefused,
    BlobDamaged,
    BlobInfo,
    BlobMissing,
    BusUnavailable,
    DocumentAbsent,
    DocumentExists,
    Handler,
    Head,
    HistoryEntry,
    LogUnavailable,
    PastUpdate,
    Proposal,
    Refusal,
    StoredDocument,
    StoredUpdate,
)

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Entry:
    seq: int
    epoch: int
    update: bytes
    authors: tuple[str, ...]
    at: datetime


@dataclass(slots=True)
class _Document:
    epoch: int = 1
    frozen: bool = False
    snapshot: bytes | None = None
    snapshot_seq: int = 0
    entries: list[_Entry] = field(default_factory=list)

    @property
    def last_seq(self) -> int:
        return len(self.entries)

    def add(self, update: bytes, authors: tuple[str, ...], at: datetime) -> int:
        seq = self.last_seq + 1
        self.entries.append(_Entry(seq, self.epoch, update, authors, at))
        return seq

    def since(self, seq: int, epoch: int) -> tuple[StoredUpdate, ...]:
        return tuple(
            StoredUpdate(e.seq, e.update)
            for e in self.entries[seq:]
            if e.epoch == epoch
        )

    def stored(self, document_id: str) -> StoredDocument:
        return StoredDocument(
            head=self.head(document_id),
            snapshot=self.snapshot,
            snapshot_seq=self.snapshot_seq,
            updates=self.since(self.snapshot_seq, self.epoch),
        )

    def head(self, document_id: str) -> Head:
        return Head(document_id, self.epoch, self.frozen, self.last_seq)


class MemoryDocuments:
    """What a log and a store share, as two adapters of one database would.

    `available = False` makes every call of the log raise LogUnavailable.
    """

    def __init__(self) -> None:
        self.available = True
        self.lock = threading.Lock()
        self.documents: dict[str, _Document] = {}
        self.proposals: list[Proposal] = []


class MemoryUpdateLog:
    """UpdateLog over shared `MemoryDocuments`."""

    def __init__(self, documents: MemoryDocuments | None = None) -> None:
        self.documents = documents or MemoryDocuments()

    def _reach(self) -> dict[str, _Document]:
        if not self.documents.available:
            raise LogUnavailable("switched off")
        return self.documents.documents

    async def load(self, document_id: str) -> StoredDocument | None:
        with self.documents.lock:
            document = self._reach().get(document_id)
            return None if document is None else document.stored(document_id)

    async def head(self, document_id: str) -> Head | None:
        with self.documents.lock:
            document = self._reach().get(document_id)
            return None if document is None else document.head(document_id)

    async def read_since(
        self, document_id: str, after_seq: int, *, epoch: int | None = None
    ) -> tuple[StoredUpdate, ...]:
        with self.documents.lock:
            document = self._reach().get(document_id)
            if document is None:
                return ()
            return document.since(after_seq, epoch or document.epoch)

    async def past(self, document_id: str, after_seq: int) -> tuple[PastUpdate, ...]:
        with self.documents.lock:
            document = self._reach().get(document_id)
            later = [] if document is None else document.entries[after_seq:]
        return tuple(
            PastUpdate(e.seq, e.epoch, e.update, e.authors, e.at) for e in later
        )

    async def append_many(self, batch: Sequence[Append]) -> list[AppendOutcome]:
        with self.documents.lock:
            documents = self._reach()
            return [self._append(documents.get(a.document_id), a) for a in batch]

    def _append(self, document: _Document | None, append: Append) -> AppendOutcome:
        if document is None:
            return AppendOutcome(append.document_id, None, Refusal.ABSENT)
        if document.epoch != append.epoch:
            return AppendOutcome(append.document_id, None, Refusal.WRONG_EPOCH)
        if document.frozen:
            return AppendOutcome(append.document_id, None, Refusal.FROZEN)
        seq = document.add(append.update, append.authors, append.at)
        return AppendOutcome(append.document_id, seq)

    async def compact(
        self, document_id: str, *, epoch: int, snapshot: bytes, up_to_seq: int
    ) -> bool:
        with self.documents.lock:
            document = self._reach().get(document_id)
            if document is None or document.epoch != epoch:
                return False
            if up_to_seq > document.last_seq:
                raise ValueError(f"{document_id}: seq {up_to_seq} was never stored")
            if up_to_seq <= document.snapshot_seq:
                return False
            document.snapshot, document.snapshot_seq = snapshot, up_to_seq
            return True

    async def keep_proposal(self, proposal: Proposal) -> None:
        with self.documents.lock:
            self._reach()
            self.documents.proposals.append(proposal)

    async def close(self) -> None:
        """Nothing to release."""


class MemoryDocumentStore:
    """DocumentStore over shared `MemoryDocuments`; `now` gives aware UTC times."""

    def __init__(
        self, documents: MemoryDocuments, *, now: Callable[[], datetime]
    ) -> None:
        self._shared = documents
        self._now = now

    def _get(self, document_id: str) -> _Document:
        try:
            return self._shared.documents[document_id]
        except KeyError:
            raise DocumentAbsent(document_id) from None

    def create(
        self, document_id: str, initial_update: bytes | None, *, author: str = ""
    ) -> None:
        with self._shared.lock:
            if document_id in self._shared.documents:
                raise DocumentExists(document_id)
            document = self._shared.documents[document_id] = _Document()
            if initial_update is not None:
                document.add(initial_update, _authors(author), self._now())

    def head(self, document_id: str) -> Head | None:
        with self._shared.lock:
            document = self._shared.documents.get(document_id)
            return None if document is None else document.head(document_id)

    def heads(self, document_ids: Iterable[str]) -> dict[str, Head]:
        found = ((document_id, self.head(document_id)) for document_id in document_ids)
        return {document_id: head for document_id, head in found if head is not None}

    def load(self, document_id: str) -> StoredDocument | None:
        with self._shared.lock:
            document = self._shared.documents.get(document_id)
            return None if document is None else document.stored(document_id)

    def history(self, document_id: str) -> tuple[HistoryEntry, ...]:
        with self._shared.lock:
            document = self._shared.documents.get(document_id)
            if document is None:
                return ()
            return tuple(
                HistoryEntry(e.seq, e.update, e.authors, e.at)
                for e in document.entries
                if e.epoch == document.epoch
            )

    def walk(
        self, document_id: str, *, after_seq: int = 0, up_to_seq: int | None = None
    ) -> Iterator[PastUpdate]:
        with self._shared.lock:
            document = self._shared.documents.get(document_id)
            past = [] if document is None else document.entries[after_seq:up_to_seq]
        for e in past:
            yield PastUpdate(e.seq, e.epoch, e.update, e.authors, e.at)

    def append(
        self, document_id: str, update: bytes, *, epoch: int, author: str
    ) -> int:
        with self._shared.lock:
            document = self._shared.documents.get(document_id)
            if document is None:
                raise AppendRefused(Refusal.ABSENT)
            if document.epoch != epoch:
                raise AppendRefused(Refusal.WRONG_EPOCH)
            if document.frozen:
                raise AppendRefused(Refusal.FROZEN)
            return document.add(update, _authors(author), self._now())

    def authors(self, document_id: str) -> tuple[str, ...]:
        with self._shared.lock:
            document = self._shared.documents.get(document_id)
            entries = [] if document is None else document.entries
            epochs = [0, *(e.epoch for e in entries)]
            found = {
                author
                for e, before in zip(entries, epochs, strict=False)
                if e.epoch == before or e.epoch == 1
                for author in e.authors
            }
            return tuple(sorted(found))

    def set_frozen(self, document_id: str, *, frozen: bool) -> None:
        with self._shared.lock:
            self._get(document_id).frozen = frozen

    def start_epoch(
        self, document_id: str, snapshot: bytes, *, author: str = ""
    ) -> int:
        with self._shared.lock:
            document = self._get(document_id)
            document.snapshot, document.snapshot_seq = None, document.last_seq
            document.epoch += 1
            document.add(snapshot, _authors(author), self._now())
            return document.epoch

    def proposals(self, document_id: str) -> tuple[Proposal, ...]:
        with self._shared.lock:
            return tuple(
                p for p in self._shared.proposals if p.document_id == document_id
            )


def _authors(author: str) -> tuple[str, ...]:
    return (author,) if author else ()


class MemoryHub:
    """The wire between the MemoryBus objects of one test: each is one "process"."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.buses: list[MemoryBus] = []


class MemoryBus:
    """Bus within one process, or between several over one `MemoryHub`.

    `connected = False` cuts this bus off: it hears nothing and cannot publish. When it
    is connected again, it tells its `on_gap` callbacks, as a reconnect would.
    """

    def __init__(self, hub: MemoryHub | None = None) -> None:
        self._hub = hub or MemoryHub()
        self._handlers: dict[str, list[Handler]] = defaultdict(list)
        self._gap_callbacks: list[Callable[[], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connected = True
        with self._hub.lock:
            self._hub.buses.append(self)

    @property
    def connected(self) -> bool:
        return self._connected

    @connected.setter
    def connected(self, value: bool) -> None:
        returns = value and not self._connected
        self._connected = value
        if returns and self._loop is not None:
            for callback in self._gap_callbacks:
                self._loop.call_soon_threadsafe(callback)

    async def publish(self, topic: str, payload: bytes) -> None:
        if not self._connected:
            raise BusUnavailable("switched off")
        self._send(topic, payload)

    def publish_soon(self, topic: str, payload: bytes) -> None:
        if self._connected:
            self._send(topic, payload)

    def _send(self, topic: str, payload: bytes) -> None:
        # The lock keeps one order for all subscribers.
        with self._hub.lock:
            for bus in self._hub.buses:
                bus._receive(topic, payload)

    def _receive(self, topic: str, payload: bytes) -> None:
        loop = self._loop
        if not self._connected or loop is None or loop.is_closed():
            return
        if topic in self._handlers:
            loop.call_soon_threadsafe(self._deliver, topic, payload)

    def _deliver(self, topic: str, payload: bytes) -> None:
        for handler in tuple(self._handlers.get(topic, ())):
            try:
                handler(topic, payload)
            except Exception:
                logger.exception("bus: a handler of %s failed", topic)

    async def subscribe(self, topic: str, handler: Handler) -> None:
        self._loop = asyncio.get_running_loop()
        self._handlers[topic].append(handler)

    async def unsubscribe(self, topic: str, handler: Handler) -> None:
        handlers = self._handlers.get(topic, [])
        if handler in handlers:
            handlers.remove(handler)
        if not handlers:
            self._handlers.pop(topic, None)

    def on_gap(self, callback: Callable[[], None]) -> None:
        self._gap_callbacks.append(callback)

    async def close(self) -> None:
        with self._hub.lock:
            if self in self._hub.buses:
                self._hub.buses.remove(self)
        self._handlers.clear()


class MemoryBlobStore:
    """BlobStore in a dictionary."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, data: bytes) -> BlobInfo:
        digest = hashlib.sha256(data).hexdigest()
        self.files.setdefault(digest, bytes(data))
        return BlobInfo(digest, len(data))

    def put_chunks(self, chunks: Iterable[bytes]) -> BlobInfo:
        return self.put(b"".join(chunks))

    def get_chunks(self, digest: str) -> Iterator[bytes]:
        return iter((self.get(digest),))

    def get(self, digest: str) -> bytes:
        try:
            data = self.files[digest]
        except KeyError:
            raise BlobMissing(digest) from None
        if hashlib.sha256(data).hexdigest() != digest:
            raise BlobDamaged(digest)
        return data

    def has(self, digest: str) -> bool:
        return digest in self.files
