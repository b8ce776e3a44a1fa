"""The machine dies while a document is issued: all of it is there, or nothing.

ISSUE_PROOF=full kills before each single statement; without it, before every twelfth.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.commands import run_worker
from tests.support.databases import EVERY_DATABASE, BareOffice
from tests.support.servers import PostgresServer

pytestmark = pytest.mark.server
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

    def __init__(
        self, environment: dict[str, str], server: PostgresServer | None
    ) -> None:
        self._environment, self._server = environment, server
        call_worker(environment, "prepare", str(CLERKS * EACH))

    @contextmanager
    def copy(self, folder: Path) -> Iterator[dict[str, str]]:
        """The environment of an office of its own that holds the same."""
        shutil.copytree(self._environment["DATA_DIR"], folder, dirs_exist_ok=True)
        environment = {**self._environment, "DATA_DIR": str(folder)}
        if self._server is None:
            yield environment
            return
        url = urlsplit(self._environment["DUTHAO_DATABASE_URL"])
        prepared, name = url.path.lstrip("/"), f"issuing_{next(_names)}"
        address = self._server.create_database(name, template=prepared)
        yield {**environment, "DUTHAO_DATABASE_URL": address}
        self._server.drop_database(name)


def call_worker(environment: dict[str, str], *words: str) -> dict[str, Any]:
    found: dict[str, Any] | None = run_worker(
        "issue_worker", *words, environment=environment, patience_s=PATIENCE_S
    )
    return found or {}


@pytest.fixture(scope="module", params=EVERY_DATABASE)
def prepared(
    request: pytest.FixtureRequest, bare_office: BareOffice
) -> Iterator[Prepared]:
    server: PostgresServer | None = None
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_server")
    with bare_office(request.param) as environment:
        yield Prepared(environment, server)


@pytest.fixture
def run(prepared: Prepared, tmp_path: Path) -> Iterator[Run]:
    with prepared.copy(tmp_path) as environment:
        yield lambda *words: call_worker(environment, *words)


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
