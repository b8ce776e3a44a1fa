"""Personal access tokens: 256 random bits, shown once, kept only as a digest.

The secret is random over its whole length, so a plain SHA-256 is enough to keep it:
there is nothing to guess, and a lookup stays one indexed read.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from server.accounts.models import AccessToken
from server.common import clock

MARK = "dth_"
USE_IS_WRITTEN_EVERY = timedelta(minutes=1)


def new_secret() -> str:
    return MARK + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find(secret: str) -> AccessToken | None:
    """The living token with this secret, its user loaded; None for every other case.

    Notes the use at most once a minute, so that a busy script costs no write a call.
    """
    if not secret.startswith(MARK) or len(secret) > 200:
        return None
    token = (
        AccessToken.objects.select_related("user").filter(digest=digest(secret)).first()
    )
    if token is None or not is_alive(token):
        return None
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at >= USE_IS_WRITTEN_EVERY:
        token.last_used_at = now
        token.save(update_fields=["last_used_at"])
    return token


def is_alive(token: AccessToken) -> bool:
    """Neither revoked nor expired, and its owner still works here."""
    return (
        token.revoked_at is None
        and token.expires_at > clock.now()
        and token.user.is_active
    )
