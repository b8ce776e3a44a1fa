"""Write the audit trail. An action calls `record` once, in its own transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.common import clock, origin
from server.common.models import AuditEntry

if TYPE_CHECKING:
    from server.accounts.models import User


def record(
    actor: User | None,
    action: str,
    subject_type: str,
    subject_id: object,
    **details: Any,
) -> AuditEntry:
    """`action` is noun.verb in the past tense of the glossary: "draft.shared"."""
    where = origin.current.get()
    return AuditEntry.objects.create(
        at=clock.now(),
        actor=actor,
        action=action,
        subject_type=subject_type,
        subject_id=str(subject_id),
        details=details,
        client_address=where.client_address,
        client_agent=where.client_agent,
    )
