"""What this app tells others. The payload never holds a secret or a session key."""

from __future__ import annotations

from server.accounts.models import User
from server.common import outbox

# A session or token of the person may have ended: ask `credential_alive` again.
CREDENTIALS_CHANGED = "user.credentials_changed"
# The person's roles or units changed: rights that follow from them must be asked again.
MEMBERSHIPS_CHANGED = "user.memberships_changed"


def credentials_changed(user: User, reason: str) -> None:
    outbox.emit(CREDENTIALS_CHANGED, user.id, reason=reason)


def memberships_changed(user: User) -> None:
    outbox.emit(MEMBERSHIPS_CHANGED, user.id)
