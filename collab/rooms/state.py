"""The states of a room, named apart so that its parts can ask for them.

LOADING ──► BUILDING ──► OPEN ──► CLOSED
     └────────────────────▲ ▼
                      REBUILDING

BUILDING answers from the log and holds edits while a long document is made of it;
REBUILDING holds all frames while a damaged one is made anew. A short document opens at
once.
"""

from __future__ import annotations

from enum import Enum


class RoomState(Enum):
    LOADING = "loading"
    BUILDING = "building"
    OPEN = "open"
    REBUILDING = "rebuilding"
    CLOSED = "closed"


HOLDING = (RoomState.BUILDING, RoomState.REBUILDING)
"""What peers send is kept until the document is there."""
