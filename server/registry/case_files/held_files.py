"""The files of a document in a case file, each through the document's own door.

Ours as it was issued, a copy as it was made, one that was received here, and every scan
of what came on paper. Must never leave a file out in silence: where there is none, or
the door is shut, the reason is told, because a parcel without it would look whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import providers
from server.common.errors import Conflict, NotFound, Unavailable
from server.registry.case_files.documents import Document
from server.registry.incoming_access import access_incoming_document
from server.registry.issued_access import access_copy, access_issued_files
from server.registry.models import (
    DocumentCopy,
    IncomingDocument,
    IncomingFile,
    IssuedFiles,
    OutgoingDocument,
    Recipient,
)
from server.registry.search.set_aside import is_set_aside
from storage.ports import BlobDamaged, BlobMissing

# Words on paper: Vietnamese whatever the language of the screen.
NO_FILE = "Không có tệp trong hệ thống"
CLOSED = "Người xuất hồ sơ không được mở tệp"
RECALLED = "Văn bản đã bị thu hồi, tệp đã khóa"
DRAFT = "Dự thảo chưa phát hành, không có tệp"
_ENDING = re.compile(r"\.[a-z0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that may be read: `ending` is ".pdf" or such, `name` is for people."""

    digest: str
    ending: str = ".pdf"
    name: str = ""

    def read(self) -> bytes:
        """Raises Unavailable when it is damaged."""
        try:
            return providers.blob_store.get().get(self.digest)
        except (BlobMissing, BlobDamaged):
            raise Unavailable(
                _("Tệp “%(name)s” không đọc được. Hãy báo cho quản trị viên.")
                % {"name": self.name},
                code="file_damaged",
            ) from None


@dataclass(frozen=True, slots=True)
class Held:
    """`missing` says why there is no file; empty when there is one."""

    files: tuple[HeldFile, ...] = ()
    missing: str = ""


def held_files(user: User, document: Document) -> Held:
    """What this person may take of a document, and why there is nothing. No file is
    read yet."""
    if isinstance(document, OutgoingDocument):
        return _of_outgoing(user, document)
    if isinstance(document, IncomingDocument):
        return _of_incoming(user, document)
    return Held(missing=DRAFT)


def _of_outgoing(user: User, row: OutgoingDocument) -> Held:
    copy = DocumentCopy.objects.filter(row=row).first()
    try:
        if copy is not None:
            found = access_copy(user, copy.pk)
            return Held((HeldFile(found.pdf, name=row.full_number),))
        if not IssuedFiles.objects.filter(document=row).exists():
            return Held(missing=NO_FILE)
        return Held((_issued(user, row),))
    except NotFound:
        return Held(missing=CLOSED)
    except Conflict:
        return Held(missing=RECALLED)


def _issued(user: User, row: OutgoingDocument) -> HeldFile:
    access = access_issued_files(user, row.pk)
    return HeldFile(access.files.pdf, name=row.full_number)


def _of_incoming(user: User, row: IncomingDocument) -> Held:
    files: list[HeldFile] = []
    try:
        received = Recipient.objects.filter(incoming=row).select_related("document")
        for line in received:
            files.append(_issued(user, line.document))
        access_incoming_document(user, row.pk)
        files += _attached(row)
    except NotFound:
        return Held(tuple(files), "" if files else CLOSED)
    except Conflict:
        return Held(missing=RECALLED)
    return Held(tuple(files), "" if files else NO_FILE)


def _attached(row: IncomingDocument) -> Iterator[HeldFile]:
    """Everything that is attached, whatever its kind: a scan may be a picture. Not what
    was set aside for a secrecy mark."""
    for file in IncomingFile.objects.filter(document=row, removed_at=None).order_by(
        "added_at", "pk"
    ):
        if is_set_aside(file.digest):
            continue
        ending = PurePath(file.name).suffix.lower()
        if file.content_type == "application/pdf":
            ending = ".pdf"
        known = _ENDING.fullmatch(ending) is not None
        yield HeldFile(file.digest, ending if known else ".bin", file.name)
