"""From "shown" to "saved": batches on their way to the log, and who waits for which.

A writer is acknowledged after the commit of the batch that held its edit. An edit
that added nothing is acknowledged when all that was shown before it is saved. What
the log refuses is handed back. Must never acknowledge before the commit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from collab.rooms.peer import Peer
from collab.rooms.relay import Relay, RelayKind
from collab.rooms.sequence import KnownSequence
from collab.rooms.services import Services
from storage.ports import Append, AppendOutcome, Refusal

Refused = Callable[[bytes, Counter[Peer], Refusal | None], None]
"""Told the refused update, its writers, and why (None: it cannot be stored)."""


class Saves:
    def __init__(
        self,
        document_id: str,
        services: Services,
        relay: Relay | None,
        *,
        on_refused: Refused,
    ) -> None:
        self._document_id = document_id
        self._services = services
        self._relay = relay
        self._on_refused = on_refused
        self._next_number = 1
        self._unsaved: dict[int, bytes] = {}
        self._waiting_for_all: Counter[Peer] = Counter()

    def submit(
        self, update: bytes, writers: Counter[Peer], epoch: int, known: KnownSequence
    ) -> None:
        """Hand a batch to the log, and show it to the other processes."""
        number = self._next_number
        self._next_number += 1
        self._unsaved[number] = update
        if self._relay is not None:
            self._relay.send(RelayKind.UPDATE, number=number, body=update)
        append = Append(
            document_id=self._document_id,
            epoch=epoch,
            update=update,
            authors=tuple(dict.fromkeys(peer.identity.user_id for peer in writers)),
            at=self._services.clock.now(),
        )
        self._services.writer.submit(
            append, lambda outcome: self._answered(number, writers, known, outcome)
        )

    def acknowledge_when_all_saved(self, peer: Peer) -> None:
        """Acknowledge one edit that adds nothing to what was shown so far."""
        if self._unsaved:
            self._waiting_for_all[peer] += 1
        else:
            peer.acknowledge(1)

    @property
    def unsaved(self) -> list[bytes]:
        return list(self._unsaved.values())

    def _answered(
        self,
        number: int,
        writers: Counter[Peer],
        known: KnownSequence,
        outcome: AppendOutcome | None,
    ) -> None:
        update = self._unsaved.pop(number)
        if outcome is None or outcome.seq is None:
            self._on_refused(update, writers, outcome.refusal if outcome else None)
            return
        known.learn(outcome.seq)
        if self._relay is not None:
            self._relay.send(RelayKind.COMMITTED, number=number, seq=outcome.seq)
        _acknowledge(writers)
        if not self._unsaved:
            waiting, self._waiting_for_all = self._waiting_for_all, Counter()
            _acknowledge(waiting)


def _acknowledge(writers: Counter[Peer]) -> None:
    for peer, count in writers.items():
        if peer in peer.room.peers:
            peer.acknowledge(count)
