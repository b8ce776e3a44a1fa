"""The task `hold`: what people cost who only look on.

The server's memory is read with one connection, with many more to the same document,
and with as many documents that have one connection each; in between it may rest. All
documents hold the same: a new letter, which whoever comes first writes where the server
has none.
"""

from __future__ import annotations

from typing import Any

from collab.content.tree import Content, Fields, Paragraph
from collab.content.write import build_update
from tests.bench.load.jobs import Job
from tests.bench.load.peer import LoadPeer

WARM_UP = 20
LEAST_BYTES = 500
"""Of a new letter; an empty document has two or three."""
NEW_LETTER = Content(
    Fields(
        document_type="CV",
        issuer_parent="UBND TỈNH ĐẮK LẮK",
        issuer="VĂN PHÒNG",
        notation="VPUBND-HCTC",
        place="Đắk Lắk",
        subject="Công văn thử",
    ),
    (Paragraph(),),
)


async def hold(job: Job) -> dict[str, Any]:
    """Documents: the shared one, one to warm up with, then those of one each."""
    shared, first, *others = job.documents
    for peer in await job.open_all([first] * WARM_UP):
        peer.close()
    kept = await _open(job, [shared])
    await job.server_rests()
    alone = job.server_memory_kib()
    kept += await job.open_all([shared] * len(others))
    await job.server_rests()
    together = job.server_memory_kib()
    kept += await _open(job, others)
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


async def _open(job: Job, documents: list[str]) -> list[LoadPeer]:
    """One peer in each, which then holds a new letter."""
    peers = await job.open_all(documents)
    for peer in peers:
        if sum(map(len, peer.first_state)) < LEAST_BYTES:
            peer.write(peer.update_frame(build_update(NEW_LETTER)))
    return peers
