"""What people find, read and see in lists, over pages and API, on PostgreSQL too.

`test_search_index.py` proves that both databases find the same words; here the same
claims as on SQLite are asked where a database's own query is a part of them: rights and
filters of the search, parts and order of lists, books by the run of their numbers, what
two write at once; threads, versions and opinions. In processes of their own: Django
knows one database in a process.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.commands import PROJECT
from tests.support.servers import PostgresServer

pytestmark = [pytest.mark.server, pytest.mark.postgres]
CLAIMS = {
    "search": (
        "registry/test_search",
        "registry/test_search_pages",
        "registry/test_received_search",
        "registry/test_attached_search",
        "registry/test_attached_files",
        "registry/test_recognised_files",
        "registry/test_case_file_search",
        "registry/test_arrival_numbers",
        "registry/test_due_search",
        "registry/test_sent_here",
    ),
    "lists": (
        "registry/test_recall_reaches",
        "registry/test_who_may_recall",
        "registry/test_sent_by_hand",
        "registry/test_received_copies",
        "registry/test_incoming_years",
        "registry/test_book_forms",
        "registry/test_books",
        "registry/test_same_number",
        "registry/test_who_may_still_sign",
    ),
    "review": (
        "review/test_threads",
        "review/test_thread_lists",
        "review/test_thread_anchors",
        "review/test_version_pages",
        "review/test_version_api",
        "review/test_opinion_pages",
    ),
}
PATIENCE_S = 900


def _without_worker() -> dict[str, str]:
    """The environment of a run of its own, not of a worker of this one."""
    return {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_XDIST_")}


@pytest.mark.parametrize("part", list(CLAIMS))
def test_the_same_holds_on_postgresql(
    postgres_server: PostgresServer, migrated_postgres: str, part: str
) -> None:
    name = f"pages_{part}"
    # The name that Django gives to the database of its tests.
    used = f"test_{name}"
    url = postgres_server.create_database(used, template=migrated_postgres)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *(f"tests/api/{claim}.py" for claim in CLAIMS[part]),
        ],
        env={**_without_worker(), "TESTS_DATABASE_URL": url.replace(used, name)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    postgres_server.drop_database(used)
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed" in done.stdout
