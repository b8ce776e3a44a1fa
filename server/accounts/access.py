"""Who stands behind a credential, and which roles and units they hold.

A credential is a session or a token. The WebSocket edge asks `authenticate_credentials`
once, then `credential_alive` again and again: a session that ended or a token that was
revoked must not go on editing. Must never say why a credential was refused.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from importlib import import_module

from django.conf import settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.utils.crypto import constant_time_compare

from server.accounts import tokens
from server.accounts.models import AccessToken, Membership, Role, TokenScope, User
from server.common.errors import NotFound

_SESSION = "session:"
_TOKEN = "token:"  # noqa: S105 - a prefix, not a secret


def authenticate_credentials(
    cookies: Mapping[str, str], token: str | None
) -> tuple[User, str] | None:
    """The person and the id of the credential, or None. Blocks: it reads the database.

    A token, once shown, decides alone; else the session cookie does.
    """
    if token:
        found = tokens.find(token)
        return (found.user, f"{_TOKEN}{found.id}") if found else None
    key = cookies.get(settings.SESSION_COOKIE_NAME, "")
    user = _user_of_session(key) if key else None
    return (user, f"{_SESSION}{key}") if user else None


def credential_alive(user_id: uuid.UUID | str, credential_id: str) -> bool:
    """Whether this credential would still sign in this person. Blocks."""
    if credential_id.startswith(_TOKEN):
        token_id = _uuid(credential_id.removeprefix(_TOKEN))
        if token_id is None:
            return False
        token = AccessToken.objects.select_related("user").filter(id=token_id).first()
        return (
            token is not None
            and str(token.user_id) == str(user_id)
            and tokens.is_alive(token)
        )
    user = _user_of_session(credential_id.removeprefix(_SESSION))
    return user is not None and str(user.id) == str(user_id)


def credential_reads_only(credential_id: str) -> bool:
    """Whether this is a token whose scope is to read. Blocks: it reads the database."""
    if not credential_id.startswith(_TOKEN):
        return False
    token_id = _uuid(credential_id.removeprefix(_TOKEN))
    tokens_that_write = AccessToken.objects.filter(scope=TokenScope.WRITE)
    return token_id is None or not tokens_that_write.filter(id=token_id).exists()


def _user_of_session(key: str) -> User | None:
    """As AuthenticationMiddleware does: session, active user, hash of the password."""
    engine = import_module(settings.SESSION_ENGINE)
    session = engine.SessionStore(session_key=key)
    user_id = _uuid(session.get(SESSION_KEY))
    if (
        user_id is None
        or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS
    ):
        return None
    user = User.objects.filter(id=user_id, is_active=True).first()
    if user is None:
        return None
    given = session.get(HASH_SESSION_KEY, "")
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return user if any(constant_time_compare(given, h) for h in hashes) else None


def _uuid(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None


def access_token(user: User, token_id: uuid.UUID) -> AccessToken:
    """The user's own, not revoked token. Raises NotFound for anybody else's."""
    token = user.tokens.filter(id=token_id, revoked_at=None).first()
    if token is None:
        raise NotFound
    return token


def has_role(user: User, *roles: Role) -> bool:
    """Whether the user holds one of the roles in any unit."""
    return Membership.objects.filter(user=user, role__in=roles).exists()


def administered_by(user: User) -> frozenset[uuid.UUID]:
    """The organisations in which the user is an administrator. One query."""
    held = Membership.objects.filter(user=user, role=Role.ADMINISTRATOR)
    return frozenset(held.values_list("unit__organisation_id", flat=True))
