"""Write a distribution list, and what an issue does to an earlier document.

Both run in the transaction of the issue. A recipient in this system has the document
the moment it is committed; for others the clerk reports what became of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from server.accounts.models import User
from server.common import audit, clock, outbox
from server.registry import register_events as events
from server.registry.actions.records import add_record
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import (
    DocumentLink,
    Draft,
    DraftLink,
    LinkKind,
    OutgoingDocument,
    OutgoingState,
    RecallState,
    Recipient,
    RecipientChannel,
    RecipientState,
    RecipientStep,
    RecordKind,
    StepKind,
)
from server.registry.search.entries import index_outgoing
from server.registry.search.received import readdress_received

_BECOMES = {
    LinkKind.REPLACES: (
        OutgoingState.REPLACED,
        RecordKind.REPLACED,
        events.OUTGOING_REPLACED,
    ),
    LinkKind.CORRECTS: (
        OutgoingState.CORRECTED,
        RecordKind.CORRECTED,
        events.OUTGOING_CORRECTED,
    ),
}


def send_to(
    actor: User,
    document: OutgoingDocument,
    plans: Sequence[RecipientPlan],
    *,
    first_position: int = 1,
) -> list[Recipient]:
    """`plans` are cleaned. In the caller's transaction."""
    now = clock.now()
    made = [
        Recipient(
            document=document,
            position=position,
            organisation_id=plan.organisation,
            unit_id=plan.unit,
            person_id=plan.person,
            name=plan.name,
            channel=plan.channel,
            address=plan.address,
            purpose=plan.purpose,
            must_act=plan.must_act,
            deadline=plan.deadline,
            state=_first_state(plan),
            state_at=now,
            state_by=actor,
            sent_at=now,
        )
        for position, plan in enumerate(plans, start=first_position)
    ]
    Recipient.objects.bulk_create(made)
    RecipientStep.objects.bulk_create(
        RecipientStep(recipient=row, kind=row.state, by=actor, at=now) for row in made
    )
    if any(row.must_act for row in made):
        index_outgoing(document)
    readdress_received(document)
    return made


def _first_state(plan: RecipientPlan) -> RecipientState:
    """Nothing here sends an e-mail or speaks to the exchange: the clerk does, and says
    so."""
    if plan.channel in (RecipientChannel.EMAIL, RecipientChannel.EXCHANGE):
        return RecipientState.TO_SEND
    is_in_app = plan.is_here and plan.channel == RecipientChannel.IN_APP
    return RecipientState.DELIVERED if is_in_app else RecipientState.SENT


def lock_target(draft: Draft) -> None:
    """Hold what the draft replaces or corrects before the chain is held, as a recall
    does: two acts that take the same rows must take them in the same order."""
    link = DraftLink.objects.filter(draft=draft).first()
    if link is not None:
        OutgoingDocument.objects.select_for_update().filter(pk=link.document_id).first()


def link_document(actor: User, draft: Draft, document: OutgoingDocument) -> None:
    """What the draft was written for happens now: an earlier document is replaced or
    corrected, and everybody who got that one is told."""
    link = DraftLink.objects.filter(draft=draft).select_related("document").first()
    if link is None or link.document.organisation_id != document.organisation_id:
        # Nobody changes the standing of another organisation's document.
        return
    kind = LinkKind(link.kind)
    state, record_kind, event = _BECOMES[kind]
    target = OutgoingDocument.objects.select_for_update().get(pk=link.document_id)
    DocumentLink.objects.create(
        source=document, kind=kind, target=target, at=clock.now()
    )
    # A recalled document stays recalled, a replaced one replaced.
    if target.state in (OutgoingState.ISSUED, OutgoingState.FILED) or (
        target.state == OutgoingState.CORRECTED and kind is LinkKind.REPLACES
    ):
        target.state = state
        target.save(update_fields=["state"])
        index_outgoing(target)
    _tell_recipients(actor, target, kind, document)
    audit.record(
        actor,
        f"outgoing.{record_kind.value}",
        "outgoing",
        target.pk,
        by_document=str(document.pk),
        full_number=document.full_number,
    )
    add_record(actor, target, record_kind, {"by_document": str(document.pk)})
    outbox.emit(event, target.pk, by_document=str(document.pk))


def _tell_recipients(
    actor: User, target: OutgoingDocument, kind: LinkKind, document: OutgoingDocument
) -> None:
    """A step on every line that was sent; whoever got what was replaced is asked to
    confirm that it knows. A recall has asked already, for more."""
    replaced = kind is LinkKind.REPLACES
    rows = Recipient.objects.select_for_update().filter(document=target)
    rows = rows.exclude(state=RecipientState.TO_SEND)
    now = clock.now()
    RecipientStep.objects.bulk_create(
        RecipientStep(
            recipient=row,
            kind=StepKind.REPLACED if replaced else StepKind.CORRECTED,
            note=f"{document.full_number}, {document.issued_on:%d/%m/%Y}",
            by=actor,
            at=now,
        )
        for row in rows
    )
    if replaced and target.state != OutgoingState.RECALLED:
        rows.update(recall_state=RecallState.ASKED)
