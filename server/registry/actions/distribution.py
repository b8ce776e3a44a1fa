"""What recipients do with a document, and how the office runs after it.

Each step is one row of history; the state on the list is the last of them. Must never
let a recipient step back, nor tell a step that the person's door does not open.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock, outbox
from server.common.errors import Conflict, InvalidInput
from server.common.workdays import end_of_term
from server.registry import register_events as events
from server.registry.access import as_id
from server.registry.actions.incoming import IncomingEntry, register_incoming
from server.registry.actions.process import clean_reason
from server.registry.actions.recipient_steps import (
    lock_recipient,
    move_recipient,
    move_to_sent,
)
from server.registry.actions.sending import goes_at_once, note_sent, send_to
from server.registry.document_types import incoming_types
from server.registry.issued_access import (
    access_distribution,
    access_recipient,
    recalled,
)
from server.registry.issuing.plan import RecipientPlan, clean_recipients
from server.registry.issuing.steps import (
    NEEDS_REASON,
    UNOPENED,
    may_be_chased,
    may_follow,
)
from server.registry.models import (
    Channel,
    IncomingDocument,
    OutgoingDocument,
    OutgoingState,
    Recall,
    Recipient,
    RecipientChannel,
    RecipientState,
    RecipientStep,
    StepKind,
)
from server.registry.search.received import readdress_received

# "Khác": the type of what stands in no list of the receiver.
_OTHER_TYPE = "K"
_ENDED_STATES = (OutgoingState.RECALLED,)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Where an organisation's clerk enters what it takes in."""

    register_id: UUID
    is_second: bool = False


@transaction.atomic
def mark_opened(actor: User, recipient_id: UUID | str) -> Recipient:
    """The first look of anybody who received it; later looks change nothing. Who comes
    after a recall finds the content closed, so nothing was opened."""
    row = lock_recipient(access_recipient(actor, recipient_id))
    if RecipientState(row.state) not in UNOPENED:
        return row
    if not Recall.objects.filter(document=row.document_id).exists():
        move_recipient(actor, row, RecipientState.OPENED)
    return row


@transaction.atomic
def take_step(
    actor: User, recipient_id: UUID | str, target: RecipientState, note: str = ""
) -> Recipient:
    """A recipient reports what it does. An organisation accepts by `accept`.

    Raises NotFound, Conflict (`wrong_state`, `recalled`, `needs_register`),
    InvalidInput when a refusal gives no reason.
    """
    row = lock_recipient(access_recipient(actor, recipient_id))
    if target == RecipientState.ACCEPTED and row.organisation_id:
        raise Conflict(
            _("Cơ quan tiếp nhận bằng cách vào sổ văn bản đến."), code="needs_register"
        )
    _checked_step(actor, row, target, note)
    return row


@transaction.atomic
def accept(
    actor: User, recipient_id: UUID | str, acceptance: Acceptance
) -> IncomingDocument:
    """The receiving organisation's clerk enters the document into its own book.

    Raises as `take_step` and `register_incoming`, and InvalidInput for a register of
    another organisation.
    """
    row = lock_recipient(access_recipient(actor, recipient_id))
    if row.organisation_id is None:
        raise Conflict(
            _("Văn bản gửi cho đơn vị hoặc cá nhân không vào sổ của cơ quan."),
            code="wrong_state",
        )
    _may_step(row, RecipientState.ACCEPTED)
    incoming = register_incoming(
        actor,
        acceptance.register_id,
        entry_from(row.document, row),
        is_second=acceptance.is_second,
    )
    if incoming.organisation_id != row.organisation_id:
        raise InvalidInput(fields={"register": _("Sổ này của cơ quan khác.")})
    row.incoming = incoming
    move_recipient(
        actor,
        row,
        RecipientState.ACCEPTED,
        # Notes are read by both sides for years: Vietnamese, whoever wrote them.
        f"Số đến {incoming.written}",
        "incoming",
    )
    readdress_received(row.document)
    return incoming


def entry_from(document: OutgoingDocument, row: Recipient) -> IncomingEntry:
    """What the receiver's book says of our document."""
    known = {kind.code for kind in incoming_types(clock.today())}
    code = document.document_type
    today = clock.today()
    # A day off is nobody's last one.
    deadline = end_of_term(row.deadline) if row.deadline else None
    is_late = deadline is not None and deadline < today
    return IncomingEntry(
        document_type=code if code in known else _OTHER_TYPE,
        issuer=document.organisation.name,
        subject=document.subject,
        full_number=document.full_number,
        issued_on=document.issued_on,
        channel=Channel.ELECTRONIC,
        signer_name=document.signer_name,
        signer_position=document.signer_position,
        urgency=document.urgency,
        pages=document.pages,
        deadline=None if is_late else deadline,
        note=_late_note(row) if is_late else "",
    )


def _late_note(row: Recipient) -> str:
    """What stands in the law's book is Vietnamese, whoever writes it."""
    return f"Hạn {row.deadline:%d/%m/%Y} đã qua khi tiếp nhận."


@transaction.atomic
def report_outside(
    actor: User,
    document_id: UUID | str,
    recipient_id: UUID | str,
    target: RecipientState,
    note: str = "",
) -> Recipient:
    """Our clerk notes what a recipient outside this system did. Raises as above."""
    document, _keeps = access_distribution(actor, document_id, keep=True)
    row = lock_recipient(recipient_outside(document, recipient_id))
    _checked_step(actor, row, target, note)
    return row


