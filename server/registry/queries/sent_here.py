"""The document behind a row of the incoming book that came through this system.

Whoever has the incoming document in hand reads the very files that the sender issued,
and learns whether it still holds: a recall must reach those who work on it, not only
the clerk who entered it. Reads only; the caller has passed the document's door.
"""

from __future__ import annotations

from dataclasses import dataclass

from server.registry.issuing.steps import is_waited_for
from server.registry.models import (
    IncomingDocument,
    OutgoingDocument,
    Recall,
    Recipient,
    RecipientStep,
    StepKind,
)
from server.registry.queries.public_documents import (
    PublicDocument,
    PublicStanding,
    public_document,
)

# As many as are looked at on a screen; the rest is in the PDF.
MOST_PAGES = 12


@dataclass(frozen=True, slots=True)
class SentHere:
    """`line` is the receiver's on the sender's list. `recall` says why, which the
    public does not learn; `chased` is the last time the sender asked how far it is, as
    long as it waits."""

    line: Recipient
    standing: PublicDocument
    recall: Recall | None
    chased: RecipientStep | None

    @property
    def document(self) -> OutgoingDocument:
        return self.line.document

    @property
    def is_recalled(self) -> bool:
        return self.standing.standing is PublicStanding.RECALLED

    @property
    def is_in_force(self) -> bool:
        return self.standing.standing is PublicStanding.IN_FORCE

    @property
    def pages(self) -> range:
        return range(1, min(self.document.pages or 1, MOST_PAGES) + 1)


def sent_here(incoming: IncomingDocument) -> SentHere | None:
    """None for what came on paper or another way: one query. Else five or six."""
    lines = Recipient.objects.filter(incoming=incoming).select_related("document")
    line = lines.first()
    standing = public_document(line.document) if line else None
    if line is None or standing is None:
        return None
    recall = Recall.objects.filter(document=line.document).first()
    return SentHere(line, standing, recall, _chased(line))


def _chased(line: Recipient) -> RecipientStep | None:
    if line.recall_state or not line.chased:
        return None
    if not is_waited_for(line.state, line.must_act, line.recall_state):
        return None
    asked = RecipientStep.objects.filter(recipient=line, kind=StepKind.CHASED)
    return asked.order_by("-pk").first()
