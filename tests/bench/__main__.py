"""The server by itself: speed and memory, printed as a table.

    python -m tests.bench [--write] [PART …]

With --write docs/performance.json and docs/performance.md keep what was found, part by
part. Absolute figures belong to the machine; compare ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.bench import (  # noqa: E402
    measures,
    painting,
    publishing,
    record,
    reviewing,
)
from tests.bench.contest import goals  # noqa: E402
from tests.bench.load.writing import history  # noqa: E402
from tests.bench.measures import Figure  # noqa: E402
from tests.bench.offices import seeded_folder  # noqa: E402
from tests.support.office import run_command  # noqa: E402
from tests.support.servers import PostgresServer  # noqa: E402

SERVERS = ("daphne", "uvicorn")


async def memory(seed: Path) -> list[Figure]:
    return [f for name in SERVERS for f in await measures.memory(seed, name)]


async def delivery(seed: Path) -> list[Figure]:
    return [f for name in SERVERS for f in await measures.delivery(seed, name)]


async def cold_open(seed: Path) -> list[Figure]:
    updates = history(260_000)
    return [
        f for name in SERVERS for f in await measures.cold_open(seed, name, updates)
    ]


def searches(seed: Path) -> list[Figure]:
    """Each database from nothing: its tables, 200,000 documents, then the questions."""
    figures = measures.search_times(Path(tempfile.mkdtemp(dir=seed.parent)), "SQLite")
    with tempfile.TemporaryDirectory(prefix="duthao-") as folder:
        postgres = PostgresServer(Path(folder), durable=True)
        try:
            url = postgres.create_database("bench")
            empty = Path(tempfile.mkdtemp(dir=seed.parent))
            figures += measures.search_times(
                empty, "PostgreSQL", DUTHAO_DATABASE_URL=url
            )
        finally:
            postgres.stop()
    return figures


def append_rates(seed: Path) -> list[Figure]:
    """SQLite with synchronous=FULL, and PostgreSQL with its defaults for durability."""
    copy = Path(tempfile.mkdtemp(dir=seed.parent)) / "data"
    shutil.copytree(seed, copy)
    sqlite = measures.append_rate(copy)
    with tempfile.TemporaryDirectory(prefix="duthao-") as folder:
        postgres = PostgresServer(Path(folder), durable=True)
        try:
            url = postgres.create_database("bench")
            run_command(copy, "migrate", "--verbosity", "0", DUTHAO_DATABASE_URL=url)
            rate = measures.append_rate(copy, DUTHAO_DATABASE_URL=url)
        finally:
            postgres.stop()
    return [
        Figure("append and commit, SQLite", sqlite, "updates/s"),
        Figure("append and commit, PostgreSQL", rate, "updates/s"),
    ]


PARTS: dict[str, Callable[[Path], list[Figure]]] = {
    "memory": lambda seed: asyncio.run(memory(seed)),
    "delivery": lambda seed: asyncio.run(delivery(seed)),
    "append": append_rates,
    "cold": lambda seed: asyncio.run(cold_open(seed)),
    "search": searches,
    "print": lambda seed: publishing.printing(),
    "review": lambda seed: reviewing.reviewing(),
    "paint": painting.painting,
}


def table(recorded: dict[str, Any]) -> str:
    """All parts that were ever recorded, by machine."""
    lines: list[str] = []
    last = None
    for part in PARTS:
        found = recorded.get(part)
        if found is None:
            continue
        when = record.told_when(found.get("measured"))
        told = f"Machine: {found['machine']}. {when}".strip()
        if told != last:
            last = told
            lines += ["", told, "", "| measure | value |", "|---|---|"]
        lines += [str(Figure(*row)) for row in found["figures"]]
    return "\n".join(lines)


def main() -> None:
    logging.disable(logging.INFO)
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; else all"
    )
    parser.add_argument("--write", action="store_true", help="also to docs/")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    with seeded_folder() as seed:
        for part in asked.parts or PARTS:
            found = {
                "machine": record.machine(),
                "measured": record.measured_now(),
                "figures": [list(astuple(figure)) for figure in PARTS[part](seed)],
            }
            print(table({part: found}), flush=True)
            if asked.write:
                recorded = record.load()
                recorded.setdefault("figures", {})[part] = found
                record.save(recorded)
                record.write_page("figures", table(recorded["figures"]))
                record.write_page("goals", goals.table(recorded))


if __name__ == "__main__":
    main()
