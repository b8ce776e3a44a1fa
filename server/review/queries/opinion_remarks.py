"""What those who were asked said in the draft itself, for the table of opinions.

A thread counts for whoever was asked and began it between the question and the end of
the round: for the person when the person was asked, else for the unit that the author
belonged to, or the nearest asked one above it. Must never be shown to anybody but the
drafting side, and must never write.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from collab.content.suggestions import open_suggestions
from server.accounts.models import Membership, Unit
from server.registry.texts import committed
from server.review.models import (
    OpinionRequest,
    OpinionRound,
    Thread,
    ThreadComment,
    ThreadState,
)


@dataclass(frozen=True, slots=True)
class Remark:
    """The first comment of a thread, with the words that it is about."""

    thread_id: UUID
    quote: str
    text: str
    by: str
    is_resolved: bool


@dataclass(frozen=True, slots=True)
class InDraft:
    """What one who was asked left in the draft. `suggested`: changes still open."""

    remarks: tuple[Remark, ...] = ()
    suggested: int = 0

    @property
    def is_something(self) -> bool:
        return bool(self.remarks or self.suggested)

    @property
    def resolved(self) -> int:
        return sum(remark.is_resolved for remark in self.remarks)


NOTHING = InDraft()


def in_draft(
    begun: OpinionRound, requests: list[OpinionRequest]
) -> dict[UUID, InDraft]:
    """By the request's id. One query; with suggestions, one more and a reading
    of the text."""
    users = {r.user_id: r.pk for r in requests if r.user_id}
    units = {r.unit_id: r.pk for r in requests if r.unit_id}
    remarks: dict[UUID, list[Remark]] = defaultdict(list)
    for comment in _first_comments(begun):
        thread = comment.thread
        request = users.get(thread.author_id) or _above(thread.unit, units)
        if request is not None:
            remarks[request].append(_remark(thread, comment))
    suggested = _suggested(begun, users, units) if begun.may_suggest else Counter()
    return {
        request.pk: InDraft(tuple(remarks[request.pk]), suggested[request.pk])
        for request in requests
    }


def _suggested(
    begun: OpinionRound, users: dict[UUID, UUID], units: dict[UUID, UUID]
) -> Counter[UUID]:
    """How many open suggestions stand under the name of each who was asked."""
    by_author = Counter(
        one.author for one in open_suggestions(committed(begun.draft_id).whole)
    )
    found: Counter[UUID] = Counter()
    held = Membership.objects.filter(user_id__in=_ids(by_author)).select_related(
        "unit__parent__parent__parent"
    )
    places: dict[UUID, UUID] = {}
    for membership in held.order_by("-is_primary"):
        request = _above(membership.unit, units)
        if request is not None:
            places.setdefault(membership.user_id, request)
    for author, count in by_author.items():
        for user in _ids([author]):
            request = users.get(user) or places.get(user)
            if request is not None:
                found[request] += count
    return found


def _ids(authors: Iterable[str]) -> list[UUID]:
    """Authors who are people of this office; a name out of a Word file is none."""
    found: list[UUID] = []
    for author in authors:
        with suppress(ValueError):
            found.append(UUID(author))
    return found


def _first_comments(begun: OpinionRound) -> list[ThreadComment]:
    rows = ThreadComment.objects.filter(
        number=1,
        removed_at__isnull=True,
        thread__draft_id=begun.draft_id,
        thread__created_at__gte=begun.asked_at,
    )
    if begun.closed_at is not None:
        rows = rows.filter(thread__created_at__lte=begun.closed_at)
    path = "thread__unit__parent__parent__parent"
    return list(rows.select_related("thread__author", path).order_by("created_at"))


def _above(unit: Unit | None, asked: dict[UUID, UUID]) -> UUID | None:
    while unit is not None:
        if unit.pk in asked:
            return asked[unit.pk]
        unit = unit.parent
    return None


def _remark(thread: Thread, comment: ThreadComment) -> Remark:
    return Remark(
        thread.pk,
        thread.quote,
        comment.text,
        thread.author.full_name,
        thread.state == ThreadState.RESOLVED,
    )
