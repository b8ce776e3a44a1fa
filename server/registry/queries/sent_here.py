"""The document behind a row of the incoming book that came through this system.

Whoever has the incoming document in hand reads the very files that the sender issued,
and learns whether it still holds: a recall must reach those who work on it, not only the
clerk who entered it. Reads only; the caller has passed the door of the document.
"""

from __future__ import annotations

from dataclasses import dataclass

from server.registry.models import (
    IncomingDocument,
    OutgoingDocument,
    Recall,
    Recipient,
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
    """`recall` says why, which the public does not learn."""

    document: OutgoingDocument
    standing: PublicDocument
    recall: Recall | None

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
    """None for what came on paper or another way: one query. Else five."""
    lines = Recipient.objects.filter(incoming=incoming).select_related("document")
    line = lines.first()
    standing = public_document(line.document) if line else None
    if line is None or standing is None:
        return None
    recall = Recall.objects.filter(document=line.document).first()
    return SentHere(line.document, standing, recall)
