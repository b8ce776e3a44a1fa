"""UpdateLog and DocumentStore: one contract for memory, SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from storage.ports import (
    Append,
    DocumentAbsent,
    DocumentExists,
    HistoryEntry,
    LogUnavailable,
    Proposal,
    Refusal,
    StoredDocument,
    StoredUpdate,
    UpdateLog,
)
from tests.support.log_worlds import MOMENT, LogWorld

DRAFT = "01930000-0000-7000-8000-000000000001"
OTHER = "01930000-0000-7000-8000-000000000002"
ABSENT = "01930000-0000-7000-8000-00000000ffff"
AUTHORS = ("tuyet", "phi")


def append(
    update: bytes, document_id: str = DRAFT, epoch: int = 1, second: int = 0
) -> Append:
    at = MOMENT + timedelta(seconds=second)
    return Append(document_id, epoch, update, AUTHORS, at)


def text(number: int) -> bytes:
    return b"update %d" % number


def stored(*numbers: int) -> tuple[StoredUpdate, ...]:
    return tuple(StoredUpdate(n, text(n)) for n in numbers)


@pytest_asyncio.fixture
async def log(world: LogWorld) -> UpdateLog:
    """A log with two documents that hold nothing yet."""
    await world.sync(lambda: world.store.create(DRAFT, None))
    await world.sync(lambda: world.store.create(OTHER, None))
    return world.open()


async def fill(log: UpdateLog, count: int, *, first: int = 1, epoch: int = 1) -> None:
    """Append `text(first)` … each as its own batch entry."""
    numbers = range(first, first + count)
    outcomes = await log.append_many([append(text(n), epoch=epoch) for n in numbers])
    assert [o.seq for o in outcomes] == list(numbers)


async def load(log: UpdateLog, document_id: str = DRAFT) -> StoredDocument:
    document = await log.load(document_id)
    assert document is not None
    return document


async def test_new_document_is_empty(log: UpdateLog) -> None:
    document = await load(log)
    assert document.head.epoch == 1
    assert document.head.last_seq == 0
    assert not document.head.frozen
    assert document.snapshot is None
    assert document.updates == ()


async def test_initial_update_is_the_first(world: LogWorld) -> None:
    await world.sync(lambda: world.store.create(DRAFT, text(1), author="tuyet"))
    document = await load(world.open())
    assert document.updates == stored(1)
    (entry,) = await world.sync(lambda: world.store.history(DRAFT))
    assert entry == HistoryEntry(1, text(1), ("tuyet",), MOMENT)


async def test_empty_update_is_kept_as_given(log: UpdateLog) -> None:
    (outcome,) = await log.append_many([append(b"")])
    assert outcome.seq == 1
    assert (await load(log)).updates == (StoredUpdate(1, b""),)


async def test_document_is_created_once(world: LogWorld, log: UpdateLog) -> None:
    with pytest.raises(DocumentExists):
        await world.sync(lambda: world.store.create(DRAFT, text(1)))
    assert (await load(log)).updates == ()


async def test_absent_document_is_none_everywhere(
    world: LogWorld, log: UpdateLog
) -> None:
    assert await log.load(ABSENT) is None
    assert await log.head(ABSENT) is None
    assert await log.read_since(ABSENT, 0) == ()
    assert not await log.compact(ABSENT, epoch=1, snapshot=b"S", up_to_seq=1)
    assert await world.sync(lambda: world.store.load(ABSENT)) is None
    assert await world.sync(lambda: world.store.history(ABSENT)) == ()


async def test_store_refuses_to_change_an_absent_document(world: LogWorld) -> None:
    with pytest.raises(DocumentAbsent):
        await world.sync(lambda: world.store.set_frozen(ABSENT, frozen=True))
    with pytest.raises(DocumentAbsent):
        await world.sync(lambda: world.store.start_epoch(ABSENT, b"S"))


async def test_appended_updates_are_read_by_another_process(
    world: LogWorld, log: UpdateLog
) -> None:
    await fill(log, 3)
    await log.close()
    document = await load(world.open())
    assert document.updates == stored(1, 2, 3)
    assert document.head.last_seq == 3
    assert await world.sync(lambda: world.store.load(DRAFT)) == document


async def test_outcomes_come_in_the_order_of_the_batch(log: UpdateLog) -> None:
    outcomes = await log.append_many(
        [
            append(b"a", OTHER),
            append(b"b", DRAFT),
            append(b"c", ABSENT),
            append(b"d", OTHER),
        ]
    )
    assert [(o.document_id, o.seq) for o in outcomes] == [
        (OTHER, 1),
        (DRAFT, 1),
        (ABSENT, None),
        (OTHER, 2),
    ]


async def test_empty_batch_is_no_work(log: UpdateLog) -> None:
    assert await log.append_many([]) == []


async def test_a_refused_update_does_not_hold_back_the_others(
    world: LogWorld, log: UpdateLog
) -> None:
    await world.sync(lambda: world.store.set_frozen(OTHER, frozen=True))
    outcomes = await log.append_many(
        [
            append(text(1)),
            append(b"late", OTHER),
            append(b"lost", ABSENT),
            append(b"old", epoch=7),
            append(text(2)),
        ]
    )
    assert [o.refusal for o in outcomes] == [
        None,
        Refusal.FROZEN,
        Refusal.ABSENT,
        Refusal.WRONG_EPOCH,
        None,
    ]
    assert [o.seq for o in outcomes] == [1, None, None, None, 2]
    assert (await load(log)).updates == stored(1, 2)
    assert (await load(log, OTHER)).updates == ()


async def test_frozen_document_takes_nothing_until_it_is_unfrozen(
    world: LogWorld, log: UpdateLog
) -> None:
    await fill(log, 1)
    await world.sync(lambda: world.store.set_frozen(DRAFT, frozen=True))
    head = await log.head(DRAFT)
    assert head is not None
    assert head.frozen
    (outcome,) = await log.append_many([append(text(2))])
    assert outcome.refusal is Refusal.FROZEN
    await world.sync(lambda: world.store.set_frozen(DRAFT, frozen=False))
    await fill(log, 1, first=2)


async def test_read_since_gives_only_what_is_newer(log: UpdateLog) -> None:
    await fill(log, 5)
    assert await log.read_since(DRAFT, 0) == stored(1, 2, 3, 4, 5)
    assert await log.read_since(DRAFT, 3) == stored(4, 5)
    assert await log.read_since(DRAFT, 5) == ()
    assert await log.read_since(DRAFT, 99) == ()


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


async def test_concurrent_appenders_share_one_gap_free_order(world: LogWorld) -> None:
    await world.sync(lambda: world.store.create(DRAFT, None))
    await world.sync(lambda: world.store.create(OTHER, None))
    logs = [world.open() for _ in range(4)]

    async def write(log: UpdateLog, name: int) -> list[int]:
        seqs: list[int] = []
        for number in range(10):
            update = b"%d:%d" % (name, number)
            # Both orders, so that locking in the order of the batch would deadlock.
            batch = [append(update, DRAFT), append(update, OTHER)]
            outcomes = await log.append_many(batch[:: 1 if name % 2 else -1])
            seqs.extend(o.seq for o in outcomes if o.document_id == DRAFT and o.seq)
        return seqs

    written = await asyncio.wait_for(
        asyncio.gather(*(write(log, n) for n, log in enumerate(logs))), 60
    )
    for seqs in written:
        assert seqs == sorted(seqs)
    assert sorted(s for seqs in written for s in seqs) == list(range(1, 41))
    for document_id in (DRAFT, OTHER):
        updates = (await load(logs[0], document_id)).updates
        assert [u.seq for u in updates] == list(range(1, 41))
        assert len({u.update for u in updates}) == 40


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


async def test_proposals_are_kept_for_their_authors(
    world: LogWorld, log: UpdateLog
) -> None:
    late = Proposal(DRAFT, "tuyet", 1, Refusal.FROZEN, b"late edit", MOMENT)
    later = Proposal(
        DRAFT, "phi", 1, Refusal.WRONG_EPOCH, b"", MOMENT + timedelta(seconds=1)
    )
    await log.keep_proposal(late)
    await log.keep_proposal(later)
    await log.keep_proposal(Proposal(OTHER, "quy", 1, Refusal.FROZEN, b"x", MOMENT))
    assert await world.sync(lambda: world.store.proposals(DRAFT)) == (late, later)
    assert (await load(log)).updates == ()


async def test_log_that_breaks_down_says_so_and_comes_back(
    world: LogWorld, log: UpdateLog
) -> None:
    world.make_impatient()
    await fill(log, 1)
    await asyncio.to_thread(world.break_down)
    with pytest.raises(LogUnavailable):
        await log.append_many([append(text(2))])
    with pytest.raises(LogUnavailable):
        await log.keep_proposal(Proposal(DRAFT, "phi", 1, Refusal.FROZEN, b"", MOMENT))
    await asyncio.to_thread(world.mend)
    await fill(log, 1, first=2)
    assert (await load(log)).updates == stored(1, 2)


async def test_batch_may_be_filled_on_while_it_is_stored(log: UpdateLog) -> None:
    batch = [append(text(1))]
    storing = asyncio.ensure_future(log.append_many(batch))
    await asyncio.sleep(0)
    batch.append(append(text(2)))
    assert len(await storing) == 1
    assert (await load(log)).updates == stored(1)


async def test_large_and_binary_updates_come_back_unchanged(log: UpdateLog) -> None:
    updates = [bytes(range(256)) * 4000, b"\x00\x00", b"\xff" * 1_500_000]
    await log.append_many([append(u) for u in updates])
    assert [u.update for u in (await load(log)).updates] == updates
    await log.compact(DRAFT, epoch=1, snapshot=updates[2], up_to_seq=3)
    assert (await load(log)).snapshot == updates[2]
    assert [u.update for u in await log.read_since(DRAFT, 0)] == updates


async def test_a_batch_names_many_documents(world: LogWorld) -> None:
    names = [f"01930000-0000-7000-8000-{n:012d}" for n in range(1001)]

    def create() -> None:
        for name in names:
            world.store.create(name, None)

    await world.sync(lambda: world.atomically(create))
    outcomes = await world.open().append_many([append(b"x", name) for name in names])
    assert {o.seq for o in outcomes} == {1}
