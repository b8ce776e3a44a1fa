"""Where an act comes from, so that every audit entry can say it.

The middleware fills it for a request; jobs and commands leave the default. Kept in
a context variable because actions must not take an HTTP request as an argument.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class Origin:
    client_address: str = ""
    client_agent: str = ""


current: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - frozen


def client_address(request: HttpRequest) -> str:
    """The peer's address. Proxies rewrite REMOTE_ADDR, never a header of the client."""
    return str(request.META.get("REMOTE_ADDR", ""))


class OriginMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        agent = request.headers.get("User-Agent", "")[:300]
        token = current.set(Origin(client_address(request), agent))
        try:
            return self.get_response(request)
        finally:
            current.reset(token)
