"""The tasks `save` and `read`: how many updates a second are acknowledged in many
rooms, and what of them a new process has.

One writer in each room keeps a window of updates under way, as an editor does that is
faster than the server. Then the server is killed. Only the dialect that acknowledges
can be asked.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from typing import Any

from tests.bench.load.jobs import Job
from tests.bench.load.steady import text_of
from tests.bench.load.writing import prepare

TICK_S = 0.001
PATIENCE_S = 60.0


async def save_much(job: Job) -> dict[str, Any]:
    peers = await job.open_all(job.documents)
    writers = prepare(peers, job.updates, job.updates)
    await job.server_rests()
    for peer in peers:
        peer.measure()
        peer.acknowledged = 0
    total = sum(len(writer.frames) for writer in writers)
    before, own, started = job.server_cpu_s(), time.process_time(), time.perf_counter()
    saved = 0
    while saved < total and time.perf_counter() < started + PATIENCE_S:
        saved = 0
        for writer in writers:
            done = writer.peer.acknowledged or 0
            saved += done
            until = min(done + job.window, len(writer.frames))
            # A little at a time would be one write for each acknowledgement.
            if until - writer.sent >= min(
                job.window // 2, len(writer.frames) - writer.sent
            ):
                writer.peer.write(b"".join(writer.frames[writer.sent : until]))
                writer.sent = until
        await asyncio.sleep(TICK_S)
    lasted = time.perf_counter() - started
    spent = job.server_cpu_s() - before
    # With the last acknowledgement, and before anybody leaves: some servers store then.
    os.kill(job.server_pid, signal.SIGKILL)
    return {
        "saved_per_s": saved / lasted,
        "cpu_us": spent / max(1, saved) * 1e6,
        "load_cpu": (time.process_time() - own) / lasted,
        "characters": [writer.characters for writer in writers],
        "fault": "" if saved >= total else f"{total - saved} were not acknowledged",
    }


async def read_lengths(job: Job) -> dict[str, Any]:
    """How long the text of each document is."""
    peers = await job.open_all(job.documents)
    lengths = [len(text_of([peer.first_state])) for peer in peers]
    for peer in peers:
        peer.close()
    return {"lengths": lengths, "fault": ""}
