"""A log that contradicts itself is refused, not served in part."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from storage.ports import Append, LogDamaged, UpdateLog
from storage.update_log import writing
from storage.update_log.log import DjangoUpdateLog
from storage.update_log.models import HistoryChunk, Snapshot, UpdateRow
from tests.support.log_worlds import (
    MOMENT,
    DjangoWorld,
    database_alias,
    sqlite_config,
)

DRAFT = "01930000-0000-7000-8000-000000000001"


async def compacted(world: DjangoWorld) -> UpdateLog:
    """Ten updates, six of them in history."""
    await world.sync(lambda: world.store.create(DRAFT, None))
    log = world.open()
    await log.append_many(
        [Append(DRAFT, 1, b"%d" % n, (), MOMENT) for n in range(1, 11)]
    )
    assert await log.compact(DRAFT, epoch=1, snapshot=b"S6", up_to_seq=6)
    return log


def _delete(model: type, **which: int) -> Callable[[], object]:
    return lambda: model.objects.using(DjangoWorld.alias).filter(**which).delete()


async def test_missing_update_is_damage(database_world: DjangoWorld) -> None:
    log = await compacted(database_world)
    await database_world.sync(_delete(UpdateRow, seq=8))
    with pytest.raises(LogDamaged, match="missing"):
        await log.load(DRAFT)
    with pytest.raises(LogDamaged, match="gap"):
        await log.read_since(DRAFT, 6)
    with pytest.raises(LogDamaged):
        await database_world.sync(lambda: database_world.store.history(DRAFT))


async def test_missing_snapshot_is_damage(database_world: DjangoWorld) -> None:
    log = await compacted(database_world)
    await database_world.sync(_delete(Snapshot))
    with pytest.raises(LogDamaged):
        await log.load(DRAFT)


async def test_missing_history_is_damage_but_the_content_loads(
    database_world: DjangoWorld,
) -> None:
    log = await compacted(database_world)
    await database_world.sync(_delete(HistoryChunk))
    document = await log.load(DRAFT)
    assert document is not None
    assert document.snapshot == b"S6"
    with pytest.raises(LogDamaged):
        await log.read_since(DRAFT, 0)
    with pytest.raises(LogDamaged, match="missing"):
        await database_world.sync(lambda: database_world.store.history(DRAFT))


async def test_crash_between_snapshot_and_move_loses_nothing(
    database_world: DjangoWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "move_to_history", lambda *_: False)
    log = await compacted(database_world)
    monkeypatch.undo()
    every = [b"%d" % n for n in range(1, 11)]
    assert [u.update for u in await log.read_since(DRAFT, 0)] == every
    # The next compaction moves what the crash left.
    assert await log.compact(DRAFT, epoch=1, snapshot=b"S9", up_to_seq=9)
    left = await database_world.sync(
        lambda: UpdateRow.objects.using(DjangoWorld.alias).count()
    )
    assert left == 1
    assert [u.update for u in await log.read_since(DRAFT, 0)] == every


async def test_long_history_is_moved_in_bounded_chunks(
    database_world: DjangoWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "CHUNK_UPDATES", 4)
    log = await compacted(database_world)
    assert await log.compact(DRAFT, epoch=1, snapshot=b"S10", up_to_seq=10)
    bounds = await database_world.sync(
        lambda: list(
            HistoryChunk.objects.using(DjangoWorld.alias)
            .order_by("first_seq")
            .values_list("first_seq", "last_seq")
        )
    )
    assert bounds == [(1, 4), (5, 6), (7, 10)]
    for after in range(11):
        found = await log.read_since(DRAFT, after)
        assert [u.seq for u in found] == list(range(after + 1, 11))


async def test_only_the_newest_snapshots_are_kept(database_world: DjangoWorld) -> None:
    log = await compacted(database_world)
    for seq in (7, 8, 9):
        assert await log.compact(DRAFT, epoch=1, snapshot=b"S", up_to_seq=seq)
    kept = await database_world.sync(
        lambda: sorted(
            Snapshot.objects.using(DjangoWorld.alias).values_list("seq", flat=True)
        )
    )
    assert kept == [8, 9]


def test_sqlite_without_immediate_transactions_is_refused(tmp_path: Path) -> None:
    config = sqlite_config(tmp_path / "log.sqlite3")
    del config["OPTIONS"]["transaction_mode"]
    with (
        database_alias("deferred", config),
        pytest.raises(ImproperlyConfigured, match="IMMEDIATE"),
    ):
        DjangoUpdateLog("deferred")
