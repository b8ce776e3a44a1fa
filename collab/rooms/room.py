"""One document while people are in it.

    LOADING ──► OPEN ──► CLOSED          REBUILDING holds frames while a damaged
                 ▲ ▼                     document is made anew from the log
             REBUILDING

An update is checked, queued, merged with what else came in this turn of the event
loop, applied once, sent once to each peer and once to the bus, and handed to the log.
Its writer hears "saved" after the commit, never before. The room must never rebuild
the document from text, and never forget an update that the log has not taken.
"""

from __future__ import annotations

import logging
from collections import Counter
from enum import Enum

from collab import errors
from collab.errors import Close, ProtocolError
from collab.protocol.shape import (
    EMPTY_UPDATE,
    check_state_vector,
    check_update,
)
from collab.protocol.updates import merge_tree
from collab.rooms.document import DamagedDocument, LiveDocument
from collab.rooms.fan_out import fan_out
from collab.rooms.peer import Peer
from collab.rooms.people import People
from collab.rooms.relay import Relay, Relayed, RelayKind
from collab.rooms.repair import parts_of, rebuild
from collab.rooms.saves import Saves
from collab.rooms.sequence import KnownSequence
from collab.rooms.services import Services
from storage.ports import (
    Proposal,
    Refusal,
)

logger = logging.getLogger(__name__)

# A flush earlier than the end of the turn, so that one pause of the process cannot
# pile up a batch that takes seconds to merge.
_MAX_PENDING = 2_000
_MAX_PENDING_BYTES = 4_000_000
_FOREIGN_COMMIT_S = 5.0

_REFUSAL_CLOSES: dict[Refusal, Close] = {
    Refusal.ABSENT: errors.NOT_AVAILABLE,
    Refusal.FROZEN: errors.FROZEN,
    Refusal.WRONG_EPOCH: errors.WRONG_EPOCH,
}


class RoomState(Enum):
    LOADING = "loading"
    OPEN = "open"
    REBUILDING = "rebuilding"
    CLOSED = "closed"


