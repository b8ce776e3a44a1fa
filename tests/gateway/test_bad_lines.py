"""A long document comes through a bad line, however long it takes; a line that takes
nothing is given up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from collab.protocol.wire import var_bytes
from tests.support.dead_peers import dead_peers
from tests.support.office import Office
from tests.support.slow_peers import slow_peer
from tests.support.wait import until_async
from tests.support.wires import Member, OfficeSite

pytestmark = pytest.mark.server

STUCK_S = 1.0
PARTS, PART = 6, 250_000


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def office(
    request: pytest.FixtureRequest, open_office: Callable[..., Office]
) -> Iterator[Office]:
    office = open_office(
        request.param,
        DUTHAO_STUCK_SEND_S=str(STUCK_S),
        DUTHAO_PING_S="0.3",
        DUTHAO_QUEUE_BYTES_PER_SOCKET="100000",
    )
    yield office
    office.kill()


@pytest.fixture
async def site(office: Office) -> AsyncIterator[OfficeSite]:
    site = OfficeSite(office)
    yield site
    await site.close()


async def write_much(writer: Member) -> str:
    """A document that takes several seconds of a bad line."""
    for number in range(PARTS):
        update = writer.edit(f"{number}" * PART)
        await writer.send(b"\x00\x02" + var_bytes(update))
        assert (await writer.next(8)).step == 1
    return str(writer.text)


async def test_a_slow_reader_gets_a_long_document_whole(site: OfficeSite) -> None:
    writer, before = await site.member("chuyenvien"), given_up(site)
    text = await write_much(writer)
    started = time.monotonic()
    peer = await slow_peer(site.office.port, site.document, site.token("lanhdao"))
    # What a colleague types has to wait until all of it has come.
    await writer.type("HẾT")
    async with asyncio.timeout(60):
        await peer.joined
    taken = time.monotonic() - started
    assert taken > 2 * STUCK_S, "the line was no bad one: this shows nothing"
    peer.revive()
    await until_async(lambda: str(peer.text) == f"{text}HẾT")
    assert given_up(site) == before
    peer.stop()


async def test_who_takes_nothing_is_ended(site: OfficeSite) -> None:
    writer = await site.member("chuyenvien")
    token, before = site.token("lanhdao"), given_up(site)
    async with dead_peers(site.office.port, site.document, token, 1) as (peer,):
        for number in range(PARTS):
            await writer.send(b"\x00\x02" + var_bytes(writer.edit("x" * PART)))
            assert (await writer.next(8)).step == 1, number
        assert peer.transport is not None
        await until_async(lambda: given_up(site) == before + 1, timeout=20)


def given_up(site: OfficeSite) -> int:
    """How many sockets were ended because nobody read them."""
    counters = site.office.api("GET", "/operations", "quantri").json()["counters"]
    return int(counters.get("closed_too_slow", 0))
