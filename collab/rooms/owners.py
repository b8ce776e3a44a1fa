"""Which person writes under which client id, as the log tells it.

A room knows who brought a client id only as long as it is loaded. What somebody typed
before that is in the log with a name, so for an id that the document holds already the
log is read: only when somebody who may only suggest writes under such an id, and from
where it was read last. Must never be asked on the path of those who may write freely.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from collab.content.authorship import Writers
from collab.rooms.services import Services
from storage.ports import PastUpdate

_ANY_TIME = datetime(1, 1, 2, tzinfo=UTC)
# What is shown and not yet in the log will be, before long.
_AGAIN_S = 1.0


class Owners:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._writers = Writers(follows_copies=False)
        self._here: dict[int, str] = {}
        """Who began to write under an id, where this room saw it."""
        self._sought: dict[int, float] = {}
        """When the log was read for an id of which it said nothing."""
        self._seq = 0
        self._epoch = 0
        self.begun: datetime | None = None
        """When the document was begun, once the log was read."""

    def saw(self, client: int, user: str) -> None:
        """This person's first letters under this id, which nobody has used."""
        self._here.setdefault(client, user)

    def is_of(self, client: int, user: str) -> bool | None:
        """Whether this person writes under this id; None: it is not known."""
        seen = self._here.get(client)
        return self._writers.is_of(client, user) if seen is None else seen == user

    def was_sought(self, client: int) -> bool:
        """Whether the log was read for this id just now."""
        at = self._sought.get(client)
        return at is not None and self._services.clock.monotonic() - at < _AGAIN_S

    async def seek(self, document_id: str) -> None:
        """Read on in the log. Raises LogUnavailable, LogDamaged or ValueError."""
        while found := await self._services.log.past(document_id, self._seq):
            if self.begun is None:
                self.begun = found[0].at
            await self._services.run_heavy(partial(self._learn, found))

    def told(self, clients: frozenset[int]) -> None:
        """The log says no more: what is known here has to do."""
        self._sought = dict.fromkeys(clients, self._services.clock.monotonic())
        self.begun = self.begun or _ANY_TIME

    def _learn(self, part: tuple[PastUpdate, ...]) -> None:
        for past in part:
            if past.seq > 1 and past.epoch != self._epoch:
                # All that was there, again.
                self._writers.skip(past.update)
            else:
                self._writers.learn(past.update, past.authors)
            self._seq, self._epoch = past.seq, past.epoch
