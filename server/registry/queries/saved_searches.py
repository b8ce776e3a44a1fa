"""Read a person's saved searches; nobody reads anybody else's."""

from __future__ import annotations

from server.accounts.models import User
from server.registry.models import SavedSearch


def saved_searches_of(user: User) -> list[SavedSearch]:
    """The newest first. One query."""
    return list(SavedSearch.objects.filter(user=user).order_by("-created_at", "-pk"))
