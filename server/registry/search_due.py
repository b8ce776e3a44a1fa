"""What a person has to do by a day, as a part of the search and as it is shown.

One received document has another day for each who got it, and work on an incoming
document another than the document itself: no entry can say it. So the index says only
that somebody has a day (words of `server.registry.search.scope`), and the condition
here, whether it is this person's. Whose lines and work these are is said by whoever
asks (`server.registry.search_access`). Must never find what the condition of rights
does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from server.common import clock
from server.common.workdays import is_over, last_day_over
from server.registry.issuing.steps import ENDED as STEPS_ENDED
from server.registry.models import ENDED as FORWARDINGS_ENDED
from server.registry.models import (
    Forwarding,
    ForwardingState,
    Recipient,
    RecipientChannel,
    SearchEntry,
    SearchKind,
)
from server.registry.search.incoming import VOID

_BOOK = (SearchKind.INCOMING, SearchKind.ATTACHED)


@dataclass(frozen=True, slots=True)
class Day:
    """A deadline; `is_open` while something is still to be done by it."""

    on: date
    is_open: bool

    @property
    def is_over(self) -> bool:
        """As in the lists: the day itself is in time, a day off ends with the next
        working day."""
        return self.is_open and is_over(self.on, clock.today())


@dataclass(frozen=True, slots=True)
class Due:
    """`lines`: what this person got; `work`: what is in this person's hands, live."""

    lines: QuerySet[Recipient, Recipient]
    work: QuerySet[Forwarding, Forwarding]

    @classmethod
    def nothing(cls) -> Due:
        return cls(Recipient.objects.none(), Forwarding.objects.none())

    def ever(self) -> Q:
        """Entries with a day of this person's, kept or not."""
        return self._where(Q(deadline__isnull=False), Q(due_on__isnull=False))

    def over(self, today: date) -> Q:
        """Entries with something that this person has not done in time."""
        return self._where(
            _open_line(Q(deadline__lte=last_day_over(today))),
            _open_work(Q(due_on__lte=last_day_over(today))),
        )

    def within(self, today: date, last: date) -> Q:
        """Entries with something to do that is in time, up to that day."""
        return self._where(
            _open_line(Q(deadline__gt=last_day_over(today), deadline__lte=last)),
            _open_work(Q(due_on__gt=last_day_over(today), due_on__lte=last)),
        )

    @classmethod
    def of_all(cls) -> Due:
        """Everybody's, to see whether the index tells of them."""
        lines = Recipient.objects.filter(channel=RecipientChannel.IN_APP)
        return cls(lines, Forwarding.objects.exclude(state__in=FORWARDINGS_ENDED))

    def open(self) -> Q:
        """Entries with a day by which something is still to be done."""
        return self._where(
            _open_line(Q(deadline__isnull=False)), _open_work(Q(due_on__isnull=False))
        )

    def _where(self, line: Q, work: Q) -> Q:
        lines = self.lines.order_by().filter(line, document=OuterRef("object_id"))
        works = self.work.order_by().filter(work, document=OuterRef("object_id"))
        return Q(Exists(lines), kind=SearchKind.RECEIVED) | (
            Q(Exists(works), kind__in=_BOOK) & ~Q(state=VOID)
        )

    def shown(self, entries: Iterable[SearchEntry]) -> dict[int, Day]:
        """The day to show of each entry: the nearest that is open, the document's own
        or this person's; else the nearest. Two queries at most."""
        entries = list(entries)
        mine = self._days(entries)
        found: dict[int, Day] = {}
        for entry in entries:
            days = list(mine.get(entry.object_id, ()))
            if entry.state == VOID:
                days = []
            if entry.deadline is not None:
                days.append(Day(entry.deadline, entry.is_open))
            if days:
                found[entry.pk] = min(days, key=lambda day: (not day.is_open, day.on))
        return found

    def _days(self, entries: list[SearchEntry]) -> dict[UUID, list[Day]]:
        got = [e.object_id for e in entries if e.kind == SearchKind.RECEIVED]
        held = [e.object_id for e in entries if e.kind in _BOOK]
        found: dict[UUID, list[Day]] = {}
        if got:
            lines = self.lines.filter(document__in=got, deadline__isnull=False)
            for key, day, state, recall in lines.values_list(
                "document_id", "deadline", "state", "recall_state"
            ):
                assert day is not None
                is_open = state not in STEPS_ENDED and not recall
                found.setdefault(key, []).append(Day(day, is_open))
        if held:
            works = self.work.filter(document__in=held, due_on__isnull=False)
            for key, day, state in works.values_list("document_id", "due_on", "state"):
                assert day is not None
                is_open = state != ForwardingState.DONE
                found.setdefault(key, []).append(Day(day, is_open))
        return found


def _open_line(on: Q) -> Q:
    return on & ~Q(state__in=STEPS_ENDED) & Q(recall_state="")


def _open_work(on: Q) -> Q:
    return on & ~Q(state=ForwardingState.DONE)
