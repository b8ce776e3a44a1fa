"""The pages of an account: sign in and out, profile, password, tokens, language.

A view reads the form, calls one action and answers. Must never show a token's secret
twice, nor tell whether a sign-in name exists.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts import access, actions, demo, queries
from server.accounts.forms import (
    NewPasswordForm,
    ProfileForm,
    SignInForm,
    TokenForm,
    style,
)
from server.accounts.middleware import is_known
from server.accounts.models import User
from server.common import clock
from server.common.errors import AppError, NotFound

YEAR = timedelta(days=365)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if "HX-Request" in request.headers:
        return _whole_page_sign_in(request)
    target = _safe_next(request)
    if request.method == "GET":
        if request.user.is_authenticated:
            return redirect(target)
        return _sign_in_page(request, SignInForm(), target)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, target, 400)
    username = form.cleaned_data["username"]
    user = authenticate(
        request, username=username, password=form.cleaned_data["password"]
    )
    if user is None:
        actions.record_failed_sign_in(username)
        form.add_error(None, _("Tên đăng nhập hoặc mật khẩu chưa đúng."))
        return _sign_in_page(request, form, target, 400)
    actions.sign_in(request, user)
    return redirect(target)


def locked_out(
    request: HttpRequest,
    original_response: HttpResponse | None,
    credentials: dict[str, Any] | None,
) -> HttpResponse:
    """Too many wrong passwords for this name from this address (django-axes)."""
    pause = timedelta(minutes=settings.SIGN_IN_PAUSE_MINUTES)
    last = (
        AccessAttempt.objects.filter(
            username=(credentials or {}).get("username", ""),
            ip_address=request.META.get("REMOTE_ADDR"),
        )
        .order_by("-attempt_time")
        .first()
    )
    left = last.attempt_time + pause - clock.now() if last else pause
    minutes = max(1, math.ceil(left.total_seconds() / 60))
    response = render(
        request, "accounts/locked_out.html", {"minutes": minutes}, status=429
    )
    response["Retry-After"] = str(minutes * 60)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        actions.sign_out(request, request.user)
    return redirect("sign_in")


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Where the administration sends strangers. Officials find nothing there."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise NotFound
    query = urlencode({"next": _safe_next(request, reverse("admin:index"))})
    return redirect(f"{reverse('sign_in')}?{query}")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if request.method == "GET":
        return _account_page(request, ProfileForm.of(user))
    form = ProfileForm(request.POST)
    if form.is_valid():
        try:
            actions.change_profile(user, **form.cleaned_data)
        except AppError as error:
            form.add_app_error(error)
        else:
            with override(user.language):
                messages.success(request, _("Đã lưu thông tin của bạn."))
            return _with_language(redirect("account"), user.language)
    return _account_page(request, form, 400)


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = NewPasswordForm(user, request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            actions.change_password(request, user, form.cleaned_data["new_password1"])
            messages.success(
                request, _("Đã đổi mật khẩu. Các phiên đăng nhập khác đã kết thúc.")
            )
            return redirect("account")
        style(form)
    status = 400 if form.is_bound else 200
    return render(request, "accounts/password.html", {"form": form}, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, and the form for a new one. The secret is in the answer of the POST
    and nowhere else: not in a redirect, a message or the session."""
    user = cast(User, request.user)
    form = TokenForm(request.POST if request.method == "POST" else None)
    secret, status = "", 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            data = form.cleaned_data
            try:
                _token, secret = actions.mint_token(
                    user, data["name"], data["scope"], form.expires_at()
                )
            except AppError as error:
                form.add_app_error(error)
            else:
                form, status = TokenForm(), 201
    context = {
        "form": form,
        "secret": secret,
        "tokens": queries.tokens_of(user),
        "now": clock.now(),
    }
    return render(request, "accounts/tokens.html", context, status=status)


@login_required
@require_POST
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    user = cast(User, request.user)
    token = access.access_token(user, token_id)
    actions.revoke_token(user, token)
    messages.success(request, _("Đã thu hồi mã “%(name)s”.") % {"name": token.name})
    return redirect("tokens")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language of this browser, and of the person if signed in."""
    chosen = request.POST.get("language", "")
    target = _safe_next(request)
    if not is_known(chosen):
        return redirect(target)
    user = request.user
    if user.is_authenticated:
        actions.change_profile(
            user, phone=user.phone, email=user.email, language=chosen
        )
    return _with_language(redirect(target), chosen)


def _with_language(response: HttpResponse, chosen: str) -> HttpResponse:
    """Remember it in the browser too, for the sign-in page."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=int(YEAR.total_seconds()),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def _safe_next(request: HttpRequest, default: str | None = None) -> str:
    """Where to go next; only a place on this server, so that no link can lead away."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return default or resolve_url(settings.LOGIN_REDIRECT_URL)


def _whole_page_sign_in(request: HttpRequest) -> HttpResponse:
    """A part of a page met an ended session: let the whole page go to the sign-in."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = here.path + (f"?{here.query}" if here.query else "")
    query = urlencode({"next": back or "/"})
    return HttpResponse(headers={"HX-Redirect": f"{reverse('sign_in')}?{query}"})


def _sign_in_page(
    request: HttpRequest, form: SignInForm, target: str, status: int = 200
) -> HttpResponse:
    style(form)
    demo_people = (
        User.objects.filter(is_active=True, username__in=demo.SIGN_INS)
        if settings.DEMO
        else User.objects.none()
    )
    context = {
        "form": form,
        "next": target,
        "demo_people": demo_people.order_by("created_at"),
        "demo_password": demo.PASSWORD,
    }
    return render(request, "accounts/sign_in.html", context, status=status)


def _account_page(
    request: HttpRequest, form: ProfileForm, status: int = 200
) -> HttpResponse:
    user = cast(User, request.user)
    context = {"form": form, "memberships": queries.memberships_of(user)}
    return render(request, "accounts/account.html", context, status=status)
