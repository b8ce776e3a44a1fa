"""Read registers, their numbers and the rows of both books.

A book may hold 100,000 rows: every list is one page from an index, at a fixed number of
queries, and totals of numbers are counted by the database. Rights are asked at the door
(`server.registry.register_access`) before a query here is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import clock, text
from server.common.errors import InvalidInput
from server.registry.models import (
    IncomingDocument,
    IssuedNumber,
    NumberState,
    OutgoingDocument,
    Register,
    RegisterCounter,
)
from server.registry.numbering.series import Period
from server.registry.register_access import readable_registers

PAGE_SIZE = 25
DEFAULT_SORT = "-date"
SORTS = ("date", "number")
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class BookFilter:
    """What part of a book is shown. Days are inclusive; empty means "all".

    `year` is a short way to both days, and in an incoming book the run of numbers of
    that year, whose last documents may have arrived before it. `open_only` leaves what
    was answered out.
    """

    q: str = ""
    document_type: str = ""
    year: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    open_only: bool = False

    def days(self) -> tuple[date | None, date | None]:
        first, last = self.first_day, self.last_day
        if self.year is not None:
            first = max(filter(None, (first, date(self.year, 1, 1))))
            last = min(filter(None, (last, date(self.year, 12, 31))))
        return first, last


@dataclass(frozen=True, slots=True)
class BookPage(Generic[Row]):
    """`number` counts from 1; an empty book has one empty page."""

    rows: tuple[Row, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class Run:
    """One run of numbers: where it stands, and what became of the numbers."""

    period: str
    group: str
    first_number: int
    last_number: int
    last_on: date | None
    used: int
    reserved: int
    void: int


def registers_of(user: User) -> list[Register]:
    """What this person reads, active ones first, with `may_keep`. One query."""
    return list(
        readable_registers(user)
        .select_related("organisation", "body")
        .order_by("-is_active", "organisation__name", "-kind", "name", "pk")
    )


def newest_runs(registers: Sequence[Register]) -> dict[UUID, list[RegisterCounter]]:
    """The counters of each register's newest period, by group. One query."""
    counters = RegisterCounter.objects.filter(register__in=registers)
    found: dict[UUID, list[RegisterCounter]] = {}
    for counter in counters.order_by("-period", "group"):
        newest = found.setdefault(counter.register_id, [counter])
        if counter not in newest and counter.period == newest[0].period:
            newest.append(counter)
    return found


def runs_of(register: Register, *, period: str | None = None) -> list[Run]:
    """The runs of a register, newest period first. Two queries."""
    counters = RegisterCounter.objects.filter(register=register)
    numbers = IssuedNumber.objects.filter(register=register)
    if period is not None:
        counters = counters.filter(period=period)
        numbers = numbers.filter(period=period)
    states = {
        (row["period"], row["group"]): row
        for row in numbers.order_by()
        .values("period", "group")
        .annotate(
            used=Count("pk", filter=Q(state=NumberState.USED)),
            reserved=Count("pk", filter=Q(state=NumberState.RESERVED)),
            void=Count("pk", filter=Q(state=NumberState.VOID)),
        )
    }
    none = {"used": 0, "reserved": 0, "void": 0}
    runs = []
    for counter in counters.order_by("-period", "group"):
        found = states.get((counter.period, counter.group), none)
        runs.append(
            Run(
                counter.period,
                counter.group,
                counter.first_number,
                counter.last_number,
                counter.last_on,
                found["used"],
                found["reserved"],
                found["void"],
            )
        )
    return runs


def list_outgoing(
    register: Register,
    shown: BookFilter,
    *,
    sort: str = DEFAULT_SORT,
    page: int = 1,
) -> BookPage[OutgoingDocument]:
    """Three queries. `sort` is one of SORTS, with "-" for the other direction.

    A page past the end gives the last one. Raises InvalidInput for an unknown sort.
    """
    rows = outgoing_rows(register, shown).order_by(*order_of(sort, "issued_on"))
    return _page(rows.select_related("issued_number").defer("search_key"), page)


def list_incoming(
    register: Register,
    shown: BookFilter,
    *,
    sort: str = DEFAULT_SORT,
    page: int = 1,
) -> BookPage[IncomingDocument]:
    """Three queries; as `list_outgoing`."""
    rows = incoming_rows(register, shown).order_by(*order_of(sort, "arrived_on"))
    return _page(
        rows.select_related("issued_number", "register").defer("search_key"), page
    )


