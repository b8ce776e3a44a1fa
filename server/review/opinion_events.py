"""What opinion rounds tell others. The subject is the draft's id; no payload holds what
was asked or said. The notifier and the bar's counts read them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from server.common import outbox

ASKED = "opinion.asked"
GIVEN = "opinion.given"
HANDLED = "opinion.handled"
EXTENDED = "opinion.extended"
CHASED = "opinion.chased"
REMINDED = "opinion.reminded"
WITHDRAWN = "opinion.withdrawn"
CLOSED = "opinion.closed"
REOPENED = "opinion.reopened"


def tell(
    kind: str,
    draft_id: UUID,
    *,
    round_id: UUID,
    requests: Iterable[UUID] = (),
    due_on: date | None = None,
    reason: str = "",
    asked_by: UUID | None = None,
) -> None:
    """`requests` are those whom it concerns, `asked_by` who asked, where it concerns
    them, too; `reason` is of a reminder, and "term" of an end that came by itself."""
    outbox.emit(
        kind,
        draft_id,
        round=str(round_id),
        requests=[str(request) for request in requests],
        due_on=due_on.isoformat() if due_on else None,
        reason=reason,
        asked_by=str(asked_by) if asked_by else None,
    )
