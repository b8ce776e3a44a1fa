"""The process stands still for two seconds under load: nothing of that lasts.

As when a virtual machine is moved, or the disk of the swap is slow. What came meanwhile
must cost what it would have cost otherwise, and the next edit as much as before.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from collab.rooms.pending import MOST
from tests.support.office import Office
from tests.support.wait import until_async
from tests.support.wires import Frame, Member, OfficeSite

pytestmark = pytest.mark.server

PAUSE_S = 2.0
WRITERS = 4
# With those of the others three times what one flush takes (`pending.MOST`).
EDITS = 1_500
PROBES = 40
_STATUS = 8
# Generous: other programs have the machine too. A backlog that lasts costs far more.
TIMES, PLUS_S = 4, 1.0


@pytest.fixture(params=["daphne", "uvicorn"])
async def site(
    request: pytest.FixtureRequest, open_office: Callable[..., Office]
) -> AsyncIterator[OfficeSite]:
    # Four programs type faster than people may.
    fast = {"DUTHAO_FRAMES_PER_S": "100000", "DUTHAO_FRAME_BURST": "1000000"}
    office = open_office(request.param, **fast)
    site = OfficeSite(office)
    yield site
    await site.close()
    office.kill()


@contextlib.contextmanager
def standing_still(office: Office) -> Iterator[None]:
    assert office.process is not None
    os.kill(office.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(office.process.pid, signal.SIGCONT)


async def acknowledged(writer: Member, count: int) -> None:
    for _ in range(count):
        status: Frame = await writer.next(_STATUS)
        assert status.step == 1


async def seconds_for(writers: list[Member], office: Office | None = None) -> float:
    """How long all edits of all writers take to be saved. With an office: it stands
    still while they are typed, and the time counts from its return."""
    stop = standing_still(office) if office else contextlib.nullcontext()
    started = time.perf_counter()
    with stop:
        for number in range(EDITS):
            for writer in writers:
                await writer.send_edit(f"{number} ")
        if office:
            end = started + PAUSE_S
            await until_async(lambda: time.perf_counter() >= end, what="the pause")
            started = time.perf_counter()
    await asyncio.gather(*(acknowledged(writer, EDITS) for writer in writers))
    return time.perf_counter() - started


async def slow_edit(writer: Member, reader: Member, name: str) -> float:
    """How long an edit takes to be seen: the ninth of ten, slowest last."""
    found = []
    for number in range(PROBES):
        started = time.perf_counter()
        await writer.send_edit(f"‹{name}{number}›")
        await reader.sees(f"‹{name}{number}›")
        found.append(time.perf_counter() - started)
    return sorted(found)[PROBES * 9 // 10]


def test_what_comes_in_the_pause_is_more_than_one_flush_takes() -> None:
    assert WRITERS * EDITS > 2 * MOST


async def test_a_pause_of_the_process_leaves_no_backlog(site: OfficeSite) -> None:
    writers = [await site.member("chuyenvien") for _ in range(WRITERS)]
    reader = await site.member("lanhdao")
    await seconds_for(writers)
    usual = await seconds_for(writers)
    usual_edit = await slow_edit(writers[0], reader, "trước")
    after_pause = await seconds_for(writers, site.office)
    assert after_pause < TIMES * usual + PLUS_S
    edit = await slow_edit(writers[0], reader, "sau")
    assert edit < TIMES * usual_edit + PLUS_S / 10
    fresh = await site.member("truongphong")
    text = str(fresh.text)
    assert text.split().count(f"{EDITS - 1}") == WRITERS * 3
