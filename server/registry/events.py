"""What this app tells others. The subject of each event is the draft's id.

Open sessions act on them: a change of access or of the archive is judged again at
once, a new title is shown. The payload never holds a text.
"""

from __future__ import annotations

from uuid import UUID

from server.common import outbox

CREATED = "draft.created"
RENAMED = "draft.renamed"
ACCESS_CHANGED = "draft.access_changed"
ARCHIVED = "draft.archived"
RESTORED = "draft.restored"


def created(draft_id: UUID) -> None:
    outbox.emit(CREATED, draft_id)


def renamed(draft_id: UUID, title: str) -> None:
    outbox.emit(RENAMED, draft_id, title=title)


def access_changed(draft_id: UUID) -> None:
    """Somebody may do more, less or nothing from now on."""
    outbox.emit(ACCESS_CHANGED, draft_id)


def archived(draft_id: UUID) -> None:
    outbox.emit(ARCHIVED, draft_id)


def restored(draft_id: UUID) -> None:
    outbox.emit(RESTORED, draft_id)
