"""The climb of the contest, with servers that are functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from tests.bench.contest.ladder import NEAR, climb, holds, try_level

Found = dict[str, Any]


def ran(rate: float, *, p99: float = 20.0, missing: int = 0, fault: str = "") -> Found:
    return {
        "p99": p99,
        "missing": missing,
        "fault": fault,
        "delivered_per_s": rate * 49,
        "load_cpu": 10.0,
    }


def holds_up_to(limit: float) -> Callable[[float], Found]:
    return lambda rate: ran(rate, p99=100.0 if rate <= limit else 900.0)


def one_after_the_other(*runs: Found) -> Callable[[float], Found]:
    left = list(runs)
    return lambda rate: left.pop(0)


GOOD, BAD = ran(1.0), ran(1.0, p99=900.0)


@pytest.mark.parametrize("limit", [1_000, 1_234, 5_000, 80_000])
def test_climb_ends_near_the_most_that_is_held(limit: float) -> None:
    found = climb(holds_up_to(limit), 1_000)

    assert limit / NEAR <= found["delivered_per_s"] / 49 <= limit


@pytest.mark.parametrize("limit", [60, 900, 1_000, 1_234, 1_900])
def test_climb_from_a_known_end_finds_it_in_few_runs(limit: float) -> None:
    runs = 0

    def run(rate: float) -> Found:
        nonlocal runs
        runs += 1
        return holds_up_to(limit)(rate)

    found = climb(run, 1_000, is_known=True)

    assert limit / NEAR <= found["delivered_per_s"] / 49 <= limit
    assert runs <= 6 or limit < 500


def test_climb_goes_down_when_the_first_level_is_too_much() -> None:
    found = climb(holds_up_to(70), 1_000)

    assert 70 / NEAR <= found["delivered_per_s"] / 49 <= 70


def test_climb_tells_why_when_no_level_holds() -> None:
    found = climb(lambda rate: ran(rate, fault="a connection was lost"), 1_000)

    assert found["fault"] == "a connection was lost"
    assert not holds(found)


def test_one_hiccup_does_not_end_the_climb() -> None:
    hiccups = {2: True}
    number = 0

    def run(rate: float) -> Found:
        nonlocal number
        number += 1
        return BAD if hiccups.pop(number, False) else holds_up_to(50_000)(rate)

    assert climb(run, 1_000)["delivered_per_s"] / 49 >= 50_000 / NEAR


def test_a_level_that_was_lost_for_a_while_is_tried_again() -> None:
    lost = 0

    def run(rate: float) -> Found:
        # The machine is busy with something else for a few runs.
        nonlocal lost
        if rate > 8_000 and lost < 4:
            lost += 1
            return ran(rate, p99=900.0)
        return ran(rate, p99=10.0 if rate <= 40_000 else 900.0)

    assert climb(run, 1_000)["delivered_per_s"] / 49 >= 40_000 / NEAR


@pytest.mark.parametrize(
    ("runs", "is_held"),
    [
        ((GOOD,), True),
        ((BAD, BAD), False),
        ((BAD, GOOD, GOOD), True),
        ((BAD, GOOD, BAD), False),
    ],
)
def test_level_is_held_at_once_or_in_two_of_three(
    runs: tuple[Found, ...], is_held: bool
) -> None:
    assert holds(try_level(one_after_the_other(*runs), 1.0)) is is_held


def test_a_level_at_which_a_server_collapses_is_not_tried_again() -> None:
    collapsed = {**ran(1.0, missing=200), "wanted": 1_000}
    one_missing = {**ran(1.0, missing=1), "wanted": 1_000}
    assert try_level(one_after_the_other(collapsed), 1.0) is collapsed
    assert holds(try_level(one_after_the_other(one_missing, GOOD, GOOD), 1.0))


@pytest.mark.parametrize(
    "found",
    [
        ran(1.0, p99=250.0),
        ran(1.0, p99=math.inf),
        ran(1.0, missing=1),
        ran(1.0, fault="one who was there holds 7 of 8 characters"),
    ],
)
def test_level_does_not_hold_when_anything_is_late_or_lost(found: Found) -> None:
    assert not holds(found)


def test_busy_load_of_the_lost_level_is_told() -> None:
    def run(rate: float) -> Found:
        return {**holds_up_to(5_000)(rate), "load_cpu": 97.0 if rate > 5_000 else 60.0}

    assert climb(run, 1_000)["load_cpu"] == 97.0
