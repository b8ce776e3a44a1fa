"""The committed text of a draft at one moment: its digest and its place in the log.

Reading a long draft takes a while: do it before a transaction, never while a row is
locked. Must never ask a live room.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from collab.content.digest import digest_of
from collab.content.read import plain_text, read_content
from collab.content.state import merged_state
from collab.content.suggested import original
from collab.content.suggestions import has_suggestions, has_waiting
from collab.content.tree import Content
from server.common import providers
from server.common.errors import NotFound


@dataclass(frozen=True, slots=True)
class Committed:
    """`content` is what stands; `whole` has the suggestions too, as does the digest:
    an approval is bound to what was seen. `state` is one update that stands for all."""

    content: Content
    whole: Content
    digest: str
    epoch: int
    seq: int
    state: bytes

    @property
    def place(self) -> tuple[int, int]:
        return self.epoch, self.seq

    @property
    def has_suggestions(self) -> bool:
        return has_suggestions(self.whole)

    @property
    def text(self) -> str:
        return plain_text(self.content)

    @property
    def letterhead(self) -> dict[str, str]:
        """The fields that hold something, by name."""
        held = asdict(self.content.fields)
        return {name: text for name, text in held.items() if text and name != "schema"}


def committed(draft_id: UUID) -> Committed:
    """Raises NotFound when the draft has no text."""
    stored = providers.document_store.get().load(str(draft_id))
    if stored is None:
        raise NotFound
    state = merged_state(stored)
    whole = read_content(state)
    return Committed(
        standing(whole),
        whole,
        digest_of(whole),
        stored.head.epoch,
        stored.head.last_seq,
        state,
    )


def standing(whole: Content) -> Content:
    """What a draft says now: suggestions are nobody's text until they are accepted."""
    settled = has_suggestions(whole) or has_waiting(whole)
    return original(whole) if settled else whole


def place_of(draft_id: UUID) -> tuple[int, int]:
    """Where the log stands: the same place means the same text. One query."""
    head = providers.document_store.get().head(str(draft_id))
    if head is None:
        raise NotFound
    return head.epoch, head.last_seq
