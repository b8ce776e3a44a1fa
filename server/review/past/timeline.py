"""When a draft was written, by whom, and where its days and pauses end.

Versions of a day and of a long pause are not stored: they follow from the log and the
time at which somebody looks, so no timer can miss one, and they are the same however
often the log was compacted. What was listed once stays listed: the next edit only
confirms it. Pure; must never read a text nor a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Literal

PAUSE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Moment:
    """One saved update: its place, its time and who wrote a part of it."""

    seq: int
    epoch: int
    at: datetime
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rest:
    """A place where writing rested: the last update before the day or the pause ended.

    `authors` wrote since the rest before it, in the order in which they began.
    """

    kind: Literal["day", "pause"]
    moment: Moment
    authors: tuple[str, ...]


@dataclass(slots=True)
class Timeline:
    """Every update of a draft, oldest first; `seq` begins at 1 and has no gap."""

    moments: list[Moment] = field(default_factory=list)

    @property
    def last_seq(self) -> int:
        return len(self.moments)

    def at(self, seq: int) -> Moment | None:
        return self.moments[seq - 1] if 1 <= seq <= len(self.moments) else None

    def before(self, moment: datetime) -> Moment | None:
        """The last update that was saved at this time or earlier."""
        # Clocks of several processes may differ: the order of `seq` is the true one.
        return next((m for m in reversed(self.moments) if m.at <= moment), None)

    def first_of_epoch(self, epoch: int) -> int:
        """The `seq` that begins this epoch; 1 when it is not there."""
        return next((m.seq for m in self.moments if m.epoch == epoch), 1)


def rests(moments: Sequence[Moment], zone: tzinfo, now: datetime) -> list[Rest]:
    """Where days and pauses end, oldest first; the newest update is among them as soon
    as its day, or a pause after it, has passed `now`."""
    found: list[Rest] = []
    wrote: dict[str, None] = {}
    # A clock that is behind the log's makes no end of it.
    ends = [m.at for m in moments[1:]] + [max(now, m.at) for m in moments[-1:]]
    for here, until in zip(moments, ends, strict=True):
        if not _is_repetition(moments, here):
            wrote.update(dict.fromkeys(here.authors))
        if here.at.astimezone(zone).date() != until.astimezone(zone).date():
            found.append(Rest("day", here, tuple(wrote)))
        elif until - here.at >= PAUSE:
            found.append(Rest("pause", here, tuple(wrote)))
        else:
            continue
        wrote = {}
    return found


def _is_repetition(moments: Sequence[Moment], moment: Moment) -> bool:
    """Whether this update only begins a later epoch with what was there."""
    before = moments[moment.seq - 2] if moment.seq > 1 else None
    return before is not None and before.epoch != moment.epoch


def writers(moments: Iterable[Moment]) -> tuple[str, ...]:
    """Everybody who wrote a part, each once."""
    return tuple(dict.fromkeys(a for moment in moments for a in moment.authors))
