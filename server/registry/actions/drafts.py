"""Create, rename, archive and restore drafts.

The row, the creator's right and the document's log begin in one transaction, so no
draft exists without a text and no text without an owner.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from collab.content.tree import Content
from collab.content.write import build_update
from collab.ports import Level
from server.accounts.models import Unit, User
from server.common import audit, clock, providers
from server.common.errors import InvalidInput
from server.common.ids import new_id
from server.publishing.rules import Kind
from server.registry import events, first_text
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.document_types import DocumentType, find
from server.registry.models import Draft, DraftShare, DraftSource, Norm
from server.registry.naming import clean_title, search_key_of, title_key_of
from server.registry.search.entries import index_new_draft, refresh_draft
from server.registry.standing import policy_of

# Lists show minutes; a busy room must not rewrite the row with every flush.
TOUCH_EVERY = timedelta(seconds=30)


def create_draft(
    actor: User,
    *,
    title: str,
    type_code: str,
    source: DraftSource = DraftSource.TEMPLATE,
    unit_id: UUID | str | None = None,
) -> Draft:
    """Begin a draft from the type's template, or blank. Anyone signed in may.

    `unit_id` is one of the creator's units; None means the primary one. Raises
    InvalidInput for an empty or too long title, an unknown type, a foreign unit.
    """
    unit = unit_of(actor, unit_id)
    kind = known_type(type_code, norm_of(unit))
    title = clean_title(title)
    content = first_text.content_for(
        kind, unit, title=title, blank=source == DraftSource.BLANK
    )
    return begin(
        actor, new_id(), title=title, kind=kind, unit=unit, source=source,
        content=content,
    )  # fmt: skip


@transaction.atomic
def begin(
    actor: User,
    draft_id: UUID,
    *,
    title: str,
    kind: DocumentType,
    unit: Unit | None,
    source: DraftSource,
    content: Content,
) -> Draft:
    """Store a draft whose parts were checked by the caller (create or import)."""
    now = clock.now()
    draft = Draft.objects.create(
        id=draft_id,
        title=title,
        document_type=kind.code,
        source=source,
        created_by=actor,
        unit=unit,
        organisation=unit.organisation if unit else None,
        created_at=now,
        updated_at=now,
        search_key=search_key_of(title, kind, actor),
        title_key=title_key_of(title),
    )
    DraftShare.objects.create(
        draft=draft, user=actor, level=Level.OWN, granted_by=actor, at=now
    )
    providers.document_store.get().create(
        str(draft.pk), build_update(content), author=str(actor.pk)
    )
    index_new_draft(draft, content)
    audit.record(
        actor,
        "draft.created",
        "draft",
        draft.pk,
        title=title,
        document_type=kind.code,
        source=source,
    )
    events.created(draft.pk)
    return draft


@transaction.atomic
def rename(actor: User, draft_id: UUID | str, title: str) -> Draft:
    """Raises InvalidInput for an unusable title, and what `access_draft` raises."""
    draft = access_draft(actor, draft_id, Action.RENAME).draft
    title = clean_title(title)
    if title == draft.title:
        return draft
    before, draft.title = draft.title, title
    kind = find(draft.document_type)
    draft.search_key = search_key_of(title, kind, draft.created_by)
    draft.title_key = title_key_of(title)
    draft.updated_at = clock.now()
    draft.save(update_fields=["title", "search_key", "title_key", "updated_at"])
    refresh_draft(draft.pk)
    audit.record(actor, "draft.renamed", "draft", draft.pk, before=before, after=title)
    events.renamed(draft.pk, title)
    return draft


@transaction.atomic
def archive(actor: User, draft_id: UUID | str) -> Draft:
    """Put away: everyone keeps reading, nobody writes until it is restored."""
    draft = access_draft(actor, draft_id, Action.ARCHIVE).draft
    draft.archived_at = clock.now()
    draft.save(update_fields=["archived_at"])
    refresh_draft(draft.pk)
    audit.record(actor, "draft.archived", "draft", draft.pk)
    events.archived(draft.pk)
    return draft


@transaction.atomic
def restore(actor: User, draft_id: UUID | str) -> Draft:
    draft = access_draft(actor, draft_id, Action.RESTORE).draft
    draft.archived_at = None
    draft.save(update_fields=["archived_at"])
    refresh_draft(draft.pk)
    audit.record(actor, "draft.restored", "draft", draft.pk)
    events.restored(draft.pk)
    return draft


def touch_updated(draft_id: UUID | str, at: datetime) -> None:
    """Note that the text changed at `at` (aware). Called after a commit of the log.

    No audit entry: the log itself says who wrote what. An unknown id is ignored.
    """
    touch_all({str(draft_id): at})


def touch_all(changed: Mapping[str, datetime]) -> None:
    """As `touch_updated`, for the drafts of a commit: one query for those that changed
    in the same second, told by the last of them. Hundreds may be written in at once."""
    seconds: dict[datetime, list[str]] = {}
    for draft_id, at in changed.items():
        seconds.setdefault(at.replace(microsecond=0), []).append(draft_id)
    for ids in seconds.values():
        last = max(changed[draft_id] for draft_id in ids)
        Draft.objects.filter(pk__in=ids, updated_at__lt=last - TOUCH_EVERY).update(
            updated_at=last
        )


def norm_of(unit: Unit | None) -> Kind:
    """Whose form the drafts of the unit's organisation have. One query, if any."""
    if unit is not None and policy_of(unit.organisation_id).norm == Norm.PARTY:
        return "party"
    return "state"


def known_type(code: str, norm: Kind | None = None) -> DocumentType:
    """A type that may be drafted under the norm, or under either if none is given."""
    kind = find(code, norm=norm)
    if kind is None:
        raise InvalidInput(
            _("Không có loại văn bản này."),
            fields={"type": _("Hãy chọn một loại trong danh mục.")},
        )
    return kind


def unit_of(actor: User, unit_id: UUID | str | None) -> Unit | None:
    """The unit a new draft belongs to: the chosen one, else the primary one."""
    memberships = actor.memberships.select_related("unit__organisation__parent")
    for membership in memberships.order_by("-is_primary", "pk"):
        if not unit_id or str(membership.unit_id) == str(unit_id):
            return membership.unit
    if unit_id:
        raise InvalidInput(
            _("Bạn không thuộc đơn vị này."),
            fields={"unit": _("Hãy chọn một đơn vị của bạn.")},
        )
    return None
