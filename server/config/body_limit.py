"""Refuse a body that is too large at the door, before any of it is written down.

Django takes in a whole request, on disk when it is large, before a view can say no. So
what the head of a request announces is judged first, and what comes without a length is
counted as it comes. `BodyLimit` stands around the ASGI application; the answer is given
by `BodyLimitMiddleware`, in the person's language. Must never keep what it refuses.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from server.common.errors import TooLarge
from server.common.http import error_response

# The file's name, the token of the form and the lines between the parts.
FORM_BYTES = 100_000
# Where anybody may send a file without signing in.
_OPEN = frozenset({"/verify/", "/api/v1/verify"})
# A browser that is still sending does not read an answer: so much is let run past, for
# so long, that people whose file is somewhat too large get to read why.
DISCARDED_BYTES = 200_000_000
DISCARDED_SECONDS = 15.0
_REFUSED = "duthao.body_refused"

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Coroutine[Any, Any, None]]


def largest_body(path: str) -> int:
    """Bytes that a request to this address may hold, its form included."""
    if path in _OPEN:
        return int(settings.MAX_VERIFY_BYTES) + FORM_BYTES
    return max(
        int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
        int(settings.MAX_VERIFY_BYTES) + FORM_BYTES,
    )


class BodyLimit:
    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = _Body(scope, receive, largest_body(scope["path"]))
        await self._application(scope, body.receive, send)


class _Body:
    """One request's body. After a refusal it is empty, and nothing follows."""

    def __init__(self, scope: Scope, receive: Receive, limit: int) -> None:
        self._scope = scope
        self._receive = receive
        self._limit = limit
        self._seen = 0

    async def receive(self) -> Message:
        if self._scope.get(_REFUSED):
            # Nothing else will be said; whoever waits is called off with the answer.
            await asyncio.Future()
        announced = _announced(self._scope)
        if announced is not None and announced > self._limit:
            if announced <= DISCARDED_BYTES and not _waits_for_consent(self._scope):
                await self._discard()
            return self._refuse()
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._seen <= self._limit:
            return message
        if message.get("more_body", False):
            await self._discard()
        return self._refuse()

    async def _discard(self) -> None:
        try:
            async with asyncio.timeout(DISCARDED_SECONDS):
                while self._seen <= DISCARDED_BYTES:
                    message = await self._receive()
                    self._seen += len(message.get("body", b""))
                    if not message.get("more_body", False):
                        return
        except TimeoutError:
            return

    def _refuse(self) -> Message:
        self._scope[_REFUSED] = True
        return {"type": "http.request", "body": b"", "more_body": False}


def _announced(scope: Scope) -> int | None:
    """What the head says; None when it says nothing that is a number."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else None
    return None


def _waits_for_consent(scope: Scope) -> bool:
    """A program that asks first (curl does) has sent nothing yet, and need not."""
    return any(name == b"expect" for name, _value in scope["headers"])


class BodyLimitMiddleware:
    """Answer for what `BodyLimit` refused. After the language, before all views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = largest_body(request.path)
        refused = getattr(request, "scope", {}).get(_REFUSED, False)
        if not refused and _length(request) <= limit:
            return self.get_response(request)
        error = TooLarge(
            _("Tệp hoặc nội dung lớn quá %(limit)s MB.")
            % {"limit": max(1, limit // 1_000_000)}
        )
        return error_response(request, error)


def _length(request: HttpRequest) -> int:
    value = request.headers.get("Content-Length", "")
    return int(value) if value.isascii() and value.isdigit() else 0
