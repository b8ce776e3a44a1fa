"""What was measured last, in docs/performance.json, and its tables in performance.md.

The JSON file is the record: the tables and charts are drawn from it, and a quick run is
judged by it. A run replaces only the parts that it measured, each with the machine it
ran on. Must never hold a figure that no run printed.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

DOCS = Path(__file__).resolve().parents[2] / "docs"
FILE = DOCS / "performance.json"
PAGE = DOCS / "performance.md"


def machine() -> str:
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"{psutil.virtual_memory().total / 2**30:.0f} GiB, "
        f"Python {platform.python_version()}, pycrdt {version('pycrdt')}"
    )


def measured_now() -> dict[str, str]:
    """The day, and the code that is measured: a figure outlives both."""
    head = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=DOCS,
        capture_output=True,
        text=True,
        check=False,
    )
    return {"day": datetime.now(UTC).date().isoformat(), "code": head.stdout.strip()}


def told_when(measured: dict[str, str] | None) -> str:
    """A sentence; empty when that was not recorded."""
    if not measured:
        return ""
    code = f", with the code of {measured['code']}" if measured["code"] else ""
    return f"Measured on {measured['day']}{code}."


def load(file: Path = FILE) -> dict[str, Any]:
    """Everything recorded; empty before the first run."""
    recorded: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return recorded


def save(recorded: dict[str, Any], file: Path = FILE) -> None:
    file.write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n")


def put_between(page: str, name: str, text: str) -> str:
    """`page` with `text` between its markers of that name."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    if page.count(begin) != 1 or page.count(end) != 1:
        raise ValueError(f"the page has no place marked {name!r}")
    before, rest = page.split(begin)
    if end not in rest:
        raise ValueError(f"the end of {name!r} comes before its beginning")
    return f"{before}{begin}\n\n{text.strip()}\n\n{end}{rest.split(end)[1]}"


def write_page(name: str, text: str, page: Path = PAGE) -> None:
    page.write_text(put_between(page.read_text(), name, text))
