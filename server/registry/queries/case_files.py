"""Read case files and what stands in them.

An office may have 100,000 files: a list is one page from an index, at a fixed number of
queries, and totals of a file are counted by the database. Only files that the person
reads are found here (`server.registry.case_file_access`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Unit, User
from server.common import clock, text
from server.common.errors import InvalidInput
from server.registry.access import highest_share, reach_of, units_under
from server.registry.actions.case_file_ends import due_soon
from server.registry.actions.case_file_entries import reference_to
from server.registry.case_file_access import (
    Keeper,
    kept_case_files,
    readable_case_files,
)
from server.registry.case_files.documents import (
    DEFERRED,
    RELATED,
    DocumentKind,
    Facts,
    document_of,
    facts_of,
)
from server.registry.models import (
    ENTRY_ORDER,
    CaseFile,
    CaseFileEntry,
    CaseFileState,
    Draft,
    IncomingDocument,
    OutgoingDocument,
)
from server.registry.queries.registers import BookPage
from server.registry.register_access import readable_registers

PAGE_SIZE = 25
ENTRIES_PAGE_SIZE = 100
MOST_FOUND = 8
# A list in which one picks a file: more would not be read.
MOST_OFFERED = 100
DEFAULT_SORT = "code"
DUE, KEPT_BACK = "due", "kept_back"
_ORDERS: Mapping[str, Sequence[str]] = {
    "code": ("-year", "code_key", "pk"),
    "-code": ("year", "-code_key", "-pk"),
    "start": ("starts_on", "pk"),
    "-start": ("-starts_on", "-pk"),
}
SORTS = tuple(_ORDERS)


@dataclass(frozen=True, slots=True)
class CaseFileFilter:
    """Which files are shown. `state` is one of CaseFileState, DUE: those whose notice
    before the hand-over has begun, or KEPT_BACK: those that a unit still keeps after
    the day on which they were to be handed over. Empty means all."""

    q: str = ""
    year: int | None = None
    unit: UUID | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """`unpaged` documents do not say how many pages they have; `drafts` never do."""

    documents: int = 0
    pages: int = 0
    unpaged: int = 0
    drafts: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with its ordinal, from 1, and what its document says."""

    ordinal: int
    entry: CaseFileEntry
    facts: Facts


@dataclass(frozen=True, slots=True)
class LinePage:
    """`number` counts from 1; an empty file has one empty page."""

    rows: list[Line]
    total: int
    number: int
    pages: int


def filtered(user: User, shown: CaseFileFilter) -> QuerySet[CaseFile, CaseFile]:
    """The readable files that the filter lets through, in no order."""
    files = readable_case_files(user)
    if shown.year is not None:
        files = files.filter(year=shown.year)
    if shown.unit is not None:
        files = files.filter(unit=shown.unit)
    if shown.state == DUE:
        files = files.filter(due_soon(clock.today()))
    elif shown.state == KEPT_BACK:
        files = files.filter(state=CaseFileState.CLOSED, kept_from__isnull=False)
    elif shown.state:
        files = files.filter(state=shown.state)
    for word in text.search_key(shown.q).split():
        files = files.filter(search_key__contains=word)
    return files


def list_case_files(
    user: User, shown: CaseFileFilter, *, sort: str = DEFAULT_SORT, page: int = 1
) -> BookPage[CaseFile]:
    """Five queries at most. A page past the end gives the last one.

    Raises InvalidInput for an unknown sort.
    """
    files = filtered(user, shown).order_by(*order_of(sort))
    total = files.order_by().count()
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    first = (number - 1) * PAGE_SIZE
    # The keys come from the index alone; then the rows of this page.
    keys = list(files.values_list("pk", flat=True)[first : first + PAGE_SIZE])
    rows = CaseFile.objects.filter(pk__in=keys).order_by(*order_of(sort))
    found = rows.select_related("unit", "organisation").defer("search_key")
    return BookPage(tuple(found), total, number, pages)


