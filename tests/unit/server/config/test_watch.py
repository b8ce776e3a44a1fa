"""A watch over saved drafts gathers, attends, rests and compares; no fault ends it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest

from server.config import watch as watches
from server.config.watch import RestingWatch, Watch
from tests.support.wait import until_async

MOMENT_S = 0.01


class Looking(Watch):
    name = "what changed"
    gather_s = MOMENT_S

    def __init__(self) -> None:
        super().__init__()
        self.looks: list[set[str]] = []

    async def _look(self, changed: set[str]) -> None:
        self.looks.append(changed)


class Attending(RestingWatch[str]):
    """`untold`: what it finds by comparing. `meanwhile`: what changes while it works.
    `broken`: at what it fails."""

    name = "what is done"
    gather_s = MOMENT_S

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.attended: list[str] = []
        self.looks = 0
        self.untold: list[str] = []
        self.meanwhile: list[str] = []
        self.broken: set[str] = set()

    async def _look(self, changed: set[str]) -> None:
        self.looks += 1
        await super()._look(changed)

    async def _matters_of(self, changed: set[str]) -> Iterable[str]:
        return changed

    def _attend(self, matter: str) -> None:
        self.attended.append(matter)
        while self.meanwhile:
            self.loop.call_soon_threadsafe(self.note, self.meanwhile.pop())
        if matter in self.broken:
            raise ValueError(matter)

    async def _compare(self) -> Iterable[str]:
        return self.untold


@pytest.fixture
async def attending() -> AsyncIterator[Attending]:
    watch = Attending()
    yield watch
    await watch.close()


async def test_drafts_that_change_in_one_moment_are_looked_at_together() -> None:
    watch = Looking()
    for draft in ("a", "b", "a"):
        watch.note(draft)
    await until_async(lambda: watch.looks, what="it looks")
    watch.note("c")
    await until_async(lambda: len(watch.looks) > 1, what="it looks again")
    await watch.close()
    assert watch.looks == [{"a", "b"}, {"c"}]


async def test_what_changes_during_the_work_is_attended_to_once_more(
    attending: Attending, monkeypatch: Any
) -> None:
    monkeypatch.setattr(watches, "_LEAST_REST_S", 0.0)
    attending.meanwhile = ["a"]
    attending.note("a")
    await until_async(lambda: attending.attended == ["a", "a"], what="done again")


async def test_a_matter_rests_after_its_work_and_holds_up_no_other(
    attending: Attending,
) -> None:
    attending.note("a")
    await until_async(lambda: attending.attended, what="the first is done")
    for draft in ("a", "b"):
        attending.note(draft)
    await until_async(lambda: "b" in attending.attended, what="the other is done")
    looks = attending.looks
    await until_async(lambda: attending.looks > looks + 3, what="some looks later")
    assert attending.attended == ["a", "b"]


async def test_a_failure_is_told_and_ends_no_watch(
    attending: Attending, caplog: pytest.LogCaptureFixture
) -> None:
    attending.broken = {"a"}
    attending.note("a")
    await until_async(lambda: attending.attended, what="it fails")
    attending.note("b")
    await until_async(lambda: "b" in attending.attended, what="the next is done")
    told = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.getMessage() for record in told] == [
        "the watch over what is done could not do its work"
    ]


async def test_what_nobody_told_of_is_found_by_comparing(attending: Attending) -> None:
    attending.untold = ["c"]
    attending.start()
    await until_async(lambda: attending.attended == ["c"], what="it is attended to")
