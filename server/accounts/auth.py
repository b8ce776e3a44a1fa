"""Who calls the API: a browser with its session, or a script with its token.

A request that carries an Authorization header is judged by that header alone, so a
wrong token never falls back to somebody's cookie. Must never accept a cookie for an
unsafe method without the CSRF token.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from server.accounts import tokens
from server.accounts.models import TokenScope, User
from server.common.errors import NotAllowed, SignInRequired

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SessionAuth(APIKeyCookie):
    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        # The check is our own: its answer must have the one error shape.
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        if "Authorization" in request.headers or not request.user.is_authenticated:
            return None
        if request.method not in SAFE_METHODS and check_csrf(request) is not None:
            raise NotAllowed(
                _("Trang đã cũ. Hãy tải lại trang rồi làm lại."), code="csrf_failed"
            )
        return request.user


class TokenAuth(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        found = tokens.find(token)
        if found is None:
            raise SignInRequired(
                _("Mã truy cập không đúng, đã hết hạn hoặc đã bị thu hồi."),
                code="token_refused",
            )
        translation.activate(found.user.language)
        if found.scope == TokenScope.READ and request.method not in SAFE_METHODS:
            raise NotAllowed(
                _("Mã truy cập này chỉ được đọc."), code="token_reads_only"
            )
        request.user = found.user
        return found.user


def either() -> list[Any]:
    """The `auth=` of the API."""
    return [SessionAuth(), TokenAuth()]
