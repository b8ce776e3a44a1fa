"""Threads, versions and opinions over pages and API, on PostgreSQL too.

The same tests as on SQLite, in a process of their own, because Django knows one
database in a process. A query that only one of the two understands fails here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.servers import PostgresServer

pytestmark = [pytest.mark.server, pytest.mark.postgres]
PROJECT = Path(__file__).resolve().parents[2]
REVIEW = "tests/api/review"
CLAIMS = (
    "test_threads",
    "test_thread_lists",
    "test_thread_anchors",
    "test_version_pages",
    "test_version_api",
    "test_opinion_pages",
)
PATIENCE_S = 900


def _without_worker() -> dict[str, str]:
    """The environment of a run of its own, not of a worker of this one."""
    return {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_XDIST_")}


def test_the_pages_of_review_hold_on_postgresql(
    postgres_server: PostgresServer,
) -> None:
    name = "review_pages"
    url = postgres_server.create_database(name)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *(f"{REVIEW}/{claim}.py" for claim in CLAIMS),
        ],
        env={**_without_worker(), "TESTS_DATABASE_URL": url},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    postgres_server.drop_database(name)
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed" in done.stdout
