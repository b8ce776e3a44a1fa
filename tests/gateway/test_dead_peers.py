"""A crowd who stopped reading costs a busy room bounded memory and nobody's time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import psutil
import pytest
from pycrdt import Text

from tests.support.dead_peers import allow_sockets, dead_peers
from tests.support.office import Office
from tests.support.wait import promised, until_async
from tests.support.wires import Member, OfficeSite

pytestmark = pytest.mark.server

DEAD = 1_000
EDITS = 200
# What is sent to each while it reads nothing: far more than may be kept for it.
FLOOD, SIZE = 300, 4_000
QUEUE_BYTES = 100_000
# The system's own buffers come first; the rest is the socket's and the queue's.
MOST_BYTES_EACH = 3 * QUEUE_BYTES
# Beside a crowd an edit takes at most twice what it took alone, and what a machine that
# does other work adds to the slowest tenth and to the slowest hundredth.
TIMES, PLUS_S = 2, {90: 0.01, 99: 0.03}
TYPISTS = ("chuyenvien", "lanhdao", "chuyenvien", "lanhdao")
SYNC_STATUS = 8


@pytest.fixture(params=["daphne", "uvicorn"])
async def crowded(
    request: pytest.FixtureRequest, open_office: Callable[..., Office]
) -> AsyncIterator[OfficeSite]:
    allow_sockets(2 * DEAD)
    office = open_office(
        request.param,
        DUTHAO_MAX_CONNECTIONS_PER_USER=str(2 * DEAD),
        DUTHAO_QUEUE_BYTES_PER_SOCKET=str(QUEUE_BYTES),
    )
    site = OfficeSite(office)
    yield site
    await site.close()
    office.kill()


class Pair:
    """Somebody who writes, and a colleague who sees it."""

    def __init__(self, writer: Member, colleague: Member) -> None:
        self.writer, self.colleague = writer, colleague
        self._count = 0

    async def times(self, count: int, size: int = 10) -> list[float]:
        """How long each edit took to be seen, sorted."""
        found = []
        for _ in range(count):
            self._count += 1
            # Each replaces the one before, so that the document stays small.
            before = self.writer.doc.get_state()
            self.writer.text.clear()
            self.writer.text += f"«{self._count}»".ljust(size, "x")
            update = self.writer.doc.get_update(before)
            started = time.perf_counter()
            await self.writer.send_update(update)
            await self.colleague.sees(f"«{self._count}»")
            found.append(time.perf_counter() - started)
        return sorted(found)


@asynccontextmanager
async def typing_on(typists: list[Member]) -> AsyncIterator[None]:
    """Others who write all the while, each its next letter once the last is saved."""
    ends = False

    async def type_on(typist: Member) -> int:
        count, aside = 0, typist.doc.get("aside", type=Text)
        while not ends:
            before = typist.doc.get_state()
            aside.insert(0, "x")
            await typist.send_update(typist.doc.get_update(before))
            await typist.next(SYNC_STATUS)
            count += 1
        return count

    typing = [asyncio.ensure_future(type_on(one)) for one in typists]
    try:
        yield
    finally:
        ends = True
        typed = await asyncio.gather(*typing)
    assert min(typed) > EDITS / 10, typed


def memory(site: OfficeSite) -> int:
    assert site.office.process is not None
    return int(psutil.Process(site.office.process.pid).memory_info().rss)


def slow(times: list[float], percent: int) -> float:
    """How long an edit takes to be seen, but for the slowest of them."""
    return times[len(times) * percent // 100]


async def test_a_crowd_of_dead_peers_changes_nothing(crowded: OfficeSite) -> None:
    site = crowded
    pair = Pair(await site.member("chuyenvien"), await site.member("lanhdao"))
    typists = [await site.member(name) for name in TYPISTS]
    token = site.token("truongphong")
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(typing_on(typists))
        alone = await pair.times(EDITS)
        crowd = dead_peers(site.office.port, site.document, token, DEAD)
        dead = await stack.enter_async_context(crowd)
        joined = memory(site)
        await pair.times(FLOOD, SIZE)
        kept = memory(site) - joined
        assert kept < DEAD * MOST_BYTES_EACH, f"{kept // DEAD} bytes for each"
        for percent, plus_s in PLUS_S.items():

            async def beside_them(percent: int = percent) -> float:
                return slow(await pair.times(EDITS), percent)

            await promised(beside_them, TIMES * slow(alone, percent) + plus_s)
        back = dead[0]
        back.revive()
        wanted = str(pair.writer.text)
        await until_async(lambda: str(back.text) == wanted, what="it has caught up")
        # By its state vector: most of what it slept through was kept for nobody,
        # neither by the server nor by the system.
        assert back.received < FLOOD * SIZE / 2
