"""What was promised of the rooms, and whether the record keeps it.

A goal is a figure of ours against one of Hocuspocus with its SQLite extension in the
same run, or against a bound. Must never call a goal met that was not measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

OURS, OURS_SLOW = "Duthao, uvicorn", "Duthao, daphne"
THEIRS = "Hocuspocus with SQLite"
_NAMES = {OURS: "uvicorn", OURS_SLOW: "daphne"}

Recorded = dict[str, Any]
Medians = Callable[[str, str, str], float | None]
"""The figure of a scenario, a server and a column."""


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    goal: str
    measured: str
    is_met: bool | None
    """None: it was not measured."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """Ours divided by theirs, at least or at most so much."""

    what: str
    scenario: str
    key: str
    least: float | None = None
    most: float | None = None
    server: str = OURS

    def row(self, figure: Medians) -> Row:
        ours = figure(self.scenario, self.server, self.key)
        theirs = figure(self.scenario, THEIRS, self.key)
        bound = f"≥ {self.least:g} ×" if self.most is None else f"≤ {self.most:g} ×"
        ratio = ours / theirs if ours is not None and theirs else None
        return Row(
            f"{self.what} ({_NAMES[self.server]})",
            f"{bound} Hocuspocus",
            "–" if ratio is None else f"{ratio:.2f} ×",
            None if ratio is None else _within(ratio, self.least, self.most),
        )


RATIOS = (
    Ratio("50 people, 5 writing: delivered/s", "busy", "delivered_per_s", 5),
    Ratio(
        "50 people, 5 writing: delivered/s", "busy", "delivered_per_s", 2,
        server=OURS_SLOW,
    ),
    Ratio("50 people, 5 writing, at a quiet rate: p50", "quiet", "p50", most=1),
    Ratio("50 people, 5 writing, at a quiet rate: p99", "quiet", "p99", most=1),
    Ratio("200 people, 50 writing: delivered/s", "crowd", "delivered_per_s", 5),
    Ratio("10 people, all writing: delivered/s", "all", "delivered_per_s", 5),
    Ratio("500 rooms: p99", "rooms", "p99", most=0.5),
    Ratio("500 rooms: processor time of a delivery", "rooms", "cpu_us", most=1),
    Ratio("500 rooms: delivered/s", "most-rooms", "delivered_per_s", 2),
    Ratio(
        "500 rooms: delivered/s", "most-rooms", "delivered_per_s", 1, server=OURS_SLOW
    ),
    Ratio("memory of an idle connection", "memory", "connection_kib", most=1),
    Ratio("memory of a small room", "memory", "room_kib", most=1),
    Ratio("260,000 edits: first opener", "long", "first_ms", most=0.2),
)  # fmt: skip

MOST_BESIDE_MS = 20
FULL = "100 pages, 500 threads, 2,000 suggestions"
BOUNDS: tuple[tuple[str, str, float | None, float | None], ...] = (
    ("append", "append and commit, SQLite", 20_000, None),
    ("append", "append and commit, PostgreSQL", 20_000, None),
    ("paint", "100 pages, 10 others typing: input to paint, p95", None, 50),
    *(
        ("paint", f"{FULL}{beside}, 10 others typing: input to paint, p95", None, 50)
        for beside in ("", ", comments open", ", suggestions open")
    ),
    ("paint", f"{FULL}: open and ready to write", None, 3000),
)
"""Part of the server by itself, its measure, at least, at most."""


def rows(recorded: Recorded) -> list[Row]:
    """`recorded`: all of docs/performance.json."""

    def figure(scenario: str, server: str, key: str) -> float | None:
        one = recorded.get("contest", {}).get(scenario, {}).get("servers", {})
        value: float | None = one.get(server, {}).get("medians", {}).get(key)
        return value

    return [
        *(ratio.row(figure) for ratio in RATIOS),
        *_of_the_long_text(figure),
        *(_bound(recorded, *bound) for bound in BOUNDS),
    ]


def _of_the_long_text(figure: Medians) -> Iterable[Row]:
    first, second = (figure("long", OURS, key) for key in ("first_ms", "second_ms"))
    part = second / first if first and second is not None else None
    yield Row(
        "260,000 edits: second opener (uvicorn)",
        "under half of the first",
        "–" if part is None else f"{part:.2f} ×",
        None if part is None else part < 0.5,
    )
    before = figure("long", OURS, "before_p99")
    worst = figure("long", OURS, "during_worst")
    more = worst - before if worst is not None and before is not None else None
    yield Row(
        "that opening: delay of another room's frame (uvicorn)",
        f"≤ {MOST_BESIDE_MS} ms",
        "–" if more is None else f"{max(0, more):.1f} ms",
        None if more is None else more <= MOST_BESIDE_MS,
    )


def _bound(
    recorded: Recorded, part: str, measure: str, least: float | None, most: float | None
) -> Row:
    found = recorded.get("figures", {}).get(part, {}).get("figures", [])
    by_name = _with_their_first(found)
    value, unit = by_name.get(measure, (None, ""))
    goal = f"≥ {least:,.0f}/s" if least is not None else f"< {most:g} ms"
    return Row(
        measure,
        goal,
        "–" if value is None else f"{value:,.1f} {unit}",
        None if value is None else _within(value, least, most),
    )


def _with_their_first(found: list[Any]) -> dict[str, tuple[float, str]]:
    """Measures by name; one called "the same, p95" by that of the first before it."""
    by_name: dict[str, tuple[float, str]] = {}
    first = ""
    for name, value, unit in found:
        if name.startswith("the same, "):
            name = f"{first}, {name.removeprefix('the same, ')}"
        else:
            first = name.rsplit(", ", 1)[0]
        by_name[name] = (value, unit)
    return by_name


def _within(value: float, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def table(recorded: Recorded) -> str:
    said = {True: "yes", False: "**no**", None: "not measured"}
    return "\n".join(
        [
            "| goal | bound | measured | met |",
            "|---|---|---|---|",
            *(
                f"| {row.what} | {row.goal} | {row.measured} | {said[row.is_met]} |"
                for row in rows(recorded)
            ),
        ]
    )
