"""Read the files of an issued document as they went out: for pages and the API.

The bytes are those of the blob store, under the digest that the record names; a blob
that is not what was stored is never given out. Must never draw a file anew.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from collab.content.read import read_content
from collab.content.tree import Content
from server.accounts.models import User
from server.common import providers
from server.common.errors import Unavailable
from server.publishing.pdf_pages import page_picture
from server.registry.actions.distribution import mark_opened
from server.registry.exports import CONTENT_TYPES, Form
from server.registry.issued_access import access_issued_files
from server.registry.issuing.files import Given, filled
from server.registry.issuing.steps import UNOPENED
from server.registry.models import IssuedFiles, OutgoingDocument
from storage.ports import BlobDamaged, BlobMissing

logger = logging.getLogger(__name__)


class FileForm(StrEnum):
    """The two files that go out."""

    PDF = "pdf"
    DOCX = "docx"


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """`digest` is the SHA-256 of `data`."""

    name: str
    content_type: str
    data: bytes
    digest: str


def read_issued(
    actor: User, document_id: UUID | str, form: FileForm = FileForm.PDF
) -> IssuedFile:
    """Who received it has opened it then, whatever way they came.

    Raises as `access_issued_files`, and Unavailable `file_damaged`."""
    access = access_issued_files(actor, document_id)
    if access.recipient is not None and access.recipient.state in UNOPENED:
        mark_opened(actor, access.recipient.pk)
    return issued_file_of(access.files, form)


def issued_file_of(files: IssuedFiles, form: FileForm) -> IssuedFile:
    """The caller has passed a door. Raises Unavailable `file_damaged`."""
    digest = str(getattr(files, form.value))
    try:
        data = providers.blob_store.get().get(digest)
    except (BlobMissing, BlobDamaged) as fault:
        logger.error("issued file %s of %s: %r", digest, files.document_id, fault)
        raise Unavailable(
            _("Tệp đã phát hành không đọc được. Hãy báo cho quản trị viên."),
            code="file_damaged",
        ) from fault
    return IssuedFile(
        name=issued_name(files.document, form),
        content_type=CONTENT_TYPES[Form(form.value)],
        data=data,
        digest=digest,
    )


def issued_content(document: OutgoingDocument) -> Content:
    """The text of an issued document with its number and date, as the files that went
    out show it. The caller has passed a door."""
    files = IssuedFiles.objects.get(document=document)
    state = providers.blob_store.get().get(files.state)
    given = Given.of(document)
    return filled(read_content(state), given)


def read_page(actor: User, document_id: UUID | str, page: int) -> tuple[bytes, str]:
    """PNG of a page of the PDF, counted from 1, and a tag that changes with it.

    Raises as `read_issued`, and NotFound for a page that is not there.
    """
    file = read_issued(actor, document_id)
    return page_picture(file.data, page), f"{file.digest}-{page}"


def issued_name(document: OutgoingDocument, form: FileForm) -> str:
    """`328-VPUBND-HCTC.pdf`: the number as a name that every file system takes."""
    stem = document.full_number.replace("/", "-")
    kept = "".join(" " if c in '\\:*?"<>|' else c for c in stem)
    return f"{' '.join(kept.split()) or 'van-ban'}.{form.value}"
