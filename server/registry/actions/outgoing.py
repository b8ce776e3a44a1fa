"""Rows of the outgoing books.

A row is written once, together with its number; what the document says is never changed
afterwards. Only what happens to the paper later (when it was sent, where the copy is
kept, a note) is added by the clerk. Two registers of one organisation may come to the
same number and notation in one year: that is not refused but must be confirmed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Unit, User
from server.common import audit, clock, outbox, text
from server.common.errors import AppError, InvalidInput
from server.registry import register_events as events
from server.registry.access import as_id
from server.registry.actions.duplicates import refuse_same_number, same_number
from server.registry.actions.numbers import (
    draw_number,
    next_number,
    types_of,
    use_reserved,
)
from server.registry.entry_fields import Checker
from server.registry.form_changes import lay_over
from server.registry.models import (
    NOTATION_LENGTH,
    NOTE_LENGTH,
    PLACES_LENGTH,
    SIGNER_NAME_LENGTH,
    SIGNER_POSITION_LENGTH,
    SUBJECT_LENGTH,
    Draft,
    IssuedNumber,
    OutgoingDocument,
    OutgoingState,
    Register,
    Urgency,
)
from server.registry.numbering.notation import (
    Form,
    compose_notation,
    compose_written,
)
from server.registry.register_access import (
    access_number,
    access_outgoing,
    access_register,
)
from server.registry.search.entries import index_outgoing
from server.registry.secrecy import refuse_marked_fields


@dataclass(frozen=True, slots=True)
class OutgoingEntry:
    """What a row says of its document. Texts may come as they were typed."""

    document_type: str
    subject: str
    signer_name: str
    signer_position: str = ""
    signer_authority: str = ""
    recipients_text: str = ""
    archive_unit: str = ""
    copies: int | None = None
    pages: int | None = None
    sent_on: date | None = None
    note: str = ""
    urgency: str = Urgency.NORMAL
    deadline: date | None = None


@transaction.atomic
def register_outgoing(
    actor: User,
    register_id: UUID | str,
    entry: OutgoingEntry,
    *,
    on_date: date | None = None,
    unit_id: UUID | str | None = None,
    number_id: UUID | str | None = None,
    is_second: bool = False,
) -> OutgoingDocument:
    """Give a paper document its number and write its row; no draft stands behind it.

    `on_date` is today unless told. `unit_id` is the unit whose abbreviation stands in
    the notation of a công văn. With `number_id` a reserved number is used, with its
    date and type. `is_second` confirms that another document of the organisation bears
    the same number. Raises as `draw_number` and `use_reserved`; InvalidInput for
    unusable fields or a unit of another organisation; Conflict `duplicate_document`,
    not confirmed.
    """
    register = access_register(actor, register_id, keep=True).register
    if number_id:
        number = use_reserved(actor, number_id)
        if number.register_id != register.pk:
            raise InvalidInput(fields={"number": _("Số này thuộc sổ khác.")})
        if number.document_type != entry.document_type:
            raise InvalidInput(
                fields={"document_type": _("Số này được giữ cho loại văn bản khác.")}
            )
    else:
        day = on_date or clock.today()
        number = draw_number(actor, register, entry.document_type, day)
    notation = notation_in(
        register, entry.document_type, _unit(register, unit_id), number.issued_on
    )
    clean_entry(entry, number.issued_on)
    refuse_same_number(register, number, notation, is_second=is_second)
    return write_row(actor, register, number, entry, notation=notation)


def duplicate_of(
    actor: User,
    register_id: UUID | str,
    *,
    document_type: str,
    on_date: date | None = None,
    unit_id: UUID | str | None = None,
    number_id: UUID | str | None = None,
) -> OutgoingDocument | None:
    """What bears the number already that would be given now, for a warning while one
    types. None also for what cannot be registered as it is: that is told later."""
    register = access_register(actor, register_id).register
    try:
        held = access_number(actor, number_id) if number_id else None
        if held is not None:
            day = held.issued_on
            written = register.written(held.number, held.suffix, day)
        else:
            day = on_date or clock.today()
            number = next_number(register, document_type, day)
            written = register.written(number, "", day)
        notation = notation_in(register, document_type, _unit(register, unit_id), day)
        full_number = full_number_of(register, written, notation, day)
    except AppError:
        return None
    return same_number(register, full_number, day)


def notation_in(register: Register, type_code: str, unit: Unit | None, on: date) -> str:
    """The notation that a document of this type and day gets in this register.

    An advisory body that numbers for itself stands in the place of the organisation.
    """
    kinds = (kind for kind in types_of(register, on) if kind.code == type_code)
    abbreviation = next((kind.abbreviation for kind in kinds), "")
    holder = register.body or register.organisation
    return compose_notation(
        Form(register.form),
        abbreviation,
        holder.abbreviation,
        unit.abbreviation if unit else "",
    )


def write_row(
    actor: User,
    register: Register,
    number: IssuedNumber,
    entry: OutgoingEntry,
    *,
    notation: str,
    draft: Draft | None = None,
) -> OutgoingDocument:
    """Write the row of a number that was just drawn, in the caller's transaction.

    The caller has checked the right. Raises InvalidInput naming every unusable field.
    """
    clean = clean_entry(entry, number.issued_on)
    refuse_marked_fields(_texts(clean))
    written = register.written(number.number, number.suffix, number.issued_on)
    full_number = full_number_of(register, written, notation, number.issued_on)
    row = OutgoingDocument.objects.create(
        draft=draft,
        organisation_id=register.organisation_id,
        register=register,
        issued_number=number,
        number=number.number,
        suffix=number.suffix,
        notation=notation,
        full_number=full_number,
        document_type=number.document_type,
        subject=clean.subject,
        issued_on=number.issued_on,
        signer_name=clean.signer_name,
        signer_position=clean.signer_position,
        signer_authority=clean.signer_authority,
        recipients_text=clean.recipients_text,
        archive_unit=clean.archive_unit,
        copies=clean.copies,
        pages=clean.pages,
        sent_on=clean.sent_on,
        note=clean.note,
        urgency=clean.urgency,
        deadline=clean.deadline,
        created_by=actor,
        created_at=clock.now(),
        search_key=text.search_key(
            f"{full_number} {clean.subject} {number.type_name}"
            f" {clean.signer_name} {clean.recipients_text} {clean.archive_unit}"
        ),
    )
    index_outgoing(row)
    audit.record(
        actor,
        "outgoing.registered",
        "outgoing",
        row.pk,
        full_number=full_number,
        register=str(register.pk),
        draft=str(draft.pk) if draft else None,
    )
    outbox.emit(events.OUTGOING_REGISTERED, row.pk, register=str(register.pk))
    return row


@dataclass(frozen=True, slots=True)
class Sending:
    """Columns 6, 7, 8 and 10 of the book, which become known after the number."""

    archive_unit: str = ""
    copies: int | None = None
    sent_on: date | None = None
    note: str = ""


@transaction.atomic
def record_sending(
    actor: User,
    document_id: UUID | str,
    sending: Sending,
    *,
    seen: Sending | None = None,
) -> OutgoingDocument:
    """Write them. `seen` is what the change was made from: a field that is the same
    there is left as it stands by now; without it all are replaced. Raises InvalidInput,
    and Conflict `row_changed`."""
    OutgoingDocument.objects.select_for_update(of=("self",)).filter(
        pk=as_id(document_id)
    ).first()
    row, _may_keep = access_outgoing(actor, document_id, keep=True)
    wanted = Sending(
        **lay_over(asdict(sending), asdict(seen) if seen else None, sending_of(row))
    )
    check = Checker()
    new = {
        "archive_unit": check.text("archive_unit", wanted.archive_unit, 200),
        "copies": check.count("copies", wanted.copies),
        "sent_on": _sent_on(check, wanted.sent_on, row.issued_on),
        "note": check.text("note", wanted.note, NOTE_LENGTH),
    }
    check.finish()
    refuse_marked_fields({"archive_unit": wanted.archive_unit, "note": wanted.note})
    before = {name: getattr(row, name) for name in new}
    changed = [name for name in new if new[name] != before[name]]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, new[name])
    row.save(update_fields=changed)
    index_outgoing(row)
    audit.record(
        actor,
        "outgoing.sending_recorded",
        "outgoing",
        row.pk,
        before={name: _plain(before[name]) for name in changed},
        after={name: _plain(new[name]) for name in changed},
    )
    outbox.emit(events.OUTGOING_CHANGED, row.pk, register=str(row.register_id))
    return row


def sending_of(row: OutgoingDocument) -> dict[str, Any]:
    """The fields of a Sending, as the row has them."""
    return {field.name: getattr(row, field.name) for field in fields(Sending)}


def file_document(draft: Draft) -> None:
    """The draft's document is put away; what became of it later stays written."""
    for document in OutgoingDocument.objects.select_for_update().filter(
        draft=draft, state=OutgoingState.ISSUED
    ):
        document.state = OutgoingState.FILED
        document.save(update_fields=["state"])
        index_outgoing(document)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _unit(register: Register, unit_id: UUID | str | None) -> Unit | None:
    if not unit_id:
        return None
    found = Unit.objects.filter(
        pk=as_id(unit_id), organisation_id=register.organisation_id
    ).first()
    if found is None:
        raise InvalidInput(fields={"unit": _("Không có đơn vị này.")})
    return found


