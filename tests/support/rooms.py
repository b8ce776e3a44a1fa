"""Rooms without sockets: an engine over memory, fake people, a fake clock.

A `Tab` is a browser tab as a room sees it: it has a document of its own, collects the
frames that it is sent, and applies them when told to. Must never sleep: time is moved
by hand where it matters.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pycrdt import Doc, Text

from collab.errors import Close
from collab.ports import Credentials, Grant, Identity, Level
from collab.protocol.frames import Encoder
from collab.protocol.limits import Limits
from collab.protocol.wire import read_bytes, read_string, read_var_uint
from collab.rooms.engine import Engine
from collab.rooms.peer import Loss, Peer
from collab.rooms.room import Room
from storage.memory import (
    MemoryBus,
    MemoryDocuments,
    MemoryDocumentStore,
    MemoryUpdateLog,
)
from storage.ports import LogUnavailable

DOCUMENT = "0190c0de-0000-7000-8000-000000000328"
_client_ids = itertools.count(1_000_000)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class FakeClock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


class FakeAuthorizer:
    """Grants by (person, document); `token` is the person's name."""

    def __init__(self) -> None:
        self.grants: dict[tuple[str, str], Grant] = {}
        self.ended: set[str] = set()
        self.available = True
        self.before_answer: Callable[[], Any] | None = None

    def give(self, user: str, document: str, level: Level, *, epoch: int = 1) -> None:
        self.grants[user, document] = Grant(level, epoch, frozen=False)

    def take(self, user: str, document: str) -> None:
        self.grants.pop((user, document), None)

    def freeze(self, document: str) -> None:
        for key, grant in self.grants.items():
            if key[1] == document:
                self.grants[key] = replace(grant, frozen=True)

    async def identify(self, credentials: Credentials) -> Identity | None:
        await self._answer()
        user = credentials.token or credentials.cookies.get("session", "")
        known = any(name == user for name, _ in self.grants)
        return person(user) if known and user not in self.ended else None

    async def authorize(self, identity: Identity, document_id: str) -> Grant | None:
        grant = self.grants.get((identity.user_id, document_id))
        await self._answer()
        return grant

    async def ask_again(
        self, asked: Sequence[tuple[Identity, str]]
    ) -> list[Grant | None]:
        grants = [self.grants.get((who.user_id, where)) for who, where in asked]
        await self._answer()
        return [
            None if who.credential in self.ended else grant
            for (who, _), grant in zip(asked, grants, strict=True)
        ]

    async def _answer(self) -> None:
        if not self.available:
            raise LogUnavailable("switched off")
        if self.before_answer is not None:
            await self.before_answer()


class GatedLog(MemoryUpdateLog):
    """A log whose commits and loads wait until they are let through."""

    def __init__(self, documents: MemoryDocuments) -> None:
        super().__init__(documents)
        self.commits = asyncio.Event()
        self.commits.set()
        self.loads = asyncio.Event()
        self.loads.set()
        self.load_count = 0
        self.waiting_commits = 0
        self.poison = b""

    async def append_many(self, batch: Any) -> Any:
        self.waiting_commits += 1
        await self.commits.wait()
        self.waiting_commits -= 1
        if self.poison and any(self.poison in a.update for a in batch):
            raise RuntimeError("cannot be stored")
        return await super().append_many(batch)

    async def load(self, document_id: str) -> Any:
        self.load_count += 1
        stored = await super().load(document_id)
        await self.loads.wait()
        return stored


def person(user: str) -> Identity:
    return Identity(
        user_id=user, name=f"Bà {user}", unit="HCTC", colour="#1c5d99", credential=user
    )


@dataclass
class World:
    """One "process": an engine over a (perhaps shared) memory."""

    documents: MemoryDocuments = field(default_factory=MemoryDocuments)
    limits: Limits = field(default_factory=Limits)
    bus: MemoryBus | None = None
    feed: Any = None

    def __post_init__(self) -> None:
        self.clock = FakeClock()
        self.authorizer = FakeAuthorizer()
        self.log = GatedLog(self.documents)
        self.store = MemoryDocumentStore(self.documents, now=self.clock.now)
        self.engine = Engine(
            log=self.log,
            authorizer=self.authorizer,
            clock=self.clock,
            limits=self.limits,
            bus=self.bus,
            feed=self.feed,
        )

    def begin(self, document: str = DOCUMENT, text: str = "") -> None:
        if self.store.head(document) is None:
            self.store.create(document, text_update(text) if text else None)

    async def join(
        self,
        user: str,
        level: Level = Level.EDIT,
        *,
        document: str = DOCUMENT,
        dialect: str = "hocuspocus",
        sync: bool = True,
    ) -> Tab:
        """Let someone in, with these rights; synchronised unless told otherwise."""
        self.authorizer.grants.setdefault(
            (user, document), Grant(level, 1, frozen=False)
        )
        tab = Tab(self.engine)
        encoder = Encoder(document if dialect == "hocuspocus" else None)
        tab.peer = await self.engine.admit(
            person(user), document, encoder, tab, epoch=None
        )
        tab.peer.room.join(tab.peer)
        if sync:
            tab.sync()
        return tab

    def room(self, document: str = DOCUMENT) -> Room:
        room = self.engine.rooms.find(document)
        assert room is not None
        return room

    def stored_text(self, document: str = DOCUMENT) -> str:
        """What a process that starts now would show."""
        stored = self.store.load(document)
        assert stored is not None
        doc: Doc[Any] = Doc()
        if stored.snapshot is not None:
            doc.apply_update(stored.snapshot)
        for entry in stored.updates:
            doc.apply_update(entry.update)
        return str(doc.get("content", type=Text))


