"""Write the log for all rooms of this process, one transaction at a time.

What comes after a pause is written at once. After each commit the next batch gathers
for a moment, so that many rooms, or one busy one, share a commit. Only after a commit
are the writers told "saved". When the log is away, updates wait here, merged, and are
written when it returns; nothing is dropped.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from collab.protocol.updates import merge_tree
from storage.ports import Append, AppendOutcome, LogUnavailable, UpdateLog

logger = logging.getLogger(__name__)

Saved = Callable[[AppendOutcome | None], None]
"""Told the outcome; None when this update alone cannot be stored at all."""

_MAX_BATCH = 2_000
_MAX_BATCH_BYTES = 8_000_000
_FIRST_RETRY_S = 0.1
_LAST_RETRY_S = 2.0
_MAX_MERGE_BYTES = 1_000_000
# What is kept for each update that waits beside its bytes, merged or not: here, and by
# the room that shows it.
_MEMORY_OF_ONE = 700


@dataclass(slots=True)
class _Item:
    append: Append
    saved: list[Saved] = field(default_factory=list)


class LogWriter:
    def __init__(
        self,
        log: UpdateLog,
        *,
        on_state: Callable[[bool], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        gather_s: float = 0.0,
    ) -> None:
        """`gather_s`: the least time from the end of a commit to the next."""
        self._log = log
        self._on_state = on_state
        self._sleep = sleep
        self._gather_s = gather_s
        self._waiting: list[_Item] = []
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self.is_up = True
        self.waiting_bytes = 0
        self._waiting_count = 0
        self._after: list[Callable[[], None]] = []
        self.commits = 0

    @property
    def waiting_memory(self) -> int:
        """What all that waits takes: of a letter, most is not its bytes."""
        return self.waiting_bytes + self._waiting_count * _MEMORY_OF_ONE

    def submit(self, append: Append, saved: Saved) -> None:
        """Take an update for the next commit; `saved` is called when it is done."""
        self._waiting.append(_Item(append, [saved]))
        self.waiting_bytes += len(append.update)
        self._waiting_count += 1
        self._idle.clear()
        self._wake.set()

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call when everybody was told of the commit of which `saved` tells now."""
        self._after.append(call)

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                await self._write(self._take_batch())
                if not self._waiting:
                    self._idle.set()
                if self._gather_s:
                    await self._sleep(self._gather_s)
            self._idle.set()

    async def drain(self, timeout_s: float) -> bool:
        """Wait until nothing is unsaved; False if that took too long."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True

    def _take_batch(self) -> list[_Item]:
        size = count = 0
        for item in self._waiting:
            size += len(item.append.update)
            count += 1
            if count >= _MAX_BATCH or size >= _MAX_BATCH_BYTES:
                break
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch

    async def _write(self, batch: list[_Item]) -> None:
        """Commit the batch, however long the log is away."""
        pause = _FIRST_RETRY_S
        while True:
            try:
                outcomes = await self._log.append_many([i.append for i in batch])
            except LogUnavailable as error:
                if self.is_up:
                    logger.error("the update log is away: %s", error)
                self._set_up(False)
                await self._sleep(pause)
                pause = min(pause * 2, _LAST_RETRY_S)
                # One row for each document instead of thousands, when it returns.
                self._merge_small()
                continue
            except Exception:
                logger.exception("the log refused a batch of %d", len(batch))
                await self._write_singly(batch)
                return
            self._set_up(True)
            self.commits += 1
            for item, outcome in zip(batch, outcomes, strict=True):
                self._done(item, outcome)
            self._call_after()
            return

    def _merge_small(self) -> None:
        """Merge what waits, a little at each try: much work would stop the loop."""
        count = size = 0
        for item in self._waiting:
            size += len(item.append.update)
            if size > _MAX_MERGE_BYTES:
                break
            count += 1
        before, self._waiting = (
            self._waiting,
            [
                *_merged(self._waiting[:count]),
                *self._waiting[count:],
            ],
        )
        self.waiting_bytes += _bytes_of(self._waiting) - _bytes_of(before)

    async def _write_singly(self, batch: list[_Item]) -> None:
        """Find the one update that the log cannot take, so that the rest are saved."""
        if len(batch) > 1:
            for item in batch:
                await self._write([item])
            return
        self._done(batch[0], None)

    def _done(self, item: _Item, outcome: AppendOutcome | None) -> None:
        self.waiting_bytes -= len(item.append.update)
        self._waiting_count -= len(item.saved)
        for saved in item.saved:
            try:
                saved(outcome)
            except Exception:
                logger.exception("after a commit of %s", item.append.document_id)

    def _call_after(self) -> None:
        calls, self._after = self._after, []
        for call in calls:
            try:
                call()
            except Exception:
                logger.exception("after a commit")

    def _set_up(self, up: bool) -> None:
        if up != self.is_up:
            self.is_up = up
            try:
                self._on_state(up)
            except Exception:
                logger.exception("nobody was told that the log is %s", up)


def _bytes_of(items: list[_Item]) -> int:
    return sum(len(item.append.update) for item in items)


def _merged(items: list[_Item]) -> list[_Item]:
    """One item for each document and epoch, in the order of their first update."""
    groups: dict[tuple[str, int], list[_Item]] = {}
    for item in items:
        key = (item.append.document_id, item.append.epoch)
        groups.setdefault(key, []).append(item)
    merged: list[_Item] = []
    for group in groups.values():
        if len(group) == 1:
            merged.append(group[0])
            continue
        try:
            update = merge_tree([item.append.update for item in group])
        except ValueError:
            logger.exception("edits of %s stay apart", group[0].append.document_id)
            merged.extend(group)
            continue
        append = replace(
            group[0].append,
            update=update,
            authors=tuple(dict.fromkeys(a for i in group for a in i.append.authors)),
            at=group[-1].append.at,
        )
        merged.append(_Item(append, [saved for item in group for saved in item.saved]))
    return merged