@transaction.atomic
def report_sent(
    actor: User,
    document_id: UUID | str,
    note: str = "",
    *,
    channels: Collection[str] | None = None,
) -> list[Recipient]:
    """Our clerk has sent it to all who wait for it, or to those of these channels.
    Raises Conflict `wrong_state` when nobody does, `recalled`."""
    document, _keeps = access_distribution(actor, document_id, keep=True)
    document = OutgoingDocument.objects.select_for_update().get(pk=document.pk)
    if document.state == OutgoingState.RECALLED:
        raise recalled()
    note = clean_reason(note)
    waiting = document.recipients.select_for_update().filter(
        state=RecipientState.TO_SEND
    )
    if channels is not None:
        waiting = waiting.filter(channel__in=channels)
    rows = list(waiting)
    if not rows:
        raise Conflict(_("Không còn nơi nhận nào chờ gửi."), code="wrong_state")
    move_to_sent(actor, document, rows, note)
    return rows


@transaction.atomic
def add_recipients(
    actor: User, document_id: UUID | str, plans: Sequence[RecipientPlan]
) -> list[Recipient]:
    """Send the issued document to more. Nobody is ever taken off a list.

    Raises InvalidInput for an unusable line or one that has it already, Conflict
    `recalled`, and `replaced`: the document in its place goes to them.
    """
    document, _keeps = access_distribution(actor, document_id, keep=True)
    document = OutgoingDocument.objects.select_for_update().get(pk=document.pk)
    if document.state == OutgoingState.RECALLED:
        raise recalled()
    if document.state == OutgoingState.REPLACED:
        raise Conflict(
            _("Văn bản đã được thay thế bằng văn bản khác."), code="replaced"
        )
    clean = clean_recipients(plans, document.issued_on)
    have = list(document.recipients.all())
    taken = {
        (r.organisation_id, r.unit_id, r.person_id)
        if r.is_here
        else (r.name.casefold(), r.channel)
        for r in have
    }
    for line in clean:
        if line.key in taken:
            raise InvalidInput(
                _("“%(name)s” đã có trong danh sách nơi nhận.") % {"name": line.name},
                code="bad_recipient",
                fields={"recipients": line.name},
            )
    first = max((r.position for r in have), default=0) + 1
    made = send_to(actor, document, clean, first_position=first)
    if any(map(goes_at_once, clean)):
        note_sent(document)
    audit.record(
        actor,
        "outgoing.recipients_added",
        "outgoing",
        document.pk,
        names=[row.name for row in made],
    )
    for row in made:
        outbox.emit(events.RECIPIENT_ADDED, row.pk, document=str(document.pk))
    return made


@transaction.atomic
def chase(
    actor: User,
    document_id: UUID | str,
    recipient_ids: Sequence[UUID | str] | None = None,
    note: str = "",
) -> list[Recipient]:
    """Đôn đốc: remind those who have not opened or not done what they must; after a
    recall or a replacement, those who have not confirmed it.

    Whoever is outside this system learns of it from the clerk; here it is noted. None:
    all of them. Who has done everything is left alone. Raises Conflict
    `nobody_to_chase` when nobody is waited for.
    """
    document, _keeps = access_distribution(actor, document_id, keep=True)
    note = clean_reason(note)
    rows = Recipient.objects.select_for_update().filter(document=document)
    if recipient_ids is not None:
        rows = rows.filter(pk__in=[as_id(key) for key in recipient_ids])
    waited = [
        row for row in rows if may_be_chased(row.state, row.must_act, row.recall_state)
    ]
    if not waited:
        raise Conflict(_("Không còn nơi nhận nào cần đôn đốc."), code="nobody_to_chase")
    now = clock.now()
    for row in waited:
        row.chased += 1
        row.chased_at = now
        row.save(update_fields=["chased", "chased_at"])
        RecipientStep.objects.create(
            recipient=row, kind=StepKind.CHASED, note=note, by=actor, at=now
        )
        outbox.emit(events.OUTGOING_CHASED, row.pk, document=str(document.pk))
    audit.record(
        actor,
        "outgoing.chased",
        "outgoing",
        document.pk,
        names=[row.name for row in waited],
        note=note,
    )
    return waited


def recipient_outside(
    document: OutgoingDocument, recipient_id: UUID | str
) -> Recipient:
    """A line that our clerk reports for. Raises InvalidInput, Conflict."""
    found = Recipient.objects.filter(document=document, pk=as_id(recipient_id)).first()
    if found is None:
        raise InvalidInput(fields={"recipient": _("Không có nơi nhận này.")})
    if found.is_here and found.channel == RecipientChannel.IN_APP:
        raise Conflict(
            _("Nơi nhận này tự cập nhật trên hệ thống."), code="reports_itself"
        )
    return found


def _may_step(row: Recipient, target: RecipientState) -> None:
    document = OutgoingDocument.objects.select_for_update().get(pk=row.document_id)
    if document.state in _ENDED_STATES:
        raise recalled()
    if not may_follow(row.state, target):
        raise Conflict(
            _("Nơi nhận không ở bước này nữa. Hãy tải lại trang."), code="wrong_state"
        )


def _checked_step(
    actor: User, row: Recipient, target: RecipientState, note: str
) -> None:
    note = clean_reason(note)
    _may_step(row, target)
    if target in NEEDS_REASON and not note:
        raise InvalidInput(
            _("Hãy nêu lý do."), fields={"note": _("Lý do đang để trống.")}
        )
    move_recipient(actor, row, target, note)
