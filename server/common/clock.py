"""The time, injected: code asks `clock.now()`, tests set it with `clock.fixed(...)`.

Office rules speak of days in Vietnam, so `today()` is the date in Asia/Ho_Chi_Minh
whatever the machine's zone is. Must never be bypassed with datetime.now().
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_fixed: ContextVar[datetime | None] = ContextVar("fixed_now", default=None)


def now() -> datetime:
    """Aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)


def today() -> date:
    """The date in Vietnam."""
    return now().astimezone(VIETNAM).date()


def day_of(moment: datetime) -> date:
    """The date in Vietnam at an aware moment."""
    return moment.astimezone(VIETNAM).date()


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Stand still at `moment` (aware) inside the block."""
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
