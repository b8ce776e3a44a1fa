"""Say no to an edit: to a reader, after the freeze, or because it is no suggestion.

Nothing of it is applied or shown. Who speaks Hocuspocus is told and stays; the other
dialect has no word for it, so its socket ends. Must never touch anybody else.
"""

from __future__ import annotations

from collab import errors
from collab.errors import Close, ProtocolError
from collab.ports import Level
from collab.rooms.peer import Peer
from collab.rooms.services import Services
from storage.ports import Refusal


def refuse_edit(services: Services, peer: Peer, update: bytes) -> None:
    """The peer may not write. After the freeze, its edit becomes a proposal."""
    services.counters["edits_refused"] += 1
    # A reader's edit is nobody's proposal.
    frozen = peer.grant.frozen and peer.grant.level >= Level.SUGGEST
    if frozen:
        if services.proposals.is_full:
            raise ProtocolError(errors.OVERLOADED)
        services.proposals.keep_late(peer, update, Refusal.FROZEN)
    if peer.encoder.speaks_hocuspocus:
        peer.refuse("frozen" if frozen else "read_only")
    else:
        raise ProtocolError(errors.FROZEN if frozen else errors.READ_ONLY)


def refuse_change(
    services: Services, peer: Peer, close: Close = errors.NOT_A_SUGGESTION
) -> None:
    """The peer may only suggest, and this changes what stands, or cannot be true."""
    services.counters["edits_refused"] += 1
    peer.is_astray = True
    if not peer.encoder.speaks_hocuspocus:
        raise ProtocolError(close)
    peer.refuse(close.name)
