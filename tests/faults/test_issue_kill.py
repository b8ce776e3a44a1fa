"""The machine dies while a document is issued: all of it is there, or nothing.

ISSUE_PROOF=full kills before each single statement; without it, before every twelfth.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.servers import PostgresServer

pytestmark = pytest.mark.server
PROJECT = Path(__file__).resolve().parents[2]
FULL = os.environ.get("ISSUE_PROOF") == "full"
PATIENCE_S = 1200 if FULL else 240
NOTHING = {
    "numbers": 0, "last": 0, "rows": 0, "files": 0, "recipients": 0, "records": 0,
    "issued": 0, "told": 0,
}  # fmt: skip
ALL = {
    "numbers": 1, "last": 1, "rows": 1, "files": 1, "recipients": 2, "records": 1,
    "issued": 1, "told": 1,
}  # fmt: skip
_names = itertools.count(1)

Run = Callable[..., dict[str, Any]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Run]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DUTHAO_")}
    environment = {
        **kept,
        "DJANGO_SETTINGS_MODULE": "server.config.settings",
        "DATA_DIR": str(tmp_path),
    }
    server: PostgresServer | None = None
    name = f"issuing_{next(_names)}"
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_server")
        assert server is not None
        environment["DUTHAO_DATABASE_URL"] = server.create_database(name)

    def call(*words: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.issue_worker", *words],
            env=environment,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        lines = done.stdout.strip().splitlines()
        found: dict[str, Any] = json.loads(lines[-1]) if lines else {}
        return found

    yield call
    if server is not None:
        server.drop_database(name)


def test_whenever_the_machine_dies_all_of_an_issue_is_there_or_nothing(
    run: Run,
) -> None:
    run("prepare", "1")
    found = run("kill", "1" if FULL else "12")
    assert len(found["deaths"]) >= 5
    assert all(held == NOTHING for held in found["deaths"])
    assert found["after_commit"] == -9
    assert found["committed"] == ALL
    # Done again, it is the same document.
    assert found["repeated"] == 0
    assert found["at_last"] == ALL
    assert found["faults"] == []


def test_clerks_who_issue_at_once_get_numbers_without_gap_or_double(run: Run) -> None:
    clerks, each = (8, 4) if FULL else (3, 2)
    run("prepare", str(clerks * each))
    found = run("crowd", str(clerks))
    assert found["codes"] == [0] * clerks
    assert found["numbers"] == list(range(1, clerks * each + 1))
    assert found["holds"]["records"] == clerks * each
    assert found["faults"] == []
