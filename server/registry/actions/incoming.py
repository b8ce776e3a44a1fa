"""Rows of the incoming book: register what arrived, then follow what becomes of it.

Paper and electronic documents share one run of numbers through the year (Decree 30,
article 22.2). The same document twice (number, notation, issuing organisation) is not
refused but must be confirmed: a second paper copy is a fact, a second row by mistake is
not. Numbers begin anew each year, so a document of another year is another document.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock, outbox, text
from server.common.errors import Conflict
from server.registry import register_events as events
from server.registry.access import as_id
from server.registry.actions.duplicates import refuse_same_document, same_document
from server.registry.actions.numbers import draw_number
from server.registry.actions.recipient_steps import report_settled
from server.registry.entry_fields import Checker
from server.registry.form_changes import lay_over
from server.registry.models import (
    FILE_NOTATION_LENGTH,
    NOTATION_LENGTH,
    NOTE_LENGTH,
    NUMBER_LENGTH,
    ORGANISATION_LENGTH,
    PLACES_LENGTH,
    SIGNER_NAME_LENGTH,
    SIGNER_POSITION_LENGTH,
    SUBJECT_LENGTH,
    Channel,
    IncomingDocument,
    OutgoingDocument,
    Urgency,
)
from server.registry.numbering.notation import identity_key, number_text, parse_number
from server.registry.register_access import access_incoming, access_register
from server.registry.search.incoming import index_incoming
from server.registry.secrecy import refuse_marked_fields


@dataclass(frozen=True, slots=True)
class IncomingEntry:
    """What a row says. `full_number` is "Số, ký hiệu" as it stands on the document."""

    document_type: str
    issuer: str
    subject: str
    full_number: str = ""
    issued_on: date | None = None
    arrived_on: date | None = None
    channel: str = Channel.PAPER
    signer_name: str = ""
    signer_position: str = ""
    urgency: str = Urgency.NORMAL
    pages: int | None = None
    forwarded_to: str = ""
    forwarded_on: date | None = None
    file_notation: str = ""
    deadline: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What may change after a document was registered."""

    forwarded_to: str = ""
    forwarded_on: date | None = None
    file_notation: str = ""
    deadline: date | None = None
    progress: str = ""
    answer_number: str = ""
    answered_on: date | None = None
    note: str = ""


@transaction.atomic
def register_incoming(
    actor: User,
    register_id: UUID | str,
    entry: IncomingEntry,
    *,
    is_second: bool = False,
) -> IncomingDocument:
    """Give a document its số đến and write its row.

    `is_second` confirms that the same document stands in the book already. Raises
    InvalidInput naming every unusable field, Conflict `duplicate_document` (not
    confirmed), `not_incoming` (another kind of book), and what `draw_number` raises.
    """
    register = access_register(actor, register_id, keep=True).register
    if not register.is_incoming:
        raise Conflict(_("Sổ này không phải sổ văn bản đến."), code="not_incoming")
    clean = _cleaned(entry)
    refuse_marked_fields(_texts(clean))
    number, notation = divide(clean.full_number)
    key = identity_key(number, notation, clean.issuer)
    given = draw_number(actor, register, clean.document_type, clock.today())
    refuse_same_document(register, key, clean.issued_on, is_second=is_second)
    row = IncomingDocument(
        organisation_id=register.organisation_id,
        register=register,
        issued_number=given,
        number=given.number,
        period=given.period,
        arrived_on=clean.arrived_on or clock.today(),
        channel=clean.channel,
        issuer=clean.issuer,
        document_number=number,
        notation=notation,
        full_number=clean.full_number,
        document_key=key,
        issued_on=clean.issued_on,
        document_type=clean.document_type,
        subject=clean.subject,
        signer_name=clean.signer_name,
        signer_position=clean.signer_position,
        urgency=clean.urgency,
        pages=clean.pages,
        forwarded_to=clean.forwarded_to,
        forwarded_on=clean.forwarded_on,
        file_notation=clean.file_notation,
        deadline=clean.deadline,
        note=clean.note,
        created_by=actor,
        created_at=clock.now(),
    )
    row.search_key = search_key_of(row)
    row.save(force_insert=True)
    index_incoming(row)
    audit.record(
        actor,
        "incoming.registered",
        "incoming",
        row.pk,
        number=row.number,
        full_number=row.full_number,
        issuer=row.issuer,
        register=str(register.pk),
        is_second=is_second,
    )
    outbox.emit(events.INCOMING_REGISTERED, row.pk, register=str(register.pk))
    return row


