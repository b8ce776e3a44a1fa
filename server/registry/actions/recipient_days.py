"""Give a day to those who must act and have none.

Since the day is obligatory no new line comes without one; those that were sent before
must still be late with something. A day that a line has is never changed: what is asked
by when stands in the record of the issue, and this adds a record of its own to the
chain. Must never write into the receiver's book.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock, outbox
from server.common.errors import Conflict, InvalidInput
from server.registry import register_events as events
from server.registry.access import as_id
from server.registry.actions.records import add_record
from server.registry.issued_access import access_distribution, recalled
from server.registry.issuing.steps import without_day
from server.registry.models import (
    OutgoingDocument,
    OutgoingState,
    Recipient,
    RecipientStep,
    RecordKind,
    StepKind,
)
from server.registry.search.entries import index_outgoing
from server.registry.search.received import readdress_received


@transaction.atomic
def give_deadline(
    actor: User,
    document_id: UUID | str,
    day: date,
    recipient_ids: Sequence[UUID | str] | None = None,
) -> list[Recipient]:
    """Our clerk says by when; None: all who must act without a day.

    Raises as the door does, InvalidInput for a day that is past, Conflict `recalled`,
    and `wrong_state` when none of these lines needs one.
    """
    document, _keeps = access_distribution(actor, document_id, keep=True)
    document = OutgoingDocument.objects.select_for_update().get(pk=document.pk)
    if document.state == OutgoingState.RECALLED:
        raise recalled()
    if day < clock.today():
        raise InvalidInput(fields={"deadline": _("Hạn này đã qua.")})
    found = Recipient.objects.select_for_update().filter(document=document)
    if recipient_ids is not None:
        found = found.filter(pk__in=[as_id(key) for key in recipient_ids])
    rows = [row for row in found if without_day(row)]
    if not rows:
        raise Conflict(
            _("Không còn nơi nhận nào cần giải quyết mà chưa có hạn."),
            code="wrong_state",
        )
    now = clock.now()
    for row in rows:
        row.deadline = day
    Recipient.objects.bulk_update(rows, ["deadline"])
    RecipientStep.objects.bulk_create(
        RecipientStep(
            recipient=row,
            kind=StepKind.DEADLINE,
            note=f"{day:%d/%m/%Y}",
            by=actor,
            at=now,
        )
        for row in rows
    )
    told = {"deadline": day.isoformat(), "recipients": [str(row.pk) for row in rows]}
    add_record(actor, document, RecordKind.DEADLINE, told)
    audit.record(
        actor,
        "outgoing.deadline_given",
        "outgoing",
        document.pk,
        deadline=day.isoformat(),
        names=[row.name for row in rows],
    )
    for row in rows:
        outbox.emit(events.RECIPIENT_DEADLINE, row.pk, document=str(document.pk))
    index_outgoing(document)
    readdress_received(document)
    return rows
