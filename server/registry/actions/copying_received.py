"""Copy a document that was received: sao y of it, or sao lục of a sao y that came; a
trích sao of what was issued in this system, whose text is known.

Decree 30/2020/NĐ-CP, articles 25-27. What is copied is an attached PDF, page for page.
On paper a page with the block of the copy stands behind it; an electronic copy is
signed by the organisation in the corner of page 1, before a row is locked. Of a file
that is signed already the decree knows no electronic sao y: such a file is an original
wherever it goes. Where the law of the day (`procedure`) or the office's own rule allows
one, the copy shows the pages with
their signatures and bears the original as an attached file. Whether the
paper that came is an original or itself a sao y, only the clerk sees. Must never change
the attached file, nor copy what a document that was recalled holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from collab.content.tree import Fields
from server.accounts.models import User
from server.common import audit, clock, outbox, providers
from server.common.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    TooLarge,
    Unavailable,
)
from server.publishing.pdf_export import copy_sheet
from server.publishing.pdf_pages import as_printed, joined, rewritten
from server.publishing.rules import rules_for
from server.publishing.signing.carried import with_original
from server.registry import register_events as events
from server.registry.access import as_id
from server.registry.actions.copying import (
    CopyPlan,
    Source,
    block_of,
    electronic_pages,
    entry_of,
    fits,
    paper_pages,
    read_source,
    signed_copy,
    write_copy,
)
from server.registry.actions.outgoing import OutgoingEntry, clean_entry
from server.registry.incoming_access import access_incoming_document
from server.registry.issued_access import issued_files_behind, recalled
from server.registry.models import (
    CopyKind,
    DocumentCopy,
    IncomingDocument,
    IncomingFile,
    IssuedNumber,
    OutgoingDocument,
    OutgoingState,
    Register,
)
from server.registry.procedure import PROCEDURE
from server.registry.register_access import access_register
from server.registry.standing import policy_of
from storage.ports import BlobDamaged, BlobMissing

# It is held in memory as a whole, and printed.
MOST_BYTES = 50_000_000
PDF = "application/pdf"


class _Pages(Protocol):
    """What a copy is made of: its pages with the organisation's signature, or with the
    block of a copy for signing by hand. `parts` are those of an extract."""

    @property
    def parts(self) -> tuple[int, ...]: ...

    def electronic(self, register: Register) -> bytes: ...

    def on_paper(
        self,
        register: Register,
        number: IssuedNumber,
        notation: str,
        entry: OutgoingEntry,
    ) -> bytes: ...


@dataclass(frozen=True, slots=True)
class _Whole:
    """An attached PDF, page for page. `original`: the name under which a signed file
    goes along with its electronic copy, "" where the office does not allow one."""

    pdf: bytes
    kind: str
    original: str
    parts: tuple[int, ...] = ()

    def electronic(self, register: Register) -> bytes:
        form = rules_for(Fields()).copies[self.kind]
        return _signed(self.pdf, register, form, self.original)

    def on_paper(
        self,
        register: Register,
        number: IssuedNumber,
        notation: str,
        entry: OutgoingEntry,
    ) -> bytes:
        block = block_of(register, number, notation, entry)
        return joined(self.pdf, copy_sheet(block, rules_for(Fields())))


@dataclass(frozen=True, slots=True)
class _Extract:
    """Chosen parts of a text that was issued in this system."""

    source: Source

    @property
    def parts(self) -> tuple[int, ...]:
        return self.source.parts

    def electronic(self, register: Register) -> bytes:
        return electronic_pages(self.source, register, CopyKind.EXTRACT)

    def on_paper(
        self,
        register: Register,
        number: IssuedNumber,
        notation: str,
        entry: OutgoingEntry,
    ) -> bytes:
        return paper_pages(self.source, register, number, notation, entry)


def copy_received(
    actor: User, document_id: UUID | str, file_id: UUID | str, plan: CopyPlan
) -> DocumentCopy:
    """A clerk of the organisation that received it makes a copy of one attached PDF.

    Raises NotFound and NotAllowed through the doors, InvalidInput for an unusable plan
    or file, Conflict (`recalled`, `number_void`, `already_signed` for an electronic
    copy of a signed PDF where the office does not allow it, and what numbers raise),
    TooLarge, Unavailable for keys, time-stamps and a damaged file. No transaction may
    be open.
    """
    document = access_incoming_document(actor, document_id, keep=True).document
    register = access_register(actor, plan.register_id, keep=True).register
    fits(register, document.organisation_id, plan.kind)
    _may_be_copied(document)
    file = _scan(document, file_id)
    policy = policy_of(document.organisation_id)
    is_electronic = not plan.on_paper and policy.signs_digitally
    about = (document.subject, _named(document))
    entry = clean_entry(entry_of(actor, about, plan, is_electronic), clock.today())
    rule = PROCEDURE.on(clock.today()).copies[plan.kind]
    carries = policy.copies_signed_files or rule.electronic_of_signed
    pages = _pages_of(document, file, plan, carries=carries)
    signed = pages.electronic(register) if is_electronic else None
    with transaction.atomic():
        # A file that is taken off, or a recall, waits for this copy or is seen by it.
        IncomingDocument.objects.select_for_update().get(pk=document.pk)
        _may_be_copied(document, lock=True)
        file = _scan(document, file_id)
        made = write_copy(
            actor,
            register,
            entry,
            lambda number, notation: (
                signed or pages.on_paper(register, number, notation, entry)
            ),
            is_second=plan.is_second,
            incoming=document,
            file=file,
            is_electronic=is_electronic,
            parts=list(pages.parts),
        )
        audit.record(
            actor, "incoming.copied", "incoming", document.pk,
            copy=str(made.row_id), full_number=made.row.full_number,
            kind=made.kind, file=str(file.pk), pdf=made.pdf,
            **({"parts": made.parts} if made.parts else {}),
        )  # fmt: skip
        outbox.emit(events.INCOMING_COPIED, document.pk, copy=str(made.row_id))
    return made


def _pages_of(
    document: IncomingDocument, file: IncomingFile, plan: CopyPlan, *, carries: bool
) -> _Pages:
    """A scan is copied whole; of what was issued here the text is known."""
    if plan.kind != CopyKind.EXTRACT:
        if plan.parts:
            message = _("Chỉ trích sao mới chọn từng phần.")
            raise InvalidInput(message, fields={"parts": message})
        return _Whole(_bytes(file), plan.kind, file.name if carries else "")
    issued = issued_files_behind(document)
    if issued is None or issued.pdf != file.digest:
        message = _("Bản quét không trích sao được từng phần. Hãy sao y hoặc sao lục.")
        raise InvalidInput(message, fields={"kind": message})
    return _Extract(read_source(issued.document, CopyKind.EXTRACT, plan.parts))


def _signed(pdf: bytes, register: Register, form: str, original: str) -> bytes:
    """Scanners write files that viewers forgive and signing does not: their pages are
    then written anew. A file that bears signatures is never; its pages are copied as
    they look and it is attached under the name `original`, if there is one."""
    try:
        return signed_copy(pdf, register, form)
    except InvalidInput as refused:
        if refused.code != "not_a_pdf":
            raise
        return signed_copy(rewritten(pdf), register, form)
    except Conflict as refused:
        if refused.code != "already_signed":
            raise
        if not original:
            raise _is_an_original() from None
        pages = with_original(as_printed(pdf), pdf, original)
        return signed_copy(pages, register, form)


def _is_an_original() -> Conflict:
    return Conflict(
        _(
            "Tệp này đã ký số nên bản thân nó là bản gốc: Điều 25 Nghị định 30 không "
            "có sao y từ điện tử sang điện tử. Hãy gửi nguyên tệp, hoặc sao ra giấy. "
            "Lãnh đạo có thể cho phép sao điện tử kèm tệp gốc ở trang Quy định của cơ "
            "quan."
        ),
        code="already_signed",
    )


def _may_be_copied(document: IncomingDocument, *, lock: bool = False) -> None:
    sent = OutgoingDocument.objects.filter(recipients__incoming=document)
    if lock:
        sent = sent.select_for_update(of=("self",))
    if any(source.state == OutgoingState.RECALLED for source in sent):
        raise recalled()


def _scan(document: IncomingDocument, file_id: UUID | str) -> IncomingFile:
    file = IncomingFile.objects.filter(
        pk=as_id(file_id), document=document, removed_at=None
    ).first()
    if file is None:
        raise NotFound
    if file.content_type != PDF:
        message = _("Chỉ sao được tệp PDF. Hãy đính kèm bản quét PDF của văn bản.")
        raise InvalidInput(message, fields={"file": message})
    if file.size_bytes > MOST_BYTES:
        raise TooLarge(
            _("Tệp lớn quá %(limit)s MB.") % {"limit": MOST_BYTES // 1_000_000}
        )
    return file


def _bytes(file: IncomingFile) -> bytes:
    try:
        return providers.blob_store.get().get(file.digest)
    except BlobMissing:
        raise NotFound from None
    except BlobDamaged:
        raise Unavailable(
            _("Tệp “%(name)s” không đọc được. Hãy báo cho quản trị viên.")
            % {"name": file.name},
            code="file_damaged",
        ) from None


def _named(document: IncomingDocument) -> str:
    """Words of the book: Vietnamese whatever the language of the screen."""
    number = document.full_number or f"số đến {document.written}"
    return f"văn bản {number} của {document.issuer}"
