"""Decide about new words that a thread suggests for a field of the letterhead.

Whoever accepts has written them into the document first, as an edit of their own that
can be undone; here it is noted, and only what the committed text truly says is noted.
Must never write into the text, and never decide twice.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock
from server.common.errors import Conflict, NotFound
from server.registry.abilities import Action
from server.registry.access import Access, access_draft
from server.registry.texts import committed
from server.review import events
from server.review.access import commenting, locked_book, must, thread_of
from server.review.actions.threads import Said, add_comment, changed
from server.review.models import (
    FieldSuggestion,
    SuggestionState,
    Thread,
    ThreadBook,
    ThreadState,
)
from server.review.rights import ThreadAct
from server.review.words import comment_text, field_words

_KINDS = {
    SuggestionState.ACCEPTED: events.ACCEPTED,
    SuggestionState.REJECTED: events.REJECTED,
    SuggestionState.WITHDRAWN: events.WITHDRAWN,
}


def accept(actor: User, draft_id: UUID | str, thread_id: UUID | str) -> Thread:
    """Raises what `access_draft` raises for writing: a text that stands still takes
    nothing; NotFound, NotAllowed; Conflict (`field_differs`, `suggestion_decided`)."""
    access = access_draft(actor, draft_id, Action.WRITE)
    # Reading a long draft takes a while: before anything is locked.
    fields = committed(access.draft.pk).whole.fields
    with transaction.atomic():
        access = access_draft(actor, draft_id, Action.WRITE)
        book, thread, suggestion = _locked(actor, access, thread_id, ThreadAct.DECIDE)
        if suggestion.state == SuggestionState.ACCEPTED:
            return thread
        said = field_words(thread.part, getattr(fields, thread.part))
        if said != suggestion.new and suggestion.is_open:
            raise Conflict(
                _("Mục này chưa ghi đúng như đề xuất. Hãy xem lại mục rồi nhận."),
                code="field_differs",
            )
        return _settle(actor, book, thread, suggestion, SuggestionState.ACCEPTED)


@transaction.atomic
def reject(
    actor: User,
    draft_id: UUID | str,
    thread_id: UUID | str,
    said: Said | None = None,
) -> Thread:
    """`said`: why, as an answer in the thread. Raises what `commenting` raises,
    InvalidInput, NotAllowed, NotFound, Conflict (`suggestion_decided`)."""
    access = commenting(actor, draft_id)
    book, thread, suggestion = _locked(actor, access, thread_id, ThreadAct.DECIDE)
    if suggestion.state == SuggestionState.REJECTED:
        return thread
    if said is not None and suggestion.is_open:
        add_comment(actor, access, thread, said, comment_text(said.text))
    return _settle(actor, book, thread, suggestion, SuggestionState.REJECTED)


@transaction.atomic
def withdraw(actor: User, draft_id: UUID | str, thread_id: UUID | str) -> Thread:
    """Raises what `commenting` raises, NotFound, NotAllowed, Conflict."""
    access = commenting(actor, draft_id)
    book, thread, suggestion = _locked(actor, access, thread_id, ThreadAct.WITHDRAW)
    if suggestion.state == SuggestionState.WITHDRAWN:
        return thread
    return _settle(actor, book, thread, suggestion, SuggestionState.WITHDRAWN)


def _locked(
    actor: User, access: Access, thread_id: UUID | str, act: ThreadAct
) -> tuple[ThreadBook, Thread, FieldSuggestion]:
    book = locked_book(access.draft.pk)
    thread = thread_of(access, thread_id)
    must(access, actor, thread, act)
    suggestion = FieldSuggestion.objects.filter(thread=thread).first()
    if suggestion is None:
        raise NotFound
    return book, thread, suggestion


def _settle(
    actor: User,
    book: ThreadBook,
    thread: Thread,
    suggestion: FieldSuggestion,
    state: SuggestionState,
) -> Thread:
    if not suggestion.is_open:
        raise Conflict(
            _("Đề xuất này đã được xem xét. Muốn xem xét lại, hãy mở lại góp ý."),
            code="suggestion_decided",
        )
    now = clock.now()
    suggestion.state, suggestion.decided_by, suggestion.decided_at = state, actor, now
    suggestion.save(update_fields=["state", "decided_by", "decided_at"])
    thread.state, thread.resolved_by, thread.resolved_at = (
        ThreadState.RESOLVED,
        actor,
        now,
    )
    changed(thread, book, "state", "resolved_by", "resolved_at", "last_number")
    kind = _KINDS[state]
    audit.record(
        actor, kind, "thread", thread.pk,
        draft=str(thread.draft_id), field=thread.part,
    )  # fmt: skip
    events.thread_changed(kind, thread, actor.pk)
    return thread
