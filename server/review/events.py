"""What this app tells others. The subject of each event is the draft's id.

The payload never holds a text.
"""

from __future__ import annotations

from uuid import UUID

from server.common import outbox

TEXT_RESTORED = "draft.text_restored"


def text_restored(draft_id: UUID, seq: int) -> None:
    """The log went on to `seq` by an act of the application: rooms must read it."""
    outbox.emit(TEXT_RESTORED, draft_id, seq=seq)
