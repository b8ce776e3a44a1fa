"""What the server writes into a new document, seen as Yjs bytes."""

from __future__ import annotations

from pycrdt import get_state

from collab.content.tree import Content
from collab.content.write import build_update
from collab.protocol.shape import read_state_vector


def test_a_random_client_id_fits_programs_that_keep_32_bits() -> None:
    for _ in range(20):
        state = get_state(build_update(Content()))
        clients = read_state_vector(state)
        assert clients
        assert all(client < 2**32 for client in clients)
