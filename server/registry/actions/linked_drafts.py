"""Begin the draft that will replace or correct an issued document.

An error of content is mended by a document that takes its place and begins as its text;
one of form by a công văn đính chính (Decree 30/2020, article 18.3). Nothing happens to
the old document before the new one is issued (`sending.link_document`). Several may be
begun side by side; a document is replaced once, so the second replacement is refused
when it would be issued.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from collab.content.read import read_content
from collab.content.tree import Content
from server.accounts.models import Unit, User
from server.common import audit, clock, providers
from server.common.errors import Conflict, NotAllowed
from server.common.ids import new_id
from server.registry import first_text
from server.registry.actions.drafts import begin, known_type, norm_of, unit_of
from server.registry.actions.imports import with_addresses
from server.registry.document_types import DocumentType
from server.registry.issued_access import (
    access_distribution,
    access_issued_files,
)
from server.registry.models import (
    DocumentLink,
    Draft,
    DraftImage,
    DraftLink,
    DraftSource,
    LinkKind,
    OutgoingDocument,
    OutgoingState,
)
from server.registry.procedure import PROCEDURE


@transaction.atomic
def begin_linked_draft(actor: User, document_id: UUID | str, kind: LinkKind) -> Draft:
    """A new draft of the actor's, linked to the document.

    Raises NotFound for who does not read the book, or for whom the text that is to be
    replaced is closed; Conflict `replaced` for a document that was replaced already,
    `recalled` when what was taken back is to be corrected.
    """
    document = access_target(actor, document_id, kind)
    images: tuple[DraftImage, ...]
    unit, key = unit_of(actor, None), new_id()
    if unit is None or unit.organisation_id != document.organisation_id:
        raise NotAllowed(_("Chỉ người của cơ quan ban hành soạn văn bản này."))
    if kind is LinkKind.CORRECTS:
        named = known_type(correction_type(), norm_of(unit))
        title = f"Đính chính văn bản số {document.full_number}"
        content = _correction(document, named, unit, title)
        images = ()
    else:
        named = known_type(document.document_type)
        title = f"Thay thế văn bản số {document.full_number}"
        content = _same_text(actor, document, key)
        images = tuple(DraftImage.objects.filter(draft=document.draft_id))
    draft = begin(
        actor,
        key,
        title=title,
        kind=named,
        unit=unit,
        source=DraftSource.TEMPLATE,
        content=content,
    )
    _copy_images(images, draft)
    link = DraftLink.objects.create(
        draft=draft, kind=kind, document=document, by=actor, at=clock.now()
    )
    record_linked(actor, link)
    return draft


def correction_type() -> str:
    """What a correction is today, whatever it corrects."""
    return PROCEDURE.on(clock.today()).correction.document_type


def record_linked(actor: User, link: DraftLink, **before: str) -> None:
    """Into the audit trail: what the draft replaces or corrects, and what it did."""
    audit.record(
        actor,
        "draft.linked",
        "draft",
        link.draft_id,
        kind=LinkKind(link.kind).value,
        document=str(link.document_id),
        full_number=link.document.full_number,
        **before,
    )


def access_target(
    actor: User, document_id: UUID | str, kind: LinkKind
) -> OutgoingDocument:
    """An issued document that this person may let a draft replace or correct.

    Raises as `begin_linked_draft` says.
    """
    document, _keeps = access_distribution(actor, document_id)
    if kind is LinkKind.CORRECTS and document.state == OutgoingState.RECALLED:
        raise Conflict(
            _("Văn bản đã thu hồi thì không đính chính; hãy soạn văn bản thay thế."),
            code="recalled",
        )
    if is_replaced(document):
        raise Conflict(
            _("Văn bản đã được thay thế bằng văn bản khác."), code="replaced"
        )
    if kind is LinkKind.REPLACES:
        # Nobody takes the place of what he may not read.
        access_issued_files(actor, document.pk)
    return document


def is_replaced(document: OutgoingDocument) -> bool:
    """Whether another document has its place. One query for a recalled one, whose
    state does not tell."""
    if document.state != OutgoingState.RECALLED:
        return document.state == OutgoingState.REPLACED
    links = DocumentLink.objects.filter(target=document, kind=LinkKind.REPLACES)
    return links.exclude(source__state=OutgoingState.RECALLED).exists()


def second_replacement(draft: Draft) -> Conflict | None:
    """What stands against the issue of a draft whose document has been replaced since
    the draft was begun; None for every other draft. Two replacements would leave two
    documents in force for one. Certain only while `sending.lock_targets` holds the
    document. Two queries, three for a recalled one."""
    link = DraftLink.objects.filter(draft=draft).select_related("document").first()
    if link is None or link.kind != LinkKind.REPLACES:
        return None
    document = link.document
    # Nothing is done to another organisation's document.
    is_ours = document.organisation_id == draft.organisation_id
    if not is_ours or not is_replaced(document):
        return None
    return Conflict(
        _(
            "Văn bản số %(number)s đã được thay thế bằng văn bản khác nên không thay"
            " thế lần nữa được. Hãy trả lại dự thảo này để bỏ liên kết, hoặc để thay"
            " thế văn bản mới."
        )
        % {"number": document.full_number},
        code="replaced",
    )


def _correction(
    document: OutgoingDocument, kind: DocumentType, unit: Unit | None, title: str
) -> Content:
    day = document.issued_on
    named = (
        f"{document.type_name} số {document.full_number}"
        f" ngày {day:%d/%m/%Y} của {document.organisation.name}"
    )
    content = first_text.content_for(
        kind, unit, title=title, template="correction", document=named
    )
    return replace(
        content, fields=replace(content.fields, subject=f"đính chính {named}")
    )


def _same_text(actor: User, document: OutgoingDocument, draft_id: UUID) -> Content:
    """The issued text as the first one of the new draft, without number and date."""
    files = access_issued_files(actor, document.pk).files
    content = read_content(providers.blob_store.get().get(files.state))
    held = DraftImage.objects.filter(draft=document.draft_id)
    usable = dict(held.values_list("digest", "content_type"))
    return Content(
        replace(content.fields, number="", date=""),
        with_addresses(content.blocks, draft_id, usable),
    )


def _copy_images(images: Iterable[DraftImage], draft: Draft) -> None:
    """The same files under the new draft; their bytes are stored once."""
    for image in images:
        DraftImage.objects.create(
            draft=draft,
            digest=image.digest,
            content_type=image.content_type,
            size_bytes=image.size_bytes,
            added_by=draft.created_by,
            added_at=clock.now(),
        )
