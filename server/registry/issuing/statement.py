"""What the record of an issue states, gathered inside its transaction. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from server.accounts.models import User
from server.common.models import AuditEntry
from server.registry.issuing import record
from server.registry.models import (
    Approval,
    Draft,
    IssuedFiles,
    OutgoingDocument,
    Recipient,
)


def statement_of(
    draft: Draft,
    document: OutgoingDocument,
    files: IssuedFiles,
    recipients: Sequence[Recipient],
    contributors: Sequence[str],
) -> dict[str, Any]:
    """Everything but the place in the chain. Three queries."""
    entries = list(trail_of(draft.pk))
    return {
        "draft": str(draft.pk),
        "issued_on": document.issued_on.isoformat(),
        "document_type": document.document_type,
        "subject": document.subject,
        "signer_name": document.signer_name,
        "signer_position": document.signer_position,
        "register": str(document.register_id),
        "content": files.content,
        "docx": files.docx,
        "pdf": files.pdf,
        "state": files.state,
        "is_signed": files.is_signed,
        "code": files.code,
        "contributors": _contributors(contributors),
        "approvals": _approvals(draft),
        "recipients": [described_recipient(r) for r in recipients],
        "trail": {
            "entries": [entry["id"] for entry in entries],
            "digest": record.digest_of_trail(entries),
        },
    }


def trail_of(draft_id: UUID, only: Iterable[int] | None = None) -> Iterable[Any]:
    """The audit entries of a draft as they are digested, oldest first. One query.

    `only`: these entries, so that what was written later changes no digest.
    """
    rows = AuditEntry.objects.filter(subject_type="draft", subject_id=str(draft_id))
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    for row in rows.order_by("pk"):
        yield {
            "id": row.pk,
            "at": row.at.isoformat(),
            "actor": str(row.actor_id) if row.actor_id else None,
            "action": row.action,
            "details": row.details,
        }


def _contributors(ids: Sequence[str]) -> list[dict[str, str]]:
    known = {}
    for key in ids:
        try:
            known[UUID(key)] = key
        except ValueError:
            continue
    names = dict(User.objects.filter(pk__in=known).values_list("pk", "full_name"))
    return [{"id": text, "name": names.get(key, "")} for key, text in known.items()]


def _approvals(draft: Draft) -> list[dict[str, str]]:
    rows = Approval.objects.filter(draft=draft, voided_at__isnull=True)
    return [
        {
            "step": row.step,
            "by": str(row.by_id),
            "name": row.by.full_name,
            "on_behalf_of": str(row.on_behalf_of_id or ""),
            "digest": row.digest,
            "at": row.at.isoformat(),
        }
        for row in rows.select_related("by").order_by("at", "pk")
    ]


def described_recipient(row: Recipient) -> dict[str, str | bool]:
    """What may never change of a line: who, how, and what is asked by when."""
    return {
        "name": row.name,
        "channel": row.channel,
        "address": row.address,
        "must_act": row.must_act,
        "deadline": row.deadline.isoformat() if row.deadline else "",
    }
