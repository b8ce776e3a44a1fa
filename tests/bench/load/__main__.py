"""One run of load against one server, in a process of its own: a job as JSON on stdin,
what was measured as JSON on stdout.

A job names the server (host, port, dialect, path, token), its documents, how many
people are in each, how many of them write, the updates a second of all together, and
for how long. Each update inserts one character at the end of its writer's own words,
as typing does; every fiftieth is a probe of eleven characters whose arrival at each
other person is timed. At the end everybody must hold the same text.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from dataclasses import dataclass
from typing import Any

import uvloop
from pycrdt import Doc, Text

from collab.protocol.updates import merge_tree
from tests.bench.load.peer import LoadPeer, open_peer

TICK_S = 0.005
PATIENCE_S = 3.0


@dataclass(frozen=True)
class Job:
    host: str
    port: int
    dialect: str
    path: str
    token: str
    documents: list[str]
    people: int
    writers: int
    rate: float
    seconds: float
    probe_every: int = 50
    core: int | None = None
    server_pid: int | None = None


class Writer:
    """Updates of one person, encoded before the clock starts."""

    def __init__(self, peer: LoadPeer, first: int, count: int, every: int) -> None:
        self.peer = peer
        self.frames: list[bytes] = []
        self.updates: list[bytes] = []
        self.probes: dict[int, int] = {}
        self.sent = 0
        doc: Doc[Any] = Doc()
        text = doc.get("content", type=Text)
        last: list[bytes] = []
        kept = doc.observe(lambda event: last.append(event.update))
        length = 0
        for number in range(count):
            words = "a"
            if number % every == every // 2:
                mark = first + number
                words = f"<{mark:09d}>"
                self.probes[number] = mark
            text.insert(length, words)
            length += len(words)
            self.updates.append(last.pop())
            self.frames.append(peer.update_frame(self.updates[-1]))
        doc.unobserve(kept)
        self.characters = length


async def run(job: Job) -> dict[str, Any]:
    rooms = [await _enter(job, document) for document in job.documents]
    writers = _writers(job, rooms)
    for peers in rooms:
        peers[-1].kept = []
    before = _cpu_s(job.server_pid)
    own = time.process_time()
    started = time.perf_counter()
    sent_at = await _send(job, writers, started)
    wanted = len(sent_at) * (job.people - 1)
    await _settle(rooms, wanted)
    lasted = time.perf_counter() - started
    waits = sorted(
        (at - sent_at[mark]) * 1000
        for peers in rooms
        for peer in peers
        for mark, at in _others(peer, writers)
        if mark in sent_at
    )
    updates = sum(writer.sent for writer in writers)
    missing = wanted - len(waits)
    converged = missing == 0 and await _converged(job, rooms, writers)
    for peer in (peer for peers in rooms for peer in peers):
        peer.close()
    return {
        "updates": updates,
        "deliveries": updates * (job.people - 1),
        "seconds": lasted,
        "p50": _at(waits, 0.5),
        "p99": _at(waits, 0.99),
        "missing": missing,
        "converged": converged,
        "frames": sum(peer.frames for peers in rooms for peer in peers),
        "server_cpu_s": _cpu_s(job.server_pid) - before,
        "load_cpu": (time.process_time() - own) / lasted,
    }


async def _enter(job: Job, document: str) -> list[LoadPeer]:
    return [
        await open_peer(
            job.host, job.port, document,
            dialect=job.dialect, token=job.token, path=job.path,
        )
        for _ in range(job.people)
    ]  # fmt: skip


def _writers(job: Job, rooms: list[list[LoadPeer]]) -> list[Writer]:
    total = max(1, len(rooms) * job.writers)
    count = max(1, round(job.rate * job.seconds / total))
    every = max(1, min(job.probe_every, count))
    peers = [peer for people in rooms for peer in people[: job.writers]]
    return [
        Writer(peer, number * 1_000_000 % 999_000_000, count, every)
        for number, peer in enumerate(peers)
    ]


async def _send(job: Job, writers: list[Writer], started: float) -> dict[int, float]:
    """Each writer at its own steady pace; answers when each probe was written."""
    sent_at: dict[int, float] = {}
    pace = job.rate / len(writers)
    total = sum(len(writer.frames) for writer in writers)
    done = 0
    while done < total:
        now = time.perf_counter()
        for index, writer in enumerate(writers):
            # People do not type in step.
            due = int((now - started) * pace + index / len(writers))
            due = min(due, len(writer.frames))
            if due <= writer.sent:
                continue
            for number in range(writer.sent, due):
                if number in writer.probes:
                    sent_at[writer.probes[number]] = time.perf_counter()
            writer.peer.write(b"".join(writer.frames[writer.sent : due]))
            done += due - writer.sent
            writer.sent = due
        if now - started > job.seconds * 3 + 10:
            break
        await asyncio.sleep(TICK_S)
    return sent_at


async def _settle(rooms: list[list[LoadPeer]], wanted: int) -> None:
    until = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < until:
        seen = sum(len(peer.arrivals) for peers in rooms for peer in peers)
        if seen >= wanted:
            return
        await asyncio.sleep(0.01)


def _others(peer: LoadPeer, writers: list[Writer]) -> list[tuple[int, float]]:
    """Arrivals of others' probes, each once: some servers echo one's own."""
    own = {mark for w in writers if w.peer is peer for mark in w.probes.values()}
    first: dict[int, float] = {}
    for mark, at in peer.arrivals:
        if mark not in own:
            first.setdefault(mark, at)
    return list(first.items())


async def _converged(
    job: Job, rooms: list[list[LoadPeer]], writers: list[Writer]
) -> bool:
    """One who was there and one who comes now hold the same, whole text."""
    for document, peers in zip(job.documents[:3], rooms[:3], strict=True):
        late = await open_peer(
            job.host, job.port, document,
            dialect=job.dialect, token=job.token, path=job.path,
        )  # fmt: skip
        late.close()
        witness = peers[-1]
        mine = [w for w in writers if w.peer in peers]
        wanted = sum(writer.characters for writer in mine)
        # What a writer wrote is not, or not all, sent back to it.
        own = [u for w in mine if w.peer is witness for u in w.updates]
        doc: Doc[Any] = Doc()
        text = doc.get("content", type=Text)
        doc.apply_update(merge_tree([*(witness.kept or []), *own, b"\0\0"]))
        if len(str(text)) != wanted:
            return False
        if late.first_state_bytes == 0:
            return False
    return True


def _at(waits: list[float], part: float) -> float:
    return waits[min(len(waits) - 1, int(len(waits) * part))] if waits else float("inf")


def _cpu_s(pid: int | None) -> float:
    if pid is None:
        return 0.0
    import psutil

    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def main() -> None:
    job = Job(**json.loads(sys.stdin.read()))
    if job.core is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {job.core})
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(run(job))))


if __name__ == "__main__":
    main()
