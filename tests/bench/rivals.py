"""The servers of the contest, each started as its own documentation says.

Ours runs whole: sign-in, rights, presence, the durable log on SQLite with
synchronous=FULL; only the limits for one person are raised, because one person plays
hundreds. Where the system allows, every server has one core to itself and the load the
other one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.offices import running_office
from tests.support.office import Office, free_port
from tests.support.wait import until

PEERS = Path(__file__).parent / "peers"
SERVER_CORE, LOAD_CORE = 0, 1


@dataclass
class Rival:
    """A running server, as a job of the load sees it."""

    name: str
    port: int
    dialect: str
    path: str
    token: str
    pid: int
    office: Office | None = None

    def documents(self, count: int) -> list[str]:
        """New and empty. Ours have to exist; the others make one of any name."""
        if self.office is not None:
            return [self.office.create_draft() for _ in range(count)]
        return [uuid.uuid4().hex for _ in range(count)]


def pin(pid: int) -> None:
    if hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1:
        for process in (pid, *(c.pid for c in psutil.Process(pid).children(True))):
            for thread in psutil.Process(process).threads():
                os.sched_setaffinity(thread.id, {SERVER_CORE})


@contextmanager
def ours(seed: Path, server: str) -> Iterator[Rival]:
    with running_office(seed, server) as office:
        assert office.process is not None
        pin(office.process.pid)
        yield Rival(
            f"Duthao, {server}",
            office.port,
            "hocuspocus",
            "/collab/",
            office.token("chuyenvien"),
            office.process.pid,
            office,
        )


@contextmanager
def _node(name: str, script: str, *words: str, dialect: str) -> Iterator[Rival]:
    port = free_port()
    node = shutil.which("node")
    assert node is not None, "Node is needed for the servers of others"
    environment = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1"}
    process = subprocess.Popen(
        [node, str(PEERS / script), str(port), *words],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: _listens(port), 30, what=f"{name} listens")
        pin(process.pid)
        path = "/{document}" if dialect == "plain" else "/"
        yield Rival(name, port, dialect, path, "x", process.pid)
    finally:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def hocuspocus(*, durable: bool) -> Iterator[Rival]:
    with tempfile.TemporaryDirectory(prefix="duthao-peer-") as folder:
        words = (str(Path(folder) / "hocuspocus.sqlite"),) if durable else ()
        name = "Hocuspocus with SQLite" if durable else "Hocuspocus, in memory"
        with _node(name, "hocuspocus.mjs", *words, dialect="hocuspocus") as rival:
            yield rival


@contextmanager
def y_websocket() -> Iterator[Rival]:
    script = "node_modules/y-websocket-server/bin/server.js"
    with _node("y-websocket, in memory", script, dialect="plain") as rival:
        yield rival
