"""When Python looks for unreachable cycles: not while people type.

A full collection stops every thread of the process, for a third of a second with a
thousand people there, and under load Python begins one every two or three seconds. So
what the program itself consists of is looked at no more, the young are collected as
ever, and everything is looked at in a quiet second; without one, once a minute.
Must never let garbage grow without bound.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable

# Container objects that live, before the young ones are looked at. Python's 700 is
# reached a hundred times a second.
_YOUNG = 10_000
_MIDDLE = 10
_NEVER = 1_000_000
_TICK_S = 1.0
_LEAST_S = 5.0
_QUIET = 0.2
# However busy it is: garbage of a minute, or of a million objects that lived on.
_LONGEST_S = 60.0
_MOST_RUNS = 10


def is_due(runs: int, since_s: float, busy: float) -> bool:
    """Whether to look at everything now.

    `runs`: collections of the middle generation since the last time; `busy`: the part
    of the last second that the process computed in.
    """
    if runs >= _MOST_RUNS:
        return True
    return runs > 0 and since_s >= (_LEAST_S if busy < _QUIET else _LONGEST_S)


class Collector:
    def __init__(
        self,
        *,
        computed_s: Callable[[], float] = time.process_time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._computed_s = computed_s
        self._monotonic = monotonic
        self._before: tuple[int, int, int] | None = None
        self._task: asyncio.Task[None] | None = None
        self._collected_at = self._looked_at = monotonic()
        self._computed = computed_s()

    def start(self) -> None:
        """Begin in the running event loop, when all that stays is loaded."""
        if self._task is not None:
            return
        self._before = gc.get_threshold()
        gc.collect()
        gc.freeze()
        gc.set_threshold(_YOUNG, _MIDDLE, _NEVER)
        self._task = asyncio.get_running_loop().create_task(self._run())

    def stop(self) -> None:
        """Leave the process as it was found. Safe to call again."""
        if self._task is not None and self._before is not None:
            self._task.cancel()
            self._task = None
            gc.set_threshold(*self._before)
            gc.unfreeze()

    def look(self) -> bool:
        """Collect everything if it is time. Whether it was."""
        now, computed = self._monotonic(), self._computed_s()
        elapsed = max(now - self._looked_at, 0.001)
        busy = (computed - self._computed) / elapsed
        due = is_due(gc.get_count()[2], now - self._collected_at, busy)
        if due:
            gc.collect()
            self._collected_at = now
        self._looked_at, self._computed = self._monotonic(), self._computed_s()
        return due

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_TICK_S)
            self.look()
