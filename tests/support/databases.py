"""Databases with the product's tables, migrated once a run and then copied.

To migrate takes ten seconds of a processor, to copy takes none. What a run needs once
is made by whichever worker of pytest-xdist asks first; the others wait for it. Must
never hand out the original: each test writes into a copy of its own.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.support.commands import environment_of, run_command
from tests.support.servers import PostgresServer

EVERY_DATABASE = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
SQLITE_NAME = "duthao.sqlite3"
MIGRATED = "migrated"

_names = itertools.count(1)

BareOffice = Callable[[str], AbstractContextManager[dict[str, str]]]


def made_once(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]
) -> Path:
    """The folder of this run that `make` fills, in the first worker that needs it."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder = base / name
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = base / f"{name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(folder)
    return folder


@pytest.fixture(scope="session")
def migrated_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with tables, and nothing in them. To be copied, not used."""

    def migrate(folder: Path) -> None:
        run_command(folder, "migrate", "--verbosity", "0")

    return made_once(tmp_path_factory, "migrated-folder", migrate)


@pytest.fixture(scope="session")
def migrated_postgres(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a database with tables, for `create_database(template=…)`."""
    url = postgres_server.create_database(MIGRATED)
    folder = tmp_path_factory.mktemp("migrated-postgres")
    run_command(folder, "migrate", "--verbosity", "0", DUTHAO_DATABASE_URL=url)
    return MIGRATED


@pytest.fixture(scope="session")
def bare_office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> BareOffice:
    """`with bare_office("postgres") as environment:` a migrated office without people,
    as the environment of a process that works in it. Dropped in the end."""

    @contextmanager
    def open_bare(database: str) -> Iterator[dict[str, str]]:
        folder = tmp_path_factory.mktemp("bare-office")
        environment = environment_of(folder, DUTHAO_DEMO="0")
        if database == "sqlite":
            migrated: Path = request.getfixturevalue("migrated_folder")
            shutil.copytree(migrated, folder, dirs_exist_ok=True)
            yield environment
            return
        server: PostgresServer = request.getfixturevalue("postgres_server")
        template: str = request.getfixturevalue("migrated_postgres")
        name = f"bare_{next(_names)}"
        url = server.create_database(name, template=template)
        yield {**environment, "DUTHAO_DATABASE_URL": url}
        server.drop_database(name)

    return open_bare


# ── the database of this process (pytest-django) ────────────────────────────────


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The copied database is complete; Django need not make it."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Lay the copy where Django looks. The folder is this process's own, so workers
    need no names of their own; it is deleted with the process."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    # Another database, which was named for this run, Django finds or makes itself.
    if database["ENGINE"].endswith("sqlite3"):
        migrated: Path = request.getfixturevalue("migrated_folder")
        shutil.copyfile(migrated / SQLITE_NAME, database["TEST"]["NAME"])
