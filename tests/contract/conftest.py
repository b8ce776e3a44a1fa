"""The adapters that each port's suite runs against."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from storage.ports import UpdateLog
from tests.support.log_steps import DRAFT, OTHER
from tests.support.log_worlds import (
    DjangoWorld,
    LogWorld,
    MemoryWorld,
    PostgresWorld,
    SqliteWorld,
    copy_sqlite,
    database_alias,
    migrate,
    postgres_config,
    sqlite_config,
)
from tests.support.servers import PostgresServer

MEMORY = "memory"
SQLITE = "sqlite"
POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)
TEMPLATE = "log_template"

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def sqlite_template(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Path:
    path = tmp_path_factory.mktemp("log") / "template.sqlite3"
    with django_db_blocker.unblock():
        migrate(sqlite_config(path))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer, django_db_blocker: Any) -> str:
    postgres_server.create_database(TEMPLATE)
    with django_db_blocker.unblock():
        migrate(postgres_config(postgres_server, TEMPLATE))
    return TEMPLATE


@pytest.fixture
def sqlite_world(
    sqlite_template: Path, tmp_path: Path, django_db_blocker: Any
) -> Iterator[SqliteWorld]:
    path = tmp_path / "log.sqlite3"
    copy_sqlite(sqlite_template, path)
    config = sqlite_config(path)
    with django_db_blocker.unblock(), database_alias(DjangoWorld.alias, config):
        yield SqliteWorld(config)


@pytest.fixture
def postgres_world(
    postgres_server: PostgresServer, postgres_template: str, django_db_blocker: Any
) -> Iterator[PostgresWorld]:
    name = f"log_{next(_numbers)}"
    postgres_server.create_database(name, template=postgres_template)
    config = postgres_config(postgres_server, name)
    with django_db_blocker.unblock(), database_alias(DjangoWorld.alias, config):
        yield PostgresWorld(config, postgres_server)
    postgres_server.drop_database(name)


async def _closed(world: LogWorld) -> AsyncIterator[LogWorld]:
    try:
        yield world
    finally:
        world.mend()
        await world.close()


# The grounds are laid by plain fixtures: Django refuses to work on a loop's thread.
@pytest.fixture(params=[MEMORY, SQLITE, POSTGRES])
def _ground(request: pytest.FixtureRequest) -> LogWorld:
    if request.param == MEMORY:
        return MemoryWorld()
    world: LogWorld = request.getfixturevalue(f"{request.param}_world")
    return world


@pytest.fixture(params=[SQLITE, POSTGRES])
def _database_ground(request: pytest.FixtureRequest) -> DjangoWorld:
    world: DjangoWorld = request.getfixturevalue(f"{request.param}_world")
    return world


@pytest_asyncio.fixture
async def world(_ground: LogWorld) -> AsyncIterator[LogWorld]:
    """Memory, SQLite, PostgreSQL: the test runs in each."""
    async for opened in _closed(_ground):
        yield opened


@pytest_asyncio.fixture
async def log(world: LogWorld) -> UpdateLog:
    """A log of `world` with two documents that hold nothing yet."""
    await world.sync(lambda: world.store.create(DRAFT, None))
    await world.sync(lambda: world.store.create(OTHER, None))
    return world.open()


@pytest_asyncio.fixture
async def database_world(_database_ground: DjangoWorld) -> AsyncIterator[LogWorld]:
    """SQLite, PostgreSQL: what outlives a process."""
    async for opened in _closed(_database_ground):
        yield opened
