"""What every room of a process shares, given at construction so that tests can fake it.

Must never hold anything of one document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from collab.ports import Clock
from collab.protocol.limits import Limits
from collab.rooms.persistence import LogWriter
from collab.rooms.proposals import Proposals
from storage.ports import Bus, UpdateLog

T = TypeVar("T")


class Cancel(Protocol):
    def cancel(self) -> None: ...


class RunHeavy(Protocol):
    """Run a function that takes long on a thread of its own, off the event loop."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]: ...


@dataclass(slots=True)
class Services:
    log: UpdateLog
    writer: LogWriter
    bus: Bus | None
    clock: Clock
    limits: Limits
    process_id: bytes
    soon: Callable[[Callable[[], None]], object]
    """At the end of this turn of the event loop."""
    later: Callable[[float, Callable[[], None]], Cancel]
    spawn: Callable[[Awaitable[None]], object]
    """Run in the background; failures are logged."""
    run_heavy: RunHeavy
    proposals: Proposals
    counters: Counter[str] = field(default_factory=Counter)
