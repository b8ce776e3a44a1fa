"""What reviewers leave behind: threads, versions, opinion rounds. Rows only."""

from server.review.models.threads import (
    BODY,
    COMMENT_LENGTH,
    CONTEXT_LENGTH,
    FILE_NAME_LENGTH,
    KEY_LENGTH,
    PART_LENGTH,
    POSITION_LENGTH,
    QUOTE_LENGTH,
    CommentFile,
    Mention,
    Thread,
    ThreadBook,
    ThreadComment,
    ThreadRead,
    ThreadState,
)

__all__ = [
    "BODY",
    "COMMENT_LENGTH",
    "CONTEXT_LENGTH",
    "FILE_NAME_LENGTH",
    "KEY_LENGTH",
    "PART_LENGTH",
    "POSITION_LENGTH",
    "QUOTE_LENGTH",
    "CommentFile",
    "Mention",
    "Thread",
    "ThreadBook",
    "ThreadComment",
    "ThreadRead",
    "ThreadState",
]
