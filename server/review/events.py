"""What review tells others. The subject of each event is the draft's id.

Open editors act on them: they fetch what changed after what they know. The payload
never holds a text.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from server.common import outbox
from server.review.models import Thread

THREADS = "thread."
STARTED = "thread.started"
REPLIED = "thread.replied"
EDITED = "thread.comment_edited"
REMOVED = "thread.comment_removed"
RESOLVED = "thread.resolved"
REOPENED = "thread.reopened"
ASSIGNED = "thread.assigned"
MOVED = "thread.moved"
ACCEPTED = "thread.suggestion_accepted"
REJECTED = "thread.suggestion_rejected"
WITHDRAWN = "thread.suggestion_withdrawn"
TEXT_RESTORED = "draft.text_restored"
WORD_TAKEN = "draft.word_taken"
# The application wrote into the log, and rooms must read it.
WRITTEN = frozenset({TEXT_RESTORED, WORD_TAKEN})


def thread_changed(
    kind: str,
    thread: Thread,
    by: UUID,
    *,
    mentioned: Iterable[UUID] = (),
    assignee: UUID | None = None,
) -> None:
    """`mentioned` and `assignee`: whom this very act concerns."""
    outbox.emit(
        kind,
        thread.draft_id,
        thread=str(thread.pk),
        revision=thread.revision,
        by=str(by),
        mentioned=[str(user) for user in mentioned],
        assignee=str(assignee) if assignee else None,
    )


def text_restored(draft_id: UUID, seq: int) -> None:
    """The log went on to `seq` by an act of the application: rooms must read it."""
    outbox.emit(TEXT_RESTORED, draft_id, seq=seq)


def word_taken(draft_id: UUID, seq: int) -> None:
    """The same, by what came back from Word."""
    outbox.emit(WORD_TAKEN, draft_id, seq=seq)
