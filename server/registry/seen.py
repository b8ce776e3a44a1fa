"""What is on the screen of somebody who approves: the text, and what its issue does.

An approval is bound to the text (decision 0012); which other document the draft takes
the place of, or corrects, is not in the text, and stands beside it on the same page. So
whoever acts on that page says by one digest that both were seen: a page that was opened
before the draft was taken back and linked otherwise approves nothing. Must never be
written into a record: records name text and link apart.
"""

from __future__ import annotations

import hashlib
from uuid import UUID

from server.registry.models import DraftLink


def seen_digest(draft_id: UUID, digest: str) -> str:
    """Of the text with this digest and the link as it is now; without a link that of
    the text itself. Certain only while the row of the draft is held. One query."""
    link = DraftLink.objects.filter(draft=draft_id).first()
    if link is None:
        return digest
    said = f"{digest} {link.kind} {link.document_id}"
    return hashlib.sha256(said.encode()).hexdigest()
