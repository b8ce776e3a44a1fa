"""Where the gateway tests connect to: memory, daphne and uvicorn, with small limits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from collab.protocol.limits import Limits
from server.config.wiring import SystemClock
from tests.support.office import Office
from tests.support.rooms import World
from tests.support.wires import MemorySite, OfficeSite, Site

# Small enough to be reached by a test, large enough for its well-behaved colleagues.
LIMITS: dict[str, float] = {
    "max_frame_bytes": 300_000,
    "max_unauthenticated_bytes": 100_000,
    "authentication_s": 1.0,
    "max_documents_per_socket": 3,
    "max_connections_per_user": 6,
    "frames_per_s": 200.0,
    "frame_burst": 300,
    "max_lag_s": 0.2,
    "queue_bytes_per_socket": 200_000,
}


@pytest.fixture(scope="session")
def small_offices(
    open_office: Callable[..., Office],
) -> Callable[[str], Office]:
    """One office a server for all tests here, with limits that a test can reach."""
    running: dict[str, Office] = {}

    def get(server: str) -> Office:
        if server not in running:
            settings = {f"DUTHAO_{k.upper()}": str(v) for k, v in LIMITS.items()}
            running[server] = open_office(server, **settings)
        return running[server]

    return get


@pytest.fixture(scope="session")
def shared_documents() -> dict[str, str]:
    """The document of each office whose rights no test changes."""
    return {}


@pytest.fixture(
    params=[
        "memory",
        pytest.param("daphne", marks=pytest.mark.server),
        pytest.param("uvicorn", marks=pytest.mark.server),
    ]
)
async def site(
    request: pytest.FixtureRequest, shared_documents: dict[str, str]
) -> AsyncIterator[Site]:
    if request.param == "memory":
        world = World(limits=replace(Limits(), **LIMITS))  # type: ignore[arg-type]
        world.engine.clock = SystemClock()
        site: Site = MemorySite(world)
        yield site
        await site.close()
        await world.engine.stop()
    else:
        # Asked for late: the sites in memory need no office.
        office = request.getfixturevalue("small_offices")(request.param)
        site = OfficeSite(office, shared_documents.get(request.param))
        shared_documents[request.param] = site.document
        yield site
        await site.close()


@pytest.fixture(
    params=[
        pytest.param("daphne", marks=pytest.mark.server),
        pytest.param("uvicorn", marks=pytest.mark.server),
    ]
)
async def office_site(
    request: pytest.FixtureRequest, small_offices: Callable[[str], Office]
) -> AsyncIterator[OfficeSite]:
    """The whole application only."""
    site = OfficeSite(small_offices(request.param))
    yield site
    await site.close()
