"""One document while people are in it (its states: `collab.rooms.state`).

An update is checked, queued, merged with what else came in this turn of the event
loop, applied once, sent once to each peer and once to the bus, and handed to the log.
Its writer hears "saved" after the commit, never before. The room must never rebuild
the document from text, and never forget an update that the log has not taken.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from collab import errors
from collab.errors import Close, ProtocolError
from collab.ports import Level
from collab.protocol.keystrokes import is_plain
from collab.protocol.shape import EMPTY_UPDATE, check_state_vector, check_update
from collab.protocol.updates import is_readable
from collab.rooms.document import DamagedDocument, LiveDocument, fit
from collab.rooms.elsewhere import Elsewhere
from collab.rooms.fan_out import fan_out, show_edits
from collab.rooms.guard import Guard
from collab.rooms.held import Held
from collab.rooms.opening import Beginning, begin, build
from collab.rooms.peer import Peer
from collab.rooms.pending import Batch, Pending
from collab.rooms.people import People
from collab.rooms.refusing import refuse_edit
from collab.rooms.relay import RelayKind
from collab.rooms.repair import rebuild
from collab.rooms.saves import REFUSAL_CLOSES, Saves, Writers, edits_of_each
from collab.rooms.sequence import KnownSequence
from collab.rooms.services import Services
from collab.rooms.state import HOLDING, RoomState
from collab.rooms.syncing import answer, bring_back, learn_bases
from storage.ports import Refusal

logger = logging.getLogger(__name__)


class Room:
    def __init__(self, document_id: str, services: Services) -> None:
        self.document_id = document_id
        self.state = RoomState.LOADING
        self.peers: set[Peer] = set()
        self.epoch = 0
        self.known = KnownSequence(0)
        self._services = services
        self._document = LiveDocument(())
        self._beginning: Beginning | None = None
        self._pending = Pending(
            services.soon, self._flush_batch, services.clock.monotonic
        )
        self._held = Held()
        self._guard = Guard(services, lambda: self._document)
        self.elsewhere = Elsewhere(self, services)
        relay = self.elsewhere.relay
        self.people = People(self.peers, services, relay)
        self._saves = Saves(
            document_id,
            services,
            relay,
            on_saved=self._saved,
            on_refused=self._not_saved,
        )

    # ── life ────────────────────────────────────────────────────────────────────

    async def load(self) -> None:
        """Read the log and open. Raises ProtocolError (no such document, or it cannot
        be read) or LogUnavailable; the room is then of no use."""
        try:
            # Before reading, so that nothing falls between the two.
            await self.elsewhere.open()
            stored, found = await begin(self._services, self.document_id)
        except BaseException:
            await self.close()
            raise
        self.epoch = stored.head.epoch
        self.known = KnownSequence(stored.head.last_seq, stored.snapshot_seq)
        if isinstance(found, LiveDocument):
            self._open(found)
        else:
            self.state, self._beginning = RoomState.BUILDING, found
            self._services.spawn(self._build(found))

    async def _build(self, beginning: Beginning) -> None:
        """Make the document of what people read already."""
        document = await build(self._services, self.document_id, beginning)
        if self.state is not RoomState.BUILDING:
            return
        if document is None:
            self.end(errors.SERVER_RESTARTING)
        else:
            self._open(document)

    def _open(self, document: LiveDocument) -> None:
        self._document, self._beginning = document, None
        learn_bases(self.peers, document)
        self.state = RoomState.OPEN
        self.elsewhere.resume()
        if self.elsewhere.relay is not None:
            self.elsewhere.relay.send(RelayKind.HELLO)
        self._held.release()

    async def close(self) -> None:
        self.state = RoomState.CLOSED
        self.people.close()
        await self.elsewhere.close()

    def end(self, close: Close) -> None:
        """Send everybody away for good: nobody may go on from this copy."""
        self.state = RoomState.CLOSED
        self._pending.take_all()
        self._held = Held()
        self.empty(close)
        self._services.spawn(self.close())

    def take_no_more(self) -> None:
        """The process stops: hand over what came; people keep and resend the rest."""
        self._flush()
        self.state = RoomState.CLOSED

    async def settled(self) -> None:
        """Wait until the log has answered for everything that was shown here."""
        await self._saves.settled()

    @property
    def is_clean(self) -> bool:
        """Nothing here that the log does not have."""
        return not (
            self._pending
            or self._held
            or self._guard
            or self._saves.unsaved
            or self.elsewhere.unsaved
            or self.state in HOLDING
        )

    # ── peers ───────────────────────────────────────────────────────────────────

    def join(self, peer: Peer) -> None:
        self.peers.add(peer)
        if not peer.encoder.speaks_hocuspocus:
            # y-websocket servers ask first; Hocuspocus providers do.
            self._ask(peer)
        self.people.introduce(peer)
        if not self._services.writer.is_up:
            peer.tell({"type": "log", "up": False})

    def leave(self, peer: Peer) -> None:
        """The peer's queued edits stay queued: they were received."""
        if peer in self.peers:
            self.peers.discard(peer)
            self._held.forget(peer)
            self.people.leave(peer)
            self._guard.left(peer, self.peers)

    def tell_all(self, notice: dict[str, object], least: Level = Level.VIEW) -> None:
        for peer in list(self.peers):
            if peer.grant.level >= least:
                peer.tell(notice)

    def empty(self, close: Close) -> None:
        """Send everybody away, for example because the document was replaced."""
        for peer in list(self.peers):
            peer.leave(close)

    def catch_up(self, peer: Peer) -> None:
        """Bring back a peer that did not read for a while, by its state vector."""
        # While that is held it goes on lagging, so nothing reaches it before this.
        if self._takes(peer, 0, lambda: self.catch_up(peer)):
            self._services.counters["peers_resynced"] += 1
            bring_back(peer, self._document)
            self.people.introduce(peer)

    def state_vector(self) -> bytes:
        """What everybody has to whom all was sent."""
        return (self._beginning or self._document).state_vector()

    def _ask(self, peer: Peer) -> None:
        """Ask what we lack, once it is known what we have."""
        if self._takes(peer, 0, lambda: self._ask(peer)):
            peer.outlet.send(peer.encoder.step_1(self._document.state_vector()))

    # ── what peers send ─────────────────────────────────────────────────────────

    def receive_step_1(self, peer: Peer, state_vector: bytes) -> None:
        """Answer with what the peer misses, then ask for what we miss."""
        check_state_vector(state_vector)
        if self._beginning is not None and peer in self.peers:
            answer(peer, self._beginning, state_vector)
        elif not self._takes(
            peer, len(state_vector), lambda: self.receive_step_1(peer, state_vector)
        ):
            return
        else:
            self._flush()
            answer(peer, self._document, state_vector)
        if peer.encoder.speaks_hocuspocus:
            self._ask(peer)

    def receive_update(
        self, peer: Peer, update: bytes, *, is_answer: bool, is_checked: bool = False
    ) -> None:
        """Take an edit, or the answer to our question what we lack.

        `is_checked`: its shape was checked before, off the event loop.
        """
        if not is_checked:
            check_update(update)

        def again() -> None:
            self.receive_update(peer, update, is_answer=is_answer, is_checked=True)

        if not self._takes(peer, len(update), again):
            return
        if update == EMPTY_UPDATE or is_answer or not peer.may_write_freely:
            self._flush()
            if self.state is not RoomState.OPEN:
                again()  # that flush met an edit which harms: held, or nobody's
                return
            # Every answer repeats all deletions; most add nothing to the log.
            adds_nothing = update == EMPTY_UPDATE or self._holds(update)
            if adds_nothing and not self._guard.has_of(peer):
                # It may be held because another process showed it, unsaved.
                self.elsewhere.adopt_all()
                self._saves.acknowledge_when_all_saved(peer)
                return
        if self._guard.must_wait(peer):
            self._guard.keep(peer, len(update), again)
        elif not peer.may_write:
            refuse_edit(self._services, peer, update)
        elif peer.may_write_freely or self._guard.admits(peer, update):
            self._queue(peer, (update,), are_plain=is_plain(update))

    def receive_keystrokes(self, peer: Peer, updates: Sequence[bytes]) -> None:
        """Take edits that are all plain (`keystrokes.is_plain`), in their order."""
        if (
            self.state is RoomState.OPEN
            and peer in self.peers
            and peer.may_write_freely
            and not self._guard
        ):
            self._queue(peer, updates, are_plain=True)
            return
        for update in updates:
            self.receive_update(peer, update, is_answer=False, is_checked=True)

    def receive_awareness(self, peer: Peer, payload: bytes) -> None:
        if peer in self.peers:
            self.people.receive(peer, payload)

    def _takes(self, peer: Peer, size: int, again: Callable[[], None]) -> bool:
        """Whether a message can be handled now. Else it is held, or (the peer has left,
        the room has ended) ignored and never acknowledged."""
        if self.state in HOLDING and peer in self.peers:
            self._held.add(peer, size, again)
        return self.state is RoomState.OPEN and peer in self.peers

    def _queue(self, peer: Peer, updates: Sequence[bytes], *, are_plain: bool) -> None:
        waiting = self._services.writer.waiting_memory
        if waiting > self._services.limits.max_unsaved_bytes:
            raise ProtocolError(errors.OVERLOADED)
        self._pending.add(peer, updates, are_plain=are_plain)

    def _holds(self, update: bytes) -> bool:
        try:
            return self._document.holds(update)
        except ValueError as error:
            raise ProtocolError(errors.MALFORMED_FRAME, str(error)) from None

    # ── the flush ───────────────────────────────────────────────────────────────

    def _flush(self) -> None:
        """Merge, apply, fan out and hand to the log what came since the last flush."""
        while self._pending and self.state is RoomState.OPEN:
            self._flush_batch(is_paced=False)

    def _flush_batch(self, is_paced: bool) -> None:
        """A batch of it; `is_paced`: no more than may hold up the other rooms."""
        if not self._pending or self.state is not RoomState.OPEN:
            return
        taken = self._pending.take(is_paced=is_paced)
        monotonic = self._services.clock.monotonic
        started = monotonic()
        batch, is_flat = self._drop_too_much(taken), taken.are_plain
        if not batch:
            return
        try:
            merged = self._document.take([edit for _, edit in batch], is_flat=is_flat)
            self._guard.follow(merged)
        except (ValueError, DamagedDocument) as error:
            self._cope_with(batch, error)
            return
        self._pending.took(taken, monotonic() - started)
        self._services.counters["updates"] += len(batch)
        writers = edits_of_each([peer for peer, _ in batch])
        self._saves.submit(merged, writers, self.epoch)
        show_edits(self.peers, batch, merged, writers)

    def _drop_too_much(self, taken: Batch) -> list[tuple[Peer, bytes]]:
        """What the document has room for; whose edits it has not are sent away."""
        limit = self._services.limits.max_document_bytes
        edits, are_plain = taken
        batch, too_much = fit(self._document, edits, limit, are_flat=are_plain)
        for peer, _ in too_much:
            self._guard.forget()  # its shadow may hold what is too much
            self._services.counters["edits_too_large"] += 1
            peer.leave(errors.DOCUMENT_TOO_LARGE)
        return batch

    def save_foreign(self, update: bytes) -> None:
        """Save what another process has shown. People here have it already."""
        self._saves.submit(update, {}, self.epoch, is_foreign=True)

    def _saved(self, seq: int) -> None:
        self.known.learn(seq)
        self.elsewhere.watch_gap()

    def _not_saved(
        self, update: bytes, writers: Writers, refusal: Refusal | None
    ) -> None:
        """The log refused what was already shown: nobody may go on from that copy.

        The edit becomes a proposal of its writers; everybody gets a fresh copy.
        """
        self._services.counters["edits_refused"] += len(writers)
        late = self._pending.take_all().edits
        if refusal in (Refusal.FROZEN, Refusal.WRONG_EPOCH):
            for peer, edit in [*((peer, update) for peer in writers), *late]:
                self._services.proposals.keep_late(peer, edit, refusal)
        self.end(REFUSAL_CLOSES[refusal] if refusal else errors.OVERLOADED)

    # ── repair ──────────────────────────────────────────────────────────────────

    def show(self, update: bytes, *, is_checked: bool = False) -> None:
        """Apply and fan out what another process vouches for, or the log holds."""
        try:
            if not is_checked:
                check_update(update)
            self._document.apply(update)
            self._guard.follow(update)
        except (ProtocolError, ValueError):
            logger.error("room %s: unreadable update from the bus", self.document_id)
            return
        except DamagedDocument as error:
            self._start_rebuild([], error)
            return
        fan_out(self.peers, lambda to: to.update(update))

    def _cope_with(self, batch: list[tuple[Peer, bytes]], error: Exception) -> None:
        """An edit harms the document. If it is plainly unreadable, nothing else has
        changed; else only the log can tell what the document was."""
        harms = [not is_readable(update) for _, update in batch]
        if isinstance(error, DamagedDocument) or not any(harms):
            self._start_rebuild(batch, error)
        else:
            self._go_on(batch, harms)

    def _go_on(self, batch: list[tuple[Peer, bytes]], harms: list[bool]) -> None:
        """Send away whose edit harms; the others' are taken again in the next flush."""
        good = []
        for item, bad in zip(batch, harms, strict=True):
            if bad:
                self._services.counters["edits_malformed"] += 1
                item[0].leave(errors.MALFORMED_FRAME)
            else:
                good.append(item)
        self._pending.put_first(good)

    def _start_rebuild(self, batch: list[tuple[Peer, bytes]], error: Exception) -> None:
        logger.warning("room %s: %s in %d edits", self.document_id, error, len(batch))
        self._services.counters["rebuilds"] += 1
        self.state = RoomState.REBUILDING
        self._guard.give_up()
        self._services.spawn(self._rebuild(batch))

    async def _rebuild(self, batch: list[tuple[Peer, bytes]]) -> None:
        """Make the document anew from the log; find out which edit harms it."""
        rebuilt = await rebuild(
            self._services,
            self.document_id,
            self.epoch,
            shown=[*self._saves.unsaved, *self.elsewhere.unsaved],
            suspects=[update for _, update in batch],
        )
        if self.state is not RoomState.REBUILDING:
            return
        if isinstance(rebuilt, Close):
            self.end(rebuilt)
            return
        self._document = rebuilt.document
        self.known.rewind(rebuilt.last_seq)
        self.state = RoomState.OPEN
        self._go_on(batch, rebuilt.verdicts)
        self._flush()
        self.elsewhere.resume()
        self._held.release()
