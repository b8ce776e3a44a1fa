"""Whose words count for which request of a round: the person's own when the person was
asked, else that of the nearest asked unit above the author. Pure but for reading the
tree of units once. Must never count who asks among those who answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from server.accounts.models import Unit
from server.review.models import OpinionRequest

# Units stand at most four deep in an office; a tree that bites its tail ends too.
_DEEPEST = 8


class Holders:
    """The requests of one round."""

    def __init__(self, asks: UUID, requests: Iterable[OpinionRequest]) -> None:
        self._asks = asks
        self._users: dict[UUID, UUID] = {}
        self._units: dict[UUID, UUID] = {}
        for request in requests:
            if request.user_id:
                self._users[request.user_id] = request.pk
            elif request.unit_id:
                self._units[request.unit_id] = request.pk

    def request_of(self, author: UUID, units: Iterable[UUID]) -> UUID | None:
        """The request that this author answers to, whose units these are, the nearest
        first; None: nobody asked them."""
        if author == self._asks:
            return None
        if author in self._users:
            return self._users[author]
        found = (self._units[unit] for unit in units if unit in self._units)
        return next(found, None)


def above(unit: Unit | None) -> Iterator[UUID]:
    """The unit and those over it; no query when its parents were read with it."""
    for _step in range(_DEEPEST):
        if unit is None:
            return
        yield unit.pk
        unit = unit.parent


class UnitTree:
    """The same by ids, for many units at once. One query."""

    def __init__(self) -> None:
        self._over: Mapping[UUID, UUID | None] = dict(
            Unit.objects.values_list("pk", "parent_id")
        )

    def above(self, unit: UUID | None) -> Iterator[UUID]:
        for _step in range(_DEEPEST):
            if unit is None:
                return
            yield unit
            unit = self._over.get(unit)
