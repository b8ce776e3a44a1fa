"""The servers of the contest, each started as its own documentation says.

Ours runs whole: sign-in, rights, presence, the durable log on SQLite with
synchronous=FULL; only the limits for one person are raised, because one person plays
hundreds. Where the system allows, every server has one core to itself and the load the
other one. Must never switch anything off for one side.
"""

from __future__ import annotations

import os
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
from tests.support.commands import PROJECT
from tests.support.office import Office, free_port
from tests.support.wait import until

PEERS = Path(__file__).parents[1] / "peers"
NODE_PEERS = PEERS / "node_modules" / ".stamp"
PYTHON_PEERS = PROJECT / ".peers" / "stamp"
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
        "pycrdt-websocket with SQLite": lambda: pycrdt_websocket(durable=True),
        "pycrdt-websocket, in memory": lambda: pycrdt_websocket(durable=False),
    }


def are_installed() -> bool:
    return NODE_PEERS.exists() and PYTHON_PEERS.exists()


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
def _program(
    name: str, command: list[str], port: int, *, dialect: str, is_durable: bool
) -> Iterator[Rival]:
    """A server of others, which listens on `port`."""
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


def _node(script: str) -> list[str]:
    # Itself, not a program that starts it: this process is measured, and killed.
    asked = [str(PYTHON_PEERS.parent / "bin" / "node"), "-p", "process.execPath"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    return [done.stdout.strip(), str(PEERS / script)]


@contextmanager
def hocuspocus(*, durable: bool) -> Iterator[Rival]:
    with _file("hocuspocus", durable=durable) as file:
        port = free_port()
        with _program(
            f"Hocuspocus{_kept(durable=durable)}",
            [*_node("hocuspocus.mjs"), str(port), *file],
            port,
            dialect="hocuspocus",
            is_durable=durable,
        ) as rival:
            yield rival


@contextmanager
def y_websocket() -> Iterator[Rival]:
    with _program(
        "y-websocket, in memory",
        _node("node_modules/y-websocket-server/bin/server.js"),
        free_port(),
        dialect="plain",
        is_durable=False,
    ) as rival:
        yield rival


@contextmanager
def pycrdt_websocket(*, durable: bool) -> Iterator[Rival]:
    python = PYTHON_PEERS.parent / "bin" / "python"
    script = PEERS / "pycrdt_websocket_server.py"
    with _file("pycrdt-websocket", durable=durable) as file:
        port = free_port()
        with _program(
            f"pycrdt-websocket{_kept(durable=durable)}",
            [str(python), str(script), str(port), *file],
            port,
            dialect="plain",
            is_durable=durable,
        ) as rival:
            yield rival


def _kept(*, durable: bool) -> str:
    return " with SQLite" if durable else ", in memory"


@contextmanager
def _file(name: str, *, durable: bool) -> Iterator[list[str]]:
    """Where a server that stores does so; nowhere."""
    with tempfile.TemporaryDirectory(prefix="duthao-peer-") as folder:
        yield [str(Path(folder) / f"{name}.sqlite")] if durable else []
