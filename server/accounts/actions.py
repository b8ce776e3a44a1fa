"""Everything that changes an account. One call: rule, write, audit entry, event.

A sign-in itself is Django's; here it is recorded. Must never write a password, a
token's secret or a session key into the audit trail or the log.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from server.accounts import events, phones, tokens
from server.accounts.models import AccessToken, Language, TokenScope, User
from server.common import audit, clock, text
from server.common.errors import InvalidInput

MAX_TOKENS = 50
LONGEST_TOKEN_LIFE = timedelta(days=366)


@transaction.atomic
def sign_in(request: HttpRequest, user: User) -> None:
    """Begin a session for somebody whose password was just checked."""
    login(request, user)
    audit.record(user, "user.signed_in", "user", user.id)


def record_failed_sign_in(username: str) -> None:
    """Keep the name that was tried, cut short: it may be anything, even a password."""
    known = User.objects.filter(username=username).first()
    audit.record(
        None,
        "user.sign_in_failed",
        "user",
        known.id if known else "",
        username=username if known else "",
    )


@transaction.atomic
def sign_out(request: HttpRequest, user: User) -> None:
    logout(request)
    audit.record(user, "user.signed_out", "user", user.id)
    events.credentials_changed(user, "signed_out")


@transaction.atomic
def change_password(request: HttpRequest, user: User, password: str) -> None:
    """`password` has passed the rules. Every other session of the person ends."""
    user.set_password(password)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
    audit.record(user, "user.password_changed", "user", user.id)
    events.credentials_changed(user, "password_changed")


@transaction.atomic
def change_profile(user: User, *, phone: str, email: str, language: str) -> None:
    """What a person may change about themself. Raises InvalidInput for a bad value."""
    if language not in Language.values:
        raise InvalidInput(fields={"language": _("Chọn một ngôn ngữ trong danh sách.")})
    new = {"phone": phones.normalised(phone), "email": email, "language": language}
    changed = {
        name: [getattr(user, name), value]
        for name, value in new.items()
        if getattr(user, name) != value
    }
    if not changed:
        return
    for name, value in new.items():
        setattr(user, name, value)
    user.save(update_fields=sorted(changed))
    audit.record(user, "user.profile_changed", "user", user.id, changed=changed)


@transaction.atomic
def mint_token(
    user: User,
    name: str,
    scope: str = TokenScope.WRITE,
    expires_at: datetime | None = None,
) -> tuple[AccessToken, str]:
    """A new token and its secret, which nobody can read again.

    Without `expires_at` it lives DUTHAO_TOKEN_DAYS days; a year is the most. Raises
    InvalidInput for an empty name, an unknown scope, a wrong time or too many tokens.
    """
    now = clock.now()
    name = text.nfc(name).strip()
    expires_at = expires_at or now + timedelta(days=settings.TOKEN_DAYS)
    if not 0 < len(name) <= 100:
        raise InvalidInput(fields={"name": _("Cần một tên, không quá 100 ký tự.")})
    if scope not in TokenScope.values:
        raise InvalidInput(fields={"scope": _("Chọn chỉ đọc hoặc đọc và ghi.")})
    if not now < expires_at <= now + LONGEST_TOKEN_LIFE:
        raise InvalidInput(
            fields={"expires_at": _("Hạn phải ở sau lúc này và không quá một năm.")}
        )
    if user.tokens.filter(revoked_at=None, expires_at__gt=now).count() >= MAX_TOKENS:
        raise InvalidInput(
            _("Bạn đã có quá nhiều mã truy cập. Hãy thu hồi mã không dùng."),
            code="too_many_tokens",
        )
    secret = tokens.new_secret()
    token = AccessToken.objects.create(
        user=user,
        name=name,
        digest=tokens.digest(secret),
        prefix=secret[:10],
        scope=scope,
        expires_at=expires_at,
    )
    audit.record(
        user,
        "token.minted",
        "token",
        token.id,
        name=name,
        scope=str(scope),
        expires_at=expires_at.isoformat(),
    )
    return token, secret


@transaction.atomic
def revoke_token(actor: User, token: AccessToken) -> None:
    """End the token now, in open connections too. Revoking twice changes nothing."""
    ended = AccessToken.objects.filter(id=token.id, revoked_at=None).update(
        revoked_at=clock.now()
    )
    if ended:
        audit.record(actor, "token.revoked", "token", token.id, name=token.name)
        events.credentials_changed(token.user, "token_revoked")
