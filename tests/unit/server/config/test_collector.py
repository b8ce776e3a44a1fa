"""Nobody who types waits until all objects of the process have been looked at."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest

from server.config.collector import Collector, is_due


class Cycle:
    def __init__(self) -> None:
        self.itself = self


class Times:
    """A process that computes for `busy` of each second."""

    def __init__(self) -> None:
        self.now = self.computed = 0.0

    def pass_by(self, seconds: float, busy: float) -> None:
        self.now += seconds
        self.computed += seconds * busy


@pytest.fixture
def times() -> Times:
    return Times()


@pytest.fixture
def collector(times: Times) -> Collector:
    gc.collect()  # what other tests left
    return Collector(computed_s=lambda: times.computed, monotonic=lambda: times.now)


def outlive_youth() -> weakref.ref[Cycle]:
    """A cycle that nobody holds any more, in the oldest generation."""
    cycle = Cycle()
    gc.collect(0)
    gc.collect(1)
    gc.collect(1)
    gone = weakref.ref(cycle)
    del cycle
    return gone


def test_nothing_is_collected_while_the_process_is_busy(
    collector: Collector, times: Times
) -> None:
    gone = outlive_youth()
    times.pass_by(50, busy=0.9)
    assert not collector.look()
    assert gone() is not None


def test_a_quiet_second_collects_what_nobody_holds(
    collector: Collector, times: Times
) -> None:
    gone = outlive_youth()
    times.pass_by(60, busy=0.01)
    assert collector.look()
    assert gone() is None


def test_when_nothing_came_a_quiet_second_costs_nothing(
    collector: Collector, times: Times
) -> None:
    gc.collect()
    times.pass_by(60, busy=0.01)
    assert not collector.look()


def test_quiet_seconds_do_not_collect_one_after_the_other() -> None:
    assert not is_due(3, since_s=1, busy=0.0)
    assert is_due(3, since_s=10, busy=0.0)


def test_much_garbage_is_collected_however_busy_it_is() -> None:
    assert not is_due(9, since_s=50, busy=1.0)
    assert is_due(10, since_s=0, busy=1.0)
    assert is_due(1, since_s=60, busy=1.0)


def test_the_process_is_left_as_it_was_found() -> None:
    before = gc.get_threshold()

    async def serve() -> tuple[tuple[int, int, int], int]:
        collector = Collector()
        collector.start()
        collector.start()
        try:
            return gc.get_threshold(), gc.get_freeze_count()
        finally:
            collector.stop()
            collector.stop()

    threshold, frozen = asyncio.run(serve())
    assert threshold != before
    assert frozen > 1_000
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_python_begins_no_full_collection_of_its_own() -> None:
    async def serve() -> int:
        collector = Collector()
        collector.start()
        try:
            full = gc.get_stats()[2]["collections"]
            kept = [[number] for number in range(2_000_000)]
            assert len(kept) == 2_000_000
            return int(gc.get_stats()[2]["collections"]) - full
        finally:
            collector.stop()

    assert asyncio.run(serve()) == 0
