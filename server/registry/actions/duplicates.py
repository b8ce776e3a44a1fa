"""Whether a number, or a document that came, stands in a book of the organisation
already: looked for under a lock when a row is written.

Numbers are drawn book by book, each under the lock of its own counter, so clerks with
two books do not meet there. Whoever writes a row therefore holds the books of the
organisation from this look until the commit; then nothing is doubled unwarned. Always
taken after the counter, and after the documents that an act changes: two acts that take
the same rows must take them in the same order. Must never refuse who confirms.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation
from server.common.errors import Conflict
from server.registry.models import (
    IncomingDocument,
    IssuedNumber,
    NumberState,
    OutgoingDocument,
    Register,
)
from server.registry.numbering.notation import Form, compose_written


def refuse_same_number(
    register: Register, number: IssuedNumber, notation: str, *, is_second: bool
) -> None:
    """In the transaction that writes the row. Raises Conflict `duplicate_document` when
    another document of the organisation bears the number and nobody has confirmed."""
    _hold_books(register.organisation_id)
    if is_second:
        return
    day = number.issued_on
    written = register.written(number.number, number.suffix, day)
    full_number = compose_written(Form(register.form), written, notation, day.year)
    earlier = same_number(register, full_number, day)
    if earlier is not None:
        raise bears_it_already(earlier)


def refuse_same_document(
    register: Register, key: str, issued_on: date | None, *, is_second: bool
) -> None:
    """The same for a row of an incoming book."""
    _hold_books(register.organisation_id)
    earlier = None if is_second else same_document(register, key, issued_on)
    if earlier is not None:
        raise _same_document(earlier)


def _hold_books(organisation_id: UUID) -> None:
    """Until the end of the transaction; rows that name the organisation may be written.

    SQLite has no row locks: there the transaction has the write lock from its first
    statement on (`transaction_mode` IMMEDIATE).
    """
    offices = Organisation.objects.select_for_update(no_key=True)
    offices.only("pk").get(pk=organisation_id)


def same_number(
    register: Register, full_number: str, issued_on: date
) -> OutgoingDocument | None:
    """The earliest document of this organisation and year that bears it already."""
    rows = OutgoingDocument.objects.filter(
        organisation_id=register.organisation_id,
        full_number=full_number,
        issued_on__year=issued_on.year,
    ).exclude(issued_number__state=NumberState.VOID)
    return rows.order_by("issued_on", "created_at").first()


def same_document(
    register: Register, key: str, issued_on: date | None
) -> IncomingDocument | None:
    """The earliest row of this organisation with the same identity, if any. Where the
    day of one of the two is not known, it may be the same."""
    if not key:
        return None
    rows = IncomingDocument.objects.filter(
        organisation_id=register.organisation_id, document_key=key
    ).exclude(issued_number__state=NumberState.VOID)
    if issued_on is not None:
        of_that_year = Q(issued_on__year=issued_on.year)
        rows = rows.filter(of_that_year | Q(issued_on__isnull=True))
    return rows.order_by("created_at").first()


def bears_it_already(earlier: OutgoingDocument) -> Conflict:
    told = {
        "number": earlier.full_number,
        "day": f"{earlier.issued_on:%d/%m/%Y}",
        "subject": earlier.subject,
    }
    return Conflict(
        _("Cơ quan đã có văn bản số %(number)s ngày %(day)s: “%(subject)s”.") % told,
        code="duplicate_document",
        fields={"number": _("Nếu đúng là văn bản khác, hãy xác nhận.")},
    )


def _same_document(earlier: IncomingDocument) -> Conflict:
    told = {
        "document": earlier.full_number,
        "issuer": earlier.issuer,
        "number": earlier.number,
        "day": f"{earlier.arrived_on:%d/%m/%Y}",
    }
    return Conflict(
        _(
            "Văn bản %(document)s của %(issuer)s đã vào sổ với số đến %(number)s "
            "ngày %(day)s."
        )
        % told,
        code="duplicate_document",
        fields={"full_number": _("Nếu đúng là văn bản khác, hãy xác nhận.")},
    )
