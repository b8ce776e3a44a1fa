"""Addresses of the pages of review."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from server.review import version_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("drafts/<uuid:draft_id>/versions/", include(version_urls)),
]
