"""The task `type`: rooms of people who type at a steady pace.

Every probe is timed at everybody else in its room. At the end one who was there and one
who comes only now must hold the same, whole text. Must never count a delivery that it
cannot answer for: with one probe missing anywhere the run does not hold.
"""

from __future__ import annotations

import time
from typing import Any

from pycrdt import Doc, Text

from collab.protocol.updates import merge_tree
from tests.bench.load.jobs import Job
from tests.bench.load.pace import pause, until
from tests.bench.load.peer import LoadPeer
from tests.bench.load.writing import ROOT, Writer, due, prepare

PATIENCE_S = 3.0
ROOMS_COMPARED = 10


async def type_steadily(job: Job) -> dict[str, Any]:
    peers = await job.open_all(d for d in job.documents for _ in range(job.people))
    rooms = [peers[i : i + job.people] for i in range(0, len(peers), job.people)]
    writing = [peer for people in rooms for peer in people[: job.writers]]
    count = round(job.rate * job.seconds)
    writers = prepare(writing, count, job.probe_every, carets=job.carets)
    await job.server_rests()
    for people in rooms[:ROOMS_COMPARED]:
        people[-1].kept = []
    for peer in peers:
        peer.measure()
    wanted = sum(len(writer.marks) for writer in writers) * (job.people - 1)
    before, own, started = job.server_cpu_s(), time.process_time(), time.perf_counter()
    sent_at = await write_all(job, writers, started)
    arrivals = await _arrivals(peers, wanted, PATIENCE_S)
    own = time.process_time() - own
    spent = job.server_cpu_s() - before
    lasted = max((moment for _, moment in arrivals), default=started + 1) - started
    waits = sorted((moment - sent_at[mark]) * 1000 for mark, moment in arrivals)
    missing = wanted - len(arrivals)
    updates = sum(writer.sent for writer in writers)
    found: dict[str, Any] = {
        "updates": updates,
        "deliveries": updates * (job.people - 1),
        "seconds": lasted,
        "p50": at(waits, 0.5),
        "p99": at(waits, 0.99),
        "wanted": wanted,
        "missing": missing,
        "frames": sum(peer.frames for peer in peers),
        "server_cpu_s": spent,
        "load_cpu": own / lasted,
        "closed": sorted({peer.closed for peer in peers if peer.closed}),
    }
    found["fault"] = "" if missing else await _differs(job, rooms, writers)
    for peer in peers:
        peer.close()
    return found


async def write_all(
    job: Job, writers: list[Writer], started: float
) -> dict[int, float]:
    """Each writer at its own steady pace; answers when each probe was written."""
    sent_at: dict[int, float] = {}
    total = sum(len(writer.frames) for writer in writers)
    done, last = 0, started + job.seconds * 3 + 10
    while done < total:
        now = time.perf_counter()
        if now > last:
            break
        # The first at once, the last a little before the end.
        number = min(total, int((now - started) * job.rate) + 1)
        # Only those whose turn came, else a thousand would be asked each time.
        turns = range(done, min(number, done + len(writers)))
        for index in (turn % len(writers) for turn in turns):
            _write(writers[index], due(number, index, len(writers)), sent_at)
        done = number
        await pause()
    return sent_at


def _write(writer: Writer, until: int, sent_at: dict[int, float]) -> None:
    first, writer.sent = writer.sent, min(until, len(writer.frames))
    if writer.marks:
        now = time.perf_counter()
        for number in range(first, writer.sent):
            mark = writer.marks.get(number)
            if mark is not None:
                sent_at[mark] = now
    writer.peer.write(b"".join(writer.frames[first : writer.sent]))


async def _arrivals(
    peers: list[LoadPeer], wanted: int, patience_s: float
) -> list[tuple[int, float]]:
    """Each probe once for each who did not write it; fewer when patience ends."""

    def each_once() -> list[tuple[int, float]]:
        # A mark that came twice, as after a catch-up, counts by its first time.
        first = [dict(reversed(peer.arrivals)) for peer in peers]
        return [item for marks in first for item in marks.items()]

    def all_came() -> bool:
        # The cheap question first.
        return (
            sum(len(peer.arrivals) for peer in peers) >= wanted
            and len(each_once()) >= wanted
        )

    await until(all_came, patience_s)
    return each_once()


async def _differs(job: Job, rooms: list[list[LoadPeer]], writers: list[Writer]) -> str:
    """What is wrong with the text of those who were there and of one who comes now."""
    by_peer = {writer.peer: writer for writer in writers}
    for document, people in list(zip(job.documents, rooms, strict=True))[
        :ROOMS_COMPARED
    ]:
        late = await job.open(document)
        late.close()
        mine = [by_peer[peer] for peer in people if peer in by_peer]
        wanted = sum(writer.characters for writer in mine)
        # What a writer wrote is not, or not all, sent back to it.
        own = by_peer[people[-1]].updates if people[-1] in by_peer else []
        there = text_of([*people[-1].updates(), *own])
        then = text_of(late.first_state)
        if len(there) != wanted:
            return f"one who was there holds {len(there)} of {wanted} characters"
        if then != there:
            return f"one who comes later holds {len(then)} of {wanted} characters"
    return ""


def text_of(updates: list[bytes]) -> str:
    doc: Doc[Any] = Doc()
    text = doc.get(ROOT, type=Text)
    doc.apply_update(merge_tree([*updates, b"\0\0"]))
    return str(text)


def at(waits: list[float], part: float) -> float | None:
    """None if nothing arrived (JSON knows no infinity)."""
    return waits[min(len(waits) - 1, int(len(waits) * part))] if waits else None