def order_of(sort: str) -> Sequence[str]:
    """Raises InvalidInput."""
    if sort not in _ORDERS:
        raise InvalidInput(
            fields={"sort": _("Chỉ nhận: %(values)s.") % {"values": ", ".join(SORTS)}}
        )
    return _ORDERS[sort]


def units_of(user: User) -> list[Unit]:
    """The units whose files this person reads, for a filter. Two or three queries."""
    keeper = Keeper.of(user)
    units = Unit.objects.filter(
        Q(organisation__in=keeper.organisations) | Q(pk__in=keeper.units | keeper.under)
    )
    return list(units.order_by("search_key", "pk"))


def years_of(user: User) -> list[int]:
    """The years that the person's files were formed in, newest first."""
    years = readable_case_files(user).order_by("-year").values_list("year", flat=True)
    return list(years.distinct())


def due_for_hand_over(user: User) -> tuple[list[CaseFile], int]:
    """The first files that are due, soonest first, and how many there are.

    Three queries at most. Read anew each time: a listener that slept misses nothing.
    """
    due = readable_case_files(user).filter(due_soon(clock.today()))
    first = due.order_by("due_on", "pk").defer("search_key")[:MOST_FOUND]
    found = list(first.select_related("unit"))
    return found, len(found) if len(found) < MOST_FOUND else due.count()


def count_due(user: User) -> int:
    """How many files this person keeps are soon to be handed over. Two queries, three
    for the head of a unit."""
    return kept_case_files(user).filter(due_soon(clock.today())).count()


_PAGES = Case(
    When(outgoing__isnull=False, then=F("outgoing__pages")),
    When(incoming__isnull=False, then=F("incoming__pages")),
)


def totals_of(files: Iterable[CaseFile]) -> dict[UUID, Totals]:
    """Documents and pages of each file. One query."""
    entries = CaseFileEntry.objects.filter(case_file__in=[f.pk for f in files])
    rows = (
        entries.order_by()
        .values("case_file_id")
        .annotate(
            documents=Count("pk"),
            total=Sum(_PAGES),
            paged=Count(_PAGES),
            drafts=Count("draft"),
        )
    )
    return {
        row["case_file_id"]: Totals(
            documents=row["documents"],
            pages=row["total"] or 0,
            unpaged=row["documents"] - row["paged"] - row["drafts"],
            drafts=row["drafts"],
        )
        for row in rows
    }


def entries_of(case_file: CaseFile) -> QuerySet[CaseFileEntry, CaseFileEntry]:
    """In the order of time, each with its document."""
    return (
        case_file.entries.order_by(*ENTRY_ORDER)
        .select_related("added_by", *DocumentKind, *RELATED)
        .defer(*DEFERRED)
    )


def lines_of(case_file: CaseFile) -> list[Line]:
    """The whole table of contents; at most MOST_ENTRIES. One query."""
    return _numbered(entries_of(case_file), 1)


