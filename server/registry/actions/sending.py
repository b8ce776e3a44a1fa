"""Write a distribution list, and what an issue does to an earlier document.

Both run in the transaction of the issue. A recipient in this system has the document
the moment it is committed; for others the clerk reports what became of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from server.accounts.models import User
from server.common import audit, clock, outbox
from server.registry import register_events as events
from server.registry.actions.records import add_record
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import (
    DocumentLink,
    Draft,
    DraftAnswers,
    DraftLink,
    IncomingDocument,
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
            state=(
                RecipientState.DELIVERED
                if goes_at_once(plan)
                else RecipientState.TO_SEND
            ),
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


def goes_at_once(plan: RecipientPlan) -> bool:
    """Nothing here posts a letter, sends an e-mail or speaks to the exchange: the clerk
    does, and says so."""
    return plan.is_here and plan.channel == RecipientChannel.IN_APP


def first_day_sent(plans: Sequence[RecipientPlan]) -> date | None:
    """ "Ngày chuyển" of the book: the day of the issue, unless all of it waits for the
    clerk. Without a list, the clerk hands it over."""
    waits = bool(plans) and not any(map(goes_at_once, plans))
    return None if waits else clock.today()


def note_sent(document: OutgoingDocument) -> None:
    """The first of it that was sent says the day in the book, if nobody has. The caller
    holds the row."""
    if document.sent_on is None:
        document.sent_on = clock.today()
        document.save(update_fields=["sent_on"])


def lock_targets(draft: Draft) -> None:
    """Hold what the draft replaces, corrects or answers before books and chain are
    held, as a recall and a copy do: two acts that take the same rows must take them in
    the same order."""
    link = DraftLink.objects.filter(draft=draft).first()
    if link is not None:
        OutgoingDocument.objects.select_for_update().filter(pk=link.document_id).first()
    answered = DraftAnswers.objects.filter(draft=draft).values("document")
    documents = IncomingDocument.objects.select_for_update()
    list(documents.filter(pk__in=answered).order_by("pk").values_list("pk"))


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


def tell_late(
    actor: User, document: OutgoingDocument, rows: Sequence[Recipient]
) -> None:
    """What was sent only now was replaced or corrected meanwhile: whoever gets it is
    told and asked as those before. The caller holds document and rows."""
    if document.state not in (OutgoingState.REPLACED, OutgoingState.CORRECTED):
        return
    links = DocumentLink.objects.filter(target=document).select_related("source")
    for link in links.order_by("at", "pk"):
        _tell(actor, document, LinkKind(link.kind), link.source, rows)


def _tell_recipients(
    actor: User, target: OutgoingDocument, kind: LinkKind, document: OutgoingDocument
) -> None:
    """Every line that was sent."""
    rows = Recipient.objects.select_for_update().filter(document=target)
    sent = list(rows.exclude(state=RecipientState.TO_SEND))
    _tell(actor, target, kind, document, sent)


def _tell(
    actor: User,
    target: OutgoingDocument,
    kind: LinkKind,
    document: OutgoingDocument,
    rows: Sequence[Recipient],
) -> None:
    """A step on each; whoever got what was replaced is asked to confirm that it knows.
    A recall has asked already, for more."""
    replaced = kind is LinkKind.REPLACES
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
        for row in rows:
            row.recall_state = RecallState.ASKED
        Recipient.objects.bulk_update(rows, ["recall_state"])
