"""UpdateLog and DocumentStore: one contract for memory, SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from storage.ports import (
    Append,
    DocumentAbsent,
    DocumentExists,
    HistoryEntry,
    LogUnavailable,
    Proposal,
    Refusal,
    StoredUpdate,
    UpdateLog,
)
from tests.support.log_steps import (
    ABSENT,
    DRAFT,
    OTHER,
    append,
    fill,
    load,
    stored,
    text,
)
from tests.support.log_worlds import MOMENT, LogWorld
from tests.support.wait import until_async


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


async def test_the_heads_of_several_are_told_at_once(
    world: LogWorld, log: UpdateLog
) -> None:
    await log.append_many([append(text(1)), append(text(2)), append(text(1), OTHER)])
    heads = await world.sync(lambda: world.store.heads([DRAFT, OTHER, ABSENT]))
    assert heads == {
        DRAFT: await log.head(DRAFT),
        OTHER: await log.head(OTHER),
    }
    assert (heads[DRAFT].last_seq, heads[OTHER].last_seq) == (2, 1)
    assert await world.sync(lambda: world.store.heads([])) == {}


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


async def test_odd_names_and_exact_times_come_back_unchanged(world: LogWorld) -> None:
    """Whatever stands for the rows on their way to the database."""
    name, author = (
        "'); \\ \"{}%s\u2028 Điều\u00a01 \U0001f600",
        'o\'brien, "\\x41" {NULL}',
    )
    hanoi = timezone(timedelta(hours=7))
    moments = [
        datetime(2026, 11, 22, 23, 59, 59, 999_999, tzinfo=hanoi),
        datetime(2026, 11, 23, 0, 0, 0, 1, tzinfo=UTC),
    ]
    await world.sync(lambda: world.store.create(name, None))
    appends = [Append(name, 1, b"x", (author, ""), at) for at in moments]
    await world.open().append_many([*appends, append(b"y")])
    kept = await world.sync(lambda: world.store.history(name))
    assert [(e.authors, e.at) for e in kept] == [((author, ""), m) for m in moments]


async def test_a_batch_names_many_documents(world: LogWorld) -> None:
    names = [f"01930000-0000-7000-8000-{n:012d}" for n in range(1001)]

    def create() -> None:
        for name in names:
            world.store.create(name, None)

    await world.sync(lambda: world.atomically(create))
    outcomes = await world.open().append_many([append(b"x", name) for name in names])
    assert {o.seq for o in outcomes} == {1}


async def test_a_freeze_that_is_not_yet_committed_is_waited_for(
    world: LogWorld, log: UpdateLog
) -> None:
    """An append that meets a freezing transaction is stored before it or refused."""
    frozen, commit = threading.Event(), threading.Event()

    def issue() -> None:
        world.store.set_frozen(DRAFT, frozen=True)
        frozen.set()
        assert commit.wait(30)

    issuing = asyncio.ensure_future(world.sync(lambda: world.atomically(issue)))
    await until_async(frozen.is_set)
    appending = asyncio.ensure_future(log.append_many([append(text(1))]))
    await asyncio.sleep(0)
    commit.set()
    await issuing
    (outcome,) = await appending
    assert outcome.refusal is Refusal.FROZEN
    assert (await load(log)).head.last_seq == 0