@transaction.atomic
def follow_up(
    actor: User,
    document_id: UUID | str,
    change: FollowUp,
    *,
    seen: FollowUp | None = None,
) -> IncomingDocument:
    """Write what is known of the way of a document; the clerk does.

    `seen` is what the change was made from: a field that is the same there is left as
    it stands by now. Without it all fields are replaced. An answer that stands in one
    of our books is linked to its row. Raises InvalidInput, and Conflict `row_changed`.
    """
    IncomingDocument.objects.select_for_update(of=("self",)).filter(
        pk=as_id(document_id)
    ).first()
    row, _may_keep = access_incoming(actor, document_id, keep=True)
    change = FollowUp(
        **lay_over(asdict(change), asdict(seen) if seen else None, known_of(row))
    )
    refuse_marked_fields(_texts(change))
    new = _follow_up_fields(row, change)
    before = {name: getattr(row, name) for name in new}
    changed = [name for name in new if new[name] != before[name]]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, new[name])
    row.search_key = search_key_of(row)
    row.save(update_fields=[*changed, "search_key"])
    index_incoming(row)
    audit.record(
        actor,
        "incoming.followed_up",
        "incoming",
        row.pk,
        before={name: _plain(before[name]) for name in changed},
        after={name: _plain(new[name]) for name in changed},
    )
    outbox.emit(events.INCOMING_CHANGED, row.pk, register=str(row.register_id))
    if row.answered_on is not None:
        report_settled(actor, row)
    return row


def known_of(row: IncomingDocument) -> dict[str, Any]:
    """The fields of a FollowUp, as the row has them."""
    return {field.name: getattr(row, field.name) for field in fields(FollowUp)}


def divide(full_number: str) -> tuple[str, str]:
    """Number and notation, apart; what cannot be read is all notation."""
    parsed = parse_number(full_number)
    if parsed is None:
        return "", full_number[:NOTATION_LENGTH]
    notation = f"{parsed.year}/{parsed.notation}" if parsed.year else parsed.notation
    form, today = parsed.form, clock.today()
    return number_text(form, parsed.number, parsed.suffix, today), notation


def search_key_of(row: IncomingDocument) -> str:
    """What the search box looks in."""
    return text.search_key(
        f"{row.full_number} {row.issuer} {row.subject} {row.type_name}"
        f" {row.signer_name} {row.forwarded_to} {row.answer_number}"
    )


def _texts(entry: IncomingEntry | FollowUp) -> dict[str, str]:
    """What was typed, by field: none of it may be a secrecy mark."""
    return {n: v for n, v in asdict(entry).items() if isinstance(v, str)}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value.pk) if isinstance(value, OutgoingDocument) else value


