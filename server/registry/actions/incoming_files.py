"""Attach scans and files to an incoming document, take one off again, serve one.

An uploaded file is streamed into the blob store and never held in memory as a whole.
The file of a document that came through this system is taken as it was issued, by its
digest. Must never serve a file that does not belong to a document the person may see,
nor the issued file of a document that was recalled, nor one that was set aside for a
secrecy mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock, outbox, providers
from server.common.errors import Conflict, NotFound
from server.registry import register_events as events
from server.registry.access import as_id
from server.registry.entry_fields import Checker
from server.registry.file_kinds import (
    HEAD_BYTES,
    TAIL_BYTES,
    FileKind,
    clean_name,
    kind_of,
)
from server.registry.incoming_access import access_incoming_document
from server.registry.issued_access import issued_files_behind, recalled
from server.registry.issued_files import FileForm, issued_file_of
from server.registry.models import (
    FILE_NAME_LENGTH,
    NOTE_LENGTH,
    FileWords,
    IncomingDocument,
    IncomingFile,
    OutgoingDocument,
    OutgoingState,
    Recipient,
)
from server.registry.search.incoming import index_incoming
from server.registry.search.set_aside import refuse_set_aside
from server.registry.secrecy import refuse_marked
from server.registry.uploads import checked_kind
from storage.ports import BlobInfo, BlobMissing

MOST_FILES = 50


@dataclass(frozen=True, slots=True)
class ServedFile:
    row: IncomingFile
    chunks: Iterator[bytes]


def attach_file(
    actor: User, document_id: UUID | str, file: UploadedFile[Any]
) -> IncomingFile:
    """The clerk adds a file; it is known by its bytes.

    Raises what the door raises; TooLarge (`file_too_large`) above the setting
    MAX_INCOMING_FILE_BYTES; InvalidInput (`file_empty`, `file_unknown`); Conflict
    (`file_twice`, `too_many_files`, `state_secret` for a name that is a secrecy mark
    and for bytes that were set aside).
    """
    document = access_incoming_document(actor, document_id, keep=True).document
    refuse_marked([PurePath(file.name or "").stem])
    kind = checked_kind(file, settings.MAX_INCOMING_FILE_BYTES)
    # The slow part: before the transaction, so that it holds no lock.
    info = providers.blob_store.get().put_chunks(file.chunks())
    with transaction.atomic():
        IncomingDocument.objects.select_for_update().get(pk=document.pk)
        if _attached(document, info.digest) is not None:
            raise Conflict(
                _("Tệp này đã được đính kèm vào văn bản."), code="file_twice"
            )
        return _add(actor, document, kind, info, file.name or "")


def attach_received(actor: User, document_id: UUID | str) -> IncomingFile:
    """The clerk attaches the PDF that the sender issued in this system, byte for byte.

    What is attached already stays as it is and is given back. Raises what the door
    raises; Conflict `not_sent_here` for what came another way, `recalled`,
    `too_many_files`; Unavailable `file_damaged`.
    """
    document = access_incoming_document(actor, document_id, keep=True).document
    files = issued_files_behind(document)
    if files is None:
        raise Conflict(
            _(
                "Văn bản này không nhận trên hệ thống nên không có tệp phát hành ở "
                "đây. Hãy đính kèm bản quét."
            ),
            code="not_sent_here",
        )
    # Read and compared with its digest before anything is locked.
    file = issued_file_of(files, FileForm.PDF)
    kind = kind_of(file.data[:HEAD_BYTES], file.data[-TAIL_BYTES:], file.name)
    assert kind is not None  # we made it
    with transaction.atomic():
        IncomingDocument.objects.select_for_update().get(pk=document.pk)
        # A recall waits for this, or is seen by it.
        source = OutgoingDocument.objects.select_for_update().get(pk=files.document_id)
        if source.state == OutgoingState.RECALLED:
            raise Conflict(
                _("Nơi gửi đã thu hồi văn bản này: không lấy tệp, không sao được nữa."),
                code="recalled",
            )
        held = _attached(document, file.digest)
        if held is not None:
            return held
        info = BlobInfo(file.digest, len(file.data))
        return _add(actor, document, kind, info, file.name, received=str(source.pk))


def _attached(document: IncomingDocument, digest: str) -> IncomingFile | None:
    return IncomingFile.objects.filter(
        document=document, digest=digest, removed_at=None
    ).first()


def _add(
    actor: User,
    document: IncomingDocument,
    kind: FileKind,
    info: BlobInfo,
    name: str,
    **of: str,
) -> IncomingFile:
    """In the caller's transaction, which holds the document's row."""
    refuse_set_aside(info.digest)
    held = IncomingFile.objects.filter(document=document, removed_at=None)
    if held.count() >= MOST_FILES:
        raise Conflict(
            _("Một văn bản có nhiều nhất %(limit)s tệp.") % {"limit": MOST_FILES},
            code="too_many_files",
        )
    row = IncomingFile.objects.create(
        document=document,
        digest=info.digest,
        name=clean_name(name, kind, FILE_NAME_LENGTH),
        content_type=kind.content_type,
        size_bytes=info.size_bytes,
        pdf_version=kind.pdf_version,
        added_by=actor,
        added_at=clock.now(),
    )
    if FileWords.objects.filter(digest=row.digest).exists():
        # The same bytes were attached before. Else they are read after the commit.
        index_incoming(document)
    audit.record(
        actor, "incoming.file_added", "incoming", document.pk,
        file=str(row.pk), name=row.name, digest=row.digest,
        size_bytes=row.size_bytes, **of,
    )  # fmt: skip
    outbox.emit(events.INCOMING_FILE_ADDED, document.pk, file=str(row.pk))
    return row


@transaction.atomic
def remove_file(
    actor: User, document_id: UUID | str, file_id: UUID | str, reason: str
) -> None:
    """Take off what was attached by mistake. The file and the row stay on record.

    Raises what the door raises, NotFound, and InvalidInput without a reason.
    """
    document = access_incoming_document(actor, document_id, keep=True).document
    row = _held(document, file_id)
    check = Checker()
    words = check.text("reason", reason, NOTE_LENGTH, required=True)
    check.finish()
    row.removed_at, row.removed_by, row.removed_reason = clock.now(), actor, words
    row.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    index_incoming(document)
    audit.record(
        actor, "incoming.file_removed", "incoming", document.pk,
        file=str(row.pk), name=row.name, reason=words,
    )  # fmt: skip
    outbox.emit(events.INCOMING_FILE_REMOVED, document.pk, file=str(row.pk))


def open_file(actor: User, document_id: UUID | str, file_id: UUID | str) -> ServedFile:
    """The bytes, for whoever may see the document. Raises NotFound, and Conflict
    `recalled` for the issued file of a document that its sender took back,
    `state_secret` for a file that was set aside."""
    document = access_incoming_document(actor, document_id).document
    row = _held(document, file_id)
    refuse_set_aside(row.digest)
    if Recipient.objects.filter(
        incoming=document,
        document__state=OutgoingState.RECALLED,
        document__issued_files__pdf=row.digest,
    ).exists():
        raise recalled()
    try:
        return ServedFile(row, providers.blob_store.get().get_chunks(row.digest))
    except BlobMissing:
        raise NotFound from None


def _held(document: IncomingDocument, file_id: UUID | str) -> IncomingFile:
    row = IncomingFile.objects.filter(
        pk=as_id(file_id), document=document, removed_at=None
    ).first()
    if row is None:
        raise NotFound
    return row
