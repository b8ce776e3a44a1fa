"""The writer of the log: one commit for many, outages, and what cannot be stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from pycrdt import Doc, Text

from collab.rooms.persistence import LogWriter
from storage.memory import MemoryDocuments, MemoryDocumentStore
from storage.ports import Append, AppendOutcome
from tests.support.rooms import NOON, GatedLog, text_update, turn
from tests.support.wait import until_async


@dataclass
class Writing:
    log: GatedLog
    writer: LogWriter
    store: MemoryDocumentStore
    states: list[bool] = field(default_factory=list)
    outcomes: dict[str, AppendOutcome | None] = field(default_factory=dict)

    def submit(self, update: bytes, name: str, document: str = "d") -> None:
        self.writer.submit(
            Append(document, 1, update, (name,), NOON),
            lambda outcome: self.outcomes.__setitem__(name, outcome),
        )

    def text(self, document: str = "d") -> str:
        stored = self.store.load(document)
        assert stored is not None
        doc: Doc[object] = Doc()
        for entry in stored.updates:
            doc.apply_update(entry.update)
        return str(doc.get("content", type=Text))


@pytest.fixture
async def writing() -> AsyncIterator[Writing]:
    documents = MemoryDocuments()
    log = GatedLog(documents)
    store = MemoryDocumentStore(documents, now=lambda: NOON)
    store.create("d", None)
    store.create("e", None)

    async def no_pause(seconds: float) -> None:
        await asyncio.sleep(0)

    writing = Writing(
        log,
        LogWriter(log, on_state=lambda up: writing.states.append(up), sleep=no_pause),
        store,
    )
    running = asyncio.create_task(writing.writer.run())
    yield writing
    running.cancel()


async def test_what_gathers_during_a_commit_is_one_commit(writing: Writing) -> None:
    writing.log.commits.clear()
    writing.submit(text_update("a"), "0")
    await until_async(lambda: writing.log.waiting_commits)
    for number in range(1, 50):
        writing.submit(text_update("x"), str(number), "de"[number % 2])
    writing.log.commits.set()
    assert await writing.writer.drain(5)
    assert writing.writer.commits == 2
    assert len(writing.outcomes) == 50
    assert all(outcome and outcome.seq for outcome in writing.outcomes.values())
    assert writing.writer.waiting_bytes == 0


async def test_an_outage_is_told_once_and_everything_is_written_after_it(
    writing: Writing,
) -> None:
    writing.log.documents.available = False
    for number in range(30):
        writing.submit(text_update("x", number + 1), str(number))
        await turn()
    assert writing.outcomes == {}
    assert writing.states == [False]
    assert not writing.writer.is_up
    writing.log.documents.available = True
    assert await writing.writer.drain(5)
    assert writing.states == [False, True]
    assert writing.text() == "x" * 30
    assert len(writing.outcomes) == 30
    head = writing.store.head("d")
    assert head is not None
    assert head.last_seq < 30, "what waited was merged"
    assert writing.writer.waiting_bytes == 0


async def test_one_update_that_cannot_be_stored_does_not_stop_the_others(
    writing: Writing,
) -> None:
    writing.log.commits.clear()
    writing.log.poison = b"POISON"
    writing.submit(text_update("a"), "0")
    await until_async(lambda: writing.log.waiting_commits)
    writing.submit(text_update("b"), "good")
    writing.submit(text_update("POISON"), "bad")
    writing.submit(text_update("c"), "too", "e")
    writing.log.commits.set()
    assert await writing.writer.drain(5)
    assert writing.outcomes["bad"] is None
    assert writing.outcomes["good"] is not None
    assert writing.outcomes["too"] is not None
    assert writing.text("e") == "c"


async def test_a_deaf_listener_does_not_stop_the_writer(writing: Writing) -> None:
    def deaf(outcome: AppendOutcome | None) -> None:
        raise RuntimeError("deaf")

    def state(up: bool) -> None:
        raise RuntimeError("deaf")

    writing.writer._on_state = state
    writing.log.documents.available = False
    writing.writer.submit(Append("d", 1, text_update("a"), (), NOON), deaf)
    await turn()
    writing.log.documents.available = True
    writing.submit(text_update("b"), "b")
    assert await writing.writer.drain(5)
    assert writing.outcomes["b"] is not None


async def test_unreadable_updates_stay_apart_in_an_outage(writing: Writing) -> None:
    writing.log.documents.available = False
    for number in range(3):
        writing.submit(b"\x01\x01", f"odd {number}")
        await turn()
    writing.log.documents.available = True
    assert await writing.writer.drain(5)
    assert len(writing.outcomes) == 3


async def test_draining_gives_up_in_time(writing: Writing) -> None:
    writing.log.commits.clear()
    writing.submit(text_update("a"), "0")
    assert not await writing.writer.drain(0.05)
    writing.log.commits.set()
    assert await writing.writer.drain(5)


async def test_after_a_commit_the_next_batch_gathers_for_a_moment() -> None:
    documents = MemoryDocuments()
    log = GatedLog(documents)
    store = MemoryDocumentStore(documents, now=lambda: NOON)
    store.create("d", None)
    over = asyncio.Event()
    asked: list[float] = []

    async def gather(seconds: float) -> None:
        asked.append(seconds)
        await over.wait()

    writer = LogWriter(log, on_state=lambda up: None, sleep=gather, gather_s=0.05)
    writing = Writing(log, writer, store)
    running = asyncio.create_task(writer.run())
    writing.submit(text_update("a"), "first")
    await until_async(lambda: "first" in writing.outcomes)
    assert await writer.drain(5), "what is saved is no longer waited for"
    for number in range(20):
        writing.submit(text_update("x"), str(number))
        await turn()
    assert writer.commits == 1
    over.set()
    assert await writer.drain(5)
    assert writer.commits == 2
    assert asked[0] == 0.05
    running.cancel()