class Tab:
    """A fake outlet with a document behind it."""

    peer: Peer

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # As browsers choose them: y-py cuts an id that needs more than 32 bits.
        self.doc: Doc[Any] = Doc(client_id=next(_client_ids))
        self.text = self.doc.get("content", type=Text)
        self.frames: list[bytes] = []
        self.closed: Close | None = None
        self._unread = 0

    # ── Outlet ──────────────────────────────────────────────────────────────────

    def send(self, frame: bytes, *, loss: Loss = Loss.NEVER) -> None:
        self.frames.append(frame)

    def send_again(self, frame: bytes, count: int) -> None:
        self.frames += [frame] * count

    def leave(self, peer: Peer, close: Close) -> None:
        self.closed = close
        self.engine.left(peer)

    # ── what a person does ──────────────────────────────────────────────────────

    def edit(self, text: str) -> bytes:
        """Change the own document only; the update that a client would send."""
        before = self.doc.get_state()
        self.text += text
        return self.doc.get_update(before)

    def erase(self, start: int, end: int) -> bytes:
        updates: list[bytes] = []
        subscription = self.doc.observe(lambda event: updates.append(event.update))
        del self.text[start:end]
        self.doc.unobserve(subscription)
        return updates[0]

    def send_update(self, update: bytes, *, is_answer: bool = False) -> None:
        self.peer.room.receive_update(self.peer, update, is_answer=is_answer)

    def type(self, text: str) -> None:
        self.send_update(self.edit(text))

    def sync(self) -> None:
        self.peer.room.receive_step_1(self.peer, self.doc.get_state())
        self.read()

    def leave_room(self) -> None:
        self.engine.left(self.peer)

    def read(self) -> str:
        """Apply what arrived; the text as the person sees it."""
        frames, self._unread = self.frames[self._unread :], len(self.frames)
        for kind, step, body in map(self._parts, frames):
            if kind == 0 and step in (1, 2):
                self.doc.apply_update(body)
        return str(self.text)

    # ── what has arrived ────────────────────────────────────────────────────────

    @property
    def saved_count(self) -> int:
        """Edits of this tab that were acknowledged."""
        return sum(1 for kind, step, _ in self._all() if (kind, step) == (8, 1))

    @property
    def refused_count(self) -> int:
        return sum(1 for kind, step, _ in self._all() if (kind, step) == (8, 0))

    @property
    def updates(self) -> list[bytes]:
        return [b for kind, step, b in self._all() if (kind, step) == (0, 2)]

    @property
    def answers(self) -> list[bytes]:
        return [b for kind, step, b in self._all() if (kind, step) == (0, 1)]

    @property
    def questions(self) -> int:
        """How often the server asked what it lacks."""
        return sum(1 for kind, step, _ in self._all() if (kind, step) == (0, 0))

    @property
    def presence(self) -> list[bytes]:
        return [body for kind, _, body in self._all() if kind == 1]

    @property
    def notices(self) -> list[str]:
        return [body.decode() for kind, _, body in self._all() if kind == 5]

    def _all(self) -> list[tuple[int, int, bytes]]:
        return [self._parts(frame) for frame in self.frames]

    def _parts(self, frame: bytes) -> tuple[int, int, bytes]:
        at = read_string(frame, 0)[1] if self.peer.encoder.speaks_hocuspocus else 0
        kind, at = read_var_uint(frame, at)
        step = 0
        if kind in (0, 2, 8):
            step, at = read_var_uint(frame, at)
        return kind, step, b"" if kind == 8 else read_bytes(frame, at)[0]


def text_update(text: str, client_id: int | None = None) -> bytes:
    doc: Doc[Any] = Doc() if client_id is None else Doc(client_id=client_id)
    doc.get("content", type=Text).insert(0, text)
    return doc.get_update()


async def turn() -> None:
    """Let everything run that is due now."""
    for _ in range(20):
        await asyncio.sleep(0)
