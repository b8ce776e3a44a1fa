"""The one translator from errors to HTTP: JSON for programs, a page for people.

Every error body is `{"code", "message", "fields"}`. An absent object and a forbidden
one give the same bytes, so that nobody learns what exists. Must never put into an
answer what was not written for the person who asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from server.common.errors import (
    AppError,
    InvalidInput,
    NotAllowed,
    NotFound,
    SignInRequired,
)


def wants_json(request: HttpRequest) -> bool:
    """A program or a part of a page asks, so the answer is JSON, not a page."""
    return request.path.startswith("/api/") or "HX-Request" in request.headers


def error_body(error: AppError) -> dict[str, Any]:
    return {
        "code": error.code,
        "message": str(error.message),
        "fields": {name: str(message) for name, message in error.fields.items()},
    }


def json_error(error: AppError) -> JsonResponse:
    response = JsonResponse(error_body(error), status=error.http_status)
    if isinstance(error, SignInRequired):
        response["WWW-Authenticate"] = "Bearer"
    return response


def error_response(request: HttpRequest, error: AppError) -> HttpResponse:
    """JSON or a page, whichever the caller can read."""
    if wants_json(request):
        return json_error(error)
    template = "404.html" if isinstance(error, NotFound) else "error.html"
    return render(request, template, {"error": error}, status=error.http_status)


class ErrorMiddleware:
    """Turn an AppError that leaves a page's view into a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if isinstance(exception, AppError):
            return error_response(request, exception)
        return None


def as_app_error(error: Exception) -> AppError:
    """The error of our tree that says the same to the caller."""
    match error:
        case AppError():
            return error
        case AuthenticationError():
            return SignInRequired()
        case ValidationError():
            return InvalidInput(fields=field_messages(error.errors))
        case HttpError():
            return _from_status(error.status_code)
        case Http404():
            return NotFound()
        case PermissionDenied():
            return NotAllowed()
    return AppError()


def translate_errors(api: NinjaAPI) -> None:
    """Make `api` answer every error of the tree, and its own, in the one shape."""

    def answer(request: HttpRequest, error: Any) -> HttpResponse:
        return json_error(as_app_error(error))

    def on_bug(request: HttpRequest, error: Any) -> HttpResponse:
        # Django logs it once and asks handler500, which knows this shape.
        raise error

    for kind in (
        AppError,
        AuthenticationError,
        ValidationError,
        HttpError,
        Http404,
        PermissionDenied,
    ):
        api.add_exception_handler(kind, answer)
    api.add_exception_handler(Exception, on_bug)


def field_messages(errors: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Name each wrong field ("shares.0.level") with a sentence for people.

    `errors` is what pydantic reports; the first word of `loc` tells where the value
    was sent (body, query, path, form, file), the second the parameter's name.
    """
    messages: dict[str, str] = {}
    for error in errors:
        place = [str(part) for part in error.get("loc", ())]
        # In a body the parameter's own name is an inner matter of the handler.
        inner = place[2:] if place[:1] == ["body"] and len(place) > 2 else place[1:]
        name = ".".join(inner) or "body"
        messages.setdefault(name, _sentence(error))
    return messages


def _sentence(error: Mapping[str, Any]) -> str:
    kind = str(error.get("type", ""))
    context: Mapping[str, Any] = error.get("ctx") or {}
    if kind == "missing":
        return _("Cần có giá trị này.")
    if kind == "string_too_long":
        return _("Dài quá %(limit)s ký tự.") % {"limit": context.get("max_length")}
    if kind == "string_too_short":
        return _("Ngắn hơn %(limit)s ký tự.") % {"limit": context.get("min_length")}
    if kind in {"literal_error", "enum"}:
        return _("Chỉ nhận: %(values)s.") % {"values": context.get("expected")}
    if kind.startswith(("greater_than", "less_than")):
        return _("Số nằm ngoài khoảng cho phép.")
    if kind.startswith("uuid"):
        return _("Không phải mã định danh hợp lệ.")
    if kind.startswith(("int", "float", "decimal")):
        return _("Cần một số.")
    if kind.startswith(("date", "time")):
        return _("Cần ngày giờ theo dạng ISO 8601.")
    if kind.startswith("json"):
        return _("Nội dung gửi lên không phải JSON hợp lệ.")
    if kind == "extra_forbidden":
        return _("Không có trường này.")
    return _("Giá trị chưa hợp lệ.")


def _from_status(status: int) -> AppError:
    known: dict[int, type[AppError]] = {
        400: InvalidInput,
        401: SignInRequired,
        403: NotAllowed,
        404: NotFound,
    }
    error = known.get(status, AppError)()
    error.http_status = status
    return error
