"""The door to the threads of a draft. The registry's door stands before it.

A viewer of the draft sees no thread, a stranger sees nothing; a thread of another draft
is not found here. Must never be bypassed with `Thread.objects.get`.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common.errors import NotAllowed, NotFound
from server.registry.abilities import Action
from server.registry.access import Access, access_draft, as_id
from server.review.models import Thread, ThreadBook, ThreadComment
from server.review.rights import Standing, ThreadAct, allows


def reading(user: User, draft_id: UUID | str) -> Access:
    """The draft, to read its threads: an archived one too."""
    return access_draft(user, draft_id, Action.SEE_ACTIVITY)


def commenting(user: User, draft_id: UUID | str) -> Access:
    """The draft, to write in its threads. A text that stands still may be commented on,
    an archived one may not."""
    return access_draft(user, draft_id, Action.COMMENT)


def standing(
    access: Access, user: User, thread: Thread, comment: ThreadComment | None = None
) -> Standing:
    return Standing(
        level=access.level,
        began=thread.author_id == user.pk,
        assigned=thread.assignee_id == user.pk,
        wrote=comment is not None and comment.author_id == user.pk,
    )


def locked_book(draft_id: UUID) -> ThreadBook:
    """The counter of the draft's threads, held until the transaction ends."""
    ThreadBook.objects.get_or_create(draft_id=draft_id)
    return ThreadBook.objects.select_for_update().get(draft_id=draft_id)


def thread_of(access: Access, thread_id: UUID | str) -> Thread:
    found = (
        Thread.objects.select_related("author", "unit", "assignee", "resolved_by")
        .filter(pk=as_id(thread_id), draft=access.draft)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def comment_of(thread: Thread, comment_id: UUID | str) -> ThreadComment:
    found = ThreadComment.objects.filter(pk=as_id(comment_id), thread=thread).first()
    if found is None:
        raise NotFound
    return found


def must(
    access: Access,
    user: User,
    thread: Thread,
    act: ThreadAct,
    comment: ThreadComment | None = None,
) -> None:
    """Raises NotAllowed."""
    here = standing(access, user, thread, comment)
    if not allows(here, act):
        raise NotAllowed(_("Việc này dành cho người viết hoặc người phụ trách góp ý."))
