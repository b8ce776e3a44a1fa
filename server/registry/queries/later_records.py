"""Prove what became of an issued document: recalled, replaced, corrected, and to whom.

The records of the chain say it, so the rows must agree with them, and none may stand
without its record: an undone recall would open the files again unseen. Must never mend
what it finds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from server.registry.issuing.statement import described_recipient
from server.registry.models import (
    DocumentLink,
    IssueRecord,
    LinkKind,
    OutgoingDocument,
    OutgoingState,
    Recall,
    Recipient,
    RecordKind,
)

_LINKS = {
    RecordKind.REPLACED.value: LinkKind.REPLACES,
    RecordKind.CORRECTED.value: LinkKind.CORRECTS,
}
_UNTOUCHED = (OutgoingState.ISSUED, OutgoingState.FILED)


def faults_of_later(document: OutgoingDocument) -> Iterator[str]:
    """What its rows say otherwise than its records, as codes. Three queries."""
    rows = IssueRecord.objects.filter(document=document).exclude(kind=RecordKind.ISSUED)
    try:
        told = [
            (row.kind, json.loads(row.payload)) for row in rows.order_by("sequence")
        ]
    except ValueError:
        yield "payload"
        return
    if document.state not in _states_after([kind for kind, _said in told]):
        yield "standing"
    recall = Recall.objects.filter(document=document).first()
    reasons = [said.get("reason") for kind, said in told if kind == RecordKind.RECALLED]
    if reasons != ([recall.reason] if recall else []):
        yield "recall"
    linked = DocumentLink.objects.filter(target=document)
    kept = sorted((link.kind, str(link.source_id)) for link in linked)
    by_record = sorted(
        (_LINKS[kind].value, str(said.get("by_document")))
        for kind, said in told
        if kind in _LINKS
    )
    if kept != by_record:
        yield "links"


def faults_of_recipients(
    document: OutgoingDocument, said: dict[str, Any]
) -> Iterator[str]:
    """Those of the day of issue, in their order; more may have been added since."""
    first = list(said.get("recipients", ()))
    rows = Recipient.objects.filter(document=document).order_by("position", "pk")
    if [described_recipient(row) for row in rows[: len(first)]] != first:
        yield "recipients"


def _states_after(kinds: Sequence[str]) -> tuple[OutgoingState, ...]:
    """A recalled document stays recalled, a replaced one is replaced for good."""
    if RecordKind.RECALLED in kinds:
        return (OutgoingState.RECALLED,)
    if RecordKind.REPLACED in kinds:
        return (OutgoingState.REPLACED,)
    if RecordKind.CORRECTED in kinds:
        return (OutgoingState.CORRECTED,)
    return _UNTOUCHED
