"""Take an issued document back: recall, and begin its replacement or correction.

A recall freezes our copy, closes the files to every recipient at once and asks each to
confirm; what was registered stays registered (Decree 30/2020, article 18.4, appendix
VI). An error of content is mended by a document that replaces it, one of form by a công
văn đính chính (article 18.3). Must never change what was issued.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock, outbox
from server.common.errors import Conflict, InvalidInput, NotAllowed
from server.registry import register_events as events
from server.registry.actions.distribution import recipient_outside
from server.registry.actions.process import clean_reason
from server.registry.actions.recipient_steps import lock_recipient
from server.registry.actions.records import add_record
from server.registry.issued_access import (
    access_distribution,
    access_recipient,
    right_to_recall,
)
from server.registry.models import (
    OutgoingDocument,
    OutgoingState,
    Recall,
    RecallState,
    Recipient,
    RecipientState,
    RecipientStep,
    RecordKind,
    StepKind,
)
from server.registry.search.entries import index_outgoing
from server.registry.search.received import close_received


@transaction.atomic
def recall(actor: User, document_id: UUID | str, reason: str) -> Recall:
    """A clerk of the organisation takes it back, or who would sign it today: the signer
    as long as the office lasts, also one of an organisation above, or the holder of a
    mandate.

    Raises NotFound, NotAllowed, InvalidInput without a reason, Conflict `recalled`.
    """
    document, may_keep = access_distribution(actor, document_id)
    right = None if may_keep else right_to_recall(actor, document)
    if not may_keep and right is None:
        raise NotAllowed(_("Chỉ văn thư hoặc người ký được thu hồi văn bản."))
    reason = clean_reason(reason)
    if not reason:
        raise InvalidInput(
            _("Hãy nêu lý do."), fields={"reason": _("Lý do đang để trống.")}
        )
    document = OutgoingDocument.objects.select_for_update().get(pk=document.pk)
    if document.state == OutgoingState.RECALLED:
        raise Conflict(_("Văn bản đã được thu hồi."), code="recalled")
    now = clock.now()
    made = Recall.objects.create(document=document, reason=reason, by=actor, at=now)
    document.state = OutgoingState.RECALLED
    document.save(update_fields=["state"])
    index_outgoing(document)
    close_received(document)
    # Who was sent nothing has nothing to give back.
    sent = Recipient.objects.filter(document=document).exclude(
        state=RecipientState.TO_SEND
    )
    rows = list(sent)
    sent.update(recall_state=RecallState.ASKED)
    RecipientStep.objects.bulk_create(
        RecipientStep(
            recipient=row, kind=StepKind.RECALL_ASKED, note=reason, by=actor, at=now
        )
        for row in rows
    )
    mandate = right.mandate if right else None
    audit.record(
        actor,
        "outgoing.recalled",
        "outgoing",
        document.pk,
        reason=reason,
        on_behalf_of=str((mandate and mandate.principal_id) or ""),
        form=mandate.form if mandate else "",
    )
    add_record(actor, document, RecordKind.RECALLED, {"reason": reason})
    outbox.emit(events.OUTGOING_RECALLED, document.pk)
    return made


@transaction.atomic
def confirm_recall(actor: User, recipient_id: UUID | str, note: str = "") -> Recipient:
    """A recipient reports that it keeps no copy of what was recalled, or that it
    knows what was replaced. Raises Conflict `wrong_state`."""
    return _confirm(actor, access_recipient(actor, recipient_id), note)


@transaction.atomic
def confirm_recall_outside(
    actor: User, document_id: UUID | str, recipient_id: UUID | str, note: str = ""
) -> Recipient:
    """Our clerk notes that a recipient outside this system has confirmed."""
    document, _keeps = access_distribution(actor, document_id, keep=True)
    return _confirm(actor, recipient_outside(document, recipient_id), note)


def _confirm(actor: User, row: Recipient, note: str) -> Recipient:
    row = lock_recipient(row)
    if row.recall_state != RecallState.ASKED:
        raise Conflict(_("Không có yêu cầu nào đang chờ xác nhận."), code="wrong_state")
    note = clean_reason(note)
    is_recalled = Recall.objects.filter(document=row.document_id).exists()
    kind = StepKind.RECALL_CONFIRMED if is_recalled else StepKind.REPLACED_CONFIRMED
    row.recall_state = RecallState.CONFIRMED
    row.save(update_fields=["recall_state"])
    RecipientStep.objects.create(
        recipient=row,
        kind=kind,
        note=note,
        by=actor,
        at=clock.now(),
    )
    audit.record(
        actor,
        f"recipient.{kind.value}",
        "outgoing",
        row.document_id,
        recipient=str(row.pk),
        name=row.name,
        note=note,
    )
    outbox.emit(events.RECALL_CONFIRMED, row.pk, document=str(row.document_id))
    return row
