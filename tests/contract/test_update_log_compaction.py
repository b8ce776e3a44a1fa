"""Compaction, history and epochs: nothing stored is ever lost or mixed up."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from storage.ports import (
    HistoryEntry,
    Refusal,
    StoredUpdate,
    UpdateLog,
)
from tests.support.log_steps import (
    AUTHORS,
    DRAFT,
    append,
    fill,
    load,
    stored,
    text,
)
from tests.support.log_worlds import MOMENT, LogWorld


async def test_compaction_keeps_snapshot_and_tail(log: UpdateLog) -> None:
    await fill(log, 5)
    assert await log.compact(DRAFT, epoch=1, snapshot=b"S3", up_to_seq=3)
    document = await load(log)
    assert document.snapshot == b"S3"
    assert document.snapshot_seq == 3
    assert document.updates == stored(4, 5)
    assert document.head.last_seq == 5


async def test_read_since_finds_compacted_updates(log: UpdateLog) -> None:
    await fill(log, 6)
    await log.compact(DRAFT, epoch=1, snapshot=b"S2", up_to_seq=2)
    await log.compact(DRAFT, epoch=1, snapshot=b"S4", up_to_seq=4)
    for after in range(7):
        expected = stored(*range(after + 1, 7))
        assert await log.read_since(DRAFT, after) == expected


async def test_history_survives_compaction_with_authors_and_times(
    world: LogWorld, log: UpdateLog
) -> None:
    await log.append_many([append(text(n), second=n) for n in (1, 2, 3)])
    before = await world.sync(lambda: world.store.history(DRAFT))
    assert before == tuple(
        HistoryEntry(n, text(n), AUTHORS, MOMENT + timedelta(seconds=n))
        for n in (1, 2, 3)
    )
    await log.compact(DRAFT, epoch=1, snapshot=b"S2", up_to_seq=2)
    assert await world.sync(lambda: world.store.history(DRAFT)) == before
    await log.compact(DRAFT, epoch=1, snapshot=b"S3", up_to_seq=3)
    assert await world.sync(lambda: world.store.history(DRAFT)) == before


async def test_appends_go_on_after_everything_was_compacted(log: UpdateLog) -> None:
    await fill(log, 3)
    await log.compact(DRAFT, epoch=1, snapshot=b"S3", up_to_seq=3)
    assert (await load(log)).updates == ()
    await fill(log, 2, first=4)
    assert (await load(log)).updates == stored(4, 5)


async def test_an_older_or_equal_snapshot_changes_nothing(log: UpdateLog) -> None:
    await fill(log, 5)
    assert await log.compact(DRAFT, epoch=1, snapshot=b"S4", up_to_seq=4)
    assert not await log.compact(DRAFT, epoch=1, snapshot=b"again", up_to_seq=4)
    assert not await log.compact(DRAFT, epoch=1, snapshot=b"older", up_to_seq=2)
    assert (await load(log)).snapshot == b"S4"


async def test_a_snapshot_of_another_epoch_changes_nothing(log: UpdateLog) -> None:
    await fill(log, 2)
    assert not await log.compact(DRAFT, epoch=2, snapshot=b"S", up_to_seq=2)
    assert (await load(log)).updates == stored(1, 2)


async def test_a_snapshot_of_the_future_is_a_mistake(log: UpdateLog) -> None:
    await fill(log, 2)
    with pytest.raises(ValueError, match="never stored"):
        await log.compact(DRAFT, epoch=1, snapshot=b"S", up_to_seq=3)
    assert (await load(log)).snapshot is None


async def test_frozen_document_can_be_compacted(
    world: LogWorld, log: UpdateLog
) -> None:
    await fill(log, 2)
    await world.sync(lambda: world.store.set_frozen(DRAFT, frozen=True))
    assert await log.compact(DRAFT, epoch=1, snapshot=b"S2", up_to_seq=2)
    document = await load(log)
    assert document.snapshot == b"S2"
    assert document.head.frozen


async def test_compaction_races_appends_without_loss(world: LogWorld) -> None:
    """Whatever a reader sees between two steps is whole."""
    await world.sync(lambda: world.store.create(DRAFT, None))
    writer, compactor, reader = world.open(), world.open(), world.open()
    last = 60
    done = asyncio.Event()

    async def write() -> None:
        for number in range(1, last + 1):
            (outcome,) = await writer.append_many([append(text(number))])
            assert outcome.seq == number
        done.set()

    async def compact() -> None:
        while not done.is_set():
            head = await compactor.head(DRAFT)
            assert head is not None
            state = b"S%d" % head.last_seq
            if head.last_seq:
                await compactor.compact(
                    DRAFT, epoch=1, snapshot=state, up_to_seq=head.last_seq
                )
            await asyncio.sleep(0)

    async def read() -> None:
        while not done.is_set():
            document = await load(reader)
            if document.snapshot is not None:
                assert document.snapshot == b"S%d" % document.snapshot_seq
            expected = range(document.snapshot_seq + 1, document.head.last_seq + 1)
            assert [u.seq for u in document.updates] == list(expected)
            since = await reader.read_since(DRAFT, 0)
            assert [u.seq for u in since] == list(range(1, len(since) + 1))
            assert len(since) >= document.head.last_seq
            await asyncio.sleep(0)

    await asyncio.wait_for(asyncio.gather(write(), compact(), read()), 60)
    assert await reader.read_since(DRAFT, 0) == stored(*range(1, last + 1))
    history = await world.sync(lambda: world.store.history(DRAFT))
    assert [e.update for e in history] == [text(n) for n in range(1, last + 1)]


async def test_a_second_compaction_at_once_is_refused_or_newer(
    world: LogWorld, log: UpdateLog
) -> None:
    await fill(log, 40)
    other = world.open()
    results = await asyncio.gather(
        log.compact(DRAFT, epoch=1, snapshot=b"S40", up_to_seq=40),
        other.compact(DRAFT, epoch=1, snapshot=b"S40", up_to_seq=40),
    )
    assert sorted(results) == [False, True]
    assert await log.read_since(DRAFT, 0) == stored(*range(1, 41))


async def test_new_epoch_replaces_content_and_refuses_the_old(
    world: LogWorld, log: UpdateLog
) -> None:
    await fill(log, 3)
    epoch = await world.sync(
        lambda: world.store.start_epoch(DRAFT, b"restored", author="phi")
    )
    assert epoch == 2
    outcomes = await log.append_many([append(b"old tab"), append(text(5), epoch=2)])
    assert [(o.seq, o.refusal) for o in outcomes] == [
        (None, Refusal.WRONG_EPOCH),
        (5, None),
    ]
    document = await load(log)
    assert document.head.epoch == 2
    assert document.snapshot is None
    assert document.snapshot_seq == 3
    assert document.updates == (StoredUpdate(4, b"restored"), StoredUpdate(5, text(5)))


async def test_history_tells_only_the_current_epoch(
    world: LogWorld, log: UpdateLog
) -> None:
    await fill(log, 3)
    await log.compact(DRAFT, epoch=1, snapshot=b"S2", up_to_seq=2)
    await world.sync(lambda: world.store.start_epoch(DRAFT, b"restored", author="phi"))
    await fill(log, 1, first=5, epoch=2)
    history = await world.sync(lambda: world.store.history(DRAFT))
    assert [(e.seq, e.update, e.authors) for e in history] == [
        (4, b"restored", ("phi",)),
        (5, text(5), AUTHORS),
    ]


async def test_a_reader_of_the_former_epoch_never_gets_the_new_content(
    world: LogWorld, log: UpdateLog
) -> None:
    await fill(log, 3)
    await log.compact(DRAFT, epoch=1, snapshot=b"S1", up_to_seq=1)
    await world.sync(lambda: world.store.start_epoch(DRAFT, b"restored"))
    assert await log.read_since(DRAFT, 0, epoch=1) == stored(1, 2, 3)
    assert await log.read_since(DRAFT, 0) == (StoredUpdate(4, b"restored"),)
    assert await log.read_since(DRAFT, 3, epoch=1) == ()


async def test_compaction_after_a_new_epoch(world: LogWorld, log: UpdateLog) -> None:
    await fill(log, 3)
    await world.sync(lambda: world.store.start_epoch(DRAFT, b"restored"))
    await fill(log, 2, first=5, epoch=2)
    assert not await log.compact(DRAFT, epoch=1, snapshot=b"S3", up_to_seq=3)
    assert await log.compact(DRAFT, epoch=2, snapshot=b"S5", up_to_seq=5)
    document = await load(log)
    assert (document.snapshot, document.snapshot_seq) == (b"S5", 5)
    assert document.updates == stored(6)
    history = await world.sync(lambda: world.store.history(DRAFT))
    assert [e.seq for e in history] == [4, 5, 6]
    assert await log.read_since(DRAFT, 0, epoch=1) == stored(1, 2, 3)


async def test_authors_of_every_epoch_are_known_after_compaction(
    world: LogWorld, log: UpdateLog
) -> None:
    await log.append_many([append(text(1), authors=("an",))])
    await log.append_many([append(text(2), authors=("binh", "an"))])
    await log.compact(DRAFT, epoch=1, snapshot=b"S2", up_to_seq=2)
    await world.sync(lambda: world.store.start_epoch(DRAFT, b"S2", author="clerk"))
    await log.append_many([append(text(4), epoch=2, authors=("cuong",))])
    found = await world.sync(lambda: world.store.authors(DRAFT))
    assert found == ("an", "binh", "cuong")


async def test_absent_document_has_no_authors(world: LogWorld, log: UpdateLog) -> None:
    assert await world.sync(lambda: world.store.authors("no-such")) == ()
