"""The states of a room, named apart so that its parts can ask for them.

LOADING ──► OPEN ──► CLOSED          REBUILDING holds frames while a damaged
             ▲ ▼                     document is made anew from the log
         REBUILDING
"""

from __future__ import annotations

from enum import Enum


class RoomState(Enum):
    LOADING = "loading"
    OPEN = "open"
    REBUILDING = "rebuilding"
    CLOSED = "closed"
