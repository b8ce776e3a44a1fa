"""What the load is asked to do: one job, as JSON on the load's stdin.

A job names the server (host, port, dialect, path, token, process), its documents, and
one of the tasks of `tests.bench.load.__main__` with what that needs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

from tests.bench.load.pace import pause
from tests.bench.load.peer import LoadPeer, open_peer

AT_ONCE = 20
"""Connections that are opened at a time: a server's queue of new ones is short."""
REST_S = 0.5
RESTS_AT_MOST = 30


@dataclass(frozen=True)
class Job:
    task: str
    host: str
    port: int
    dialect: str
    path: str
    token: str
    server_pid: int
    documents: list[str]
    core: int | None = None
    people: int = 1
    """In each document."""
    writers: int = 1
    """In each document."""
    rate: float = 0
    """Updates a second of all together."""
    seconds: float = 0
    probe_every: int = 50
    updates: int = 0
    window: int = 0
    crash: bool = False
    carets: bool = False
    """Each edit comes with the caret that it moves."""

    async def open(self, document: str) -> LoadPeer:
        return await open_peer(
            self.host,
            self.port,
            document,
            dialect=self.dialect,
            token=self.token,
            path=self.path,
        )

    async def open_all(self, documents: Iterable[str]) -> list[LoadPeer]:
        """One peer for each, some at a time, in this order.

        The first of each document before the others of it: pycrdt-websocket leaves
        them without an answer who come while a document begins.
        """
        turns = asyncio.Semaphore(AT_ONCE)
        firsts: dict[str, asyncio.Task[LoadPeer]] = {}

        async def one(document: str, first: asyncio.Task[LoadPeer] | None) -> LoadPeer:
            if first is not None:
                await asyncio.wait([first])
            async with turns:
                return await self.open(document)

        opening = []
        for document in documents:
            task = asyncio.create_task(one(document, firsts.get(document)))
            firsts.setdefault(document, task)
            opening.append(task)
        return list(await asyncio.gather(*opening))

    async def server_rests(self) -> None:
        """Wait until the server has done what opening left to it, within reason."""
        for _ in range(RESTS_AT_MOST):
            before = self.server_cpu_s()
            await pause(REST_S)
            if self.server_cpu_s() - before < REST_S * 0.1:
                return

    def server_cpu_s(self) -> float:
        times = psutil.Process(self.server_pid).cpu_times()
        return float(times.user + times.system)

    def server_memory_kib(self) -> float:
        return float(psutil.Process(self.server_pid).memory_info().rss / 1024)
