"""What one peer may cost. Each limit is a setting with a default that an office keeps.

Pure: the rate limiter is told the time. Must never sleep; the gateway does.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds."""

    max_frame_bytes: int = 4_000_000
    max_unauthenticated_bytes: int = 1_000_000
    authentication_s: float = 10.0
    max_document_bytes: int = 30_000_000
    max_documents_per_socket: int = 20
    max_connections_per_user: int = 40
    max_connections: int = 5_000
    frames_per_s: float = 400.0
    frame_burst: int = 4_000
    max_lag_s: float = 10.0
    max_awareness_bytes: int = 8_000
    max_clients_per_peer: int = 4
    queue_bytes_per_socket: int = 2_000_000
    stuck_send_s: float = 60.0
    max_unsaved_bytes: int = 200_000_000
    recheck_s: float = 30.0
    ping_s: float = 10.0
    idle_room_s: float = 20.0
    compact_after_updates: int = 400
    compact_on_unload_updates: int = 40
    catch_up_s: float = 10.0


# A frame counts as one, and as one more for each of these: a large frame costs more.
BYTES_PER_FRAME = 20_000


class TokenBucket:
    """Tells how long to wait before the next frame: `rate` a second after a burst."""

    __slots__ = ("_at", "_behind_since", "_burst", "_level", "_rate")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._level = burst
        self._at = now
        self._behind_since: float | None = None

    def take(self, now: float, cost: float = 1.0) -> float:
        """Take `cost`; return the seconds by which the sender is ahead (0 if none)."""
        level = min(self._burst, self._level + (now - self._at) * self._rate) - cost
        self._level = level
        self._at = now
        if level >= 0:
            self._behind_since = None
            return 0.0
        if self._behind_since is None:
            self._behind_since = now
        return -level / self._rate

    def take_at_once(self, now: float, cost: float) -> bool:
        """Take `cost` if that makes the sender wait for nothing; else take nothing."""
        level = min(self._burst, self._level + (now - self._at) * self._rate) - cost
        if level < 0:
            return False
        self._level, self._at, self._behind_since = level, now, None
        return True

    def behind_s(self, now: float) -> float:
        """For how long the sender has been ahead without a pause, in seconds."""
        return 0.0 if self._behind_since is None else now - self._behind_since
