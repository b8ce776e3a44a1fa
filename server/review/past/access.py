"""The door to a draft's past.

The past holds what was taken out of the text, so it takes more than the right to read
the present: whoever may comment reads it, as with the activity. What is written there
(a name, a restored text) takes the right to write. Must never widen a right of the
registry.
"""

from __future__ import annotations

from uuid import UUID

from server.accounts.models import User
from server.registry.abilities import Action
from server.registry.access import Access, access_draft


def access_past(user: User, draft_id: UUID | str) -> Access:
    """Raises what `access_draft` raises."""
    return access_draft(user, draft_id, Action.SEE_ACTIVITY)
