"""Files of comments: taken before the comment is sent, served through the draft.

A file is known by its bytes, streamed into the blob store and never held in memory as
a whole. Must never serve a file to whoever may not read the threads of its draft, nor
a file that was not sent yet to anybody but the person who uploaded it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock, providers
from server.common.errors import Conflict, NotFound
from server.common.throttle import Throttle
from server.registry.access import as_id
from server.registry.file_kinds import clean_name
from server.registry.uploads import checked_kind
from server.review.access import commenting, locked_book, reading
from server.review.models import FILE_NAME_LENGTH, CommentFile
from storage.ports import BlobMissing

# Of one person, in one draft, uploaded and not yet sent.
MOST_WAITING = 20
# What is dropped leaves its bytes behind until the blobs are tidied.
PER_MINUTE = 30

throttle = Throttle()


@dataclass(frozen=True, slots=True)
class ServedFile:
    row: CommentFile
    chunks: Iterator[bytes]


def add_file(actor: User, draft_id: UUID | str, file: UploadedFile[Any]) -> CommentFile:
    """Raises what the door and `checked_kind` raise; Conflict (`too_many_files`)."""
    draft = commenting(actor, draft_id).draft
    throttle.take(str(actor.pk), PER_MINUTE)
    kind = checked_kind(file, settings.MAX_INCOMING_FILE_BYTES)
    _has_room_for(actor, draft.pk)
    # The slow part: before the transaction, so that it holds no lock.
    info = providers.blob_store.get().put_chunks(file.chunks())
    with transaction.atomic():
        locked_book(draft.pk)
        _has_room_for(actor, draft.pk)
        row = CommentFile.objects.create(
            draft=draft,
            digest=info.digest,
            name=clean_name(file.name or "", kind, FILE_NAME_LENGTH),
            content_type=kind.content_type,
            size_bytes=info.size_bytes,
            added_by=actor,
            added_at=clock.now(),
        )
        audit.record(
            actor, "thread.file_added", "draft_file", row.pk,
            draft=str(draft.pk), name=row.name, digest=row.digest,
            size_bytes=row.size_bytes,
        )  # fmt: skip
    return row


def _has_room_for(actor: User, draft_id: UUID) -> None:
    """Asked before any byte is stored, and again when nobody else can add one."""
    waiting = CommentFile.objects.filter(
        draft_id=draft_id, added_by=actor, comment=None
    )
    if waiting.count() >= MOST_WAITING:
        raise Conflict(
            _("Bạn có quá nhiều tệp chưa gửi. Hãy gửi hoặc đợi rồi thử lại."),
            code="too_many_files",
        )


def drop_file(actor: User, draft_id: UUID | str, file_id: UUID | str) -> None:
    """Let go of a file that was not sent. Raises NotFound."""
    draft = commenting(actor, draft_id).draft
    waiting = CommentFile.objects.filter(
        pk=as_id(file_id), draft=draft, added_by=actor, comment=None
    )
    if not waiting.delete()[0]:
        raise NotFound


def open_file(actor: User, draft_id: UUID | str, file_id: UUID | str) -> ServedFile:
    """Raises NotFound, also for a file of a comment that was taken back."""
    draft = reading(actor, draft_id).draft
    row = (
        CommentFile.objects.select_related("comment")
        .filter(pk=as_id(file_id), draft=draft)
        .first()
    )
    if row is None:
        raise NotFound
    comment = row.comment
    hidden = row.added_by_id != actor.pk if comment is None else comment.removed_at
    if hidden:
        raise NotFound
    try:
        return ServedFile(row, providers.blob_store.get().get_chunks(row.digest))
    except BlobMissing:
        raise NotFound from None
