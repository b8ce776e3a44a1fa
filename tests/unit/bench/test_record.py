"""The record of measurements, and what is made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bench import record
from tests.bench.contest import charts
from tests.bench.contest.rounds import medians
from tests.bench.contest.scenarios import SCENARIOS
from tests.bench.contest.tables import tables

HOW = {"machine": "M", "versions": {"pycrdt": "1"}, "rounds": 3, "seconds": 5}


def recorded(load_cpu: float = 20.0) -> dict[str, Any]:
    row = {"delivered_per_s": 1234.4, "p50": 1.0, "p99": 2.0, "cpu_us": 3.0}
    return {
        "busy": {
            "title": SCENARIOS["busy"].title,
            "how": HOW,
            "servers": {
                "Duthao, uvicorn": {"medians": {**row, "load_cpu": load_cpu}},
                "Hocuspocus with SQLite": {"medians": {"fault": "no answer"}},
            },
        }
    }


def test_table_shows_medians_and_says_who_failed() -> None:
    page = tables(recorded())

    assert "| Duthao, uvicorn | 1,234 | 1.0 | 2.0 | 3.0 | 20 |" in page
    assert "Hocuspocus with SQLite failed: no answer." in page


def test_table_says_when_the_load_was_the_limit() -> None:
    assert "the load's core was full" not in tables(recorded(89.0))
    assert "Duthao, uvicorn: **the load's core was full**" in tables(recorded(95.0))


def test_medians_leave_out_single_failures() -> None:
    assert medians([{"p99": 3}, {"fault": "x"}, {"p99": 5}]) == {"p99": 4}


def test_medians_tell_the_fault_when_half_of_the_runs_failed() -> None:
    assert medians([{"p99": 3}, {"fault": "x"}]) == {"fault": "x"}


def test_page_changes_only_between_its_markers() -> None:
    page = "a\n<!-- t -->\nold\n<!-- end of t -->\nb\n"

    assert record.put_between(page, "t", "new") == (
        "a\n<!-- t -->\n\nnew\n\n<!-- end of t -->\nb\n"
    )


@pytest.mark.parametrize("page", ["", "<!-- t -->", "<!-- end of t --><!-- t -->"])
def test_page_without_markers_is_not_written(page: str) -> None:
    with pytest.raises(ValueError, match="t"):
        record.put_between(page, "t", "new")


def test_tables_of_the_page_are_those_of_the_record() -> None:
    kept, page = record.load(), record.PAGE.read_text()
    drawn = {
        name: f"performance/{name}.svg"
        for name in charts.DRAWN
        if f"](performance/{name}.svg)" in page
    }

    for text in (tables(kept.get("contest", {}), drawn),):
        assert text in page


def test_same_figures_give_the_same_chart(tmp_path: Path) -> None:
    drawn = charts.draw_all(recorded(), tmp_path)
    first = (tmp_path / "busy.svg").read_text()
    charts.draw_all(recorded(), tmp_path)

    assert drawn == {"busy": f"{tmp_path.name}/busy.svg"}
    assert (tmp_path / "busy.svg").read_text() == first
    assert "Duthao, uvicorn: 1,234" in first
    assert "<script" not in first


def test_charts_draw_figures_that_their_tables_hold() -> None:
    for name, key in charts.DRAWN.items():
        assert key in {column.key for column in SCENARIOS[name].columns}
