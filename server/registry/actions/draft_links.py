"""Say anew which issued document a draft replaces or corrects, or that it does neither.

Whoever may write the draft decides that, as the letterhead, but only while it is being
drafted: everybody who approves it approves what its issue does to another document, so
a draft on its way is taken back first. Must never touch the other document: nothing
happens to that one before the issue.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock
from server.common.errors import Conflict, NotAllowed, NotFound
from server.registry import events
from server.registry.abilities import Action
from server.registry.access import access_draft, as_id
from server.registry.actions.linked_drafts import access_target, record_linked
from server.registry.models import Draft, DraftLink, LinkKind
from server.registry.workflow.table import State


@transaction.atomic
def link_draft(
    actor: User, draft_id: UUID | str, kind: LinkKind, document_id: UUID | str
) -> DraftLink:
    """The draft replaces or corrects this document, and no other one.

    Raises what the doors of draft and document raise, as when such a draft is begun;
    Conflict `in_process` on its way to a signature; NotAllowed for a document of
    another organisation.
    """
    draft = _writable(actor, draft_id)
    document = access_target(actor, document_id, kind)
    if draft.organisation_id != document.organisation_id:
        raise NotAllowed(_("Chỉ người của cơ quan ban hành soạn văn bản này."))
    link = DraftLink.objects.filter(draft=draft).select_related("document").first()
    if link is None:
        link = DraftLink(draft=draft)
        before = {}
    elif (link.kind, link.document_id) == (kind, document.pk):
        return link
    else:
        before = {"before_kind": link.kind, "before": link.document.full_number}
    link.kind, link.document = kind, document
    link.by, link.at = actor, clock.now()
    link.save()
    record_linked(actor, link, **before)
    events.linked(draft.pk)
    return link


@transaction.atomic
def unlink_draft(actor: User, draft_id: UUID | str) -> None:
    """The draft replaces and corrects nothing. Raises as `link_draft`, and NotFound
    when that is so already."""
    draft = _writable(actor, draft_id)
    link = DraftLink.objects.filter(draft=draft).select_related("document").first()
    if link is None:
        raise NotFound
    audit.record(
        actor,
        "draft.unlinked",
        "draft",
        draft.pk,
        kind=link.kind,
        document=str(link.document_id),
        full_number=link.document.full_number,
    )
    link.delete()
    events.linked(draft.pk)


def may_relink(draft: Draft, *, may_write: bool) -> bool:
    """Whether somebody who may (or may not) write it may do either now."""
    return may_write and draft.state == State.DRAFTING


def _writable(actor: User, draft_id: UUID | str) -> Draft:
    """Held: a submission waits for this, or is seen by it."""
    Draft.objects.select_for_update().filter(pk=as_id(draft_id)).first()
    draft = access_draft(actor, draft_id, Action.WRITE).draft
    if not may_relink(draft, may_write=True):
        raise Conflict(
            _(
                "Dự thảo đang được trình duyệt. Hãy rút về hoặc trả lại rồi mới đổi văn"
                " bản mà nó thay thế, đính chính."
            ),
            code="in_process",
        )
    return draft
