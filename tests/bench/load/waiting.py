"""The task `hold`: what people cost who only look on.

The server's memory is read with one connection, with many more to the same document,
and with as many documents that have one connection each; in between it may rest.
"""

from __future__ import annotations

from typing import Any

from tests.bench.load.jobs import Job

WARM_UP = 20


async def hold(job: Job) -> dict[str, Any]:
    """Documents: the shared one, one to warm up with, then those of one each."""
    shared, first, *others = job.documents
    for peer in await job.open_all([first] * WARM_UP):
        peer.close()
    kept = await job.open_all([shared])
    await job.server_rests()
    alone = job.server_memory_kib()
    kept += await job.open_all([shared] * len(others))
    await job.server_rests()
    together = job.server_memory_kib()
    kept += await job.open_all(others)
    await job.server_rests()
    apart = job.server_memory_kib()
    lost = sorted({peer.closed for peer in kept if peer.closed})
    for peer in kept:
        peer.close()
    per_connection = (together - alone) / len(others)
    return {
        "process_mib": alone / 1024,
        "connection_kib": per_connection,
        "room_kib": (apart - together) / len(others) - per_connection,
        "fault": f"lost: {', '.join(lost)}" if lost else "",
    }
