"""A day's worth of visits over real sockets leaves the server as large as it was.

`tests/unit/collab/rooms/test_coming_and_going.py` counts objects, exactly, in a world
without sockets. Here the whole process is weighed: sockets, rooms, the engine's own
memory, the database. The weight is not exact, so it is a socket or a room
kept now and then that shows.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import psutil
import pytest

from tests.support.office import Office
from tests.support.wait import until_async
from tests.support.wires import Member, OfficeSite

pytestmark = pytest.mark.server

SERVERS = ("daphne", "uvicorn")
DOCUMENTS = 200
AT_ONCE = 10
# At first the allocator's store grows.
FIRST, VISITS, ROUNDS = 1_200, 1_000, 3
# A socket or a room that is kept takes some 30,000 bytes.
MOST_BYTES_EACH = 5_000
# Longer than the server waits for a quiet second.
STILL_S = 8


@pytest.fixture(scope="module")
def kept(open_office: Callable[..., Office]) -> dict[str, int]:
    """How many bytes each server kept in its day: both have it at once, because they
    rest for most of it."""
    offices = {
        server: open_office(
            server,
            DUTHAO_IDLE_ROOM_S="0.5",
            DUTHAO_MAX_CONNECTIONS_PER_USER=str(2 * AT_ONCE),
        )
        for server in SERVERS
    }

    async def days() -> list[int]:
        return await asyncio.gather(*(day(office) for office in offices.values()))

    kept = dict(zip(SERVERS, asyncio.run(days()), strict=True))
    for office in offices.values():
        office.kill()
    return kept


async def day(office: Office) -> int:
    """What the visits of a round left behind. What is kept of a visit is left by each
    round; on a busy machine the allocator's store grows in one more of them."""
    site = OfficeSite(office)
    documents = [office.create_draft() for _ in range(DOCUMENTS)]
    await visits(site, documents, FIRST)
    await rest(site)
    for _round in range(ROUNDS):
        before = weight(site)
        await visits(site, documents, VISITS)
        await rest(site)
        left = weight(site) - before
        if left < VISITS * MOST_BYTES_EACH:
            break
    await site.close()
    return left


async def visits(site: OfficeSite, documents: list[str], count: int) -> None:
    """So many people open a document, type a letter that is saved, and go."""
    turns = iter(range(count))

    async def some() -> None:
        for number in turns:
            wire = await site._connect("/collab/", "", {})
            document = documents[number % len(documents)]
            visitor = Member(wire, document, site.token("chuyenvien"))
            await visitor.join()
            await visitor.type("x")
            await wire.close()

    await asyncio.gather(*(some() for _ in range(AT_ONCE)))


def weight(site: OfficeSite) -> int:
    assert site.office.process is not None
    return int(psutil.Process(site.office.process.pid).memory_info().rss)


async def rest(site: OfficeSite) -> None:
    """Wait until the server has tidied up: it does so in a quiet second."""
    weights: list[tuple[float, int]] = []

    def is_still() -> bool:
        now, bytes_ = time.monotonic(), weight(site)
        if weights and abs(bytes_ - weights[0][1]) > 200_000:
            weights.clear()
        weights.append((now, bytes_))
        return now - weights[0][0] > STILL_S

    await until_async(is_still, 120, what="the server has come to rest")


@pytest.mark.parametrize("server", SERVERS)
def test_a_day_of_visits_leaves_no_memory_behind(
    kept: dict[str, int], server: str
) -> None:
    of_each = kept[server] // VISITS
    assert of_each < MOST_BYTES_EACH, f"{of_each} bytes of each visit"
