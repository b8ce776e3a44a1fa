"""The tasks `save` and `read`: how many updates a second are acknowledged, and what of
them a new process has.

Each writer keeps a window of updates under way, as an editor does that is faster than
the server: the server is never idle, and never has more waiting than the windows hold.
Only the dialect that acknowledges can be asked.
"""

from __future__ import annotations

import os
import signal
import time
from typing import Any

from tests.bench.load.jobs import Job
from tests.bench.load.pace import pause
from tests.bench.load.peer import LoadPeer
from tests.bench.load.steady import text_of
from tests.bench.load.writing import Writer, prepare

TICK_S = 0.001
PATIENCE_S = 120.0


async def save_much(job: Job) -> dict[str, Any]:
    """With `crash` the server is killed with the last acknowledgement; else one who
    only reads must in the end hold the whole text."""
    peers = await job.open_all(d for d in job.documents for _ in range(job.people))
    rooms = [peers[i : i + job.people] for i in range(0, len(peers), job.people)]
    writing = [peer for people in rooms for peer in people[: job.writers]]
    writers = prepare(writing, job.updates, job.updates)
    reader = rooms[0][-1] if job.people > job.writers else None
    await job.server_rests()
    for peer in peers:
        peer.measure()
    for peer in writing:
        peer.acknowledged = 0
    if reader is not None:
        reader.kept = []
    total = sum(len(writer.frames) for writer in writers)
    before, own, started = job.server_cpu_s(), time.process_time(), time.perf_counter()
    saved = await _write_within(writers, job.window, total)
    lasted = time.perf_counter() - started
    own = time.process_time() - own
    spent = job.server_cpu_s() - before
    fault = "" if saved >= total else f"{total - saved} were not acknowledged"
    if job.crash:
        # Before anybody leaves: some servers store then.
        os.kill(job.server_pid, signal.SIGKILL)
    elif reader is not None and not fault:
        mine = [writer for writer in writers if writer.peer in rooms[0]]
        fault = await _incomplete(reader, sum(writer.characters for writer in mine))
    others = max(1, job.people - 1)
    return {
        "saved_per_s": saved / lasted,
        "cpu_us": spent / max(1, saved * others) * 1e6,
        "load_cpu": own / lasted,
        "characters": [writer.characters for writer in writers],
        "fault": fault,
    }


async def _write_within(writers: list[Writer], window: int, total: int) -> int:
    """How many were acknowledged: all, if the server is not stuck."""
    saved = 0
    last = time.perf_counter() + PATIENCE_S
    while saved < total and time.perf_counter() < last:
        saved = 0
        for writer in writers:
            done = writer.peer.acknowledged or 0
            saved += done
            until = min(done + window, len(writer.frames))
            # A little at a time would be one write for each acknowledgement.
            if until - writer.sent >= min(
                window // 2, len(writer.frames) - writer.sent
            ):
                writer.peer.write(b"".join(writer.frames[writer.sent : until]))
                writer.sent = until
        await pause(TICK_S)
    return saved


async def _incomplete(reader: LoadPeer, wanted: int) -> str:
    """The last updates may come a little after their acknowledgements."""
    length = 0
    for _ in range(10):
        length = len(text_of(reader.updates()))
        if length == wanted:
            return ""
        await pause(0.5)
    return f"one who reads holds {length} of {wanted} characters"


async def read_lengths(job: Job) -> dict[str, Any]:
    """How long the text of each document is."""
    peers = await job.open_all(job.documents)
    lengths = [len(text_of(peer.first_state)) for peer in peers]
    for peer in peers:
        peer.close()
    return {"lengths": lengths, "fault": ""}
