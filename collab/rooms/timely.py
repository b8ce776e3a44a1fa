"""Whether the time that a suggester's program gives a suggestion can be true.

It goes into the list of suggestions and into Word, and nobody but the program knows
when its person wrote: work of many days without a network is sent with the times at
which it was done, and stays. Only what cannot be is said to be so: a time that does not
say its zone, one that has not come, one from before the document was begun. Pure.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum

# Clocks differ: those of honest programs by less.
AHEAD = timedelta(minutes=10)
# Younger than this needs no look at when the document was begun.
_YOUNG = timedelta(days=1)
_BEFORE = timedelta(days=1)


class Timing(Enum):
    FINE = "fine"
    ABSURD = "absurd"
    UNSURE = "unsure"
    """It hangs on when the document was begun, which was not told."""


def timing_of(at: str, now: datetime, begun: datetime | None) -> Timing:
    try:
        when = datetime.fromisoformat(at)
        if when.tzinfo is None:
            return Timing.ABSURD
        when = when.astimezone(UTC)
    except (ValueError, OverflowError):
        return Timing.ABSURD
    if when > now + AHEAD:
        return Timing.ABSURD
    if when >= now - _YOUNG:
        return Timing.FINE
    if begun is None:
        return Timing.UNSURE
    return Timing.FINE if when >= begun - _BEFORE else Timing.ABSURD
