"""The pages of last resort: each says what happened and what to do next."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from server.common.errors import (
    AppError,
    InvalidInput,
    NotAllowed,
    NotFound,
    Unavailable,
)
from server.common.http import error_response, json_error, wants_json


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, InvalidInput())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, NotAllowed())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, NotFound())


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: usually a page left open over a sign-in."""
    return error_response(
        request,
        NotAllowed(
            _("Trang đã cũ. Hãy quay lại, tải lại trang rồi làm lại."),
            code="csrf_failed",
        ),
    )


def failed(request: HttpRequest) -> HttpResponse:
    """Must work when the database and the context processors do not.

    A database that is away or stays locked is no fault of the product: 503, try again.
    """
    busy = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    error: AppError = Unavailable() if busy else AppError()
    if wants_json(request):
        return json_error(error)
    return render(request, "500.html", {"error": error}, status=error.http_status)
