"""The servers of the contest, each started as its own documentation says.

Ours runs whole: sign-in, rights, presence, the durable log on SQLite with
synchronous=FULL; only the limits for one person are raised, because one person plays
hundreds. Where the system allows, every server has one core to itself and the load the
other one. Must never switch anything off for one side.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from tests.bench.offices import running_office
from tests.support.office import Office, free_port
from tests.support.wait import until

PEERS = Path(__file__).parents[1] / "peers"
INSTALLED = PEERS / "node_modules" / ".stamp"
SERVER_CORE, LOAD_CORE = 0, 1
STOP_S = 40


@dataclass
class Rival:
    """A running server, as a job of the load sees it."""

    name: str
    port: int
    dialect: str
    path: str
    token: str
    pid: int
    is_durable: bool
    restart: Callable[[bool], int]
    """End it and start it again on what it stored; True: as a crash. Gives its pid."""
    documents: Callable[[int], list[str]]
    """So many new, empty ones. Ours have to exist; the others make one of any name."""

    @property
    def acknowledges(self) -> bool:
        return self.dialect == "hocuspocus"

    def start_again(self, *, crash: bool = False) -> None:
        self.pid = self.restart(crash)
        pin(self.pid)


Start = Callable[[], AbstractContextManager[Rival]]


def all_of(seed: Path) -> dict[str, Start]:
    """Every server that takes part, by its name."""
    return {
        "Duthao, uvicorn": lambda: ours(seed, "uvicorn"),
        "Duthao, daphne": lambda: ours(seed, "daphne"),
        "Hocuspocus with SQLite": lambda: hocuspocus(durable=True),
        "Hocuspocus, in memory": lambda: hocuspocus(durable=False),
        "y-websocket, in memory": y_websocket,
    }


def pin(pid: int) -> None:
    if hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1:
        for process in (pid, *(c.pid for c in psutil.Process(pid).children(True))):
            for thread in psutil.Process(process).threads():
                with suppress(ProcessLookupError):  # it has just ended
                    os.sched_setaffinity(thread.id, {SERVER_CORE})


@contextmanager
def ours(seed: Path, server: str) -> Iterator[Rival]:
    with running_office(seed, server) as office:

        def restart(crash: bool) -> int:
            office.kill() if crash else office.stop()
            office.start()
            assert office.process is not None
            return office.process.pid

        assert office.process is not None
        pin(office.process.pid)
        yield Rival(
            f"Duthao, {server}",
            office.port,
            "hocuspocus",
            "/collab/",
            office.token("chuyenvien"),
            office.process.pid,
            is_durable=True,
            restart=restart,
            documents=lambda count: _drafts(office, count),
        )


def _drafts(office: Office, count: int) -> list[str]:
    """Over one connection: hundreds are made for some scenarios."""
    with httpx.Client(
        base_url=f"{office.base_url}/api/v1",
        headers={"Authorization": f"Bearer {office.token('chuyenvien')}"},
        timeout=60,
    ) as api:
        body = {"title": "Công văn thử", "type": "CV", "blank": True}
        made = [api.post("/drafts", json=body) for _ in range(count)]
    return [str(one.raise_for_status().json()["id"]) for one in made]


@contextmanager
def _node(
    name: str, script: str, *words: str, dialect: str, is_durable: bool
) -> Iterator[Rival]:
    port = free_port()
    node = shutil.which("node")
    if node is None:
        raise RuntimeError("Node is needed for the servers of others")
    command = [node, str(PEERS / script), str(port), *words]
    environment = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1"}
    process: subprocess.Popen[bytes]

    def start() -> int:
        nonlocal process
        process = subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: _listens(port), 30, what=f"{name} listens")
        return process.pid

    def restart(crash: bool) -> int:
        process.send_signal(signal.SIGKILL if crash else signal.SIGTERM)
        process.wait(STOP_S)
        return start()

    pid = start()
    try:
        pin(pid)
        yield Rival(
            name,
            port,
            dialect,
            "/{document}" if dialect == "plain" else "/",
            "x",
            pid,
            is_durable,
            restart=restart,
            documents=lambda count: [uuid.uuid4().hex for _ in range(count)],
        )
    finally:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def hocuspocus(*, durable: bool) -> Iterator[Rival]:
    with tempfile.TemporaryDirectory(prefix="duthao-peer-") as folder:
        words = (str(Path(folder) / "hocuspocus.sqlite"),) if durable else ()
        name = "Hocuspocus with SQLite" if durable else "Hocuspocus, in memory"
        with _node(
            name, "hocuspocus.mjs", *words, dialect="hocuspocus", is_durable=durable
        ) as rival:
            yield rival


@contextmanager
def y_websocket() -> Iterator[Rival]:
    script = "node_modules/y-websocket-server/bin/server.js"
    with _node(
        "y-websocket, in memory", script, dialect="plain", is_durable=False
    ) as rival:
        yield rival