def _follow_up_fields(row: IncomingDocument, change: FollowUp) -> dict[str, Any]:
    check = Checker()
    today = clock.today()
    early = _("Không thể trước ngày đến.")
    late = _("Ngày này chưa tới.")
    for name in ("forwarded_on", "answered_on"):
        check.not_before(name, getattr(change, name), row.arrived_on, early)
        check.not_after(name, getattr(change, name), today, late)
    check.not_before("deadline", change.deadline, row.arrived_on, early)
    answer_number = check.text("answer_number", change.answer_number, 60)
    new: dict[str, Any] = {
        "forwarded_to": check.paragraph(
            "forwarded_to", change.forwarded_to, PLACES_LENGTH
        ),
        "forwarded_on": change.forwarded_on,
        "file_notation": check.text(
            "file_notation", change.file_notation, FILE_NOTATION_LENGTH
        ),
        "deadline": change.deadline,
        "progress": check.text("progress", change.progress, NOTE_LENGTH),
        "answer_number": answer_number,
        "answered_on": change.answered_on,
        # A number that was not touched keeps the row that an issue linked it to.
        "answer": row.answer
        if row.answer_id and answer_number == row.answer_number
        else _answer(row, answer_number),
        "note": check.text("note", change.note, NOTE_LENGTH),
    }
    check.finish()
    if new["answer"] is not None and new["answered_on"] is None:
        new["answered_on"] = max(new["answer"].issued_on, row.arrived_on)
    return new


def _answer(row: IncomingDocument, full_number: str) -> OutgoingDocument | None:
    if not full_number:
        return None
    written = OutgoingDocument.objects.filter(
        organisation_id=row.organisation_id, full_number=full_number
    )
    return written.order_by("-issued_on", "-created_at").first()


def _cleaned(entry: IncomingEntry) -> IncomingEntry:
    check = Checker()
    today = clock.today()
    late = _("Ngày này chưa tới.")
    arrived_on = check.not_after("arrived_on", entry.arrived_on, today, late) or today
    early = _("Không thể trước ngày đến.")
    full_number = check.text("full_number", entry.full_number, 60)
    if len(divide(full_number)[0]) > NUMBER_LENGTH:
        check.faults["full_number"] = _("Số quá dài.")
    if len(divide(full_number)[1]) > NOTATION_LENGTH:
        check.faults["full_number"] = _("Ký hiệu quá dài.")
    clean = replace(
        entry,
        issuer=check.text("issuer", entry.issuer, ORGANISATION_LENGTH, required=True),
        subject=check.text("subject", entry.subject, SUBJECT_LENGTH, required=True),
        full_number=full_number,
        arrived_on=arrived_on,
        issued_on=check.not_after("issued_on", entry.issued_on, today, late),
        channel=check.choice("channel", entry.channel, Channel.values),
        signer_name=check.text("signer_name", entry.signer_name, SIGNER_NAME_LENGTH),
        signer_position=check.text(
            "signer_position", entry.signer_position, SIGNER_POSITION_LENGTH
        ),
        urgency=check.choice("urgency", entry.urgency, Urgency.values),
        pages=check.count("pages", entry.pages),
        forwarded_to=check.paragraph("forwarded_to", entry.forwarded_to, PLACES_LENGTH),
        file_notation=check.text(
            "file_notation", entry.file_notation, FILE_NOTATION_LENGTH
        ),
        note=check.text("note", entry.note, NOTE_LENGTH),
    )
    check.not_before("forwarded_on", clean.forwarded_on, arrived_on, early)
    check.not_after("forwarded_on", clean.forwarded_on, today, late)
    check.not_before("deadline", clean.deadline, arrived_on, early)
    if clean.issued_on and clean.issued_on > arrived_on:
        check.faults["issued_on"] = _("Ngày của văn bản đứng sau ngày đến.")
    if not full_number and not clean.issued_on and clean.document_type != "ĐT":
        # A petition has neither; of anything else one of them is known.
        check.faults["full_number"] = _("Hãy ghi số, ký hiệu hoặc ngày của văn bản.")
    check.finish()
    return clean


def duplicate_of(
    actor: User,
    register_id: UUID | str,
    *,
    full_number: str,
    issuer: str,
    issued_on: date | None = None,
) -> IncomingDocument | None:
    """The row that says the same already, for a warning while one types."""
    register = access_register(actor, register_id).register
    number, notation = divide(full_number)
    if not full_number.strip() or not issuer.strip():
        return None
    return same_document(register, identity_key(number, notation, issuer), issued_on)