def list_lines(case_file: CaseFile, page: int = 1) -> LinePage:
    """One page of it. Two queries. A page past the end gives the last one."""
    total = case_file.entries.count()
    pages = max(1, -(-total // ENTRIES_PAGE_SIZE))
    number = min(max(1, page), pages)
    first = (number - 1) * ENTRIES_PAGE_SIZE
    shown = entries_of(case_file)[first : first + ENTRIES_PAGE_SIZE]
    return LinePage(_numbered(shown, first + 1), total, number, pages)


def _numbered(entries: Iterable[CaseFileEntry], first: int) -> list[Line]:
    return [
        Line(ordinal, entry, facts_of(document_of(entry)))
        for ordinal, entry in enumerate(entries, first)
    ]


def line_of(entry: CaseFileEntry) -> Line:
    """One entry with its ordinal. Three queries."""
    case_file = entry.case_file
    keys = list(case_file.entries.order_by(*ENTRY_ORDER).values_list("pk", flat=True))
    found = entries_of(case_file).get(pk=entry.pk)
    return Line(keys.index(entry.pk) + 1, found, facts_of(document_of(found)))


def find_documents(user: User, case_file: CaseFile, q: str) -> list[Facts]:
    """Documents that this person may put into the file, the newest of each kind first.

    Books of the file's organisation, and drafts that reach the person; what stands in
    the file already is left out. Four queries. Less than two letters find nothing.
    """
    words = text.search_key(q).split()
    if sum(map(len, words)) < 2:
        return []
    inside = case_file.entries
    registers = list(
        readable_registers(user)
        .filter(organisation=case_file.organisation_id)
        .values_list("pk", flat=True)
    )
    outgoing: Any = (
        OutgoingDocument.objects.filter(register__in=registers)
        .exclude(pk__in=inside.filter(outgoing__isnull=False).values("outgoing"))
        .select_related("issued_number", "organisation", "register")
        .order_by("-issued_on", "-number", "-pk")
    )
    incoming: Any = (
        IncomingDocument.objects.filter(register__in=registers)
        .exclude(pk__in=inside.filter(incoming__isnull=False).values("incoming"))
        .select_related("issued_number")
        .order_by("-arrived_on", "-number", "-pk")
    )
    drafts: Any = (
        _reached_drafts(user)
        .filter(
            organisation=case_file.organisation_id,
            archived_at__isnull=True,
            outgoing_document__isnull=True,
        )
        .exclude(pk__in=inside.filter(draft__isnull=False).values("draft"))
        .select_related("organisation")
        .order_by("-updated_at", "-pk")
    )
    found: list[Facts] = []
    for rows in (outgoing, incoming, drafts):
        for word in words:
            rows = rows.filter(search_key__contains=word)
        found += [facts_of(row) for row in rows.defer("search_key")[:MOST_FOUND]]
    return found


def _reached_drafts(user: User) -> QuerySet[Draft, Draft]:
    """What `access_draft` lets this person open. One query or two, none for drafts."""
    reach = reach_of(user.pk)
    led = units_under(reach.headed)
    return Draft.objects.annotate(shared_level=highest_share(reach)).filter(
        Q(shared_level__isnull=False) | Q(unit__in=led)
    )


def openable_drafts(user: User, lines: Sequence[Line]) -> set[UUID]:
    """Those drafts among the lines that this person may open. No query without any."""
    keys = [line.entry.draft_id for line in lines if line.entry.draft_id]
    if not keys:
        return set()
    drafts = _reached_drafts(user).filter(pk__in=keys)
    return set(drafts.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a document is filed, as far as a person sees it, and where it may go."""

    kind: DocumentKind
    document_id: UUID
    stands_in: tuple[CaseFile, ...]
    offered: tuple[CaseFile, ...]
    are_more: bool


def filing_of(user: User, document: OutgoingDocument | IncomingDocument) -> Filing:
    """Own files first. Four queries at most."""
    kind, found = next(iter(reference_to(document).items()))
    entries = CaseFileEntry.objects.filter(**{kind: found})
    stands_in = readable_case_files(user).filter(pk__in=entries.values("case_file"))
    offered = (
        kept_case_files(user)
        .filter(state=CaseFileState.OPEN, organisation_id=document.organisation_id)
        .exclude(pk__in=entries.values("case_file"))
        .annotate(is_own=Case(When(created_by=user, then=1), default=0))
        .order_by("-is_own", *_ORDERS[DEFAULT_SORT])
        .defer("search_key")[: MOST_OFFERED + 1]
    )
    shown = list(offered)
    return Filing(
        DocumentKind(kind),
        document.pk,
        tuple(stands_in.order_by(*_ORDERS[DEFAULT_SORT]).defer("search_key")),
        tuple(shown[:MOST_OFFERED]),
        len(shown) > MOST_OFFERED,
    )
