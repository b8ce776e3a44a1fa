"""The machine dies while a document is issued: all of it is there, or nothing.

ISSUE_PROOF=full kills before each single statement; without it, before every twelfth.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
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
CLERKS, EACH = (8, 4) if FULL else (3, 2)
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


class Prepared:
    """An office with approved drafts, made once for each database and then copied."""

    def __init__(self, folder: Path, server: PostgresServer | None) -> None:
        self._folder, self._server = folder, server
        self._name = f"issuing_{next(_names)}"
        address = server.create_database(self._name) if server else ""
        call_worker(folder, address, "prepare", str(CLERKS * EACH))

    def copy(self, folder: Path) -> tuple[str, Callable[[], None]]:
        """The address of a database of its own, and how to drop it."""
        shutil.copytree(self._folder, folder, dirs_exist_ok=True)
        if self._server is None:
            return "", lambda: None
        server, name = self._server, f"issuing_{next(_names)}"
        address = server.create_database(name, template=self._name)
        return address, lambda: server.drop_database(name)

    def drop(self) -> None:
        if self._server is not None:
            self._server.drop_database(self._name)


def call_worker(folder: Path, database: str, *words: str) -> dict[str, Any]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DUTHAO_")}
    environment = {
        **kept,
        "DJANGO_SETTINGS_MODULE": "server.config.settings",
        "DATA_DIR": str(folder),
    }
    if database:
        environment["DUTHAO_DATABASE_URL"] = database
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


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
)
def prepared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prepared]:
    server: PostgresServer | None = None
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_server")
    made = Prepared(tmp_path_factory.mktemp("issuing"), server)
    yield made
    made.drop()


@pytest.fixture
def run(prepared: Prepared, tmp_path: Path) -> Iterator[Run]:
    address, drop = prepared.copy(tmp_path)
    yield lambda *words: call_worker(tmp_path, address, *words)
    drop()


def test_whenever_the_machine_dies_all_of_an_issue_is_there_or_nothing(
    run: Run,
) -> None:
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
    found = run("crowd", str(CLERKS))
    assert found["codes"] == [0] * CLERKS
    assert found["numbers"] == list(range(1, CLERKS * EACH + 1))
    assert found["holds"]["records"] == CLERKS * EACH
    assert found["faults"] == []
