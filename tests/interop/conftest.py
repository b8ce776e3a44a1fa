"""An office on each of the two ASGI servers, and programs that end with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.interop.node_peer import NodePeer
from tests.interop.y_py_peer import YPyPeer
from tests.support.office import Office

Join = Callable[..., NodePeer]


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def office(
    request: pytest.FixtureRequest, open_office: Callable[..., Office]
) -> Iterator[Office]:
    office = open_office(request.param)
    yield office
    office.stop()


@pytest.fixture
def join(office: Office) -> Iterator[Join]:
    """`join("hocuspocus", draft_id, user="sotttt")`: a Node program in the draft."""
    with ExitStack() as peers:

        def start(
            dialect: str, draft_id: str, user: str = "chuyenvien", token: str = ""
        ) -> NodePeer:
            peer = NodePeer(office, dialect, draft_id, token or office.token(user))
            peers.callback(peer.close)
            return peer

        yield start


@pytest.fixture
def join_y_py(office: Office) -> Iterator[Callable[..., YPyPeer]]:
    with ExitStack() as peers:

        def start(draft_id: str, user: str = "chuyenvien") -> YPyPeer:
            peer = YPyPeer(office, draft_id, office.token(user))
            peers.callback(peer.disconnect)
            return peer

        yield start
