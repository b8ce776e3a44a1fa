"""The committed text of a draft as a file: .docx, PDF or plain text.

What is exported is what the log holds at that moment, the same bytes that every
browser has as "saved". Must never wait for or ask a live room.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from collab.content.read import plain_text, read_content
from collab.content.state import merged_state
from collab.content.tree import Content
from server.accounts.models import User
from server.common import providers
from server.common.errors import NotFound
from server.publishing.docx_export import to_docx
from server.publishing.pdf_export import to_pdf
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.models import Draft, DraftImage
from server.registry.texts import standing
from storage.ports import BlobMissing


class Form(StrEnum):
    DOCX = "docx"
    PDF = "pdf"
    TEXT = "txt"


CONTENT_TYPES = {
    Form.DOCX: "application/vnd.openxmlformats-officedocument"
    ".wordprocessingml.document",
    Form.PDF: "application/pdf",
    Form.TEXT: "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class ExportedFile:
    name: str
    content_type: str
    data: bytes


with_review: providers.Slot[Callable[[User, UUID | str], ExportedFile]] = (
    providers.Slot("with_review")
)


def export(actor: User, draft_id: UUID | str, form: Form) -> ExportedFile:
    """Raises what `access_draft` raises, and NotFound when the text is gone."""
    draft = access_draft(actor, draft_id, Action.EXPORT).draft
    content = committed_content(draft)
    return ExportedFile(
        file_name(draft, form), CONTENT_TYPES[form], _render(draft, content, form)
    )


def export_for_review(actor: User, draft_id: UUID | str) -> ExportedFile:
    """The .docx with suggestions and comments, for a colleague who works in Word.

    Raises what `export` raises. Comments are of an app above this one, which fills the
    slot."""
    return with_review.get()(actor, draft_id)


def committed_content(draft: Draft) -> Content:
    """What stands: suggestions are left out until somebody accepts them."""
    stored = providers.document_store.get().load(str(draft.pk))
    if stored is None:
        raise NotFound
    return standing(read_content(merged_state(stored)))


def file_name(draft: Draft, form: Form) -> str:
    """The title, without what file systems refuse; short enough for all of them."""
    kept = "".join(" " if c in '\\/:*?"<>|' else c for c in draft.title)
    stem = " ".join(kept.split())[:80].strip(" .") or "du-thao"
    return f"{stem}.{form.value}"


def _render(draft: Draft, content: Content, form: Form) -> bytes:
    if form is Form.TEXT:
        return plain_text(content).encode()
    make = to_docx if form is Form.DOCX else to_pdf
    return make(content, image_reader(draft))


def image_reader(draft: Draft) -> Callable[[str], bytes | None]:
    """Bytes for an image address of this draft; None for any other address."""
    held = set(DraftImage.objects.filter(draft=draft).values_list("digest", flat=True))

    def read(src: str) -> bytes | None:
        digest = src.rsplit("/", 1)[-1]
        if digest not in held:
            return None
        try:
            return providers.blob_store.get().get(digest)
        except BlobMissing:
            return None

    return read
