"""The charts of docs/performance.md: what a table says first, as bars.

Drawn from the record alone, so that they can be drawn again without measuring. Must
never start an axis elsewhere than at zero.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pygal
from pygal.style import Style

from tests.bench.contest.scenarios import SCENARIOS, Column
from tests.bench.record import DOCS

# It hooks itself into every import of the process, for plug-ins that are not used here,
# in a way that Python warns of.
sys.meta_path[:] = [
    one for one in sys.meta_path if not isinstance(one, pygal.PluginImportFixer)
]

FOLDER = DOCS / "performance"
OURS, THEIRS = "#1f6f54", "#8a94a3"

DRAWN: dict[str, str] = {
    "busy": "delivered_per_s",
    "all": "delivered_per_s",
    "crowd": "delivered_per_s",
    "rooms": "cpu_us",
    "most-rooms": "delivered_per_s",
    "memory": "connection_kib",
    "long": "first_ms",
    "saved": "saved_per_s",
}
"""Scenario → the figure that is drawn."""


def draw_all(recorded: dict[str, Any], folder: Path = FOLDER) -> dict[str, str]:
    """Draw what was recorded; scenario → the picture's address as the page has it."""
    folder.mkdir(exist_ok=True)
    drawn = {}
    for name, key in DRAWN.items():
        if name not in recorded:
            continue
        column = next(c for c in SCENARIOS[name].columns if c.key == key)
        values = {
            server: found["medians"][key]
            for server, found in recorded[name]["servers"].items()
            if found["medians"].get(key) is not None
        }
        if values:
            (folder / f"{name}.svg").write_text(
                draw(recorded[name]["title"], column, values)
            )
            drawn[name] = f"{folder.name}/{name}.svg"
    return drawn


def draw(title: str, column: Column, values: dict[str, float]) -> str:
    """An SVG without a script: a bar for each server, ours in another colour."""
    better = "more is better" if column.more_is_better else "less is better"
    chart = pygal.HorizontalBar(
        js=[],
        show_legend=False,
        show_x_guides=False,
        show_y_guides=False,
        show_x_labels=False,
        range=(0, max(values.values()) * 1.1),
        width=800,
        height=70 + 40 * len(values),
        spacing=12,
        margin=14,
        truncate_label=-1,
        disable_xml_declaration=True,
        style=_style(),
    )
    chart.title = f"{title}\n{column.heading} ({better})"
    # The first stands at the bottom.
    order = list(reversed(values))
    chart.x_labels = [
        f"{server}: {values[server]:,.{column.decimals}f}" for server in order
    ]
    chart.add(
        column.heading,
        [
            {
                "value": values[server],
                "color": OURS if server.startswith("Duthao") else THEIRS,
            }
            for server in order
        ],
    )
    return _steady(chart.render(is_unicode=True))


def _style() -> Style:
    return Style(
        background="#ffffff",
        plot_background="#ffffff",
        foreground="#333333",
        foreground_strong="#111111",
        font_family="sans-serif",
        title_font_size=15,
        label_font_size=13,
        major_label_font_size=13,
        value_font_size=13,
        opacity="1",
        opacity_hover="1",
        transition="none",
    )


def _steady(svg: str) -> str:
    """The same figures give the same file: no script, no date, no name by chance."""
    svg = re.sub(r"<script.*?</script>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "drawn", svg) + "\n"
