"""Names of the channels in Redis: one prefix, and one channel that means "you missed".

Must never be built by hand elsewhere: two spellings would be two silent halves.
"""

from __future__ import annotations

PREFIX = "duthao:"
# A publisher that had to drop messages says so here, because its subscribers' own
# connections did not break and cannot tell. "!" cannot begin a topic.
MISSED = f"{PREFIX}!missed"
MAX_TOPIC_LENGTH = 99


def channel(topic: str) -> str:
    """Raises ValueError for a topic that the port does not allow."""
    if (
        not topic
        or topic.startswith("!")
        or len(topic) > MAX_TOPIC_LENGTH
        or not topic.isascii()
        or not topic.isprintable()
    ):
        raise ValueError(f"not a topic: {topic!r}")
    return PREFIX + topic
