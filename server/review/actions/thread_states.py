"""Settle a thread, open it again, put it in somebody's hands; note what was read.

Must never touch a comment, and never give anybody a right to the draft.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from server.accounts.models import User
from server.common import audit, clock
from server.registry.access import Access
from server.review import events
from server.review.access import (
    commenting,
    locked_book,
    must,
    reading,
    standing,
    thread_of,
)
from server.review.actions.threads import assignable, changed
from server.review.models import (
    FieldSuggestion,
    SuggestionState,
    Thread,
    ThreadBook,
    ThreadRead,
    ThreadState,
)
from server.review.rights import ThreadAct, allows


def resolve(actor: User, draft_id: UUID | str, thread_id: UUID | str) -> Thread:
    """Settled twice is settled."""
    return _turn(actor, draft_id, thread_id, ThreadState.RESOLVED)


def reopen(actor: User, draft_id: UUID | str, thread_id: UUID | str) -> Thread:
    return _turn(actor, draft_id, thread_id, ThreadState.OPEN)


@transaction.atomic
def assign(
    actor: User, draft_id: UUID | str, thread_id: UUID | str, to: UUID | None
) -> Thread:
    """Put the thread in somebody's hands, or in nobody's.

    Raises InvalidInput for a person who may not comment on the draft.
    """
    book, access, thread = _locked(actor, draft_id, thread_id)
    must(access, actor, thread, ThreadAct.ASSIGN)
    if thread.assignee_id == to:
        return thread
    thread.assignee = assignable(access, to) if to else None
    changed(thread, book, "assignee")
    _record(actor, events.ASSIGNED, thread, user=str(to) if to else None)
    events.thread_changed(events.ASSIGNED, thread, actor.pk, assignee=to)
    return thread


def mark_read(
    actor: User, draft_id: UUID | str, thread_id: UUID | str, number: int
) -> int:
    """Note that the person has read up to this comment. Returns the mark.

    Only the person sees it, so nobody is told and no trail is kept. It never goes back.
    """
    thread = thread_of(reading(actor, draft_id), thread_id)
    upto = max(0, min(number, thread.last_number))
    row, is_new = ThreadRead.objects.get_or_create(
        thread=thread, user=actor, defaults={"number": upto}
    )
    if not is_new and row.number < upto:
        later = ThreadRead.objects.filter(pk=row.pk, number__lt=upto)
        later.update(number=upto)
    return max(row.number, upto)


@transaction.atomic
def _turn(
    actor: User, draft_id: UUID | str, thread_id: UUID | str, state: ThreadState
) -> Thread:
    book, access, thread = _locked(actor, draft_id, thread_id)
    is_done = state == ThreadState.RESOLVED
    must(access, actor, thread, ThreadAct.RESOLVE if is_done else ThreadAct.REOPEN)
    if thread.state == state:
        return thread
    thread.state = state
    thread.resolved_by = actor if is_done else None
    thread.resolved_at = clock.now() if is_done else None
    changed(thread, book, "state", "resolved_by", "resolved_at")
    if not is_done and allows(standing(access, actor, thread), ThreadAct.DECIDE):
        # Whoever may decide and asks anew has not decided.
        FieldSuggestion.objects.filter(thread=thread).exclude(
            state=SuggestionState.WITHDRAWN
        ).update(state=SuggestionState.OPEN, decided_by=None, decided_at=None)
    kind = events.RESOLVED if is_done else events.REOPENED
    _record(actor, kind, thread)
    events.thread_changed(kind, thread, actor.pk)
    return thread


def _locked(
    actor: User, draft_id: UUID | str, thread_id: UUID | str
) -> tuple[ThreadBook, Access, Thread]:
    access = commenting(actor, draft_id)
    book = locked_book(access.draft.pk)
    return book, access, thread_of(access, thread_id)


def _record(actor: User, kind: str, thread: Thread, **details: str | None) -> None:
    audit.record(
        actor, kind, "thread", thread.pk, draft=str(thread.draft_id), **details
    )
