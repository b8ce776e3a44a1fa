"""Put documents into case files and take them out again.

Only a reference is written, never a copy. Whoever puts a document in must keep the file
and be able to open the document through the document's own door, and both belong to one
organisation: what a file shows of it must not leave its office. An issued document is
filed by this, as the workflow knows it, if that step is this person's; taking it out
again does not undo the step.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock, outbox
from server.common.errors import Conflict, InvalidInput, NotFound
from server.registry import case_file_events as events
from server.registry.abilities import Action
from server.registry.access import access_draft, as_id
from server.registry.actions.case_files import must_be_open
from server.registry.actions.process import file_where_allowed
from server.registry.case_file_access import access_case_file
from server.registry.case_files.documents import Document, DocumentKind, day_of
from server.registry.models import (
    MOST_ENTRIES,
    CaseFileEntry,
    Draft,
    OutgoingDocument,
)
from server.registry.register_access import access_incoming, access_outgoing


def open_document(user: User, kind: DocumentKind, document_id: UUID | str) -> Document:
    """The document through its own door. A draft that was issued is its document.

    Raises NotFound, or what that door raises.
    """
    if kind is DocumentKind.OUTGOING:
        return access_outgoing(user, document_id)[0]
    if kind is DocumentKind.INCOMING:
        return access_incoming(user, document_id)[0]
    draft = access_draft(user, document_id, Action.OPEN).draft
    issued = OutgoingDocument.objects.filter(draft=draft).first()
    return access_outgoing(user, issued.pk)[0] if issued else draft


@transaction.atomic
def add_entry(
    actor: User,
    case_file_id: UUID | str,
    kind: DocumentKind,
    document_id: UUID | str,
) -> CaseFileEntry:
    """Put a document into an open file.

    Raises NotFound for a file or a document that the actor does not see, NotAllowed for
    who only reads the file, InvalidInput for a document of another organisation,
    Conflict `already_in_file`, `case_file_full`, `case_file_closed`,
    `case_file_handed_over`.
    """
    case_file = access_case_file(actor, case_file_id, keep=True, lock=True).case_file
    must_be_open(case_file)
    document = open_document(actor, kind, document_id)
    if document.organisation_id != case_file.organisation_id:
        raise InvalidInput(
            fields={"document": _("Văn bản thuộc cơ quan khác với hồ sơ.")}
        )
    place = reference_to(document)
    if case_file.entries.filter(**place).exists():
        raise Conflict(_("Văn bản đã có trong hồ sơ này."), code="already_in_file")
    if case_file.entries.count() >= MOST_ENTRIES:
        raise Conflict(
            _("Hồ sơ đã có %(limit)s văn bản. Hãy lập thêm hồ sơ (tập) mới.")
            % {"limit": MOST_ENTRIES},
            code="case_file_full",
        )
    entry = CaseFileEntry.objects.create(
        case_file=case_file,
        dated_on=day_of(document),
        number=0 if isinstance(document, Draft) else document.number,
        added_by=actor,
        added_at=clock.now(),
        **place,
    )
    described = {name: str(found.pk) for name, found in place.items()}
    audit.record(
        actor,
        "case_file.entry_added",
        "case_file",
        case_file.pk,
        entry=str(entry.pk),
        **described,
    )
    outbox.emit(
        events.CASE_FILE_ENTRY_ADDED, case_file.pk, entry=str(entry.pk), **described
    )
    if isinstance(document, OutgoingDocument) and document.draft_id is not None:
        file_where_allowed(actor, document.draft_id)
    return entry


@transaction.atomic
def remove_entry(actor: User, case_file_id: UUID | str, entry_id: UUID | str) -> None:
    """Take a document out of an open file; the document itself stays where it is.

    Raises NotFound, NotAllowed, Conflict as `add_entry`.
    """
    case_file = access_case_file(actor, case_file_id, keep=True, lock=True).case_file
    must_be_open(case_file)
    entry = case_file.entries.filter(pk=as_id(entry_id)).first()
    if entry is None:
        raise NotFound
    described = {
        kind.value: str(found)
        for kind in DocumentKind
        if (found := getattr(entry, f"{kind.value}_id")) is not None
    }
    entry.delete()
    audit.record(
        actor,
        "case_file.entry_removed",
        "case_file",
        case_file.pk,
        entry=str(entry_id),
        **described,
    )
    outbox.emit(
        events.CASE_FILE_ENTRY_REMOVED, case_file.pk, entry=str(entry_id), **described
    )


def reference_to(document: Document) -> dict[str, Document]:
    """The one column of an entry that points at this document."""
    if isinstance(document, Draft):
        return {DocumentKind.DRAFT.value: document}
    if isinstance(document, OutgoingDocument):
        return {DocumentKind.OUTGOING.value: document}
    return {DocumentKind.INCOMING.value: document}
