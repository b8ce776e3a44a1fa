"""Stop the text of a draft, and let it be written again.

Both happen in the caller's transaction: the log refuses or takes appends from that
commit on, and open sessions hear of it right after. Must never merge what came while
the text stood still: those edits stay proposals of their authors.
"""

from __future__ import annotations

from server.common import providers
from server.registry import events
from server.registry.models import Draft


def freeze(draft: Draft) -> None:
    """Safe to call again."""
    providers.document_store.get().set_frozen(str(draft.pk), frozen=True)
    events.frozen(draft.pk)


def thaw(draft: Draft, state: bytes, author: str = "") -> None:
    """Go on from the same content under a new epoch.

    A browser that missed the freeze still holds edits of the former epoch. It is
    refused before it can merge them, and keeps them as its own copy.
    """
    store = providers.document_store.get()
    epoch = store.start_epoch(str(draft.pk), state, author=author)
    store.set_frozen(str(draft.pk), frozen=False)
    events.thawed(draft.pk, epoch)
