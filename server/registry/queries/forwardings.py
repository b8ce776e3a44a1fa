"""What waits for a person among incoming documents, and the history of one.

Two kinds of rows stand in one list of work: forwardings in hand (mine or my unit's),
and, for clerks and leaders, documents that nobody leads yet. Each tab is one page, read
from an index; whether a deadline is over is asked with one day as the bound. Rights:
`Handler` says what is in hand, so only the person's own work can be read here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import (
    Count,
    F,
    Model,
    Q,
    QuerySet,
)

from server.accounts.models import User
from server.common import clock
from server.common.workdays import last_day_over
from server.registry.incoming_access import (
    Handler,
    directed_organisations,
    in_hand,
)
from server.registry.models import (
    FileWords,
    Forwarding,
    ForwardingState,
    ForwardingStep,
    IncomingDocument,
    IncomingFile,
    NumberState,
    OutgoingState,
)

PAGE_SIZE = 25
OPEN = (ForwardingState.WAITING, ForwardingState.IN_PROGRESS)
Row = TypeVar("Row", bound=Model)


class Tab(StrEnum):
    WAITING = "waiting"
    IN_PROGRESS = "in_progress"
    OVER = "over"
    DONE = "done"
    TO_FORWARD = "to_forward"


@dataclass(frozen=True, slots=True)
class WorkPage(Generic[Row]):
    """`number` counts from 1; no work is one empty page."""

    rows: tuple[Row, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """`to_forward` is None for those who do not direct documents."""

    waiting: int
    in_progress: int
    over: int
    to_forward: int | None

    @property
    def first(self) -> Tab:
        """The tab that is opened unless one is asked for."""
        if self.to_forward and not self.waiting:
            return Tab.TO_FORWARD
        return Tab.IN_PROGRESS if self.in_progress and not self.waiting else Tab.WAITING

    @property
    def urgent(self) -> int:
        """What asks for a deed now: the number beside the word in the bar."""
        return self.waiting + (self.to_forward or 0)


@dataclass(frozen=True)
class Desk:
    """The person's place in the work, read once for counts, page and export."""

    handler: Handler
    organisations: Sequence[UUID]

    @classmethod
    def of(cls, user: User) -> Desk:
        """Three queries, four for a head, five for who stands in for one, one more
        for who stands in for a leader."""
        handler = Handler.of(user)
        return cls(handler, directed_organisations(handler))

    @property
    def directs(self) -> bool:
        return bool(self.organisations)


def count_work(desk: Desk) -> WorkCounts:
    """One query, two for those who direct."""
    over = Q(due_on__lte=last_day_over(clock.today()))
    found = _open(desk).aggregate(
        waiting=Count("pk", filter=Q(state=ForwardingState.WAITING)),
        in_progress=Count("pk", filter=Q(state=ForwardingState.IN_PROGRESS)),
        over=Count("pk", filter=over),
    )
    to_forward = to_forward_rows(desk).count() if desk.directs else None
    return WorkCounts(**found, to_forward=to_forward)


def work_rows(desk: Desk, tab: Tab) -> QuerySet[Forwarding]:
    """The forwardings of a tab, the nearest deadline first, those without one last;
    what is done by the time it was done, newest first. No query yet."""
    if tab is Tab.DONE:
        done = Forwarding.objects.filter(
            in_hand(desk.handler), state=ForwardingState.DONE
        )
        return done.order_by("-state_at", "-pk")
    rows = _open(desk)
    if tab is Tab.OVER:
        rows = rows.filter(due_on__lte=last_day_over(clock.today()))
    else:
        rows = rows.filter(state=tab.value)
    return rows.order_by(F("due_on").asc(nulls_last=True), "pk")


def _open(desk: Desk) -> QuerySet[Forwarding]:
    """What is not done yet; nothing is to be done for a number that was made void."""
    rows = Forwarding.objects.filter(in_hand(desk.handler), state__in=OPEN)
    return rows.exclude(document__issued_number__state=NumberState.VOID)


def to_forward_rows(desk: Desk) -> QuerySet[IncomingDocument]:
    """Documents that wait for direction, the oldest first. No query yet."""
    return (
        IncomingDocument.objects.filter(
            organisation__in=desk.organisations,
            forwarded_on__isnull=True,
            answered_on__isnull=True,
        )
        .exclude(issued_number__state=NumberState.VOID)
        .order_by("arrived_on", "number", "pk")
    )


def list_work(desk: Desk, tab: Tab, page: int = 1) -> WorkPage[Forwarding]:
    """Three queries. A page past the end gives the last one."""
    return _page(work_rows(desk, tab), page, with_people)


def list_to_forward(desk: Desk, page: int = 1) -> WorkPage[IncomingDocument]:
    """Three queries; empty for those who direct nothing."""
    return _page(to_forward_rows(desk), page, plain)


# What the document was issued as, where it came through this system.
_SENT = "received_as__document"


def with_people(rows: QuerySet[Forwarding]) -> QuerySet[Forwarding]:
    return rows.select_related(
        f"document__{_SENT}",
        "document__register",
        "unit",
        "person",
        "assignee",
        "given_by",
    ).defer("document__search_key")


def plain(rows: QuerySet[IncomingDocument]) -> QuerySet[IncomingDocument]:
    return rows.select_related(_SENT, "register").defer("search_key")


def is_recalled(document: IncomingDocument) -> bool:
    """Whether its sender took it back. Rows of lists have read it: no query."""
    line = getattr(document, "received_as", None)
    return line is not None and line.document.state == OutgoingState.RECALLED


def history_of(document: IncomingDocument) -> list[ForwardingStep]:
    """Every deed, oldest first. One query."""
    steps = ForwardingStep.objects.filter(document=document).select_related(
        "by", "person", "forwarding__unit", "forwarding__person"
    )
    return list(steps.order_by("id"))


def files_of(document: IncomingDocument) -> list[IncomingFile]:
    """What is attached now, in the order it came, each with what is `known` of its
    words, without the words. Two queries."""
    rows = IncomingFile.objects.filter(document=document, removed_at=None)
    files = list(rows.select_related("added_by").order_by("added_at", "pk"))
    digests = {file.digest for file in files}
    read = FileWords.objects.defer("text").in_bulk(digests) if digests else {}
    for file in files:
        file.known = read.get(file.digest)
    return files


def handled_late(document: IncomingDocument, by: date) -> date | None:
    """The day it was written into the book, when that was after `by`."""
    written = document.created_at.astimezone(clock.VIETNAM).date()
    return written if written > by else None


def _page(
    rows: QuerySet[Row, Row],
    page: int,
    complete: Callable[[QuerySet[Row, Row]], QuerySet[Row, Row]],
) -> WorkPage[Row]:
    """The ids of the page come from the index alone; then the rows themselves."""
    total = rows.order_by().count()
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    first = (number - 1) * PAGE_SIZE
    keys = list(rows.values_list("pk", flat=True)[first : first + PAGE_SIZE])
    found = complete(rows.filter(pk__in=keys))
    return WorkPage(tuple(found), total, number, pages)