def _texts(entry: OutgoingEntry) -> dict[str, str]:
    """What was typed, by field: none of it may be a secrecy mark."""
    return {n: v for n, v in asdict(entry).items() if isinstance(v, str)}


def _sent_on(check: Checker, sent_on: date | None, issued_on: date) -> date | None:
    check.not_after("sent_on", sent_on, clock.today(), _("Ngày này chưa tới."))
    return check.not_before(
        "sent_on", sent_on, issued_on, _("Không thể chuyển trước ngày của văn bản.")
    )


def full_number_of(
    register: Register, written: str, notation: str, issued_on: date
) -> str:
    """The number as the book says it. Raises InvalidInput for too long a notation."""
    if len(notation) > NOTATION_LENGTH:
        raise InvalidInput(
            fields={
                "notation": _("Dài quá %(limit)s ký tự.") % {"limit": NOTATION_LENGTH}
            }
        )
    return compose_written(Form(register.form), written, notation, issued_on.year)


def clean_entry(entry: OutgoingEntry, issued_on: date) -> OutgoingEntry:
    """As it will stand in the book. Raises InvalidInput naming every unusable field."""
    check = Checker()
    clean = OutgoingEntry(
        document_type=entry.document_type,
        subject=check.text("subject", entry.subject, SUBJECT_LENGTH, required=True),
        signer_name=check.text(
            "signer_name", entry.signer_name, SIGNER_NAME_LENGTH, required=True
        ),
        signer_position=check.text(
            "signer_position", entry.signer_position, SIGNER_POSITION_LENGTH
        ),
        signer_authority=check.text("signer_authority", entry.signer_authority, 100),
        recipients_text=check.paragraph(
            "recipients_text", entry.recipients_text, PLACES_LENGTH
        ),
        archive_unit=check.text("archive_unit", entry.archive_unit, 200),
        copies=check.count("copies", entry.copies),
        pages=check.count("pages", entry.pages),
        sent_on=_sent_on(check, entry.sent_on, issued_on),
        note=check.text("note", entry.note, NOTE_LENGTH),
        urgency=check.choice("urgency", entry.urgency, Urgency.values),
        deadline=check.not_before(
            "deadline",
            entry.deadline,
            issued_on,
            _("Hạn đứng trước ngày của văn bản."),
        ),
    )
    check.finish()
    return clean
