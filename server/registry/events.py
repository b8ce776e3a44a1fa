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
FROZEN = "draft.frozen"
THAWED = "draft.thawed"
MOVED = "draft.moved"
APPROVAL_VOIDED = "draft.approval_voided"
LINKED = "draft.linked"


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


def frozen(draft_id: UUID) -> None:
    """Nobody may write the text from now on."""
    outbox.emit(FROZEN, draft_id)


def thawed(draft_id: UUID, epoch: int) -> None:
    """The text may be written again, under a new epoch."""
    outbox.emit(THAWED, draft_id, epoch=epoch)


def moved(draft_id: UUID, act: str, state: str, by: UUID | None) -> None:
    """The draft stands in `state` now; `by` is None when a changed text did it."""
    outbox.emit(MOVED, draft_id, act=act, state=state, by=str(by) if by else None)


def approval_voided(draft_id: UUID, step: str, approver: UUID) -> None:
    """The text changed under an approval or a sign-off: its giver must look again."""
    outbox.emit(APPROVAL_VOIDED, draft_id, step=step, approver=str(approver))


def linked(draft_id: UUID) -> None:
    """It replaces or corrects another document than before, or none."""
    outbox.emit(LINKED, draft_id)
