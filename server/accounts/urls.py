"""Addresses of the account pages. Their names are used by every template."""

from __future__ import annotations

from django.urls import path

from server.accounts import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("language/", views.language, name="language"),
    path("account/", views.account, name="account"),
    path("account/password/", views.password, name="password"),
    path("account/tokens/", views.tokens, name="tokens"),
    path(
        "account/tokens/<uuid:token_id>/revoke/",
        views.revoke_token,
        name="token_revoke",
    ),
]
