"""What a peer can do wrong, each with its own close code.

    ProtocolError(close: Close)     raised by decoders and by the room; the gateway
                                    turns it into exactly one close frame

The codes are the product's contract with clients: a client acts on the number, a
person reads the name. Must never be reused for another meaning.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Close:
    """A WebSocket close (RFC 6455 §7.4.2: 4000–4999 are the application's)."""

    code: int
    name: str
    meaning: str


MALFORMED_FRAME = Close(4400, "malformed_frame", "a frame cannot be decoded")
NOT_AUTHENTICATED = Close(4401, "not_authenticated", "no valid session or token")
UNKNOWN_MESSAGE = Close(
    4402, "unknown_message", "a message type that no client may send"
)
FOREIGN_ORIGIN = Close(4403, "foreign_origin", "the page comes from another site")
NOT_AVAILABLE = Close(4404, "not_available", "the document is absent or forbidden")
AUTHENTICATION_TIMEOUT = Close(4405, "authentication_timeout", "no sign-in in time")
TOO_MANY_CONNECTIONS = Close(
    4406, "too_many_connections", "this person has too many open"
)
TOO_MANY_DOCUMENTS = Close(
    4407, "too_many_documents", "too many documents on one socket"
)
TOO_SLOW = Close(4408, "too_slow", "the peer does not read what it is sent")
WRONG_EPOCH = Close(4409, "wrong_epoch", "the browser holds a replaced copy")
OUTDATED_SCHEMA = Close(4410, "outdated_schema", "the page is older than the document")
FRAME_TOO_LARGE = Close(4413, "frame_too_large", "one frame is over the limit")
DOCUMENT_TOO_LARGE = Close(
    4414, "document_too_large", "the document would be too large"
)
TOO_FAST = Close(4429, "too_fast", "too many frames for too long")
RIGHTS_ENDED = Close(4450, "rights_ended", "the person may no longer see the document")
SERVER_RESTARTING = Close(4451, "server_restarting", "come back in a moment")
READ_ONLY = Close(4452, "read_only", "an edit from someone who may only read")
FROZEN = Close(4453, "frozen", "the document was frozen while the edit travelled")
OVERLOADED = Close(
    4454, "overloaded", "too much waits for the log; keep the edit and retry"
)
NOT_A_SUGGESTION = Close(
    4455, "not_a_suggestion", "a change of the text itself from who may only suggest"
)
UNLIKELY_TIME = Close(
    4456, "unlikely_time", "a suggestion with a time that cannot be true"
)

ALL_CLOSES = (
    MALFORMED_FRAME,
    NOT_AUTHENTICATED,
    UNKNOWN_MESSAGE,
    FOREIGN_ORIGIN,
    NOT_AVAILABLE,
    AUTHENTICATION_TIMEOUT,
    TOO_MANY_CONNECTIONS,
    TOO_MANY_DOCUMENTS,
    TOO_SLOW,
    WRONG_EPOCH,
    OUTDATED_SCHEMA,
    FRAME_TOO_LARGE,
    DOCUMENT_TOO_LARGE,
    TOO_FAST,
    RIGHTS_ENDED,
    SERVER_RESTARTING,
    READ_ONLY,
    FROZEN,
    OVERLOADED,
    NOT_A_SUGGESTION,
    UNLIKELY_TIME,
)


class ProtocolError(Exception):
    """A peer broke a rule. `detail` is for the log, never for the peer."""

    def __init__(self, close: Close, detail: str = "") -> None:
        super().__init__(f"{close.name}: {detail}" if detail else close.name)
        self.close = close
        self.detail = detail
