"""A statement that failed is let go of by its own thread, so that no thread which holds
the database waits for another one that waits for the database."""

from __future__ import annotations

import gc
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

WAITS_S = 2


@pytest.fixture
def handler(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[ConnectionHandler]:
    """As the server opens its own database; who waits for it waits two seconds."""
    own = settings.DATABASES["default"]
    database = {
        "ENGINE": own["ENGINE"],
        "NAME": tmp_path / "office.sqlite3",
        "OPTIONS": {**own["OPTIONS"], "timeout": WAITS_S},
    }
    made = ConnectionHandler({"default": database})
    with django_db_blocker.unblock():
        yield made
        made["default"].close()


pytestmark = pytest.mark.skipif(
    not str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3"),
    reason="the embedded database",
)


@pytest.mark.parametrize("act", ["execute", "executemany"])
def test_a_failed_statement_leaves_no_open_cursor(
    act: str, handler: ConnectionHandler
) -> None:
    with handler["default"].cursor() as cursor:
        cursor.execute("CREATE TABLE books (number INTEGER UNIQUE)")
        cursor.execute("INSERT INTO books VALUES (1)")
        rows = [[1]] if act == "executemany" else [1]
        with pytest.raises(Exception, match="UNIQUE"):
            getattr(cursor, act)("INSERT INTO books VALUES (%s)", rows)
        with pytest.raises(sqlite3.ProgrammingError, match="closed cursor"):
            cursor.cursor.fetchone()


def test_who_holds_the_database_collects_garbage_while_another_waits_for_it(
    handler: ConnectionHandler,
) -> None:
    """Each attempt leaves the error of a failed BEGIN in a cycle. Collected by the
    holder, it must cost no part of the other one's patience."""
    rounds = [0, 0, 0]
    attempt = 0
    go = threading.Event()

    def another() -> None:
        nonlocal attempt
        go.wait()
        for number in range(len(rounds)):
            attempt = number
            try:
                handler["default"].cursor().execute("BEGIN IMMEDIATE")
            except OperationalError as error:
                cycle: list[Any] = [error]
                cycle.append(cycle)
                del cycle
        handler["default"].close()

    holder = handler["default"].cursor()
    holder.execute("BEGIN IMMEDIATE")
    waiter = threading.Thread(target=another)
    waiter.start()
    gc.disable()
    gc.freeze()
    try:
        go.set()
        while waiter.is_alive():
            gc.collect()
            rounds[attempt] += 1
            waiter.join(0.01)
    finally:
        gc.unfreeze()
        gc.enable()
        waiter.join()
        holder.execute("ROLLBACK")
    # The holder goes on all the time; where it waits, it comes round once an attempt.
    assert min(rounds) > 5


def test_the_servers_own_connection_is_of_that_kind() -> None:
    assert type(connection._connections[connection._alias]).__module__ == (
        "server.common.sqlite3.base"
    )
