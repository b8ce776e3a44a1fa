"""What the API tells of issued documents: links, records, lists, and what one received.

Rights are asked at the doors (`server.registry.issued_access`) before a query here is
called; only `list_received` asks by itself, because its filter is the right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import Q, QuerySet

from server.accounts.models import User
from server.common import clock
from server.registry.access import reach_of
from server.registry.issuing.steps import ENDED, UNOPENED
from server.registry.models import (
    DocumentLink,
    IssuedFiles,
    IssueRecord,
    LinkKind,
    OutgoingDocument,
    Recall,
    Recipient,
    RecipientChannel,
)
from server.registry.queries.registers import PAGE_SIZE, BookPage
from server.registry.register_access import kept_organisations

Deadline = Literal["", "any", "late"]
_SHOWN = ("document__organisation", "document__issued_files", "state_by", "incoming")


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued document with what became of it. Links are in order of issue."""

    document: OutgoingDocument
    files: IssuedFiles
    recall: Recall | None
    replaces: OutgoingDocument | None
    corrects: OutgoingDocument | None
    replaced_by: tuple[OutgoingDocument, ...]
    corrected_by: tuple[OutgoingDocument, ...]


def issued_of(document: OutgoingDocument) -> Issued:
    """Four queries. The document has files: a door has asked."""
    files = IssuedFiles.objects.get(document=document)
    recall = Recall.objects.filter(document=document).select_related("by").first()
    own = DocumentLink.objects.filter(source=document).select_related("target").first()
    after = DocumentLink.objects.filter(target=document).select_related("source")
    links = list(after.order_by("at", "pk"))
    return Issued(
        document=document,
        files=files,
        recall=recall,
        replaces=own.target if own and own.kind == LinkKind.REPLACES else None,
        corrects=own.target if own and own.kind == LinkKind.CORRECTS else None,
        replaced_by=tuple(k.source for k in links if k.kind == LinkKind.REPLACES),
        corrected_by=tuple(k.source for k in links if k.kind == LinkKind.CORRECTS),
    )


def records_of(document: OutgoingDocument) -> list[IssueRecord]:
    """The records about one document, oldest first. One query."""
    rows = IssueRecord.objects.filter(document=document)
    return list(rows.order_by("sequence"))


def recipients_of(
    document: OutgoingDocument, only: Iterable[UUID] | None = None
) -> list[Recipient]:
    """The distribution list with every step. Three queries."""
    rows = Recipient.objects.filter(document=document)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    return list(rows.select_related("state_by").prefetch_related("steps__by"))


def list_received(
    user: User,
    *,
    state: str = "",
    unopened: bool = False,
    deadline: Deadline = "",
    page: int = 1,
) -> BookPage[Recipient]:
    """What this person received, newest first. At most seven queries.

    `deadline`: "any" leaves what must be done by a day and is not, "late" of these
    what is past its day. A page past the end gives the last one. Each way of receiving
    has an index in this order, and the database merges the three.
    """
    wanted = Q(channel=RecipientChannel.IN_APP)
    if state:
        wanted &= Q(state=state)
    if unopened:
        wanted &= Q(state__in=UNOPENED)
    if deadline:
        wanted &= Q(deadline__isnull=False) & ~Q(state__in=ENDED)
    if deadline == "late":
        wanted &= Q(deadline__lt=clock.today())
    ways = [rows.filter(wanted) for rows in _ways(user)]
    total = sum(rows.count() for rows in ways)
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    first = (number - 1) * PAGE_SIZE
    keys = _newest(ways, first, first + PAGE_SIZE)
    found = Recipient.objects.filter(pk__in=keys).select_related(*_SHOWN)
    rows = tuple(found.order_by("-sent_at", "-pk"))
    return BookPage(rows, total, number, pages)


def _newest(
    ways: list[QuerySet[Recipient, Recipient]], first: int, last: int
) -> list[UUID]:
    if not ways:
        return []
    narrow = [rows.order_by().values_list("pk", "sent_at") for rows in ways]
    merged = narrow[0].union(*narrow[1:], all=True) if narrow[1:] else narrow[0]
    return [key for key, _at in merged.order_by("-sent_at", "-id")[first:last]]


def _ways(user: User) -> list[QuerySet[Recipient, Recipient]]:
    """The parts of `received_by`, which exclude each other."""
    if not user.is_active:
        return []
    rows = Recipient.objects.all()
    ways = [rows.filter(person_id=user.pk)]
    units = reach_of(user.pk).above
    if units:
        ways.append(rows.filter(unit_id__in=units))
    offices = list(kept_organisations(user).values_list("pk", flat=True))
    if offices:
        ways.append(rows.filter(organisation_id__in=offices))
    return ways
