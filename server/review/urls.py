"""Addresses of the pages of review."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("drafts/<uuid:draft_id>/versions/", include("server.review.version_urls")),
    path("", include("server.review.opinion_urls")),
]
