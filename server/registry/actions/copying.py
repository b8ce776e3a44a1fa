"""Copy an issued document: sao y, trích sao, sao lục, with a number of their own.

Which copy is made of which is data (`procedure`): a sao lục of a sao y that stands.

The text is the one that was issued, read from the stored state, never from the draft.
A whole copy shows the signatures of the original where they stand (a copy on paper is a
print of it: Decree 30/2020, article 25.1b); an extract is made anew and shows none.
The number is drawn, the file made and the row written in one transaction. The file of
an electronic copy bears no number and may ask a time-stamp service, so it is made and
signed before that transaction, which then asks again whether a copy may be made. A
file that no row refers to may be left over; nothing else. Must never copy a recalled
document, write into another book than that of copies, nor ask a network under a lock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from collab.content.tree import Content
from server.accounts.models import User
from server.common import audit, clock, outbox, providers
from server.common.errors import Conflict, InvalidInput
from server.publishing.copies import Copy
from server.publishing.extracts import extract
from server.publishing.pdf_export import to_pdf
from server.publishing.rules import rules_for
from server.publishing.signing.carried import with_signature_pictures
from server.publishing.signing.sign import Signing, sign_attachment
from server.registry import register_events as events
from server.registry.actions.duplicates import refuse_same_number
from server.registry.actions.numbers import draw_number
from server.registry.actions.outgoing import (
    OutgoingEntry,
    clean_entry,
    notation_in,
    write_row,
)
from server.registry.exports import image_reader
from server.registry.issued_access import access_distribution, recalled
from server.registry.issued_files import issued_content
from server.registry.issuing.addresses import verify_url
from server.registry.issuing.files import page_count
from server.registry.models import (
    CopyKind,
    DocumentCopy,
    IssuedFiles,
    IssuedNumber,
    NumberState,
    OutgoingDocument,
    OutgoingState,
    Register,
    RegisterKind,
)
from server.registry.procedure import ORIGINAL, PROCEDURE
from server.registry.register_access import access_register
from server.registry.signing_keys import organisation_signer, timestamp_service
from server.registry.standing import policy_of

_VERBS = {
    CopyKind.TRUE_COPY: "sao từ",
    CopyKind.EXTRACT: "trích sao từ",
    CopyKind.COPY_OF_COPY: "sao từ",
}


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """What the clerk asks for. Texts may come as they were typed.

    Who signs is left empty for an electronic copy: the clerk does, with the key of the
    organisation. `on_paper` makes a copy for signing by hand also where the
    organisation signs digitally (Decree 30/2020, article 25.1). `parts` are those of
    an extract, as `server.publishing.extracts` counts them. `is_second` confirms that
    another copy of the organisation, in another book, bears the same number.
    """

    register_id: UUID | str
    kind: str
    recipients_text: str = ""
    note: str = ""
    signer_name: str = ""
    signer_position: str = ""
    signer_authority: str = ""
    on_paper: bool = False
    parts: frozenset[int] = frozenset()
    is_second: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """What is copied: the text as it was issued, and how to read its images."""

    document: OutgoingDocument
    content: Content
    images: Callable[[str], bytes | None]
    code: str
    parts: tuple[int, ...] = ()
    # The issued PDF where it bears signatures whose pictures a copy shows.
    signed: bytes | None = None

    def shown(self, pdf: bytes) -> bytes:
        return with_signature_pictures(pdf, self.signed) if self.signed else pdf


def make_copy(actor: User, document_id: UUID | str, plan: CopyPlan) -> DocumentCopy:
    """A clerk of the issuing organisation makes a copy; its row and its file.

    Raises NotFound and NotAllowed through the doors, InvalidInput for an unusable plan,
    Conflict (`recalled`, `no_true_copy`, `duplicate_document`, and what numbers raise),
    Unavailable for keys and time-stamps. No transaction may be open.
    """
    document, _keeps = access_distribution(actor, document_id, keep=True)
    register = access_register(actor, plan.register_id, keep=True).register
    fits(register, document.organisation_id, plan.kind)
    is_electronic = (
        not plan.on_paper and policy_of(document.organisation_id).signs_digitally
    )
    about = (document.subject, f"văn bản {document.full_number}")
    entry = clean_entry(entry_of(actor, about, plan, is_electronic), clock.today())
    kind = CopyKind(plan.kind)
    _may_be_copied(document, kind)
    source = read_source(document, kind, plan.parts)
    signed = electronic_pages(source, register, kind) if is_electronic else None
    with transaction.atomic():
        return _make(actor, register, source, entry, signed, plan.is_second)


def _make(
    actor: User,
    register: Register,
    source: Source,
    entry: OutgoingEntry,
    signed: bytes | None,
    is_second: bool,
) -> DocumentCopy:
    # A recall waits for this copy, or is seen by it.
    document = OutgoingDocument.objects.select_for_update().get(pk=source.document.pk)
    kind = CopyKind(entry.document_type)
    _may_be_copied(document, kind)
    made = write_copy(
        actor,
        register,
        entry,
        # On paper the number stands on the page; drawing it asks nobody and is quick.
        lambda number, notation: (
            signed or paper_pages(source, register, number, notation, entry)
        ),
        is_second=is_second,
        source=document,
        is_electronic=signed is not None,
        parts=list(source.parts),
    )
    audit.record(
        actor,
        "outgoing.copied",
        "outgoing",
        document.pk,
        copy=str(made.row_id),
        full_number=made.row.full_number,
        kind=kind.value,
        pdf=made.pdf,
        **({"parts": made.parts} if made.parts else {}),
    )
    outbox.emit(events.OUTGOING_COPIED, document.pk, copy=str(made.row_id))
    return made


def write_copy(
    actor: User,
    register: Register,
    entry: OutgoingEntry,
    pdf_of: Callable[[IssuedNumber, str], bytes],
    *,
    is_second: bool,
    **of: Any,
) -> DocumentCopy:
    """Draw the number, make the file for it, write row and copy; in the caller's
    transaction. `of` says what was copied. Raises Conflict `duplicate_document`."""
    kind = CopyKind(entry.document_type)
    number = draw_number(actor, register, kind, clock.today())
    notation = notation_in(register, kind, None, clock.today())
    pdf = pdf_of(number, notation)
    refuse_same_number(register, number, notation, is_second=is_second)
    row = write_row(
        actor,
        register,
        number,
        replace(entry, pages=page_count(pdf)),
        notation=notation,
    )
    return DocumentCopy.objects.create(
        row=row,
        kind=kind,
        pdf=providers.blob_store.get().put(pdf).digest,
        by=actor,
        at=clock.now(),
        **of,
    )


def fits(register: Register, organisation_id: UUID, kind: str) -> None:
    """Raises InvalidInput for a kind or a book that cannot be used."""
    if kind not in CopyKind.values:
        raise InvalidInput(fields={"kind": _("Hãy chọn một giá trị trong danh sách.")})
    if register.kind != RegisterKind.COPIES:
        raise InvalidInput(fields={"register": _("Hãy chọn một sổ bản sao.")})
    if register.organisation_id != organisation_id:
        raise InvalidInput(fields={"register": _("Sổ này của cơ quan khác.")})


def _may_be_copied(document: OutgoingDocument, kind: CopyKind) -> None:
    if document.state == OutgoingState.RECALLED:
        raise recalled()
    sources = PROCEDURE.on(clock.today()).copies[kind].of
    # What is issued here is the original.
    if ORIGINAL in sources or _has_copy(document, sources):
        return
    made_of = " / ".join(str(CopyKind(code).label).lower() for code in sources)
    raise Conflict(
        _("%(kind)s được làm từ bản %(of)s. Hãy làm bản đó trước.")
        % {"kind": kind.label, "of": made_of},
        code="no_true_copy",
    )


def entry_of(
    actor: User, about: tuple[str, str], plan: CopyPlan, is_electronic: bool
) -> OutgoingEntry:
    """The row of the copy: whom it names as signer is who signs the copy. `about` are
    the subject of what is copied, and what a note calls it."""
    subject, named = about
    verb = _VERBS[CopyKind(plan.kind)]
    by_clerk = is_electronic and not plan.signer_name.strip()
    return OutgoingEntry(
        document_type=plan.kind,
        subject=subject,
        signer_name=actor.full_name if by_clerk else plan.signer_name,
        signer_position=actor.title if by_clerk else plan.signer_position,
        signer_authority="" if by_clerk else plan.signer_authority,
        recipients_text=plan.recipients_text,
        # Words of the book: Vietnamese whatever the language of the screen.
        note=plan.note.strip() or f"{verb} {named}",
        sent_on=clock.today(),
    )


def read_source(
    document: OutgoingDocument, kind: CopyKind, parts: frozenset[int]
) -> Source:
    files = IssuedFiles.objects.get(document=document)
    content = issued_content(document)
    if kind is CopyKind.EXTRACT:
        try:
            content = extract(content, rules_for(content.fields), parts)
        except LookupError:
            message = _("Hãy chọn các phần cần trích sao.")
            raise InvalidInput(message, fields={"parts": message}) from None
    elif parts:
        message = _("Chỉ trích sao mới chọn từng phần.")
        raise InvalidInput(message, fields={"parts": message})
    assert document.draft is not None  # what has files was drafted here
    images = image_reader(document.draft)
    is_shown = files.is_signed and kind is not CopyKind.EXTRACT
    signed = providers.blob_store.get().get(files.pdf) if is_shown else None
    return Source(document, content, images, files.code, tuple(sorted(parts)), signed)


def _has_copy(document: OutgoingDocument, kinds: Sequence[str]) -> bool:
    return (
        DocumentCopy.objects.filter(source=document, kind__in=kinds)
        .exclude(row__issued_number__state=NumberState.VOID)
        .exists()
    )


def electronic_pages(source: Source, register: Register, kind: CopyKind) -> bytes:
    """The pages with the organisation's signature at the top right corner of page 1.

    Its line names the kind of copy, the organisation and the time (Decree 30/2020,
    appendix I): the signature draws it, so the pages must not.
    """
    pdf = to_pdf(source.content, source.images, verify_url=verify_url(source.code))
    return signed_copy(
        source.shown(pdf), register, rules_for(source.content.fields).copies[kind]
    )


def signed_copy(pdf: bytes, register: Register, form: str) -> bytes:
    """The pages with the signature that names form, organisation and time."""
    key = organisation_signer(register.organisation)
    signing = Signing(key, clock.now(), timestamp_service())
    return sign_attachment(pdf, signing, f"{form}, {register.organisation.name}")


def paper_pages(
    source: Source,
    register: Register,
    number: IssuedNumber,
    notation: str,
    entry: OutgoingEntry,
) -> bytes:
    """The pages with the block of the copy below the text, for signing by hand."""
    copy = block_of(register, number, notation, entry)
    pdf = to_pdf(
        source.content,
        source.images,
        copy=copy,
        verify_url=verify_url(source.code),
    )
    return source.shown(pdf)


def block_of(
    register: Register, number: IssuedNumber, notation: str, entry: OutgoingEntry
) -> Copy:
    return Copy(
        form=entry.document_type,
        issuer=register.organisation.name,
        number=register.written(number.number, number.suffix, number.issued_on),
        notation=notation,
        place=register.organisation.place,
        date=number.issued_on.isoformat(),
        recipients=entry.recipients_text,
        signer_authority=entry.signer_authority,
        signer_position=entry.signer_position,
        signer_name=entry.signer_name,
    )
