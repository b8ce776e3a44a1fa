"""Every address of the server, joined from the apps."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from server.accounts.views import admin_sign_in
from server.config import pages
from server.config.api import api


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when this process serves; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("server.accounts.urls")),
    path("", include("server.registry.urls")),
    path("api/v1/", api.urls),
    # One sign-in page for all, so that throttling and the audit trail see everyone.
    path("admin/login/", admin_sign_in),
    path("admin/", admin.site.urls),
]

handler400 = pages.bad_request
handler403 = pages.forbidden
handler404 = pages.not_found
handler500 = pages.failed
