"""Every address of the server, joined from the apps."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from server.accounts.views import admin_sign_in, sign_out
from server.config import health, pages
from server.config.admin_lists import admin_list_file
from server.config.api import api

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", RedirectView.as_view(pattern_name="draft_list"), name="home"),
    path("", include("server.accounts.urls")),
    path("", include("server.registry.urls")),
    path("registers/", include("server.registry.register_urls")),
    path("", include("server.registry.search_urls")),
    path("incoming/", include("server.registry.incoming_urls")),
    path("case-files/", include("server.registry.case_file_urls")),
    path("", include("server.registry.verify_urls")),
    path("", include("server.registry.office_urls")),
    path("", include("server.review.urls")),
    path("api/v1/", api.urls),
    # One sign-in page for all, so that throttling and the audit trail see everyone.
    path("admin/login/", admin_sign_in),
    path("admin/logout/", sign_out),
    path("admin/password_change/", RedirectView.as_view(pattern_name="password")),
    path(
        "admin/<slug:app_label>/<slug:model_name>/export.xlsx",
        admin_list_file,
        name="admin_list_file",
    ),
    path("admin/", admin.site.urls),
]

handler400 = pages.bad_request
handler403 = pages.forbidden
handler404 = pages.not_found
handler500 = pages.failed
