"""The update log of the office: it also lets the lists know when a draft last changed.

"Cập nhật" in a list means the last saved edit. The rooms know no lists, so the log
tells the registry, at most twice a minute for each draft and after the commit. It also
tells the watches, each of which does what a change of the text asks for. Must never
delay or fail an append.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from server.config.watch import Watch
from server.registry.actions.drafts import TOUCH_EVERY, touch_all
from storage.ports import Append, AppendOutcome, LogUnavailable
from storage.update_log.log import DjangoUpdateLog
from storage.update_log.threads import DatabaseThreads

logger = logging.getLogger(__name__)

_REMEMBERED = 10_000


class OfficeUpdateLog(DjangoUpdateLog):
    def __init__(self, threads: DatabaseThreads, watches: Sequence[Watch]) -> None:
        super().__init__()
        self._touch_threads = threads
        self._touched: dict[str, datetime] = {}
        self._touching: set[asyncio.Task[None]] = set()
        self._watches = tuple(watches)

    async def append_many(self, batch: Sequence[Append]) -> list[AppendOutcome]:
        outcomes = await super().append_many(batch)
        # Once for each document, by its last update: a batch has thousands of them.
        saved = {
            append.document_id: append
            for append, outcome in zip(batch, outcomes, strict=True)
            if outcome.seq is not None
        }
        changed = {id_: a.at for id_, a in saved.items() if self._is_due(a)}
        for watch in self._watches:
            watch.note(*saved)
        if changed:
            task = asyncio.create_task(self._touch(changed))
            self._touching.add(task)
            task.add_done_callback(self._touching.discard)
        return outcomes

    async def close(self) -> None:
        for watch in self._watches:
            await watch.close()
        await super().close()

    def _is_due(self, append: Append) -> bool:
        last = self._touched.get(append.document_id)
        if last is not None and append.at - last < TOUCH_EVERY:
            return False
        if len(self._touched) >= _REMEMBERED:
            self._touched.clear()
        self._touched[append.document_id] = append.at
        return True

    async def _touch(self, changed: Mapping[str, datetime]) -> None:
        try:
            await self._touch_threads.run(lambda: touch_all(changed))
        except LogUnavailable:
            # The next edit after the pause tries again.
            logger.debug("the list was not told of %d drafts", len(changed))
