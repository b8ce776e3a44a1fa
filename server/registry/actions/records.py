"""Add a record to the chain of an organisation, in the caller's transaction.

The end of the chain is locked until the commit, so records follow each other without a
gap and without a fork, whatever the processes do. Must never change a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.accounts.models import User
from server.common import clock
from server.registry.issuing import record
from server.registry.models import (
    IssueChain,
    IssueRecord,
    OutgoingDocument,
    RecordKind,
)


def add_record(
    actor: User,
    document: OutgoingDocument,
    kind: RecordKind,
    facts: Mapping[str, Any],
) -> IssueRecord:
    """`facts` are what the record says beside its place in the chain."""
    IssueChain.objects.get_or_create(organisation_id=document.organisation_id)
    chain = IssueChain.objects.select_for_update().get(
        organisation_id=document.organisation_id
    )
    sequence, now = chain.length + 1, clock.now()
    payload = record.canonical(
        {
            **facts,
            "version": record.VERSION,
            "kind": kind.value,
            "organisation": str(document.organisation_id),
            "sequence": sequence,
            "previous": chain.head,
            "document": str(document.pk),
            "full_number": document.full_number,
            "by": str(actor.pk),
            "at": now.isoformat(),
        }
    )
    made = IssueRecord.objects.create(
        organisation_id=document.organisation_id,
        sequence=sequence,
        kind=kind,
        document=document,
        previous=chain.head,
        digest=record.digest_of(payload),
        payload=payload,
        at=now,
    )
    chain.length, chain.head = sequence, made.digest
    chain.save(update_fields=["length", "head"])
    return made
