"""The whole past of a document, and the updates that the application appends."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from storage.ports import AppendRefused, LogDamaged, PastUpdate, Refusal, UpdateLog
from storage.update_log import past, writing
from storage.update_log.models import HistoryChunk, UpdateRow
from tests.support.log_steps import ABSENT, AUTHORS, DRAFT, append, fill, load, text
from tests.support.log_worlds import MOMENT, DjangoWorld, LogWorld


async def walked(
    world: LogWorld, after: int = 0, up_to: int | None = None
) -> list[PastUpdate]:
    return await world.sync(
        lambda: list(world.store.walk(DRAFT, after_seq=after, up_to_seq=up_to))
    )


async def test_the_walk_reaches_the_first_day_over_every_epoch(
    world: LogWorld, log: UpdateLog
) -> None:
    await fill(log, 3)
    await world.sync(lambda: world.store.start_epoch(DRAFT, b"whole", author="phi"))
    await fill(log, 2, first=5, epoch=2)
    found = await walked(world)
    assert [(p.seq, p.epoch, p.update) for p in found] == [
        (1, 1, text(1)),
        (2, 1, text(2)),
        (3, 1, text(3)),
        (4, 2, b"whole"),
        (5, 2, text(5)),
        (6, 2, text(6)),
    ]
    assert found[0] == PastUpdate(1, 1, text(1), AUTHORS, MOMENT)
    assert found[3].authors == ("phi",)


async def test_the_walk_is_the_same_after_a_compaction(
    world: LogWorld, log: UpdateLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "CHUNK_UPDATES", 2)
    monkeypatch.setattr(past, "_ROWS", 2)
    await fill(log, 5)
    await world.sync(lambda: world.store.start_epoch(DRAFT, b"whole"))
    await fill(log, 4, first=7, epoch=2)
    before = await walked(world)
    assert await log.compact(DRAFT, epoch=2, snapshot=b"S8", up_to_seq=8)
    assert await walked(world) == before
    assert [p.seq for p in before] == list(range(1, 11))
    for after in range(11):
        for up_to in range(after, 11):
            found = await walked(world, after, up_to)
            assert [p.seq for p in found] == list(range(after + 1, up_to + 1))


async def test_rooms_read_the_same_past_a_piece_at_a_time(
    world: LogWorld, log: UpdateLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "CHUNK_UPDATES", 2)
    monkeypatch.setattr(past, "_ROWS", 2)
    await fill(log, 5)
    await world.sync(lambda: world.store.start_epoch(DRAFT, b"whole"))
    await fill(log, 4, first=7, epoch=2)
    assert await log.compact(DRAFT, epoch=2, snapshot=b"S8", up_to_seq=8)
    found: list[PastUpdate] = []
    while piece := await log.past(DRAFT, len(found)):
        found += piece
    assert found == await walked(world)
    assert [p.seq for p in found] == list(range(1, 11))


async def test_an_absent_document_has_no_past(world: LogWorld, log: UpdateLog) -> None:
    assert await world.sync(lambda: list(world.store.walk(ABSENT))) == []
    assert await log.past(ABSENT, 0) == ()


async def test_an_update_of_the_application_takes_the_next_place(
    world: LogWorld, log: UpdateLog
) -> None:
    await fill(log, 2)
    seq = await world.sync(
        lambda: world.store.append(DRAFT, b"restored", epoch=1, author="tuyet")
    )
    assert seq == 3
    (last,) = await walked(world, 2)
    assert last == PastUpdate(3, 1, b"restored", ("tuyet",), MOMENT)
    assert [u.update for u in (await load(log)).updates][-1] == b"restored"
    (outcome,) = await log.append_many([append(text(4))])
    assert outcome.seq == 4


async def test_a_document_that_stands_still_takes_no_update_of_the_application(
    world: LogWorld, log: UpdateLog
) -> None:
    def refusal(epoch: int, document: str = DRAFT) -> Callable[[], Refusal]:
        def tell() -> Refusal:
            with pytest.raises(AppendRefused) as refused:
                world.store.append(document, b"late", epoch=epoch, author="phi")
            return refused.value.refusal

        return tell

    assert await world.sync(refusal(2)) is Refusal.WRONG_EPOCH
    assert await world.sync(refusal(1, ABSENT)) is Refusal.ABSENT
    await world.sync(lambda: world.store.set_frozen(DRAFT, frozen=True))
    assert await world.sync(refusal(1)) is Refusal.FROZEN
    assert await walked(world) == []


async def test_a_missing_piece_of_the_past_is_damage(
    database_world: DjangoWorld,
) -> None:
    world = database_world
    await world.sync(lambda: world.store.create(DRAFT, None))
    log = world.open()
    await fill(log, 6)
    assert await log.compact(DRAFT, epoch=1, snapshot=b"S3", up_to_seq=3)
    rows = UpdateRow.objects.using(DjangoWorld.alias)
    await world.sync(lambda: rows.filter(seq=5).delete())
    assert len(await walked(world, 0, 3)) == 3
    with pytest.raises(LogDamaged, match="gap"):
        await walked(world)
    await world.sync(lambda: HistoryChunk.objects.using(DjangoWorld.alias).delete())
    with pytest.raises(LogDamaged, match="missing"):
        await walked(world)


async def test_an_unreadable_chunk_is_damage(database_world: DjangoWorld) -> None:
    world = database_world
    await world.sync(lambda: world.store.create(DRAFT, None))
    log = world.open()
    await fill(log, 3)
    assert await log.compact(DRAFT, epoch=1, snapshot=b"S3", up_to_seq=3)
    chunks = HistoryChunk.objects.using(DjangoWorld.alias)
    await world.sync(lambda: chunks.update(payload=b"not a chunk"))
    with pytest.raises(LogDamaged, match="cannot be read"):
        await walked(world)
