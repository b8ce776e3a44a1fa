"""Who finds what and what stands in which list, over pages and API, on PostgreSQL too.

`test_search_index.py` proves that both databases find the same words; here the same
claims as on SQLite are asked where a database's own query is a part of them: rights and
filters of the search, parts and order of lists, books by the run of their numbers, what
two write at once. In processes of their own: Django knows one database in a process.
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
REGISTRY = "tests/api/registry"
CLAIMS = {
    "search": (
        "test_search",
        "test_search_pages",
        "test_received_search",
        "test_attached_search",
        "test_attached_files",
        "test_due_search",
        "test_sent_here",
    ),
    "lists": (
        "test_recall_reaches",
        "test_who_may_recall",
        "test_sent_by_hand",
        "test_received_copies",
        "test_incoming_years",
        "test_book_forms",
        "test_books",
        "test_same_number",
        "test_who_may_still_sign",
    ),
}
PATIENCE_S = 900


def _without_worker() -> dict[str, str]:
    """The environment of a run of its own, not of a worker of this one."""
    return {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_XDIST_")}


@pytest.mark.parametrize("part", list(CLAIMS))
def test_the_same_holds_on_postgresql(
    postgres_server: PostgresServer, part: str
) -> None:
    name = f"registry_{part}"
    url = postgres_server.create_database(name)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *(f"{REGISTRY}/{claim}.py" for claim in CLAIMS[part]),
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
