"""A distribution list as it stands: who has done what, who is late. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from server.common import clock
from server.common.workdays import is_over
from server.registry.issuing.steps import ENDED, UNOPENED, may_be_chased, without_day
from server.registry.models import (
    DocumentLink,
    OutgoingDocument,
    OutgoingState,
    Recall,
    RecallState,
    Recipient,
    RecipientChannel,
    RecipientState,
    Register,
)


class Shown(StrEnum):
    ALL = "all"
    TO_SEND = "to_send"
    UNOPENED = "unopened"
    WAITED_FOR = "waited_for"
    LATE = "late"
    WITHOUT_DAY = "without_day"
    RECALL = "recall"


@dataclass(frozen=True, slots=True)
class ListLine:
    recipient: Recipient
    is_late: bool
    is_waited_for: bool
    is_unopened: bool
    is_without_day: bool


@dataclass(frozen=True, slots=True)
class Distribution:
    """`lines` are those that are shown; the counts are of the whole list. `to_send`: by
    channel, how many wait until the clerk has sent it."""

    lines: tuple[ListLine, ...]
    counts: dict[str, int]
    to_send: tuple[tuple[RecipientChannel, int], ...]
    recall: Recall | None
    replaces: DocumentLink | None
    replaced_by: Sequence[DocumentLink]


def distribution_of(document: OutgoingDocument, shown: Shown) -> Distribution:
    """Five queries, whatever the length of the list (at most some hundreds)."""
    rows = (
        document.recipients.select_related("state_by")
        .prefetch_related("steps__by")
        .order_by("position", "pk")
    )
    lines = [line_of(row) for row in rows]
    holds: dict[Shown, Callable[[ListLine], bool]] = {
        Shown.ALL: lambda _line: True,
        Shown.TO_SEND: lambda line: line.recipient.state == RecipientState.TO_SEND,
        Shown.UNOPENED: lambda line: line.is_unopened,
        Shown.WAITED_FOR: lambda line: line.is_waited_for,
        Shown.LATE: lambda line: line.is_late,
        Shown.WITHOUT_DAY: lambda line: line.is_without_day,
        Shown.RECALL: lambda line: line.recipient.recall_state == RecallState.ASKED,
    }
    return Distribution(
        lines=tuple(line for line in lines if holds[shown](line)),
        counts={name.value: sum(map(held, lines)) for name, held in holds.items()},
        to_send=_waiting_by_channel(lines),
        recall=Recall.objects.filter(document=document).select_related("by").first(),
        replaces=DocumentLink.objects.filter(source=document)
        .select_related("target")
        .first(),
        replaced_by=list(
            DocumentLink.objects.filter(target=document).select_related("source")
        ),
    )


def _waiting_by_channel(
    lines: Sequence[ListLine],
) -> tuple[tuple[RecipientChannel, int], ...]:
    waiting = Counter(
        line.recipient.channel
        for line in lines
        if line.recipient.state == RecipientState.TO_SEND
    )
    return tuple((c, waiting[c]) for c in RecipientChannel if waiting[c])


def count_told_by_hand(document: OutgoingDocument) -> int:
    """How many of those who are asked to confirm this system cannot tell anything.
    One query."""
    rows = document.recipients.filter(recall_state=RecallState.ASKED)
    return rows.exclude(channel=RecipientChannel.IN_APP).count()


def documents_without_day(register: Register, most: int) -> list[OutgoingDocument]:
    """Of the book, those for which somebody must act and has no day; newest first.
    One query, from an index that holds nothing else."""
    open_lines = Recipient.objects.filter(
        must_act=True, deadline__isnull=True, recall_state=""
    ).exclude(state__in=ENDED)
    found = OutgoingDocument.objects.filter(
        register=register, pk__in=open_lines.values("document")
    ).exclude(state=OutgoingState.RECALLED)
    return list(found.order_by("-issued_on", "-number", "-pk")[:most])


def _is_over(deadline: date) -> bool:
    """As the receiver's own work has it: a day off ends with the next working day."""
    return is_over(deadline, clock.today())


def line_of(row: Recipient) -> ListLine:
    state = RecipientState(row.state)
    is_recalled = row.document.state == OutgoingState.RECALLED
    is_open = state not in ENDED and not row.recall_state and not is_recalled
    return ListLine(
        recipient=row,
        is_late=is_open and row.deadline is not None and _is_over(row.deadline),
        is_waited_for=may_be_chased(state, row.must_act, row.recall_state),
        is_unopened=state in (RecipientState.TO_SEND, *UNOPENED),
        is_without_day=not is_recalled and without_day(row),
    )
