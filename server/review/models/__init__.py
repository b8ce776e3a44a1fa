"""What reviewers leave behind: threads, versions, opinion rounds. Rows only."""

from server.review.models.versions import (
    VERSION_NAME_LENGTH,
    LastSeen,
    Version,
    VersionKind,
)

__all__ = ["VERSION_NAME_LENGTH", "LastSeen", "Version", "VersionKind"]
