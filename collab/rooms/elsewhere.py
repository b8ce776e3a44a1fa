"""What other processes do to this document: shown by the bus, true in the log.

A batch of another process is applied when the bus brings it and forgotten when its
commit is announced. If that announcement does not come, the log is read; if the batch
is not there, this process saves it, because people here have seen it. The bus may
drop anything: every gap in `seq` ends with a look at the log. What is kept here is no
more than the other processes may leave unsaved (`Limits.max_unsaved_bytes` of each),
since they take no edit above that; of what comes while the room cannot take it, some
megabytes, and beyond them the log tells it. Must never be needed by an office that runs
one process.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from collab import errors
from collab.protocol.nesting import measured
from collab.protocol.updates import merge_tree
from collab.rooms.relay import Relay, Relayed, RelayKind
from collab.rooms.services import Cancel, Services
from collab.rooms.state import HOLDING, RoomState
from storage.ports import LogUnavailable

if TYPE_CHECKING:
    from collab.rooms.room import Room

logger = logging.getLogger(__name__)

Name = tuple[bytes, int]

_COMMIT_DUE_S = 5.0
_GAP_S = 1.0
# Hours of typing, in the seconds that a room takes to be made.
_MOST_LATER_BYTES = 8_000_000
_MESSAGE_BYTES = 300  # of memory, beside its body


class Elsewhere:
    def __init__(self, room: Room, services: Services) -> None:
        self._room = room
        self._services = services
        self._shown: dict[Name, bytes] = {}
        # What came while the room could not take it.
        self._later: list[Relayed] = []
        self._later_bytes = 0
        self._gap_check: Cancel | None = None
        self.relay = (
            Relay(services.bus, services.process_id, room.document_id, self._deliver)
            if services.bus is not None
            else None
        )

    async def open(self) -> None:
        if self.relay is not None:
            await self.relay.open()

    async def close(self) -> None:
        if self._gap_check is not None:
            self._gap_check.cancel()
        self._shown.clear()
        self._forget_later()
        if self.relay is not None:
            await self.relay.close()

    def resume(self) -> None:
        """The room is open (again): take what came meanwhile, in its order."""
        later, was_too_much = self._later, self._later_bytes > _MOST_LATER_BYTES
        self._forget_later()
        for message in later:
            self._deliver(message)
        if was_too_much:
            self._services.spawn(self.read_log())

    @property
    def unsaved(self) -> list[bytes]:
        """Shown here; whether the log has them is not known."""
        return list(self._shown.values())

    def adopt_all(self) -> None:
        """Save here what another process has shown and not yet saved."""
        shown, self._shown = self._shown, {}
        for update in shown.values():
            self._room.save_foreign(update)

    def watch_gap(self) -> None:
        """Read the log if a gap in what this room knows does not close by itself."""
        if self._room.known.has_gap and self._gap_check is None:
            self._gap_check = self._services.later(_GAP_S, self._gap_is_due)

    def _gap_is_due(self) -> None:
        self._gap_check = None
        if self._room.known.has_gap:
            self._services.spawn(self.read_log())

    def _deliver(self, message: Relayed) -> None:
        room = self._room
        if message.kind is RelayKind.AWARENESS:
            room.people.receive_remote(message.body)
        elif room.state is RoomState.LOADING or room.state in HOLDING:
            self._keep_for_later(message)
        elif room.state is RoomState.OPEN:
            self._take(message)

    def _keep_for_later(self, message: Relayed) -> None:
        """Nobody here has seen it: what is too much may wait for its commit."""
        self._later_bytes += len(message.body) + _MESSAGE_BYTES
        if self._later_bytes > _MOST_LATER_BYTES:
            self._later = []
        else:
            self._later.append(message)

    def _forget_later(self) -> None:
        self._later, self._later_bytes = [], 0

    def _take(self, message: Relayed) -> None:
        name = (message.process_id, message.number)
        if message.kind is RelayKind.UPDATE:
            self._shown[name] = message.body
            self._services.later(_COMMIT_DUE_S, lambda: self._overdue(name))
            self._room.show(message.body)
        elif message.kind is RelayKind.COMMITTED:
            if self._shown.pop(name, None) is not None:
                self._room.known.learn(message.seq)
                self.watch_gap()
            elif message.seq > self._room.known.upto:
                self._services.spawn(self.read_log())
        else:
            self._room.people.greet()

    def _overdue(self, name: Name) -> None:
        if name not in self._shown:
            return
        if self._room.state is RoomState.OPEN and self._services.writer.is_up:
            self._services.spawn(self._adopt(name))
        elif self._room.state is not RoomState.CLOSED:
            self._services.later(_COMMIT_DUE_S, lambda: self._overdue(name))

    async def _adopt(self, name: Name) -> None:
        """A process showed an update and never said that it was saved: save it here.

        If it was saved after all, the log holds it twice, which changes nothing.
        """
        try:
            # Perhaps only the announcement was lost.
            await self.read_log()
        except LogUnavailable:
            self._services.later(_COMMIT_DUE_S, lambda: self._overdue(name))
            return
        if self._room.state is not RoomState.OPEN:
            self._services.later(_COMMIT_DUE_S, lambda: self._overdue(name))
            return
        update = self._shown.pop(name, None)
        if update is not None:
            self._services.counters["orphans_adopted"] += 1
            self._room.save_foreign(update)

    async def read_log(self) -> None:
        """Take in what the log has and this room has not seen."""
        room = self._room
        if room.state is not RoomState.OPEN:
            return
        head = await self._services.log.head(room.document_id)
        if room.state is not RoomState.OPEN:
            return
        if head is None or head.epoch != room.epoch:
            room.end(errors.WRONG_EPOCH if head else errors.NOT_AVAILABLE)
            return
        if head.last_seq <= room.known.upto:
            return
        missed = await self._services.log.read_since(
            room.document_id, room.known.upto, epoch=room.epoch
        )
        if not missed:
            return
        updates = [entry.update for entry in missed]
        merged = await self._services.run_heavy(lambda: measured(merge_tree(updates)))
        if room.state is not RoomState.OPEN:
            # The document is being made anew; `resume` comes after that.
            return
        room.show(merged, is_checked=True)
        if room.state is RoomState.OPEN:
            room.known.read_upto(missed[-1].seq)
            stored = set(updates)
            self._shown = {n: u for n, u in self._shown.items() if u not in stored}
