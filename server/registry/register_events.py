"""What registers and their books tell others: facts about numbers and rows.

The subject is the id of the register, the number or the row. A payload holds ids only:
who may read a book is asked when it is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from server.registry.models import IssuedNumber

REGISTER_OPENED = "register.opened"
REGISTER_CLOSED = "register.closed"
NUMBER_RESERVED = "number.reserved"
NUMBER_VOIDED = "number.voided"
OUTGOING_REGISTERED = "outgoing.registered"
OUTGOING_CHANGED = "outgoing.changed"
INCOMING_REGISTERED = "incoming.registered"
INCOMING_CHANGED = "incoming.changed"
OUTGOING_ISSUED = "outgoing.issued"
OUTGOING_RECALLED = "outgoing.recalled"
OUTGOING_REPLACED = "outgoing.replaced"
OUTGOING_CORRECTED = "outgoing.corrected"
# The subject is the document that was copied; `copy` names the row of the copy.
OUTGOING_COPIED = "outgoing.copied"
OUTGOING_CHASED = "outgoing.chased"
RECIPIENT_ADDED = "recipient.added"
RECIPIENT_DEADLINE = "recipient.deadline_given"
RECIPIENT_MOVED = "recipient.moved"
RECALL_CONFIRMED = "recipient.recall_confirmed"
# The handling of an incoming document; the subject is the row of the incoming book,
# `forwarding` (or `added`, `changed`, `withdrawn`) names the recipients concerned.
INCOMING_FORWARDED = "incoming.forwarded"
INCOMING_ASSIGNED = "incoming.assigned"
INCOMING_TAKEN_UP = "incoming.taken_up"
INCOMING_PROGRESSED = "incoming.progressed"
INCOMING_COMPLETED = "incoming.completed"
INCOMING_RETURNED = "incoming.returned"
INCOMING_FILE_ADDED = "incoming.file_added"
INCOMING_FILE_REMOVED = "incoming.file_removed"
INCOMING_COPIED = "incoming.copied"


def described_number(number: IssuedNumber) -> dict[str, Any]:
    """What the audit trail keeps of a number."""
    return {
        "register": str(number.register_id),
        "period": number.period,
        "group": number.group,
        "number": number.number,
        "suffix": number.suffix,
    }
