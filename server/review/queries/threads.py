"""Threads of a draft as one person sees them, in the order of their last change.

A reader keeps the highest revision it has seen and asks for what changed after it: the
same call lists everything (after 0) and catches up after a break. Must never be called
before the door (`server.review.access.reading`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Max, Prefetch, Q, QuerySet

from server.accounts.models import User
from server.registry.access import Access
from server.review.models import (
    CommentFile,
    Mention,
    Thread,
    ThreadComment,
    ThreadRead,
    ThreadState,
)

PAGE_SIZE = 200


class Wanted(StrEnum):
    ALL = "all"
    OPEN = "open"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Changes:
    """`cursor` is what to ask after next; `has_more` says whether to ask at once."""

    threads: Sequence[Thread]
    read: dict[UUID, int]
    cursor: int
    has_more: bool


def changes_after(
    access: Access,
    user: User,
    after: int,
    *,
    state: Wanted = Wanted.ALL,
    mine: bool = False,
    unit: UUID | None = None,
) -> Changes:
    """Six queries, whatever the number of threads.

    `mine`: begun by the person, in the person's hands, or naming the person.
    """
    found = _whole(Thread.objects.filter(draft=access.draft, revision__gt=after))
    if state is not Wanted.ALL:
        found = found.filter(state=ThreadState(state.value))
    if unit is not None:
        found = found.filter(unit=unit)
    if mine:
        named = Mention.objects.filter(user=user, comment__removed_at=None)
        found = found.filter(
            Q(author=user)
            | Q(assignee=user)
            | Q(pk__in=named.values("comment__thread"))
        )
    rows = list(found.order_by("revision")[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    cursor = shown[-1].revision if shown else after
    return Changes(shown, _read(user, shown), cursor, len(rows) > PAGE_SIZE)


def one(access: Access, user: User, thread_id: UUID) -> tuple[Thread, int]:
    """The thread as it is now and the person's mark. The thread must be there."""
    thread = _whole(Thread.objects.filter(draft=access.draft)).get(pk=thread_id)
    return thread, _read(user, [thread]).get(thread.pk, 0)


def latest_revision(draft_id: UUID) -> int:
    newest = Thread.objects.filter(draft=draft_id).aggregate(top=Max("revision"))
    return newest["top"] or 0


def _whole(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    comments = ThreadComment.objects.select_related("author").order_by("number")
    return threads.select_related(
        "author", "unit", "assignee", "resolved_by", "suggestion__decided_by"
    ).prefetch_related(
        Prefetch("comments", comments),
        Prefetch("comments__mentions", Mention.objects.select_related("user")),
        Prefetch("comments__files", CommentFile.objects.order_by("added_at", "id")),
    )


def _read(user: User, threads: Sequence[Thread]) -> dict[UUID, int]:
    marks = ThreadRead.objects.filter(user=user, thread__in=[t.pk for t in threads])
    return dict(marks.values_list("thread_id", "number"))
