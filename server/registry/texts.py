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
from collab.content.tree import Content
from server.common import providers
from server.common.errors import NotFound


@dataclass(frozen=True, slots=True)
class Committed:
    """`state` is one update that stands for the whole document."""

    content: Content
    digest: str
    epoch: int
    seq: int
    state: bytes

    @property
    def place(self) -> tuple[int, int]:
        return self.epoch, self.seq

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
    content = read_content(state)
    return Committed(
        content, digest_of(content), stored.head.epoch, stored.head.last_seq, state
    )


def place_of(draft_id: UUID) -> tuple[int, int]:
    """Where the log stands: the same place means the same text. One query."""
    head = providers.document_store.get().head(str(draft_id))
    if head is None:
        raise NotFound
    return head.epoch, head.last_seq
