"""So many times a minute from one address, for pages that anybody may open.

Counted in this process only: with several processes the bound is that much higher.
It guards the machine against one eager caller, never an account or a secret.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque

from server.common import clock
from server.common.errors import TooMany

WINDOW_SECONDS = 60.0
# Addresses that are remembered; the one that was silent longest is forgotten first.
MAX_KEYS = 10_000


class Throttle:
    """Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, key: str, per_minute: int) -> None:
        """Count one act. Raises TooMany when there were `per_minute` already."""
        now = clock.now().timestamp()
        with self._lock:
            times = self._times.setdefault(key, deque())
            self._times.move_to_end(key)
            while times and times[0] <= now - WINDOW_SECONDS:
                times.popleft()
            if len(times) >= per_minute:
                raise TooMany
            times.append(now)
            while len(self._times) > MAX_KEYS:
                self._times.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._times.clear()
