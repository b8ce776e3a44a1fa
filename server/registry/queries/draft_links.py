"""Which issued documents a draft may be said to replace or correct.

Reads only; the actions ask every door anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from server.accounts.models import User
from server.common import text
from server.common.errors import AppError
from server.registry.actions.linked_drafts import access_target
from server.registry.models import (
    DocumentLink,
    Draft,
    DraftLink,
    LinkKind,
    OutgoingDocument,
    OutgoingState,
)
from server.registry.register_access import readable_registers

SUGGESTED = 6
# A document in the place of one in the place of one …: further than anybody goes.
_FURTHEST = 20


@dataclass(frozen=True, slots=True)
class Linkable:
    """A document, and as what a draft of this person may be linked to it."""

    document: OutgoingDocument
    kinds: tuple[LinkKind, ...]


def linkable(user: User, draft: Draft, q: str) -> tuple[Linkable, ...]:
    """Newest first, by number or subject. Without words: what took the place of the
    document that the draft was to replace, which is mostly what is meant then."""
    rows = OutgoingDocument.objects.filter(
        organisation=draft.organisation_id,
        register__in=readable_registers(user),
        issued_files__isnull=False,
    )
    words = text.search_key(q).split()
    if words:
        for word in words:
            rows = rows.filter(search_key__contains=word)
    else:
        rows = rows.filter(pk__in=_successors(draft))
    found = rows.exclude(state=OutgoingState.REPLACED).order_by("-issued_on", "-number")
    offered = (Linkable(row, _kinds(user, row)) for row in found[:SUGGESTED])
    return tuple(one for one in offered if one.kinds)


def _successors(draft: Draft) -> list[UUID]:
    """The last document of the line. As many queries as it is long, and one more."""
    link = DraftLink.objects.filter(draft=draft).first()
    at = link.document_id if link else None
    found: list[UUID] = []
    for _step in range(_FURTHEST):
        later = DocumentLink.objects.filter(target=at, kind=LinkKind.REPLACES)
        later = later.exclude(source__state=OutgoingState.RECALLED)
        at = later.values_list("source", flat=True).first() if at else None
        if at is None:
            break
        found = [at]
    return found


def _kinds(user: User, document: OutgoingDocument) -> tuple[LinkKind, ...]:
    return tuple(kind for kind in LinkKind if _may(user, document, kind))


def _may(user: User, document: OutgoingDocument, kind: LinkKind) -> bool:
    try:
        access_target(user, document.pk, kind)
    except AppError:
        return False
    return True
