"""What is measured, one function each; every figure is from this run."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.offices import running_office
from tests.bench.sockets import BenchPeer, MarkWriter
from tests.support.commands import environment_of
from tests.support.office import Office


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: float
    unit: str

    def __str__(self) -> str:
        return f"| {self.name} | {self.value:,.1f} {self.unit} |"


def _resident_kib(office: Office) -> float:
    assert office.process is not None
    return psutil.Process(office.process.pid).memory_info().rss / 1024


async def memory(seed: Path, server: str, count: int = 300) -> list[Figure]:
    """Resident memory: idle, for each more connection, for each more loaded room."""
    with running_office(seed, server) as office:
        first = BenchPeer(office, office.create_draft())
        await first.open()
        idle = _resident_kib(office)
        shared = office.create_draft()
        peers = [BenchPeer(office, shared) for _ in range(count)]
        for peer in peers:
            await peer.open()
        connected = _resident_kib(office)
        drafts = [office.create_draft() for _ in range(count)]
        before_rooms = _resident_kib(office)
        others = [BenchPeer(office, draft) for draft in drafts]
        for peer in others:
            await peer.open()
        with_rooms = _resident_kib(office)
        for peer in [first, *peers, *others]:
            await peer.close()
    per_connection = (connected - idle) / count
    per_room = (with_rooms - before_rooms) / count - per_connection
    return [
        Figure(f"{server}: process with one open draft", idle / 1024, "MiB"),
        Figure(f"{server}: each idle connection", per_connection, "KiB"),
        Figure(f"{server}: each loaded small room", per_room, "KiB"),
    ]


async def delivery(
    seed: Path, server: str, *, people: int = 10, per_s: float = 5, seconds: float = 10
) -> list[Figure]:
    """From send to arrival at each of the others, with the log on."""
    with running_office(seed, server) as office:
        draft = office.create_draft()
        peers = [BenchPeer(office, draft) for _ in range(people)]
        for peer in peers:
            await peer.open()
        arrivals: list[list[tuple[int, float]]] = [[] for _ in peers]
        noting = [
            asyncio.create_task(peer.note_arrivals(seen))
            for peer, seen in zip(peers, arrivals, strict=True)
        ]
        sent: dict[int, float] = {}

        async def type_steadily(index: int, peer: BenchPeer) -> None:
            writer = MarkWriter()
            start = time.perf_counter() + index / people / per_s
            for turn in range(int(seconds * per_s)):
                await asyncio.sleep(
                    max(0.0, start + turn / per_s - time.perf_counter())
                )
                number = index * 1_000_000 + turn
                update = writer.update(number)
                sent[number] = time.perf_counter()
                await peer.send_update(update)

        await asyncio.gather(*(type_steadily(i, p) for i, p in enumerate(peers)))
        expected = len(sent) * (people - 1)
        deadline = time.perf_counter() + 10
        while time.perf_counter() < deadline:
            late = [
                (number, at - sent[number])
                for index, seen in enumerate(arrivals)
                for number, at in seen
                if number // 1_000_000 != index
            ]
            if len(late) >= expected:
                break
            await asyncio.sleep(0.05)
        for task in noting:
            task.cancel()
        await asyncio.gather(*noting, return_exceptions=True)
        for peer in peers:
            await peer.close()
    assert len(late) >= expected, f"{expected - len(late)} deliveries are missing"
    waits = sorted(wait * 1000 for _, wait in late)
    return [
        Figure(
            f"{server}: {people} people typing, delivery p50",
            waits[len(waits) // 2],
            "ms",
        ),
        Figure(f"{server}: the same, p99", waits[int(len(waits) * 0.99)], "ms"),
    ]


def append_rate(seed: Path, **settings: str) -> float:
    """Updates a second that the log commits, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.logs"],
        env=environment_of(seed, **settings),
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.strip().splitlines()[-1])


def search_times(folder: Path, database: str, **settings: str) -> list[Figure]:
    """A search among many documents, in a process of its own on `database`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.searching"],
        env=environment_of(folder, **settings),
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.strip().splitlines()[-1])
    name = f"search in {found['documents']:,} documents, {database}"
    slowest = max(found["by question"], key=found["by question"].get)
    return [
        Figure(f"{name}, p50 (processor time)", found["p50"], "ms"),
        Figure("the same, p95", found["p95"], "ms"),
        Figure("the same, the worst of all", found["worst"], "ms"),
        Figure(f"the same, p95 of “{slowest}”", found["by question"][slowest], "ms"),
        Figure(
            "the same, indexing a document in bulk (time that passes)",
            found["indexed_ms"],
            "ms",
        ),
    ]


async def cold_open(seed: Path, server: str, updates: list[bytes]) -> list[Figure]:
    """Open a draft whose log holds a long history, before and after its snapshot."""
    figures: list[Figure] = []
    with running_office(seed, server) as office:
        draft = office.create_draft()
        peer = BenchPeer(office, draft)
        await peer.open()
        for start in range(0, len(updates), 2000):
            for update in updates[start : start + 2000]:
                await peer.send_update(update)
            # The server's answer to a question comes after everything before it.
            probe = BenchPeer(office, draft)
            await probe.open()
            await probe.close()
        await peer.close()
        for label in ("first opener after a restart", "after one more restart"):
            office.stop()
            office.start()
            waits = []
            for _ in range(2):
                opener = BenchPeer(office, draft)
                await opener.open()
                waits.append(opener.first_state_s * 1000)
                size = sum(map(len, opener.first_state))
                await opener.close()
            figures += [
                Figure(f"{server}: 260,000 edits, {label}", waits[0], "ms"),
                Figure(f"{server}: second opener", waits[1], "ms"),
            ]
        figures.append(Figure(f"{server}: size of that state", size / 1000, "KB"))
    return figures
