"""What every page about drafts needs to know of its request. No rights here."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from server.accounts.models import User


def person(request: HttpRequest) -> User:
    """Who is signed in. The view is behind `login_required`."""
    return cast(User, request.user)


def is_partial(request: HttpRequest) -> bool:
    """htmx asks for a part of the page. Going back in history asks for all of it."""
    return (
        "HX-Request" in request.headers
        and "HX-History-Restore-Request" not in request.headers
    )


def show(
    request: HttpRequest, page: str, part: str, context: dict[str, object]
) -> HttpResponse:
    """The part when htmx asks, else the page that includes the same part."""
    template = part if is_partial(request) else page
    response = render(request, f"registry/{template}", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def refresh(request: HttpRequest, otherwise: str) -> HttpResponse:
    """After a change in a dialog: load the page under it anew."""
    if is_partial(request):
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return redirect(otherwise)


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page that the form names, if it is one of ours."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}):
        return redirect(target)
    return redirect(otherwise)


def number(request: HttpRequest, name: str) -> int:
    """A whole number of the query, 1 when it is missing or odd."""
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 1
