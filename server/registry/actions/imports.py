"""Begin a draft from a .docx file.

The file is read before the transaction, which is short; images are stored with the
row, so that a file which cannot be used leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise

from collab.content.tree import Block, Content, Fields, Image, ListBlock, Table
from server.accounts.models import Unit, User
from server.common import audit
from server.common.errors import AppError
from server.common.ids import new_id
from server.publishing.docx_import import from_docx
from server.publishing.docx_package import Limits
from server.registry import first_text
from server.registry.actions.drafts import begin, known_type, norm_of, unit_of
from server.registry.actions.images import check_image, image_address, keep_image
from server.registry.document_types import DocumentType
from server.registry.models import TITLE_LENGTH, Draft, DraftSource
from server.registry.naming import clean_title
from server.registry.secrecy import refuse_marked, refuse_marked_content


@dataclass(frozen=True, slots=True)
class Note:
    """Something that could not be kept: a stable code, a sentence, how many times."""

    code: str
    message: str | Promise
    count: int = 1


def import_docx(
    actor: User,
    *,
    filename: str,
    data: bytes,
    title: str = "",
    type_code: str = "CV",
    unit_id: UUID | str | None = None,
) -> tuple[Draft, tuple[Note, ...]]:
    """A new draft with what the file holds, and notes on what it could not keep.

    The title is the given one, else the file's subject, else its name. Raises
    InvalidInput for a file that is not a sound .docx, TooLarge for one over a limit,
    Conflict `state_secret` for one that bears a secrecy mark.
    """
    unit = unit_of(actor, unit_id)
    kind = known_type(type_code, norm_of(unit))
    limits = Limits(
        max_bytes=settings.MAX_IMPORT_BYTES, max_image_bytes=settings.MAX_IMAGE_BYTES
    )
    imported = from_docx(data, limits)
    refuse_marked([title, filename.removesuffix(".docx"), *imported.stamped])
    refuse_marked_content(imported.content)
    draft_id = new_id()
    usable, notes = _checked_images(imported.images)
    name = PurePosixPath(filename.replace("\\", "/")).name
    subject = " ".join(imported.content.fields.subject.split())
    stem = name.removesuffix(".docx")
    cleaned = clean_title((title or subject or stem)[:TITLE_LENGTH])
    content = Content(
        _fields(imported.content.fields, kind, unit, cleaned),
        with_addresses(imported.content.blocks, draft_id, usable),
    )
    with transaction.atomic():
        draft = begin(
            actor,
            draft_id,
            title=cleaned,
            kind=kind,
            unit=unit,
            source=DraftSource.DOCX,
            content=content,
        )
        audit.record(
            actor, "draft.imported", "draft", draft_id, title=cleaned, filename=name
        )
        for digest, content_type in usable.items():
            keep_image(actor, draft, imported.images[digest], content_type)
    kept = tuple(Note(w.code, w.message, w.count) for w in imported.warnings)
    return draft, (*kept, *notes)


def _checked_images(
    images: Mapping[str, bytes],
) -> tuple[dict[str, str], tuple[Note, ...]]:
    """The content type of each usable image, and a note on each that is not."""
    usable: dict[str, str] = {}
    refused: dict[str, Note] = {}
    for digest, data in images.items():
        try:
            usable[digest] = check_image(data)
        except AppError as error:
            sentence = str(error.message)
            before = refused.get(sentence)
            count = before.count + 1 if before else 1
            refused[sentence] = Note("image_left_out", error.message, count)
    return usable, tuple(refused.values())


def _fields(found: Fields, kind: DocumentType, unit: Unit | None, title: str) -> Fields:
    """What the file says, completed by the letterhead of the author's office."""
    ours = first_text.content_for(kind, unit, title=title, blank=True).fields
    said = {
        name: value
        for name in Fields.__dataclass_fields__
        if (value := getattr(found, name)) and name not in {"schema", "document_type"}
    }
    return replace(ours, **said)


def with_addresses(
    blocks: Sequence[Block], draft_id: UUID, usable: Mapping[str, str]
) -> tuple[Block, ...]:
    """Images get the address at which the draft serves them; unusable ones go."""
    result: list[Block] = []
    for block in blocks:
        if isinstance(block, Image):
            digest = block.src.rsplit("/", 1)[-1]
            if digest in usable:
                result.append(replace(block, src=image_address(draft_id, digest)))
        elif isinstance(block, ListBlock):
            items = tuple(with_addresses(i, draft_id, usable) for i in block.items)
            result.append(replace(block, items=items))
        elif isinstance(block, Table):
            rows = tuple(
                replace(
                    row,
                    cells=tuple(
                        replace(
                            cell, blocks=with_addresses(cell.blocks, draft_id, usable)
                        )
                        for cell in row.cells
                    ),
                )
                for row in block.rows
            )
            result.append(replace(block, rows=rows))
        else:
            result.append(block)
    return tuple(result)
