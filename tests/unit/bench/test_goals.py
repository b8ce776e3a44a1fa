"""Goals are judged by the record, and by nothing else."""

from __future__ import annotations

from typing import Any

from tests.bench.contest.goals import OURS, OURS_SLOW, THEIRS, Row, rows, table


def recorded(**contest: Any) -> dict[str, Any]:
    return {
        "contest": {
            name: {"servers": {who: {"medians": m} for who, m in servers.items()}}
            for name, servers in contest.items()
        }
    }


def found(record: dict[str, Any], what: str) -> Row:
    (row,) = [row for row in rows(record) if row.what == what]
    return row


def test_nothing_that_was_not_measured_is_met() -> None:
    assert {row.is_met for row in rows({})} == {None}
    assert "yes" not in table({})


def test_a_ratio_is_met_from_its_bound_on() -> None:
    theirs = {"delivered_per_s": 100.0}
    what = "50 people, 5 writing: delivered/s"
    record = recorded(
        busy={
            OURS: {"delivered_per_s": 499.0},
            OURS_SLOW: {"delivered_per_s": 200.0},
            THEIRS: theirs,
        }
    )
    assert found(record, f"{what} (uvicorn)").is_met is False
    assert found(record, f"{what} (uvicorn)").measured == "4.99 ×"
    assert found(record, f"{what} (daphne)").is_met is True


def test_a_run_that_failed_meets_no_goal() -> None:
    record = recorded(busy={OURS: {"delivered_per_s": 1.0}, THEIRS: {"fault": "x"}})
    assert found(record, "50 people, 5 writing: delivered/s (uvicorn)").is_met is None


def test_an_opening_may_delay_others_by_no_more_than_the_bound() -> None:
    what = "that opening: delay of another room's frame (uvicorn)"
    late = recorded(long={OURS: {"before_p99": 2.0, "during_worst": 23.0}})
    early = recorded(long={OURS: {"before_p99": 4.0, "during_worst": 3.0}})
    assert found(late, what).is_met is False
    assert found(early, what).measured == "0.0 ms"


def test_figures_of_the_server_by_itself_are_found_by_their_name() -> None:
    figures = [
        ["100 pages: input to paint, p50", 10.0, "ms"],
        ["the same, p95", 70.0, "ms"],
        ["processor time from key to key: script", 6.0, "ms"],
        ["100 pages, 10 others typing: input to paint, p50", 20.0, "ms"],
        ["the same, p95", 49.0, "ms"],
    ]
    record = {"figures": {"paint": {"figures": figures}}}
    row = found(record, "100 pages, 10 others typing: input to paint, p95")
    assert (row.measured, row.is_met) == ("49.0 ms", True)