class Room:
    def __init__(self, document_id: str, services: Services) -> None:
        self.document_id = document_id
        self.state = RoomState.LOADING
        self.peers: set[Peer] = set()
        self.epoch = 0
        self._services = services
        self._document = LiveDocument(())
        self._known = KnownSequence(0)
        self._tail_start = 0
        self._pending: list[tuple[Peer, bytes]] = []
        self._pending_bytes = 0
        self._flush_due = False
        # Batches of other processes whose commit has not been announced.
        self._foreign: dict[tuple[bytes, int], bytes] = {}
        self._relay = (
            Relay(services.bus, services.process_id, document_id, self._relayed)
            if services.bus is not None
            else None
        )
        self._people = People(self.peers, services, self._relay)
        self._saves = Saves(
            document_id, services, self._relay, on_refused=self._not_saved
        )
        # Questions that came while the document was being rebuilt.
        self._held: list[tuple[Peer, bytes]] = []

    # ── life ────────────────────────────────────────────────────────────────────

    async def load(self) -> None:
        """Read the log and open. Raises ProtocolError if there is no such document,
        LogUnavailable if the log is away; the room is then of no use."""
        if self._relay is not None:
            # Before reading, so that nothing falls between the two.
            await self._relay.open()
        try:
            stored = await self._services.log.load(self.document_id)
            if stored is None:
                raise ProtocolError(errors.NOT_AVAILABLE, "no log")
            updates = parts_of(stored)
            self._document = await self._services.run_heavy(
                lambda: LiveDocument(updates)
            )
        except BaseException:
            await self.close()
            raise
        self.epoch = stored.head.epoch
        self._known = KnownSequence(stored.head.last_seq)
        self._tail_start = stored.snapshot_seq
        self.state = RoomState.OPEN
        for update in list(self._foreign.values()):
            self._apply_foreign(update)
        if self._relay is not None:
            self._relay.send(RelayKind.HELLO)

    async def close(self) -> None:
        self.state = RoomState.CLOSED
        self._people.close()
        if self._relay is not None:
            await self._relay.close()

    @property
    def is_clean(self) -> bool:
        """Nothing here that the log does not have."""
        return not (self._pending or self._saves.unsaved or self._foreign)

    @property
    def tail_length(self) -> int:
        """Updates in the log after the last snapshot."""
        return self._known.upto - self._tail_start

    def snapshot_stored(self, up_to_seq: int) -> None:
        self._tail_start = max(self._tail_start, up_to_seq)

    # ── peers ───────────────────────────────────────────────────────────────────

    def join(self, peer: Peer) -> None:
        self.peers.add(peer)
        if not peer.encoder.speaks_hocuspocus:
            # y-websocket servers ask first; Hocuspocus providers do.
            peer.outlet.send(peer.encoder.step_1(self._document.state_vector()))
        self._people.introduce(peer)
        if not self._services.writer.is_up:
            peer.tell({"type": "log", "up": False})

    def leave(self, peer: Peer) -> None:
        """The peer's queued edits stay queued: they were received."""
        if peer in self.peers:
            self.peers.discard(peer)
            self._people.leave(peer)

    def tell_all(self, notice: dict[str, object]) -> None:
        for peer in list(self.peers):
            peer.tell(notice)

    def empty(self, close: Close) -> None:
        """Send everybody away, for example because the document was replaced."""
        for peer in list(self.peers):
            peer.leave(close)

    def catch_up(self, peer: Peer) -> None:
        """Bring back a peer that did not read for a while, by its state vector."""
        base, peer.base_state, peer.is_lagging = peer.base_state, None, False
        if base is None or self.state is not RoomState.OPEN:
            return
        self._services.counters["peers_resynced"] += 1
        peer.outlet.send(peer.encoder.update(self._document.diff(base)))
        self._people.introduce(peer)

    def state_vector(self) -> bytes:
        return self._document.state_vector()

    # ── what peers send ─────────────────────────────────────────────────────────

    def receive_step_1(self, peer: Peer, state_vector: bytes) -> None:
        """Answer with what the peer misses, then ask for what we miss."""
        check_state_vector(state_vector)
        if self.state is RoomState.REBUILDING:
            self._held.append((peer, state_vector))
            return
        self._flush()
        try:
            missing = self._document.diff(state_vector)
        except ValueError as error:
            raise ProtocolError(errors.MALFORMED_FRAME, str(error)) from None
        peer.outlet.send(peer.encoder.step_2(missing))
        if peer.encoder.speaks_hocuspocus:
            peer.outlet.send(peer.encoder.step_1(self._document.state_vector()))

    def receive_update(self, peer: Peer, update: bytes, *, is_answer: bool) -> None:
        """Take an edit, or the answer to our question what we lack."""
        check_update(update)
        if update == EMPTY_UPDATE:
            self._acknowledge_nothing_new(peer)
            return
        if is_answer or not peer.may_write:
            self._flush()
            # Every answer repeats all deletions; most add nothing to the log.
            if self.state is RoomState.OPEN and self._holds(update):
                self._acknowledge_nothing_new(peer)
                return
        if not peer.may_write:
            self._refuse_edit(peer, update)
            return
        if (
            self._services.writer.waiting_bytes
            > self._services.limits.max_unsaved_bytes
        ):
            raise ProtocolError(errors.OVERLOADED)
        self._pending.append((peer, update))
        self._pending_bytes += len(update)
        if (
            len(self._pending) >= _MAX_PENDING
            or self._pending_bytes >= _MAX_PENDING_BYTES
        ):
            self._flush()
        elif not self._flush_due:
            self._flush_due = True
            self._services.soon(self._flush)

    def receive_awareness(self, peer: Peer, payload: bytes) -> None:
        self._people.receive(peer, payload)

    def answer_who_is_here(self, peer: Peer) -> None:
        self._people.introduce(peer)

    def expire_presence(self) -> None:
        self._people.expire()

    def _acknowledge_nothing_new(self, peer: Peer) -> None:
        self._flush()
        self._saves.acknowledge_when_all_saved(peer)

    def _holds(self, update: bytes) -> bool:
        try:
            return self._document.holds(update)
        except ValueError as error:
            raise ProtocolError(errors.MALFORMED_FRAME, str(error)) from None

    def _refuse_edit(self, peer: Peer, update: bytes) -> None:
        self._services.counters["edits_refused"] += 1
        frozen = peer.grant.frozen
        if frozen:
            self._keep_proposal(peer, update, Refusal.FROZEN)
        if peer.encoder.speaks_hocuspocus:
            peer.refuse("frozen" if frozen else "read_only")
        else:
            raise ProtocolError(errors.FROZEN if frozen else errors.READ_ONLY)

    def _keep_proposal(self, peer: Peer, update: bytes, reason: Refusal) -> None:
        proposal = Proposal(
            document_id=self.document_id,
            author=peer.identity.user_id,
            epoch=self.epoch,
            reason=reason,
            update=update,
            at=self._services.clock.now(),
        )
        self._services.spawn(self._services.log.keep_proposal(proposal))

    # ── the flush ───────────────────────────────────────────────────────────────

    def _flush(self) -> None:
        """Merge, apply, fan out and hand to the log what came since the last flush."""
        self._flush_due = False
        if not self._pending or self.state is not RoomState.OPEN:
            return
        batch, self._pending, self._pending_bytes = self._pending, [], 0
        batch = self._fitting(batch)
        if not batch:
            return
        try:
            merged = merge_tree([update for _, update in batch])
            self._document.apply(merged)
        except (ValueError, DamagedDocument) as error:
            self._start_rebuild(batch, error)
            return
        self._services.counters["updates"] += len(batch)
        writers = Counter(peer for peer, _ in batch)
        # No echo to a sole writer; with several, one frame for all is cheaper.
        only = next(iter(writers)) if len(writers) == 1 else None
        fan_out(self.peers, lambda to: to.update(merged), except_for=only)
        self._saves.submit(merged, writers, self.epoch, self._known)

    def _fitting(self, batch: list[tuple[Peer, bytes]]) -> list[tuple[Peer, bytes]]:
        """Send the writers away whose edits would make the document too large."""
        limit = self._services.limits.max_document_bytes
        if self._document.has_room_for(sum(len(u) for _, u in batch), limit):
            return batch
        fitting: list[tuple[Peer, bytes]] = []
        size = 0
        for peer, update in batch:
            if self._document.has_room_for(size + len(update), limit):
                size += len(update)
                fitting.append((peer, update))
            else:
                self._services.counters["edits_too_large"] += 1
                peer.leave(errors.DOCUMENT_TOO_LARGE)
        return fitting

    def _not_saved(
        self, update: bytes, writers: Counter[Peer], refusal: Refusal | None
    ) -> None:
        """The log refused what was already shown: nobody may go on from that copy.

        The edit becomes a proposal of its writers; everybody gets a fresh copy.
        """
        self._services.counters["edits_refused"] += len(writers)
        if refusal in (Refusal.FROZEN, Refusal.WRONG_EPOCH):
            for peer in writers:
                self._keep_proposal(peer, update, refusal)
        self.state = RoomState.CLOSED
        self.empty(_REFUSAL_CLOSES[refusal] if refusal else errors.OVERLOADED)

    # ── repair ──────────────────────────────────────────────────────────────────

    def _start_rebuild(self, batch: list[tuple[Peer, bytes]], error: Exception) -> None:
        logger.warning(
            "room %s: %s in a batch of %d", self.document_id, error, len(batch)
        )
        self._services.counters["rebuilds"] += 1
        self.state = RoomState.REBUILDING
        self._services.spawn(self._rebuild(batch))

    async def _rebuild(self, batch: list[tuple[Peer, bytes]]) -> None:
        """Make the document anew from the log; find out which edit harms it."""
        rebuilt = await rebuild(
            self._services,
            self.document_id,
            shown=[*self._saves.unsaved, *self._foreign.values()],
            suspects=[update for _, update in batch],
        )
        if rebuilt is None or self.state is not RoomState.REBUILDING:
            self.empty(errors.NOT_AVAILABLE)
            return
        self._document, verdicts = rebuilt
        self.state = RoomState.OPEN
        good = [item for item, harms in zip(batch, verdicts, strict=True) if not harms]
        for (peer, _), harms in zip(batch, verdicts, strict=True):
            if harms:
                self._services.counters["edits_malformed"] += 1
                peer.leave(errors.MALFORMED_FRAME)
        self._pending = [*good, *self._pending]
        self._flush()
        held, self._held = self._held, []
        for peer, state_vector in held:
            if peer in self.peers:
                self.receive_step_1(peer, state_vector)

    # ── other processes ─────────────────────────────────────────────────────────

    def _relayed(self, message: Relayed) -> None:
        name = (message.process_id, message.number)
        if message.kind is RelayKind.UPDATE:
            self._foreign[name] = message.body
            self._services.later(_FOREIGN_COMMIT_S, lambda: self._adopt_orphan(name))
            if self.state is RoomState.OPEN:
                self._apply_foreign(message.body)
        elif message.kind is RelayKind.COMMITTED:
            if self._foreign.pop(name, None) is None:
                self._services.spawn(self.read_log())
            else:
                self._known.learn(message.seq)
        elif message.kind is RelayKind.AWARENESS:
            self._people.receive_remote(message.body)
        else:
            self._people.greet()

    def _apply_foreign(self, update: bytes) -> None:
        try:
            check_update(update)
            self._document.apply(update)
        except (ProtocolError, ValueError):
            logger.error("room %s: unreadable update from the bus", self.document_id)
            return
        except DamagedDocument as error:
            self._start_rebuild([], error)
            return
        fan_out(self.peers, lambda to: to.update(update))

    def _adopt_orphan(self, name: tuple[bytes, int]) -> None:
        """A process showed an update and never said that it was saved: save it here.

        If it was saved after all, the log holds it twice, which changes nothing.
        """
        update = self._foreign.pop(name, None)
        if update is not None and self.state is RoomState.OPEN:
            self._saves.submit(update, Counter(), self.epoch, self._known)

    async def read_log(self) -> None:
        """Take in what the log has and this room has not seen."""
        if self.state is not RoomState.OPEN:
            return
        head = await self._services.log.head(self.document_id)
        if head is None or head.epoch != self.epoch:
            self.state = RoomState.CLOSED
            self.empty(errors.WRONG_EPOCH if head else errors.NOT_AVAILABLE)
            return
        if head.last_seq <= self._known.upto:
            return
        missed = await self._services.log.read_since(self.document_id, self._known.upto)
        for entry in missed:
            if entry.seq > self._known.upto and self.state is RoomState.OPEN:
                self._apply_foreign(entry.update)
                self._known.read_upto(entry.seq)