def outgoing_rows(
    register: Register, shown: BookFilter
) -> QuerySet[OutgoingDocument, OutgoingDocument]:
    """All rows that the filter lets through, in no order. No query yet."""
    rows = OutgoingDocument.objects.filter(register=register)
    first, last = shown.days()
    if first is not None:
        rows = rows.filter(issued_on__gte=first)
    if last is not None:
        rows = rows.filter(issued_on__lte=last)
    if shown.document_type:
        rows = rows.filter(document_type=shown.document_type)
    for word in text.search_key(shown.q).split():
        rows = rows.filter(search_key__contains=word)
    return rows


def incoming_rows(
    register: Register, shown: BookFilter
) -> QuerySet[IncomingDocument, IncomingDocument]:
    """As `outgoing_rows`; days are those of arrival, a year is that of the numbers."""
    rows = IncomingDocument.objects.filter(register=register)
    if shown.year is not None and register.period == Period.YEAR:
        rows = rows.filter(period=str(shown.year))
        shown = replace(shown, year=None)
    first, last = shown.days()
    if first is not None:
        rows = rows.filter(arrived_on__gte=first)
    if last is not None:
        rows = rows.filter(arrived_on__lte=last)
    if shown.document_type:
        rows = rows.filter(document_type=shown.document_type)
    if shown.open_only:
        rows = rows.filter(answered_on__isnull=True, deadline__isnull=False)
    for word in text.search_key(shown.q).split():
        rows = rows.filter(search_key__contains=word)
    return rows


def list_numbers(
    register: Register, *, state: str = "", page: int = 1
) -> BookPage[IssuedNumber]:
    """The numbers that were given, newest first. Three queries."""
    return _page(number_rows(register, state=state), page)


def number_rows(
    register: Register, *, state: str = ""
) -> QuerySet[IssuedNumber, IssuedNumber]:
    """All of them in that order. No query yet."""
    numbers = IssuedNumber.objects.filter(register=register)
    if state:
        numbers = numbers.filter(state=state)
    return numbers.select_related(
        "by", "outgoing_document", "incoming_document", "register"
    ).order_by("-issued_on", "-number", "-pk")


def reserved_numbers(register: Register) -> list[IssuedNumber]:
    """Those that are still held, oldest first: what a new row may use. One query."""
    numbers = IssuedNumber.objects.filter(
        register=register,
        period=register.period_on(clock.today()) or "",
        state=NumberState.RESERVED,
        expires_at__gt=clock.now(),
    )
    return list(
        numbers.select_related("register").order_by("issued_on", "number", "suffix")
    )


def years_of(register: Register) -> list[int]:
    """The years that the register has numbers in, newest first; this year always.

    One query, over the counters only.
    """
    periods = RegisterCounter.objects.filter(register=register).values_list(
        "period", flat=True
    )
    years = {clock.today().year}
    for label in periods:
        first, _dash, last = label.partition("-")
        years.update(range(int(first), int(last or first) + 1))
    return sorted((y for y in years if y <= clock.today().year), reverse=True)


def order_of(sort: str, date_field: str) -> Sequence[str]:
    """The columns of an index, in one direction. Raises InvalidInput."""
    sign = "-" if sort.startswith("-") else ""
    name = sort.removeprefix("-")
    if name == "date":
        return [f"{sign}{date_field}", f"{sign}number", f"{sign}pk"]
    if name == "number":
        return [f"{sign}number", f"{sign}pk"]
    raise InvalidInput(
        fields={"sort": _("Chỉ nhận: %(values)s.") % {"values": ", ".join(SORTS)}}
    )


def _page(rows: QuerySet[Row, Row], page: int) -> BookPage[Row]:
    """The ids of the page come from the index alone, so that a late page is not read
    through all the rows before it; then the rows themselves."""
    total = rows.order_by().count()
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    first = (number - 1) * PAGE_SIZE
    keys = list(rows.values_list("pk", flat=True)[first : first + PAGE_SIZE])
    return BookPage(tuple(rows.filter(pk__in=keys)), total, number, pages)
