"""Speak the language of the person who asks: theirs if signed in, else the browser's.

Must stand after AuthenticationMiddleware. Vietnamese is the answer to any doubt.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(language_of(request)):
            request.LANGUAGE_CODE = translation.get_language() or "vi"
            response = self.get_response(request)
            # A token's owner may have switched it while the request was served.
            language = translation.get_language() or "vi"
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


def language_of(request: HttpRequest) -> str:
    user = request.user
    if user.is_authenticated and is_known(user.language):
        return user.language
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if is_known(chosen):
        return chosen
    return from_header(request.headers.get("Accept-Language", ""))


def from_header(header: str) -> str:
    """The first language of an Accept-Language header that we speak, else vi."""
    for tag, _quality in parse_accept_lang_header(header):
        base = tag.split("-", 1)[0]
        if is_known(base):
            return base
    return "vi"


def is_known(language: str) -> bool:
    return any(language == code for code, _name in settings.LANGUAGES)
