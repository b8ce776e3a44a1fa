"""Give numbers: draw, reserve, put between, make void.

Every number comes from one counter row, locked in the caller's transaction: what rolls
back gives nothing, so used, reserved and void numbers cover the counter without a gap,
and the UNIQUE constraint refuses what a fault of ours would double. A number is never
given twice: a reservation that ran out becomes void. Numbers follow the days: a date
before the last one given is refused, and only a suffix (12a) may stand in between.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock, outbox
from server.common.errors import Conflict, InvalidInput
from server.registry import register_events as events
from server.registry.document_types import (
    DocumentType,
    all_types,
    copy_types,
    incoming_types,
    known_types,
)
from server.registry.entry_fields import Checker
from server.registry.models import (
    NOTE_LENGTH,
    IssuedNumber,
    NumberState,
    OutgoingDocument,
    Register,
    RegisterCounter,
    RegisterKind,
)
from server.registry.numbering.notation import Form, next_suffix
from server.registry.numbering.series import Mode, group_of
from server.registry.register_access import access_number, access_register
from server.registry.search.entries import index_number
from server.registry.standing import policy_of

# Why a number became void by itself; kept as data, shown in the reader's language.
EXPIRED = "expired"
RESERVED_FOR = timedelta(days=1)
LONGEST_RESERVATION = timedelta(days=31)


def types_of(register: Register, on: date | None = None) -> tuple[DocumentType, ...]:
    """The document types that the register takes on a day, today if none is given."""
    if register.kind == RegisterKind.COPIES:
        return copy_types(on)
    if register.is_incoming:
        return incoming_types(on)
    return all_types(on, "party" if register.form == Form.PARTY else "state")


def types_in(register: Register) -> tuple[DocumentType, ...]:
    """Those that may ever have stood in it, to search by."""
    if register.kind == RegisterKind.COPIES:
        return known_types("copies")
    if register.is_incoming:
        return known_types("incoming")
    return known_types("party" if register.form == Form.PARTY else "drafted")


@transaction.atomic
def draw_number(
    actor: User, register: Register, document_type: str, on_date: date
) -> IssuedNumber:
    """The next number, used from now on; the caller writes the row that bears it.

    Runs in the caller's transaction. `on_date` is the date of the document, a day in
    Vietnam. Raises what `access_register` raises; InvalidInput for an unknown type or
    a day that the register does not reach; Conflict `register_closed`, `back_dated`.
    """
    register = access_register(actor, register.pk, keep=True).register
    number = _next(actor, register, document_type, on_date, NumberState.USED)
    audit.record(
        actor, "number.drawn", "number", number.pk, **events.described_number(number)
    )
    return number


@transaction.atomic
def reserve_number(
    actor: User,
    register_id: UUID | str,
    *,
    document_type: str,
    on_date: date,
    reason: str,
    expires_at: datetime | None = None,
) -> IssuedNumber:
    """Hold the next number until `expires_at` (a day from now, at most 31).

    Raises as `draw_number`, and InvalidInput without a reason.
    """
    register = access_register(actor, register_id, keep=True).register
    reason = _reason(reason)
    expires_at = _expiry(expires_at)
    number = _next(actor, register, document_type, on_date, NumberState.RESERVED)
    number.reason = reason
    number.expires_at = expires_at
    number.save(update_fields=["reason", "expires_at"])
    _tell_reserved(actor, number)
    return number


@transaction.atomic
def add_suffix_number(
    actor: User,
    register_id: UUID | str,
    *,
    document_type: str,
    number: int,
    on_date: date,
    reason: str,
) -> IssuedNumber:
    """Hold `12a` between 12 and 13, for a document that was dated between them.

    Only where a leader of the office allows it, and always with a reason. Raises
    InvalidInput when the base number was not given or the day does not stand between
    its neighbours, NotAllowed through the door, Conflict `suffix_not_allowed` or
    `register_closed`.
    """
    register = access_register(actor, register_id, keep=True).register
    if not policy_of(register.organisation_id).inserts_numbers:
        raise Conflict(
            _("Cơ quan không cho chèn số. Lãnh đạo đặt ở Quy định của cơ quan."),
            code="suffix_not_allowed",
        )
    reason = _reason(reason)
    period, group = _place(register, document_type, on_date)
    counter = _locked(register, period, group)
    family = {
        row.suffix: row
        for row in IssuedNumber.objects.filter(
            register=register, period=period, group=group, number=number
        )
    }
    base = family.get("")
    suffix = next_suffix(set(family))
    if base is None or suffix is None:
        raise InvalidInput(fields={"number": _("Số gốc này chưa được cấp.")})
    after = IssuedNumber.objects.filter(
        register=register, period=period, group=group, number=number + 1, suffix=""
    ).first()
    latest = after.issued_on if after else (counter.last_on or base.issued_on)
    if not base.issued_on <= on_date <= latest:
        raise InvalidInput(
            fields={
                "on_date": _("Ngày phải từ %(first)s đến %(last)s.")
                % {
                    "first": f"{base.issued_on:%d/%m/%Y}",
                    "last": f"{latest:%d/%m/%Y}",
                }
            }
        )
    held = IssuedNumber.objects.create(
        register=register,
        period=period,
        group=group,
        number=number,
        suffix=suffix,
        state=NumberState.RESERVED,
        document_type=document_type,
        issued_on=on_date,
        reason=reason,
        expires_at=_expiry(None),
        by=actor,
        at=clock.now(),
    )
    _tell_reserved(actor, held)
    return held


@transaction.atomic
def use_reserved(actor: User, number_id: UUID | str) -> IssuedNumber:
    """Turn a reservation into a used number, for the row that the caller writes.

    Raises Conflict `number_taken` when it is used or void, `reservation_over` when its
    time has run out, `back_dated` when its period has.
    """
    number = access_number(actor, number_id, keep=True)
    _open(number.register)
    _not_shut(number.register, number.period)
    _locked(number.register, number.period, number.group)
    number.refresh_from_db(fields=["state", "expires_at"])
    if number.state != NumberState.RESERVED:
        raise Conflict(_("Số này đã được dùng hoặc đã hủy."), code="number_taken")
    if is_over(number):
        raise Conflict(
            _("Thời hạn giữ số đã hết. Hãy lấy số khác."), code="reservation_over"
        )
    number.state = NumberState.USED
    number.save(update_fields=["state"])
    audit.record(
        actor, "number.used", "number", number.pk, **events.described_number(number)
    )
    return number


@transaction.atomic
def void_number(actor: User, number_id: UUID | str, reason: str) -> IssuedNumber:
    """Make a number void for ever: it stands in the book with its reason.

    Raises Conflict `number_published` when an issued draft bears it (such a document
    is recalled or replaced), `number_taken` when it is void already.
    """
    number = access_number(actor, number_id, keep=True)
    reason = _reason(reason)
    _locked(number.register, number.period, number.group)
    number.refresh_from_db(fields=["state", "reason", "expires_at"])
    if number.state == NumberState.VOID:
        raise Conflict(_("Số này đã được dùng hoặc đã hủy."), code="number_taken")
    if OutgoingDocument.objects.filter(
        issued_number=number, draft__isnull=False
    ).exists():
        raise Conflict(
            _("Văn bản mang số này đã phát hành. Hãy thu hồi hoặc thay thế văn bản."),
            code="number_published",
        )
    before = number.state
    _void(actor, number, reason, before=before)
    return number


def next_number(register: Register, document_type: str, on_date: date) -> int:
    """The number that would come next; another clerk may take it first. One query.

    Raises InvalidInput and Conflict as `draw_number` does for type and date.
    """
    period, group = _place(register, document_type, on_date)
    counter = RegisterCounter.objects.filter(
        register=register, period=period, group=group
    ).first()
    return counter.last_number + 1 if counter else 1


def is_over(number: IssuedNumber) -> bool:
    """Whether a reservation has run out; the next draw makes it void."""
    return (
        number.state == NumberState.RESERVED
        and number.expires_at is not None
        and number.expires_at <= clock.now()
    )


def _next(
    actor: User,
    register: Register,
    document_type: str,
    on_date: date,
    state: NumberState,
) -> IssuedNumber:
    period, group = _place(register, document_type, on_date)
    counter = _locked(register, period, group)
    if counter.last_on is not None and on_date < counter.last_on:
        raise Conflict(
            _("Đã có số mang ngày %(day)s; số mới không thể mang ngày trước đó.")
            % {"day": f"{counter.last_on:%d/%m/%Y}"},
            code="back_dated",
            fields={"on_date": _("Hãy chọn ngày khác, hoặc chèn số có lý do.")},
        )
    _void_expired(actor, register, period, group)
    counter.last_number += 1
    counter.last_on = on_date
    counter.save(update_fields=["last_number", "last_on"])
    now = clock.now()
    return IssuedNumber.objects.create(
        register=register,
        period=period,
        group=group,
        number=counter.last_number,
        state=state,
        document_type=document_type,
        issued_on=on_date,
        # The caller sets the true end of a reservation at once.
        expires_at=now if state == NumberState.RESERVED else None,
        by=actor,
        at=now,
    )


def _place(register: Register, document_type: str, on_date: date) -> tuple[str, str]:
    """Period and group of a new number. Raises as the callers say."""
    _open(register)
    known = {kind.code for kind in types_of(register, on_date)}
    if document_type not in known:
        raise InvalidInput(
            _("Không có loại văn bản này."),
            fields={"document_type": _("Hãy chọn một loại trong danh mục.")},
        )
    label = register.period_on(on_date)
    if label is None or on_date > clock.today():
        raise InvalidInput(fields={"on_date": _("Sổ này không nhận số cho ngày đó.")})
    _not_shut(register, label)
    return label, group_of(
        Mode(register.numbering_mode), register.groups, document_type
    )


def _not_shut(register: Register, period: str) -> None:
    """The book of a period ends with it, also for the numbers that were held in it."""
    if period != register.period_on(clock.today()):
        raise Conflict(
            _("Kỳ đánh số của ngày đó đã khóa sổ."),
            code="back_dated",
            fields={"on_date": _("Hãy chọn ngày trong kỳ hiện tại.")},
        )


def _open(register: Register) -> None:
    if not register.is_active:
        raise Conflict(_("Sổ đã khóa."), code="register_closed")


def _locked(register: Register, period: str, group: str) -> RegisterCounter:
    """The counter of a run, held until the end of the transaction.

    SQLite has no row locks: there the transaction has the write lock from its first
    statement on (`transaction_mode` IMMEDIATE).
    """
    counter, _made = RegisterCounter.objects.get_or_create(
        register=register, period=period, group=group
    )
    return RegisterCounter.objects.select_for_update().get(pk=counter.pk)


def _void_expired(actor: User, register: Register, period: str, group: str) -> None:
    """Of the run that is drawn from, and of the periods before it: nobody draws from
    those any more. Their counters are taken after the present one, in one order."""
    over = IssuedNumber.objects.filter(
        Q(group=group) | ~Q(period=period),
        register=register,
        state=NumberState.RESERVED,
        expires_at__lte=clock.now(),
    )
    for number in over.order_by("period", "group", "number", "suffix"):
        if number.period != period:
            _locked(register, number.period, number.group)
            number.refresh_from_db(fields=["state", "reason"])
        if number.state == NumberState.RESERVED:
            _void(actor, number, EXPIRED, before=NumberState.RESERVED)


def _void(actor: User, number: IssuedNumber, reason: str, *, before: str) -> None:
    kept = number.reason
    number.state = NumberState.VOID
    number.reason = reason
    number.expires_at = None
    number.save(update_fields=["state", "reason", "expires_at"])
    index_number(number.pk)
    audit.record(
        actor,
        "number.voided",
        "number",
        number.pk,
        **events.described_number(number),
        before=before,
        held_for=kept,
        reason=reason,
    )
    outbox.emit(events.NUMBER_VOIDED, number.pk, register=str(number.register_id))


def _tell_reserved(actor: User, number: IssuedNumber) -> None:
    audit.record(
        actor,
        "number.reserved",
        "number",
        number.pk,
        **events.described_number(number),
        reason=number.reason,
        expires_at=number.expires_at.isoformat() if number.expires_at else None,
    )
    outbox.emit(events.NUMBER_RESERVED, number.pk, register=str(number.register_id))


def _reason(reason: str) -> str:
    check = Checker()
    clean = check.text("reason", reason, NOTE_LENGTH, required=True)
    check.finish()
    return clean


def _expiry(expires_at: datetime | None) -> datetime:
    now = clock.now()
    if expires_at is None:
        return now + RESERVED_FOR
    if not now < expires_at <= now + LONGEST_RESERVATION:
        raise InvalidInput(fields={"expires_at": _("Chỉ giữ số được tối đa 31 ngày.")})
    return expires_at
