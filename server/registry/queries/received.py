"""What a person received in this system: one reading, newest first, for page and API.

A row is received by a person, a unit or an organisation, each with an index of its own
in this order; the database merges the three, so a clerk's hundred thousand rows cost no
more than ten. The page goes on from the last row it showed, the API counts its pages.
What was recalled is received, but nobody has to open it or do anything by a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from django.db.models import Q, QuerySet

from server.accounts.models import User
from server.common import clock
from server.common.errors import NotFound
from server.registry.access import as_id, reach_of
from server.registry.issuing.steps import ENDED, UNOPENED
from server.registry.models import Recipient, RecipientChannel
from server.registry.queries.registers import BookPage
from server.registry.register_access import kept_organisations

PAGE_SIZE = 25
# Beyond this many the bar says "99+".
COUNTED = 100

Deadline = Literal["", "any", "late"]
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
    must be done by a day and is not, "late" of these what is past its day."""

    state: str = ""
    unopened: bool = False
    must_act: bool = False
    deadline: Deadline = ""

    def condition(self) -> Q:
        wanted = Q(state=self.state) if self.state else Q()
        if self.unopened:
            wanted &= Q(state__in=UNOPENED)
        if self.must_act:
            wanted &= Q(must_act=True)
        if self.deadline == "any":
            wanted &= Q(deadline__isnull=False)
        elif self.deadline == "late":
            wanted &= Q(deadline__lt=clock.today())
        if self.must_act or self.deadline:
            wanted &= ~Q(state__in=ENDED)
        if self.unopened or self.must_act or self.deadline:
            wanted &= Q(recall_state="")
        return wanted


# What the page offers, by its name in the address.
FILTERS = {
    "": Wanted(),
    "unopened": Wanted(unopened=True),
    "open": Wanted(must_act=True),
    "late": Wanted(deadline="late"),
}


@dataclass(frozen=True, slots=True)
class ReceivedPage:
    """`after` leads to the next page; empty on the last."""

    rows: tuple[Recipient, ...]
    after: str


def list_received(user: User, *, shown: str = "", after: str = "") -> ReceivedPage:
    """`shown` is one of FILTERS. At most four queries."""
    rows = first_received(user, PAGE_SIZE + 1, shown=shown, after=after)
    page = rows[:PAGE_SIZE]
    more = len(rows) > PAGE_SIZE
    last = f"{page[-1].sent_at.isoformat()}_{page[-1].pk}" if more else ""
    return ReceivedPage(tuple(page), last)


def first_received(
    user: User, most: int, *, shown: str = "", after: str = ""
) -> list[Recipient]:
    """The newest `most` rows of the same list. At most four queries."""
    wanted = FILTERS[shown].condition() & _before(_start(after))
    return _newest(_sources(user, wanted), 0, most)


def page_of_received(user: User, wanted: Wanted, page: int = 1) -> BookPage[Recipient]:
    """The same list by numbers. At most seven queries; a page past the end gives the
    last one."""
    sources = _sources(user, wanted.condition())
    total = sum(source.count() for source in sources)
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    first = (number - 1) * PAGE_SIZE
    rows = _newest(sources, first, first + PAGE_SIZE)
    return BookPage(tuple(rows), total, number, pages)


def count_unopened(user: User) -> int:
    """At most COUNTED. At most five queries."""
    found = 0
    for source in _sources(user, FILTERS["unopened"].condition()):
        some = source.order_by().values("pk")
        found += some[: COUNTED - found].count() if found < COUNTED else 0
    return found


def _sources(user: User, wanted: Q) -> list[QuerySet[Recipient, Recipient]]:
    """Disjoint: a row has one receiver of one kind. Nothing for who was put out."""
    if not user.is_active:
        return []
    rows = Recipient.objects.filter(wanted, channel=RecipientChannel.IN_APP)
    sources = [rows.filter(person=user)]
    units = reach_of(user.pk).above
    if units:
        sources.append(rows.filter(unit__in=units))
    offices = list(kept_organisations(user).values_list("pk", flat=True))
    if offices:
        sources.append(rows.filter(organisation__in=offices))
    return sources


def _newest(
    sources: list[QuerySet[Recipient, Recipient]], first: int, last: int
) -> list[Recipient]:
    """Two queries: keys in order, then the rows with what is shown of them."""
    if not sources:
        return []
    narrow = [rows.order_by().values_list("pk", "sent_at") for rows in sources]
    merged = narrow[0].union(*narrow[1:], all=True) if narrow[1:] else narrow[0]
    keys = [key for key, _at in merged.order_by("-sent_at", "-id")[first:last]]
    found = Recipient.objects.filter(pk__in=keys).select_related(*_SHOWN)
    return list(found.order_by("-sent_at", "-pk"))


def _start(after: str) -> tuple[datetime, UUID] | None:
    """Where the last page ended; what cannot be read begins at the top."""
    at, _mark, key = after.partition("_")
    try:
        return datetime.fromisoformat(at).astimezone(UTC), as_id(key)
    except (ValueError, OverflowError, NotFound):
        return None


def _before(start: tuple[datetime, UUID] | None) -> Q:
    if start is None:
        return Q()
    at, key = start
    return Q(sent_at__lt=at) | Q(sent_at=at, pk__lt=key)
