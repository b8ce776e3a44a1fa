"""Notice soon after an edit that it voids approvals, without slowing any edit.

The drafts that changed are looked at together: one query tells which of them are on
their way, and mostly none is. A failure costs nothing but time: the next look at the
process, and the next step, settle the draft again. Must never look through a draft
that is on no way.
"""

from __future__ import annotations

from functools import partial

from server.config.watch import Watch
from server.registry.actions.voiding import settle_many


class ApprovalWatch(Watch):
    name = "approvals"
    gather_s = 0.3

    async def _look(self, changed: set[str]) -> None:
        await self._done(partial(settle_many, changed))
