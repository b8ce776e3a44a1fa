"""What a person received in this system: one reading for page and API.

First what was recalled or replaced and waits to be confirmed, then the rest; each part
newest first. A row is received by a person, a unit or an organisation, each with an
index of its own in this order; the database merges the three, so a clerk's hundred
thousand rows cost no more than ten. The page goes on from the last row it showed, the
API counts its pages. What was recalled or replaced is received, but nobody has to open
it or do anything by a day. Must never let a row that waits stand below one that does
not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from server.accounts.models import User
from server.common import clock
from server.common.errors import NotFound
from server.common.workdays import last_day_over
from server.registry.access import as_id, reach_of
from server.registry.issuing.steps import ENDED, UNOPENED
from server.registry.models import RecallState, Recipient, RecipientChannel
from server.registry.queries.registers import BookPage
from server.registry.register_access import kept_organisations

PAGE_SIZE = 25
# Beyond this many the bar says "99+".
COUNTED = 100

Deadline = Literal["", "any", "late"]
_ASKED = Q(recall_state=RecallState.ASKED)
_SHOWN = (
    "document__organisation",
    "document__issued_files",
    "organisation",
    "unit",
    "state_by",
    "incoming",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of the list; all when nothing is said. `deadline`: "any" leaves what
    must be done by a day and is not, "late" of these what is past its day;
    `to_confirm` what was recalled or replaced and is not confirmed."""

    state: str = ""
    unopened: bool = False
    must_act: bool = False
    deadline: Deadline = ""
    to_confirm: bool = False

    @property
    def parts(self) -> tuple[Q, ...]:
        """Conditions of the parts of the list, in their order; no row is in two."""
        wanted = self.condition()
        if self.to_confirm or self.unopened or self.must_act or self.deadline:
            return (wanted,)
        return (wanted & _ASKED, wanted & ~_ASKED)

    def condition(self) -> Q:
        wanted = Q(state=self.state) if self.state else Q()
        if self.unopened:
            wanted &= Q(state__in=UNOPENED)
        if self.must_act:
            wanted &= Q(must_act=True)
        if self.deadline == "any":
            wanted &= Q(deadline__isnull=False)
        elif self.deadline == "late":
            wanted &= Q(deadline__lte=last_day_over(clock.today()))
        if self.must_act or self.deadline:
            wanted &= ~Q(state__in=ENDED)
        if self.unopened or self.must_act or self.deadline:
            wanted &= Q(recall_state="")
        if self.to_confirm:
            wanted &= _ASKED
        return wanted


# What the page offers, by its name in the address.
FILTERS = {
    "": Wanted(),
    "confirm": Wanted(to_confirm=True),
    "unopened": Wanted(unopened=True),
    "open": Wanted(must_act=True),
    "late": Wanted(deadline="late"),
}


@dataclass(frozen=True, slots=True)
class ReceivedPage:
    """`after` leads to the next page; empty on the last."""

    rows: tuple[Recipient, ...]
    after: str


class _Start(NamedTuple):
    """Where the page before ended: in which part of the list, and at which row."""

    part: int
    at: datetime
    key: UUID


def list_received(user: User, *, shown: str = "", after: str = "") -> ReceivedPage:
    """`shown` is one of FILTERS. At most five queries."""
    rows = first_received(user, PAGE_SIZE + 1, shown=shown, after=after)
    page = rows[:PAGE_SIZE]
    more = len(rows) > PAGE_SIZE
    last = _after(page[-1], FILTERS[shown]) if more else ""
    return ReceivedPage(tuple(page), last)


def first_received(
    user: User, most: int, *, shown: str = "", after: str = ""
) -> list[Recipient]:
    """The first `most` rows of the same list. At most five queries."""
    start, sources = _start(after), _sources(user)
    keys: list[UUID] = []
    for number, part in enumerate(FILTERS[shown].parts):
        if len(keys) >= most or (start and number < start.part):
            continue
        before = _before(start) if start and number == start.part else Q()
        keys += _keys(sources, part & before, 0, most - len(keys))
    return _rows(keys)


def page_of_received(user: User, wanted: Wanted, page: int = 1) -> BookPage[Recipient]:
    """The same list by numbers. At most eight queries; a page past the end gives the
    last one."""
    sources, parts = _sources(user), wanted.parts
    totals = [0] * len(parts)
    for source in sources:
        found = source.filter(wanted.condition()).aggregate(
            **{f"part{n}": Count("pk", filter=part) for n, part in enumerate(parts)}
        )
        totals = [total + found[f"part{n}"] for n, total in enumerate(totals)]
    total = sum(totals)
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    first, last = (number - 1) * PAGE_SIZE, number * PAGE_SIZE
    keys: list[UUID] = []
    for part, length in zip(parts, totals, strict=True):
        if first < length and last > 0:
            keys += _keys(sources, part, max(first, 0), last)
        first, last = first - length, last - length
    return BookPage(tuple(_rows(keys)), total, number, pages)


def count_waiting(user: User) -> int:
    """What nobody has opened, and what waits to be confirmed; at most COUNTED. At most
    eight queries."""
    found = 0
    sources = _sources(user)
    for kind in ("confirm", "unopened"):
        for source in sources:
            some = source.filter(FILTERS[kind].condition()).order_by().values("pk")
            found += some[: COUNTED - found].count() if found < COUNTED else 0
    return found


def _sources(user: User) -> list[QuerySet[Recipient, Recipient]]:
    """Disjoint: a row has one receiver of one kind. Nothing for who was put out."""
    if not user.is_active:
        return []
    rows = Recipient.objects.filter(channel=RecipientChannel.IN_APP)
    sources = [rows.filter(person=user)]
    units = reach_of(user.pk).above
    if units:
        sources.append(rows.filter(unit__in=units))
    offices = list(kept_organisations(user).values_list("pk", flat=True))
    if offices:
        sources.append(rows.filter(organisation__in=offices))
    return sources


def _keys(
    sources: list[QuerySet[Recipient, Recipient]], wanted: Q, first: int, last: int
) -> list[UUID]:
    """One query."""
    if not sources:
        return []
    narrow = [
        rows.filter(wanted).order_by().values_list("pk", "sent_at") for rows in sources
    ]
    merged = narrow[0].union(*narrow[1:], all=True) if narrow[1:] else narrow[0]
    return [key for key, _at in merged.order_by("-sent_at", "-id")[first:last]]


def _rows(keys: list[UUID]) -> list[Recipient]:
    """In the order of the keys, with what is shown of them. One query."""
    found = Recipient.objects.select_related(*_SHOWN).in_bulk(keys) if keys else {}
    return [found[key] for key in keys if key in found]


def _after(row: Recipient, wanted: Wanted) -> str:
    is_asked = row.recall_state == RecallState.ASKED
    part = 0 if is_asked else len(wanted.parts) - 1
    return f"{part}_{row.sent_at.isoformat()}_{row.pk}"


def _start(after: str) -> _Start | None:
    """What cannot be read begins at the top."""
    part, _mark, rest = after.partition("_")
    at, _mark, key = rest.partition("_")
    try:
        return _Start(
            int(part == "1"), datetime.fromisoformat(at).astimezone(UTC), as_id(key)
        )
    except (ValueError, OverflowError, NotFound):
        return None


def _before(start: _Start) -> Q:
    return Q(sent_at__lt=start.at) | Q(sent_at=start.at, pk__lt=start.key)
