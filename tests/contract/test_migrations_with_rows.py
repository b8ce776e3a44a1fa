"""An office that updates keeps its rows: tables as they were, rows in them, `migrate`.

An empty database migrates whatever a migration does to rows, so the others prove
nothing here; and only PostgreSQL refuses to change a table whose rows the same
transaction has written in the wrong way.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import environment_of, run_command, run_worker
from tests.support.databases import EVERY_DATABASE
from tests.support.earlier_office import INCOMING
from tests.support.servers import PostgresServer

pytestmark = pytest.mark.server


@pytest.fixture(scope="module", params=EVERY_DATABASE)
def found(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """What the product says of the rows after the update."""
    folder = tmp_path_factory.mktemp("earlier-office")
    settings: dict[str, str] = {}
    server: PostgresServer | None = None
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_server")
        settings["DUTHAO_DATABASE_URL"] = server.create_database("earlier_office")

    def work(command: str) -> Any:
        environment = environment_of(folder, **settings)
        return run_worker("earlier_office", command, environment=environment)

    work("write")
    run_command(Path(folder), "migrate", "--verbosity", "0", **settings)
    yield work("read")
    if server is not None:
        server.drop_database("earlier_office")


def test_a_row_of_an_incoming_book_stands_in_the_run_of_its_number(
    found: dict[str, Any],
) -> None:
    assert found["incoming"] == [[number, period] for number, period, _day in INCOMING]


def test_what_was_added_to_a_row_says_nothing_of_those_before(
    found: dict[str, Any],
) -> None:
    assert found["copy"] == [True, None, []]
    assert found["mandate"] == [True, False, None, None]
    assert found["entry"] == [["01/VP", False]]
    assert found["recipients"] == [["sent", "asked", True], ["done", "", True]]


def test_what_a_clerk_allowed_of_a_book_the_office_allows(
    found: dict[str, Any],
) -> None:
    assert found["inserts_numbers"] == [True, False]
