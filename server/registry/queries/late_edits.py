"""Edits that came after the text stood still: who, when, and what they would say.

They are kept for their authors and never merged. The text shown here is made in a
scratch document that is thrown away. Must never write.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pycrdt import merge_updates

from collab.content.read import plain_text, read_content
from collab.content.suggested import final
from collab.ports import Level
from server.accounts.models import User
from server.common import providers
from server.common.errors import NotFound
from server.registry.access import Access
from server.registry.texts import committed
from storage.ports import Proposal


@dataclass(frozen=True, slots=True)
class LateEdit:
    """`number` counts from 1 in the order in which they came; it never changes."""

    number: int
    author: str
    at: datetime
    may_read: bool


def late_edits_of(access: Access, reader: User) -> tuple[LateEdit, ...]:
    """Newest first. A browser may send an edit again and again: it is listed once.

    The author and those who may write the draft may read it; others see that it is
    there.
    """
    found = _distinct(access)
    names = _names({proposal.author for proposal in found.values()})
    return tuple(
        LateEdit(
            number,
            names.get(proposal.author, ""),
            proposal.at,
            _may_read(access, reader, proposal),
        )
        for number, proposal in reversed(found.items())
    )


def late_edit_text(access: Access, reader: User, number: int) -> str:
    """The draft as it would read with this edit. Raises NotFound."""
    proposal = _distinct(access).get(number)
    if proposal is None or not _may_read(access, reader, proposal):
        raise NotFound
    base = committed(access.draft.pk)
    try:
        with_edit = merge_updates(base.state, proposal.update)
        # With all suggestions: a late one must be read too.
        return plain_text(final(read_content(with_edit)))
    except ValueError:
        # Bytes that no program can read any more: say nothing of them.
        raise NotFound from None


def _may_read(access: Access, reader: User, proposal: Proposal) -> bool:
    return proposal.author == str(reader.pk) or access.level >= Level.EDIT


def _distinct(access: Access) -> dict[int, Proposal]:
    seen: set[tuple[str, bytes]] = set()
    found: dict[int, Proposal] = {}
    kept = providers.document_store.get().proposals(str(access.draft.pk))
    for number, proposal in enumerate(kept, 1):
        key = (proposal.author, proposal.update)
        if key not in seen:
            seen.add(key)
            found[number] = proposal
    return found


def _names(authors: set[str]) -> dict[str, str]:
    keys = []
    for author in authors:
        try:
            keys.append(UUID(author))
        except ValueError:
            continue
    rows = User.objects.filter(pk__in=keys).values_list("pk", "full_name")
    return {str(key): name for key, name in rows}
