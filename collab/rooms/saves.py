"""From "shown" to "saved": batches on their way to the log, and who waits for which.

A writer is acknowledged after the commit of the batch that held its edit. An edit
that added nothing is acknowledged when all that was shown before it is saved. What
the log refuses is handed back. Must never acknowledge before the commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from collab import errors
from collab.errors import Close
from collab.rooms.peer import Peer
from collab.rooms.relay import Relay, RelayKind
from collab.rooms.services import Services
from storage.ports import Append, AppendOutcome, Refusal

Writers = dict[Peer, int]
"""Whose edits a batch holds, and how many of each."""

Refused = Callable[[bytes, Writers, Refusal | None], None]
"""Told the refused update, its writers, and why (None: it cannot be stored)."""


REFUSAL_CLOSES: dict[Refusal, Close] = {
    Refusal.ABSENT: errors.NOT_AVAILABLE,
    Refusal.FROZEN: errors.FROZEN,
    Refusal.WRONG_EPOCH: errors.WRONG_EPOCH,
}
"""How each refusal ends the room."""


def edits_of_each(authors: Iterable[Peer]) -> Writers:
    """`authors`: of one edit after the other."""
    writers: Writers = {}
    for peer in authors:
        writers[peer] = writers.get(peer, 0) + 1
    return writers


class Saves:
    def __init__(
        self,
        document_id: str,
        services: Services,
        relay: Relay | None,
        *,
        on_saved: Callable[[int], None],
        on_refused: Refused,
    ) -> None:
        """`on_saved` is told the `seq` of each commit."""
        self._document_id = document_id
        self._services = services
        self._relay = relay
        self._on_saved = on_saved
        self._on_refused = on_refused
        self._last_number = 0
        # In the order of submission, which is the order of the commits.
        self._unsaved: dict[int, bytes] = {}
        # After which number whom: a room that nobody writes in holds nothing for it.
        self._waiting: dict[int, list[Peer]] = {}
        self._settled: asyncio.Event | None = None
        # Told when all of a commit is known: it answers for many batches.
        self._saved_of: Writers = {}
        self._is_due = False

    def submit(
        self,
        update: bytes,
        writers: Writers,
        epoch: int,
        *,
        is_foreign: bool = False,
    ) -> None:
        """Hand a batch to the log, and show it to the other processes.

        A foreign batch came from one of them: it is not shown again, or each process
        would adopt the other's copies without end.
        """
        self._last_number += 1
        number = self._last_number
        self._unsaved[number] = update
        if self._relay is not None and not is_foreign:
            self._relay.send(RelayKind.UPDATE, number=number, body=update)
        append = Append(
            document_id=self._document_id,
            epoch=epoch,
            update=update,
            authors=tuple(dict.fromkeys([peer.identity.user_id for peer in writers])),
            at=self._services.clock.now(),
        )
        self._services.writer.submit(
            append, lambda outcome: self._answered(number, writers, outcome)
        )

    def acknowledge_when_all_saved(self, peer: Peer) -> None:
        """Acknowledge one edit that adds nothing to what was shown so far."""
        if self._unsaved:
            self._waiting.setdefault(self._last_number, []).append(peer)
        else:
            peer.acknowledge(1)

    async def settled(self) -> None:
        """Wait until the log has answered for everything."""
        if self._unsaved:
            self._settled = self._settled or asyncio.Event()
            await self._settled.wait()

    @property
    def unsaved(self) -> list[bytes]:
        return list(self._unsaved.values())

    def _answered(
        self, number: int, writers: Writers, outcome: AppendOutcome | None
    ) -> None:
        update = self._unsaved.pop(number)
        if outcome is None or outcome.seq is None:
            self._on_refused(update, writers, outcome.refusal if outcome else None)
        else:
            self._committed(number, writers, outcome.seq)
        if not self._unsaved and self._settled is not None:
            self._settled.set()
            self._settled = None

    def _committed(self, number: int, writers: Writers, seq: int) -> None:
        self._on_saved(seq)
        if self._relay is not None:
            self._relay.send(RelayKind.COMMITTED, number=number, seq=seq)
        saved_of = self._saved_of
        for peer, count in writers.items():
            saved_of[peer] = saved_of.get(peer, 0) + count
        oldest = next(iter(self._unsaved), None)
        while self._waiting:
            after = next(iter(self._waiting))
            if oldest is not None and after >= oldest:
                break
            for peer in self._waiting.pop(after):
                saved_of[peer] = saved_of.get(peer, 0) + 1
        if saved_of and not self._is_due:
            self._is_due = True
            self._services.writer.after_commit(self._acknowledge)

    def _acknowledge(self) -> None:
        """Once to each writer for all that a commit held of it."""
        self._is_due = False
        told, self._saved_of = self._saved_of, {}
        for peer, count in told.items():
            if peer in peer.room.peers:
                peer.acknowledge(count)
