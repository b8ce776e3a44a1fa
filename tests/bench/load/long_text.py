"""The tasks around a document of very many edits: write it, open it, and open it while
others type in their own rooms.

Must never call a text written or opened that is not whole.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from tests.bench.load.jobs import Job
from tests.bench.load.pace import pause, until
from tests.bench.load.peer import LoadPeer
from tests.bench.load.steady import at, text_of, write_all
from tests.bench.load.writing import history, left_by_history, prepare

PIECE = 50
# Hocuspocus merges what waits in one go, which takes minutes for some thousands.
WINDOW = 200
PATIENCE_S = 300.0
OPENED_AFTER_S = 2.0
# What a server does with a long document after the opener has it is waited for, too.
_AFTERWARDS_S = 2.0
LAST_S = 5.0


async def write_history(job: Job) -> dict[str, Any]:
    """`updates` edits over one socket, as fast as the server takes them."""
    (document,) = job.documents
    peer = await job.open(document)
    frames = [peer.update_frame(update) for update in history(job.updates)]
    peer.measure()
    peer.acknowledged = 0
    started = time.perf_counter()
    for start in range(0, len(frames), PIECE):
        peer.write(b"".join(frames[start : start + PIECE]))
        await _taken(peer, start + PIECE - WINDOW)
    await _taken(peer, len(frames))
    taken = time.perf_counter() - started
    reader = await job.open(document)
    # Some servers store behind what is typed, and forget that when the last one leaves;
    # some store then.
    await job.server_rests()
    reader.close()
    peer.close()
    await job.server_rests()
    return {
        "written_per_s": job.updates / taken,
        "fault": _incomplete(reader, job.updates),
    }


async def _taken(peer: LoadPeer, count: int) -> None:
    came = await until(
        lambda: peer.closed is not None or peer.taken >= count, PATIENCE_S
    )
    if peer.closed is not None:
        raise ConnectionError(f"a connection was lost: {peer.closed}")
    if not came:
        raise TimeoutError(f"{count - peer.taken} edits were not taken")


async def open_twice(job: Job) -> dict[str, Any]:
    (document,) = job.documents
    taken = []
    for _ in range(2):
        started = time.perf_counter()
        peer = await job.open(document)
        taken.append((time.perf_counter() - started) * 1000)
        fault = _incomplete(peer, job.updates)
        if fault:
            break
        # Both are there at the end: the second joins a room that is loaded.
    size = sum(map(len, peer.first_state))
    return {"opened_ms": taken, "kb": size / 1000, "fault": fault}


async def open_beside(job: Job) -> dict[str, Any]:
    """The last document is opened while two people type in each of the others; they go
    on until whatever that costs is over."""
    *rooms, long_one = job.documents
    peers = await job.open_all(room for room in rooms for _ in range(2))
    writers = prepare(peers, round(job.rate * job.seconds), 1)
    await job.server_rests()
    for peer in peers:
        peer.measure()
    started = time.perf_counter()

    async def open_it() -> tuple[float, float, LoadPeer]:
        await pause(OPENED_AFTER_S)
        begins = time.perf_counter()
        peer = await job.open(long_one)
        return begins, time.perf_counter(), peer

    opening = asyncio.create_task(open_it())
    sent_at = await write_all(job, writers, started)
    begins, ends, opened = await opening
    await until(lambda: _come(peers) >= len(sent_at), LAST_S)
    before, during = [], []
    missing = len(sent_at)
    for peer in peers:
        for mark, moment in dict(peer.arrivals).items():
            missing -= 1
            wait = (moment - sent_at[mark]) * 1000
            if moment < begins:
                before.append(wait)
            elif sent_at[mark] < ends + _AFTERWARDS_S:
                during.append(wait)
    for peer in [*peers, opened]:
        peer.close()
    before.sort()
    during.sort()
    fault = _incomplete(opened, job.updates)
    if missing:
        fault = f"{missing} deliveries of those who typed are missing"
    return {
        "before_p99": at(before, 0.99),
        "during_p99": at(during, 0.99),
        "during_worst": during[-1] if during else None,
        "during": len(during),
        "opened_ms": (ends - begins) * 1000,
        "fault": fault,
    }


def _come(peers: list[LoadPeer]) -> int:
    return sum(len(peer.arrivals) for peer in peers)


def _incomplete(peer: LoadPeer, updates: int) -> str:
    length, wanted = len(text_of(peer.first_state)), left_by_history(updates)
    return "" if length == wanted else f"{length} of {wanted} characters came"
