"""What a person received in this system: one page, newest first, from the indexes.

A row is received by a person, a unit or an organisation, each with an index of its own;
three short reads are merged, so a clerk's hundred thousand rows cost no more than ten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from uuid import UUID

from django.db.models import Q, QuerySet

from server.accounts.models import User
from server.common import clock
from server.common.errors import NotFound
from server.registry.access import as_id, reach_of
from server.registry.issuing.steps import ENDED, UNOPENED
from server.registry.models import Recipient, RecipientChannel
from server.registry.register_access import kept_organisations

PAGE_SIZE = 25
# Beyond this many the bar says "99+".
COUNTED = 100
FILTERS = ("", "unopened", "open", "late")


@dataclass(frozen=True, slots=True)
class ReceivedPage:
    """`after` leads to the next page; empty on the last."""

    rows: tuple[Recipient, ...]
    after: str


def list_received(user: User, *, shown: str = "", after: str = "") -> ReceivedPage:
    """`shown` is one of FILTERS. At most six queries."""
    rows = first_received(user, PAGE_SIZE + 1, shown=shown, after=after)
    page = rows[:PAGE_SIZE]
    more = len(rows) > PAGE_SIZE
    last = f"{page[-1].sent_at.isoformat()}_{page[-1].pk}" if more else ""
    return ReceivedPage(tuple(page), last)


def first_received(
    user: User, most: int, *, shown: str = "", after: str = ""
) -> list[Recipient]:
    """The newest `most` rows of the same list. At most six queries."""
    start = _start(after)
    rows = _newest(
        source.filter(_condition(shown))
        .filter(_before(start))
        .select_related("document__organisation", "organisation", "unit")
        .order_by("-sent_at", "-pk")[:most]
        for source in _sources(user)
    )
    return list(islice(rows, most))


def count_unopened(user: User) -> int:
    """At most COUNTED. At most five queries."""
    found = 0
    for source in _sources(user):
        some = source.filter(_condition("unopened")).order_by()
        found += some.values("pk")[: COUNTED - found].count() if found < COUNTED else 0
    return found


def _sources(user: User) -> list[QuerySet[Recipient]]:
    """Disjoint: a row has one receiver of one kind."""
    if not user.is_active:
        return []
    in_app = Recipient.objects.filter(channel=RecipientChannel.IN_APP)
    sources = [in_app.filter(person=user)]
    units = reach_of(user.pk).above
    if units:
        sources.append(in_app.filter(unit__in=units))
    offices = list(kept_organisations(user).values_list("pk", flat=True))
    if offices:
        sources.append(in_app.filter(organisation__in=offices))
    return sources


def _newest(sources: Iterable[Iterable[Recipient]]) -> Iterable[Recipient]:
    return merge(*sources, key=lambda row: (row.sent_at, row.pk), reverse=True)


def _condition(shown: str) -> Q:
    if shown == "unopened":
        return Q(state__in=UNOPENED, recall_state="")
    if shown == "open":
        return ~Q(state__in=ENDED) & Q(must_act=True, recall_state="")
    if shown == "late":
        return ~Q(state__in=ENDED) & Q(deadline__lt=clock.today(), recall_state="")
    return Q()


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
