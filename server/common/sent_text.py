"""Look at every text that a request brings, once, before any view sees it.

PostgreSQL stores no NUL, and nothing writes half a surrogate pair as UTF-8: such a
sign, wherever it stands, is answered by name and not by a fault of ours. Pages and API
go through the same look: address, query, form, names of files, JSON. Lengths that
belong to one field are the field's own matter; here is only what no field takes. Must
never change what was sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from server.common.errors import AppError, InvalidInput, NotFound
from server.common.http import error_response

# Characters of one value. An address is written by a page of ours, or by hand.
PATH_VALUE = 300
QUERY_VALUE = 2_000
FORM_VALUE = 100_000
FILE_NAME = 255

# How JSON writes what cannot be kept. Lengths in it are looked at by the schemas.
_SUSPECT = (b"\\u0000", b"\\ud", b"\\uD")
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")

Text = tuple[str, str]


class SentTextMiddleware:
    """Stands before the session is read: a cookie is text that was sent, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # "\000" in quotes is unquoted to NUL. A cookie that says nothing is no cookie.
        for name in [n for n, v in request.COOKIES.items() if not is_storable(v)]:
            del request.COOKIES[name]
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        error = _fault_of_address(kwargs) or _fault_of_texts(request)
        return error_response(request, error) if error else None


def is_storable(value: str) -> bool:
    """Whether every database and every encoding takes it."""
    if "\x00" in value:
        return False
    return value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value)


def _fault_of_address(values: dict[str, Any]) -> AppError | None:
    """What names nothing that could exist is absent, as everything else is."""
    for value in values.values():
        if isinstance(value, str) and (
            len(value) > PATH_VALUE or not is_storable(value)
        ):
            return NotFound()
    return None


def _fault_of_texts(request: HttpRequest) -> InvalidInput | None:
    faults: dict[str, str] = {}
    for limit, texts in _sent(request):
        for name, value in texts:
            if not is_storable(name) or not is_storable(value):
                faults.setdefault(_printable(name), _unstorable())
            elif limit is not None and len(value) > limit:
                message = _("Dài quá %(limit)s ký tự.") % {"limit": limit}
                faults.setdefault(_printable(name[:100]), message)
    return InvalidInput(fields=faults) if faults else None


def _sent(request: HttpRequest) -> Iterator[tuple[int | None, Iterator[Text]]]:
    yield QUERY_VALUE, _pairs(request.GET.lists())
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if (request.content_type or "").lower() in _FORMS:
        yield FORM_VALUE, _pairs(request.POST.lists())
        yield FILE_NAME, _names_of_files(request)
    else:
        yield None, _texts_of_json(request)


def _pairs(lists: Any) -> Iterator[Text]:
    return ((name, value) for name, values in lists for value in values)


def _names_of_files(request: HttpRequest) -> Iterator[Text]:
    for field, files in request.FILES.lists():
        yield from ((field, file.name or "") for file in files)


def _texts_of_json(request: HttpRequest) -> Iterator[Text]:
    """Each string under its path ("shares.0.level"). Parsed only when it may matter."""
    try:
        body = request.body
    except RequestDataTooBig:
        return  # the view says so in its own way
    if not any(sign in body for sign in _SUSPECT):
        return
    try:
        waiting: list[tuple[str, Any]] = [("", json.loads(body))]
    except (ValueError, RecursionError):
        return  # no JSON at all: the view says so
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            yield path or "body", value
            continue
        if isinstance(value, dict):
            for name in value:
                yield path or "body", name
            inside = list(value.items())
        else:
            inside = list(enumerate(value)) if isinstance(value, list) else []
        dot = f"{path}." if path else ""
        waiting += [(f"{dot}{key}", held) for key, held in inside]


def _unstorable() -> str:
    return _(
        "Có ký tự không lưu được (U+0000 hoặc nửa ký tự Unicode), thường do dán từ "
        "chương trình khác. Hãy xoá ký tự đó rồi gửi lại."
    )


def _printable(name: str) -> str:
    return "".join(c if is_storable(c) else "�" for c in name)
