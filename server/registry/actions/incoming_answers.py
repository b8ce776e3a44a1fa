"""From an incoming document to the draft that answers it, and back when it is issued.

`begin_answer` starts the draft and remembers what it answers; `link_answer_of` is
called by the act that issues a draft, in its transaction. Must never put an answer over
one that stands in the book already.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from collab.content.tree import Content, Paragraph, Run
from server.accounts.models import Unit, User
from server.common import audit, clock
from server.common.errors import NotAllowed
from server.common.ids import new_id
from server.registry import first_text
from server.registry.actions.drafts import begin, known_type, norm_of, unit_of
from server.registry.actions.handling import finish, write_answer
from server.registry.actions.recipient_steps import report_settled
from server.registry.document_types import DocumentType
from server.registry.incoming_access import access_incoming_document, live_forwardings
from server.registry.models import (
    TITLE_LENGTH,
    Draft,
    DraftAnswers,
    DraftSource,
    ForwardingRole,
    IncomingDocument,
    NumberState,
    OutgoingDocument,
)
from server.registry.naming import clean_title
from server.registry.search.incoming import index_incoming

LETTER = "CV"


@transaction.atomic
def begin_answer(
    actor: User,
    document_id: UUID | str,
    *,
    type_code: str = LETTER,
    unit_id: UUID | str | None = None,
) -> Draft:
    """Begin a draft that answers, addressed to the issuer and referring to its letter.

    Raises what the door and `create_draft` raise; NotAllowed for those who neither
    settle nor direct the document, or when it is answered.
    """
    access = access_incoming_document(actor, document_id)
    if not access.may_answer:
        raise NotAllowed(_("Chỉ nơi chủ trì soạn văn bản trả lời, khi chưa trả lời."))
    unit = unit_of(actor, unit_id)
    kind = known_type(type_code, norm_of(unit))
    title = clean_title(_title(access.document))
    draft = begin(
        actor,
        new_id(),
        title=title,
        kind=kind,
        unit=unit,
        source=DraftSource.TEMPLATE,
        content=_content(kind, unit, title, access.document),
    )
    remember_answer(actor, draft, access.document)
    return draft


def remember_answer(
    actor: User, draft: Draft, document: IncomingDocument
) -> DraftAnswers:
    """The draft answers this document; said twice it is said once."""
    link, is_new = DraftAnswers.objects.get_or_create(
        draft=draft, document=document, defaults={"by": actor, "at": clock.now()}
    )
    if is_new:
        audit.record(
            actor, "incoming.answer_begun", "incoming", document.pk, draft=str(draft.pk)
        )
    return link


@transaction.atomic
def link_answer_of(
    draft: Draft, outgoing: OutgoingDocument
) -> tuple[IncomingDocument, ...]:
    """The draft was issued as `outgoing`: what it answers is answered from now on.

    To be called inside the transaction that issues. Fills answer, answer_number and
    answered_on, and finishes the lead's part of each document; one that has an answer,
    or whose number is void, is left as it is. Returns the documents that were changed.
    The deed is that of `outgoing.created_by`.
    """
    links = DraftAnswers.objects.filter(draft=draft).order_by("pk")
    documents = IncomingDocument.objects.select_for_update().filter(
        pk__in=links.values("document"),
        answered_on__isnull=True,
        # Nobody answers in another organisation's book.
        organisation_id=outgoing.organisation_id,
    )
    changed = []
    actor = outgoing.created_by
    for document in documents.exclude(issued_number__state=NumberState.VOID):
        write_answer(document, outgoing)
        document.progress = "Đã trả lời"
        document.save(update_fields=["progress"])
        index_incoming(document)
        audit.record(
            actor, "incoming.answered", "incoming", document.pk,
            answer=str(outgoing.pk), full_number=outgoing.full_number,
        )  # fmt: skip
        lead = live_forwardings().filter(document=document, role=ForwardingRole.LEAD)
        for forwarding in lead:
            if forwarding.is_open:
                finish(actor, forwarding, f"Đã trả lời: {outgoing.full_number}")
        # Also where nobody led: the clerk may answer without forwarding it.
        report_settled(actor, document)
        changed.append(document)
    return tuple(changed)


def named(document: IncomingDocument) -> str:
    """As a text refers to it: "Công văn số 12/SNV ngày 05/01/2026 của Sở Nội vụ"."""
    number = f" số {document.full_number}" if document.full_number else ""
    day = f" ngày {document.issued_on:%d/%m/%Y}" if document.issued_on else ""
    return f"{document.type_name}{number}{day} của {document.issuer}"


def _title(document: IncomingDocument) -> str:
    number = f" số {document.full_number}" if document.full_number else ""
    start = f"V/v trả lời {document.type_name}{number} của "
    return (start + document.issuer)[:TITLE_LENGTH]


def _content(
    kind: DocumentType, unit: Unit | None, title: str, document: IncomingDocument
) -> Content:
    """The first text of its type; whom it goes to is known, and a letter begins with
    what it answers. The rest is the author's."""
    content = first_text.content_for(kind, unit, title=title)
    fields = replace(content.fields, addressees=document.issuer)
    blocks = content.blocks
    if kind.template in ("letter", "party_letter"):
        organisation = unit.organisation.name if unit else "…"
        opening = f"Trả lời {named(document)}, {organisation} có ý kiến như sau:"
        blocks = (Paragraph((Run(opening),), style="body"), *blocks[1:])
    return replace(content, fields=fields, blocks=blocks)
