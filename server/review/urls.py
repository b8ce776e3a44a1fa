"""Addresses of the pages of review."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from server.review.views import word

urlpatterns: list[URLPattern | URLResolver] = [
    path("drafts/<uuid:draft_id>/versions/", include("server.review.version_urls")),
    path("drafts/<uuid:draft_id>/word/", word.reviewed_word, name="reviewed_word"),
    path("", include("server.review.opinion_urls")),
]
