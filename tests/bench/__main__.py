"""`make bench`: measure, print a table, and write it to docs/performance.md.

Run on a quiet machine. Absolute figures belong to that machine; compare ratios.
"""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import shutil
import tempfile
from pathlib import Path

import django
import psutil
import pycrdt

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.bench import measures, publishing, reviewing  # noqa: E402 - Django first
from tests.bench.measures import Figure  # noqa: E402
from tests.bench.offices import seeded_folder  # noqa: E402
from tests.support.office import run_command  # noqa: E402
from tests.support.servers import PostgresServer  # noqa: E402

REPORT = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
MARKER = "<!-- figures -->"
SERVERS = ("daphne", "uvicorn")


async def measure(seed: Path) -> list[Figure]:
    figures: list[Figure] = []
    for server in SERVERS:
        figures += await measures.memory(seed, server)
    for server in SERVERS:
        figures += await measures.delivery(seed, server)
    figures += append_rates(seed)
    updates = measures.history()
    for server in SERVERS:
        figures += await measures.cold_open(seed, server, updates)
    figures += searches(seed)
    figures += publishing.printing()
    figures += reviewing.reviewing()
    return figures


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


def table(figures: list[Figure]) -> str:
    machine = (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"{psutil.virtual_memory().total / 2**30:.0f} GiB, "
        f"Python {platform.python_version()}, pycrdt {pycrdt.__version__}"
    )
    rows = "\n".join(str(figure) for figure in figures)
    return f"Machine: {machine}.\n\n| measure | value |\n|---|---|\n{rows}\n"


def main() -> None:
    logging.disable(logging.INFO)
    with seeded_folder() as seed:
        figures = asyncio.run(measure(seed))
    report = table(figures)
    print(report)
    method = REPORT.read_text().split(MARKER)[0]
    REPORT.write_text(f"{method}{MARKER}\n\n{report}")


if __name__ == "__main__":
    main()
