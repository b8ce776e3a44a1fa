"""Notice soon after an edit who suggested, in drafts about which opinions are asked.

One query tells which of the drafts that changed have a round; mostly none has. Each
round then rests in proportion to what looking through its log cost (`watch.py`). Must
never look through a draft about which nobody asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from server.config.watch import RestingWatch
from server.review.actions.hearing import hear, unheard


class OpinionWatch(RestingWatch[UUID]):
    name = "opinions"
    gather_s = 2.0

    async def _matters_of(self, changed: set[str]) -> Iterable[UUID]:
        return await self._done(partial(unheard, changed)) or ()

    def _attend(self, matter: UUID) -> None:
        hear(matter)

    async def _compare(self) -> Iterable[UUID]:
        return await self._done(unheard) or ()
