"""Move a line of a distribution list one step, in the caller's transaction.

Called by those who report on the page of what they received, by our clerk for those
outside, and by the work of a receiving office itself: who takes an incoming document up
or settles it need not tell the sender a second time. Must never move a line back, nor
tell the sender what the receiver's people write to each other.
"""

from __future__ import annotations

from server.accounts.models import User
from server.common import audit, clock, outbox
from server.registry import register_events as events
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
    first_look = row.opened_at is None and row.is_here
    row.state, row.state_at, row.state_by = target, now, actor
    if first_look:
        row.opened_at = now
    row.save(update_fields=["state", "state_at", "state_by", "opened_at", *more])
    RecipientStep.objects.create(
        recipient=row, kind=target, note=note, by=actor, at=now
    )
    index_outgoing(row.document)
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


def report_taken_up(actor: User, incoming: IncomingDocument) -> None:
    """The receiver works on what it entered into its book."""
    _report(actor, incoming, RecipientState.PROCESSING, "")


def report_settled(actor: User, incoming: IncomingDocument) -> None:
    """The receiver has settled it; the sender learns the number of the answer."""
    answer = incoming.answer_number
    # Kept as data, so in one language whoever writes it.
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
