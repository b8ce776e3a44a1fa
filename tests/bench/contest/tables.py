"""The tables of the contest, for a terminal and for docs/performance.md alike."""

from __future__ import annotations

from typing import Any

from tests.bench.contest.scenarios import SCENARIOS, Column
from tests.bench.record import told_when

LOAD_IS_BUSY = 90


def tables(recorded: dict[str, Any], charts: dict[str, str] | None = None) -> str:
    """All scenarios that were recorded. `charts`: scenario → address of its picture."""
    parts = []
    how = None
    for name in (name for name in SCENARIOS if name in recorded):
        one = recorded[name]
        if one["how"] != how:
            how = one["how"]
            parts.append(told_how(how))
        when = told_when(one.get("measured"))
        parts.append("\n\n".join(filter(None, (f"### {one['title']}", when))))
        parts.append(table(name, one))
        if charts and name in charts:
            parts.append(f"![{one['title']}]({charts[name]})")
    return "\n\n".join(parts) or "No run is recorded yet."


def told_how(how: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in how["versions"].items())
    return (
        f"Machine: {how['machine']}. Versions: {versions}. "
        f"Medians of {how['rounds']} rounds, {how['seconds']:g} s for each run."
    )


def table(name: str, recorded: dict[str, Any]) -> str:
    scenario = SCENARIOS[name]
    lines = [
        "| server | " + " | ".join(c.heading for c in scenario.columns) + " |",
        "|---|" + "---|" * len(scenario.columns),
    ]
    notes = [scenario.note] if scenario.note else []
    for server, found in recorded["servers"].items():
        row = found["medians"]
        if "fault" in row:
            cells = ["–"] * len(scenario.columns)
            notes.append(f"{server} failed: {row['fault']}.")
        else:
            cells = [_cell(column, row.get(column.key)) for column in scenario.columns]
        if row.get("load_cpu", 0) > LOAD_IS_BUSY:
            notes.append(
                f"{server}: **the load's core was full**, so the server may hold more."
            )
        lines.append(f"| {server} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "".join(f"\n\n{note}" for note in notes)


def _cell(column: Column, value: float | None) -> str:
    return "–" if value is None else f"{value:,.{column.decimals}f}"
