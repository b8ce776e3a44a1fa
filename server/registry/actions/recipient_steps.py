"""Move a line of a distribution list one step, in the caller's transaction.

Called by those who report on the page of what they received, by our clerk for those
outside, and by the work of a receiving office itself: who takes an incoming document up
or settles it need not tell the sender a second time. Must never move a line back, nor
tell the sender what the receiver's people write to each other.
"""

from __future__ import annotations

from collections.abc import Sequence

from server.accounts.models import User
from server.common import audit, clock, outbox
from server.registry import register_events as events
from server.registry.actions.sending import note_sent, tell_late
from server.registry.issuing.steps import may_follow
from server.registry.models import (
    IncomingDocument,
    OutgoingDocument,
    OutgoingState,
    Recipient,
    RecipientState,
    RecipientStep,
)
from server.registry.search.entries import index_outgoing
from server.registry.search.received import readdress_received


def lock_recipient(row: Recipient) -> Recipient:
    """The row as it stands now, held until the end of the transaction."""
    document = row.document
    # The document first, as a recall does.
    OutgoingDocument.objects.select_for_update().filter(pk=document.pk).first()
    now = Recipient.objects.select_for_update().get(pk=row.pk)
    now.document = document
    return now


def move_recipient(
    actor: User,
    row: Recipient,
    target: RecipientState,
    note: str = "",
    *more: str,
) -> None:
    """The caller holds the row, see `lock_recipient`, and has asked the table of steps.
    `more` are other fields of the row to be saved."""
    now = clock.now()
    is_on_the_way = target in (RecipientState.SENT, RecipientState.DELIVERED)
    first_look = row.opened_at is None and row.is_here and not is_on_the_way
    was_waiting = row.state == RecipientState.TO_SEND
    if was_waiting:
        note_sent(row.document)
    row.state, row.state_at, row.state_by = target, now, actor
    if first_look:
        row.opened_at = now
    if target == RecipientState.SENT:
        row.sent_at = now
    changed = ["state", "state_at", "state_by", "opened_at", "sent_at", *more]
    row.save(update_fields=changed)
    RecipientStep.objects.create(
        recipient=row, kind=target, note=note, by=actor, at=now
    )
    if was_waiting:
        tell_late(actor, row.document, [row])
    index_outgoing(row.document)
    readdress_received(row.document)
    audit.record(
        actor,
        f"recipient.{target.value}",
        "outgoing",
        row.document_id,
        recipient=str(row.pk),
        name=row.name,
        note=str(note),
    )
    outbox.emit(
        events.RECIPIENT_MOVED,
        row.pk,
        document=str(row.document_id),
        state=target.value,
    )


def move_to_sent(
    actor: User, document: OutgoingDocument, rows: Sequence[Recipient], note: str
) -> None:
    """Many lines at once, which a province's letter has, in a few statements; the
    search finds them as before. The caller holds document and rows."""
    now = clock.now()
    for row in rows:
        row.state, row.state_at, row.state_by = RecipientState.SENT, now, actor
        row.sent_at = now
    changed = ["state", "state_at", "state_by", "sent_at"]
    Recipient.objects.bulk_update(rows, changed)
    RecipientStep.objects.bulk_create(
        RecipientStep(
            recipient=row, kind=RecipientState.SENT, note=note, by=actor, at=now
        )
        for row in rows
    )
    note_sent(document)
    tell_late(actor, document, rows)
    audit.record(
        actor,
        "outgoing.sent",
        "outgoing",
        document.pk,
        names=[row.name for row in rows],
        note=note,
    )
    moved = {"document": str(document.pk), "state": RecipientState.SENT.value}
    for row in rows:
        outbox.emit(events.RECIPIENT_MOVED, row.pk, **moved)


def report_taken_up(actor: User, incoming: IncomingDocument) -> None:
    """The receiver works on what it entered into its book."""
    _report(actor, incoming, RecipientState.PROCESSING, "")


def report_settled(actor: User, incoming: IncomingDocument) -> None:
    """The receiver has settled it; the sender learns the number of the answer."""
    answer = incoming.answer_number
    # Read by both sides for years: Vietnamese, whoever settled it.
    note = f"Văn bản trả lời: {answer}" if answer else ""
    _report(actor, incoming, RecipientState.DONE, note)


def _report(
    actor: User, incoming: IncomingDocument, target: RecipientState, note: str
) -> None:
    """Nothing for what came another way, was recalled, or has gone as far already."""
    found = Recipient.objects.filter(incoming=incoming).select_related("document")
    row = found.first()
    if row is None:
        return
    row = lock_recipient(row)
    is_recalled = OutgoingDocument.objects.filter(
        pk=row.document_id, state=OutgoingState.RECALLED
    ).exists()
    if not is_recalled and may_follow(row.state, target):
        move_recipient(actor, row, target, note)
