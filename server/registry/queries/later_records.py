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
    rows = list(Recipient.objects.filter(document=document).order_by("position", "pk"))
    given = _days_given(document)
    for row, told in zip(rows, first, strict=False):
        if str(row.pk) in given and isinstance(told, dict):
            told["deadline"] = given[str(row.pk)]
    added = rows[len(first) :]
    as_added = [
        (given[str(row.pk)], described_recipient(row)["deadline"])
        for row in added
        if str(row.pk) in given
    ]
    is_same = [described_recipient(row) for row in rows[: len(first)]] == first
    if not is_same or any(told != now for told, now in as_added):
        yield "recipients"


def _days_given(document: OutgoingDocument) -> dict[str, str]:
    """By when whoever had no day is asked since, by the records. One query."""
    records = IssueRecord.objects.filter(document=document, kind=RecordKind.DEADLINE)
    found: dict[str, str] = {}
    for payload in records.order_by("sequence").values_list("payload", flat=True):
        try:
            told = json.loads(payload)
            found |= dict.fromkeys(map(str, told["recipients"]), told["deadline"])
        except (ValueError, KeyError, TypeError):
            continue  # the chain itself is broken there, and says so
    return found


def _states_after(kinds: Sequence[str]) -> tuple[OutgoingState, ...]:
    """A recalled document stays recalled, a replaced one is replaced for good."""
    if RecordKind.RECALLED in kinds:
        return (OutgoingState.RECALLED,)
    if RecordKind.REPLACED in kinds:
        return (OutgoingState.REPLACED,)
    if RecordKind.CORRECTED in kinds:
        return (OutgoingState.CORRECTED,)
    return _UNTOUCHED
