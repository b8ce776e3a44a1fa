"""One place where documents are kept, whatever keeps them: the ground of log tests.

A world hands out logs (each as another process would open it) and a store, lets a test
break what they stand on, and mends it. Each test gets a world of its own: databases are
copied from a migrated template, and reached through a Django alias made for the test.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor

from storage.memory import MemoryDocuments, MemoryDocumentStore, MemoryUpdateLog
from storage.ports import DocumentStore, UpdateLog
from storage.update_log.log import DjangoUpdateLog
from storage.update_log.store import DjangoDocumentStore
from tests.support.servers import PostgresServer

T = TypeVar("T")

MOMENT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def moment() -> datetime:
    return MOMENT


class LogWorld:
    """What the contract tests know of a place that keeps documents."""

    store: DocumentStore

    def __init__(self) -> None:
        self._opened: list[UpdateLog] = []

    def open(self) -> UpdateLog:
        """A log as one more process would open it; closed with the world."""
        log = self._make_log()
        self._opened.append(log)
        return log

    def _make_log(self) -> UpdateLog:
        raise NotImplementedError

    async def sync(self, call: Callable[[], T]) -> T:
        """Run what a request would run, on a thread that leaves no connection."""
        return await asyncio.to_thread(call)

    def atomically(self, call: Callable[[], None]) -> None:
        """As an action does: all of `call` in one transaction, if there are any."""
        call()

    def make_impatient(self) -> None:
        """Logs that connect from now on give up a locked database soon."""

    def break_down(self) -> None:
        """From now on the log cannot be written."""
        raise NotImplementedError

    def mend(self) -> None:
        raise NotImplementedError

    async def close(self) -> None:
        for log in self._opened:
            await log.close()


class MemoryWorld(LogWorld):
    def __init__(self) -> None:
        super().__init__()
        self._documents = MemoryDocuments()
        self.store = MemoryDocumentStore(self._documents, now=moment)

    def _make_log(self) -> UpdateLog:
        return MemoryUpdateLog(self._documents)

    def break_down(self) -> None:
        self._documents.available = False

    def mend(self) -> None:
        self._documents.available = True


class DjangoWorld(LogWorld):
    """Over the Django alias `alias`, which exists as long as the world."""

    alias = "log_world"

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self.config = config
        self.store = DjangoDocumentStore(self.alias, now=moment)

    def _make_log(self) -> UpdateLog:
        return DjangoUpdateLog(self.alias)

    async def sync(self, call: Callable[[], T]) -> T:
        def run() -> T:
            try:
                return call()
            finally:
                connections[self.alias].close()

        return await asyncio.to_thread(run)

    def atomically(self, call: Callable[[], None]) -> None:
        with transaction.atomic(using=self.alias):
            call()

    def as_json(self) -> str:
        """The database for another Python process."""
        return json.dumps(self.config)


class SqliteWorld(DjangoWorld):
    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._blocker: sqlite3.Connection | None = None

    def make_impatient(self) -> None:
        connections.settings[self.alias]["OPTIONS"]["timeout"] = 0.1

    def break_down(self) -> None:
        self._blocker = sqlite3.connect(
            self.config["NAME"], isolation_level=None, check_same_thread=False
        )
        self._blocker.execute("BEGIN IMMEDIATE")

    def mend(self) -> None:
        if self._blocker is not None:
            self._blocker.close()
            self._blocker = None


class PostgresWorld(DjangoWorld):
    def __init__(self, config: dict[str, Any], server: PostgresServer) -> None:
        super().__init__(config)
        self._server = server

    def _allow(self, allowed: bool) -> None:
        name = self.config["NAME"]
        self._server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {allowed}')

    def break_down(self) -> None:
        self._allow(False)
        self._server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = '{self.config['NAME']}'"
        )

    def mend(self) -> None:
        self._allow(True)


@contextmanager
def database_alias(alias: str, config: dict[str, Any]) -> Iterator[None]:
    """Let Django know a database for a while."""
    databases = connections.settings
    databases[alias] = dict(config)
    connections.configure_settings(databases)
    try:
        yield
    finally:
        connections[alias].close()
        del databases[alias]
        del connections[alias]


def migrate(config: dict[str, Any]) -> None:
    """Make the tables of the update log, and no others."""
    alias = "log_template"
    with database_alias(alias, config):
        executor = MigrationExecutor(connections[alias])
        executor.migrate(executor.loader.graph.leaf_nodes("update_log"))


def sqlite_config(path: Path) -> dict[str, Any]:
    """The product's own settings, with another file."""
    default = settings.DATABASES["default"]
    return {
        "ENGINE": default["ENGINE"],
        "NAME": str(path),
        "OPTIONS": dict(default["OPTIONS"]),
    }


def postgres_config(server: PostgresServer, name: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": "duthao",
        "HOST": str(server.sockets),
    }


def copy_sqlite(template: Path, path: Path) -> None:
    with closing(sqlite3.connect(template)) as source:
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(template, path)
