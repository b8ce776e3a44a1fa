"""Tell a peer what it lacks. Must never be called while the document is unknown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from collab import errors
from collab.errors import ProtocolError
from collab.rooms.document import EMPTY_STATE_VECTOR
from collab.rooms.peer import Peer


class Source(Protocol):
    """A live document, or what the log holds of one."""

    def missing(self, state_vector: bytes) -> list[bytes]: ...

    def state_vector(self) -> bytes: ...


def answer(peer: Peer, source: Source, state_vector: bytes) -> None:
    """Answer a peer's first question. Raises ProtocolError.

    With what the peer takes for the answer last: it then has the whole text, and an
    editor opens.
    """
    try:
        *others, last = source.missing(state_vector)
    except ValueError as error:
        raise ProtocolError(errors.MALFORMED_FRAME, str(error)) from None
    for update in others:
        peer.outlet.send(peer.encoder.update(update))
    peer.outlet.send(peer.encoder.step_2(last))


def bring_back(peer: Peer, source: Source) -> None:
    """Send a peer that did not read for a while what it certainly had not got."""
    base, peer.base_state, peer.is_lagging = peer.base_state, None, False
    for update in source.missing(base or EMPTY_STATE_VECTOR):
        peer.outlet.send(peer.encoder.update(update))


def learn_bases(peers: Iterable[Peer], source: Source) -> None:
    """Note what those have who stopped reading before that was known: they were sent
    just what `source` holds now."""
    for peer in peers:
        if peer.base_state == EMPTY_STATE_VECTOR:
            peer.base_state = source.state_vector()
