"""Fill the ports with adapters: the only module that chooses them.

Everything here is made once a process. The engine is made at the first socket, in
the event loop that serves it, because commands and migrations need none.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from collab.rooms.engine import ACCESS_TOPIC, Engine
from server.common import clock, outbox, providers, workdays
from server.common.dated import DatedData
from server.common.models import OutboxEvent
from server.publishing.check.vocabulary import VOCABULARY
from server.publishing.registers.forms import BOOKS
from server.publishing.rules import use_office_rules
from server.registry.case_files.rules import ARCHIVE
from server.registry.document_types import TYPES
from server.registry.procedure import PROCEDURE
from storage.blobs.disk import DiskBlobStore
from storage.ports import Bus

if TYPE_CHECKING:
    from server.config.own_work import OwnWork
    from server.config.watch import Watch

_making = threading.Lock()


class SystemClock:
    def now(self) -> datetime:
        return clock.now()

    def monotonic(self) -> float:
        return time.monotonic()


OFFICE_MATTERS: tuple[DatedData[Any], ...] = (
    VOCABULARY,
    BOOKS,
    PROCEDURE,
    TYPES,
    ARCHIVE,
)
"""What an office may lay down in folders of its own, beside layout and workdays."""

GATHER_S = 0.05
"""Between two commits of the log. Nobody sees it in "Đã lưu", and 120 people who type
in 60 drafts cost a third of the processor time of a commit for each letter."""


def wire() -> None:
    """Called once when Django is ready."""
    from storage.update_log.store import DjangoDocumentStore

    providers.document_store.fill(DjangoDocumentStore(now=clock.now))
    providers.blob_store.fill(DiskBlobStore(settings.DATA_DIR / "blobs"))
    read_office_rules(settings.DATA_DIR / "rules")


def read_office_rules(folder: Path) -> None:
    """What the office lays down beside the law that comes with the product. The server
    does not start with a fault in it."""
    matters = {"layout", *(matter.name for matter in OFFICE_MATTERS)}
    readers: dict[str, Callable[[Path], None]] = {
        "layout": use_office_rules,
        "workdays.toml": workdays.use_office_days,
        **{matter.name: matter.use_office for matter in OFFICE_MATTERS},
    }
    at = folder
    try:
        _refuse_unread(folder, set(readers))
        for name, read in readers.items():
            at = folder / name if name in matters else folder
            read(folder / name)
    except ValueError as fault:
        raise ImproperlyConfigured(f"{at}: {fault}") from fault


def _refuse_unread(folder: Path, known: set[str]) -> None:
    """A file that nobody reads is a slip: the office believes that it holds."""
    for path in sorted(folder.rglob("*.toml")):
        first, *rest = path.relative_to(folder).parts
        if first not in known or len(rest) != (first != "workdays.toml"):
            raise ValueError(f"{path.relative_to(folder)}: is not read")


@lru_cache(maxsize=1)
def bus() -> Bus | None:
    """None without Redis: one process needs no bus."""
    if not settings.REDIS_URL:
        return None
    from storage.redis_bus.bus import RedisBus

    return RedisBus(settings.REDIS_URL)


@lru_cache(maxsize=1)
def watches() -> tuple[Watch, ...]:
    """What looks at the drafts that this process saved: whether a change voids an
    approval, what is found by search (attached files, too), and who suggested while
    opinions are asked. Closed with the engine's log."""
    from server.config.approval_watch import ApprovalWatch
    from server.config.opinion_watch import OpinionWatch
    from server.config.search_watch import SearchWatch
    from server.registry.register_events import INCOMING_FILE_ADDED

    search = SearchWatch()

    def attached(event: OutboxEvent) -> None:
        if event.kind == INCOMING_FILE_ADDED:
            search.note_file()

    outbox.listen(attached)
    return ApprovalWatch(), search, OpinionWatch()


@lru_cache(maxsize=1)
def own_work() -> tuple[OwnWork, ...]:
    from server.config.own_work import DailyTidying, EachMinute

    return DailyTidying(), EachMinute()


def engine() -> Engine:
    """The rooms of this process. Two threads that ask at once get the same."""
    with _making:
        return _engine()


@lru_cache(maxsize=1)
def _engine() -> Engine:
    from server.config.collab_access import (
        DatabaseAuthorizer,
        OutboxAccessFeed,
        change_of,
    )
    from server.config.office_log import OfficeUpdateLog
    from server.config.review_hints import tell_of_threads
    from storage.update_log.threads import DatabaseThreads

    threads = DatabaseThreads("access", using="default", count=2)
    made = Engine(
        log=OfficeUpdateLog(threads, watches()),
        authorizer=DatabaseAuthorizer(threads),
        clock=SystemClock(),
        limits=settings.COLLAB_LIMITS,
        bus=bus(),
        feed=OutboxAccessFeed(threads),
        gather_s=GATHER_S,
    )

    def hint(event: OutboxEvent) -> None:
        change = change_of(event)
        if change is None:
            return
        made.access_changed(change)
        shared = bus()
        # Of a new title or text other processes learn from the feed, soon enough.
        is_of_rights = change.title is None and not change.written
        if shared is not None and is_of_rights:
            subject = f"{change.document_id or ''} {change.user_id or ''}"
            shared.publish_soon(ACCESS_TOPIC, subject.encode())

    outbox.listen(hint)
    outbox.listen(lambda event: tell_of_threads(event, made))
    return made
