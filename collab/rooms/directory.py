"""Which rooms are loaded in this process; each is loaded once and unloaded when idle.

Two people who open the same document at the same moment wait for one load. A failed
load leaves nothing behind. A room is never unloaded while anything in it is unsaved.
"""

from __future__ import annotations

import asyncio
import logging

from collab import errors
from collab.rooms.announced import Announced
from collab.rooms.document import snapshot_of
from collab.rooms.repair import parts_of
from collab.rooms.room import Room
from collab.rooms.services import Cancel, Services
from collab.rooms.state import RoomState
from storage.ports import LogUnavailable

logger = logging.getLogger(__name__)

_READABLE = (RoomState.BUILDING, RoomState.OPEN)


class Directory:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._rooms: dict[str, Room] = {}
        self._loading: dict[str, asyncio.Task[Room]] = {}
        self._idle: dict[str, Cancel] = {}
        self._compacting: set[str] = set()
        self._announced = Announced()

    def rooms(self) -> list[Room]:
        return list(self._rooms.values())

    def is_loading(self, document_id: str) -> bool:
        return document_id in self._loading

    def find(self, document_id: str) -> Room | None:
        return self._rooms.get(document_id)

    async def open(self, document_id: str, *, epoch: int) -> Room:
        """Raises ProtocolError (no such document) or LogUnavailable.

        A room that still holds a former epoch is ended, and loaded anew.
        """
        room = self._rooms.get(document_id)
        if room is not None and room.state in _READABLE and room.epoch < epoch:
            room.end(errors.WRONG_EPOCH)
        if room is not None and room.state is not RoomState.CLOSED:
            # Who asks may still be refused: the room stays as long as for one who left.
            self.left(room)
            return room
        task = self._loading.get(document_id)
        if task is None:
            task = asyncio.ensure_future(self._load(document_id))
            self._loading[document_id] = task
            task.add_done_callback(lambda done: self._loaded(document_id, done))
        # One waiter that goes away must not cancel the load of the others.
        return await asyncio.shield(task)

    def _loaded(self, document_id: str, task: asyncio.Task[Room]) -> None:
        self._loading.pop(document_id, None)
        if not task.cancelled():
            # Everyone who waited may be gone: an error must not be called forgotten.
            task.exception()

    def left(self, room: Room) -> None:
        """A peer has left: unload the room when it has been empty for a while."""
        if room.peers or self._rooms.get(room.document_id) is not room:
            return
        self._stay(room.document_id)
        self._idle[room.document_id] = self._services.later(
            self._services.limits.idle_room_s, lambda: self._unload_soon(room)
        )

    def compact_long_tails(self) -> None:
        """Start a snapshot for each room whose tail has grown long."""
        limit = self._services.limits.compact_after_updates
        for room in self._rooms.values():
            if room.known.tail_length >= limit:
                self._services.spawn(self.compact(room))

    async def compact(self, room: Room) -> None:
        """Store a snapshot made from the log alone, off the event loop.

        The live document is not used: it may hold what the log has not taken yet.
        """
        document_id = room.document_id
        if document_id in self._compacting:
            return
        self._compacting.add(document_id)
        try:
            stored = await self._services.log.load(document_id)
            if stored is None:
                return
            if not stored.updates:
                room.known.snapshot_stored(stored.snapshot_seq)
                return
            parts = parts_of(stored)
            snapshot = await self._services.run_heavy(lambda: snapshot_of(parts))
            last = stored.updates[-1].seq
            if await self._services.log.compact(
                document_id, epoch=stored.head.epoch, snapshot=snapshot, up_to_seq=last
            ):
                self._services.counters["compactions"] += 1
            room.known.snapshot_stored(last)
        except LogUnavailable:
            logger.warning("no snapshot of %s: the log is away", document_id)
        except Exception:
            logger.exception("no snapshot of %s", document_id)
            # Not again and again: only after as many updates more.
            room.known.snapshot_stored(room.known.upto)
        finally:
            self._compacting.discard(document_id)

    async def close_all(self) -> None:
        for cancel in self._idle.values():
            cancel.cancel()
        self._idle.clear()
        for task in list(self._loading.values()):
            task.cancel()
        for room in self.rooms():
            await room.close()
        self._rooms.clear()

    async def _load(self, document_id: str) -> Room:
        ended = self._rooms.get(document_id)
        if ended is not None:
            # What it has shown may still be on its way to the log.
            await ended.settled()
        room = Room(document_id, self._services)
        room.people.recall(self._announced.of(document_id))
        await room.load()
        self._rooms[document_id] = room
        self._services.counters["rooms_loaded"] += 1
        self.left(room)
        return room

    def _stay(self, document_id: str) -> None:
        cancel = self._idle.pop(document_id, None)
        if cancel is not None:
            cancel.cancel()

    def _unload_soon(self, room: Room) -> None:
        self._idle.pop(room.document_id, None)
        self._services.spawn(self._unload(room))

    async def _unload(self, room: Room) -> None:
        limit = self._services.limits.compact_on_unload_updates
        if not room.peers and room.is_clean and room.known.tail_length >= limit:
            await self.compact(room)
        if room.peers or not room.is_clean:
            self.left(room)
            return
        if self._rooms.get(room.document_id) is room:
            del self._rooms[room.document_id]
            self._announced.keep(room.document_id, room.people.owners())
            self._services.counters["rooms_unloaded"] += 1
        await room.close()
