"""Identifiers: UUID version 7 (RFC 9562), so that rows sort by the time they were made.

Random enough that a stranger cannot guess one; still never a substitute for rights.
"""

from __future__ import annotations

import secrets
import uuid

from server.common import clock


def new_id() -> uuid.UUID:
    millis = int(clock.now().timestamp() * 1000)
    value = (millis & 0xFFFFFFFFFFFF) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


# Crockford's alphabet: no letter that is read as another one from paper.
_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_CODE_LENGTH = 20


def new_code() -> str:
    """100 random bits that a person can type: what a QR code on paper carries."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_CODE_LENGTH))
