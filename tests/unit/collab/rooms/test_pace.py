"""How many edits a flush may take: as many as the budget has time for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collab.rooms.pace import BUDGET_S, OVERHEAD_S, Pace

MOST = 2_000


@given(cost=st.floats(1e-7, 0.5), first=st.integers(1, MOST))
def test_under_load_only_the_first_flush_exceeds_the_budget_or_one_edit(
    cost: float, first: int
) -> None:
    pace = Pace(first, MOST)
    for number in range(20):
        took = pace.allowed * cost
        assert not number or took <= max(BUDGET_S, cost) + 2 * OVERHEAD_S
        pace.learn(pace.allowed, took)


@given(
    cost=st.floats(1e-3, 0.5),
    waiting=st.lists(st.integers(1, MOST), min_size=2, max_size=30),
)
def test_what_one_dear_edit_took_bounds_the_next_thousand(
    cost: float, waiting: list[int]
) -> None:
    pace = Pace(200, MOST)
    pace.learn(1, cost)
    for edits in waiting:
        count = min(edits, pace.allowed)
        assert count * cost <= max(2 * BUDGET_S, cost)
        pace.learn(count, count * cost)


def test_dear_edits_shrink_a_flush_at_once() -> None:
    pace = Pace(200, MOST)
    pace.learn(200, 40 * BUDGET_S + OVERHEAD_S)
    assert pace.allowed in (4, 5)


def test_cheap_edits_let_it_grow_again() -> None:
    pace = Pace(5, MOST)
    for _ in range(12):
        pace.learn(pace.allowed, 0.0)
    assert pace.allowed == MOST


def test_a_single_cheap_edit_does_not_shrink_what_a_flush_may_take() -> None:
    pace = Pace(MOST, MOST)
    pace.learn(1, OVERHEAD_S)
    assert pace.allowed == MOST


@given(st.lists(st.tuples(st.integers(1, MOST), st.floats(0, 10)), max_size=50))
def test_it_never_stops_and_never_exceeds_its_most(
    learned: list[tuple[int, float]],
) -> None:
    pace = Pace(200, MOST)
    for count, seconds in learned:
        before = pace.allowed
        pace.learn(count, seconds)
        assert 1 <= pace.allowed <= MOST
        assert pace.allowed <= max(before, 2 * count)
