"""Addresses of the pages of one draft's versions."""

from __future__ import annotations

from django.urls import URLPattern, path

from server.review.views import authors, versions

urlpatterns: list[URLPattern] = [
    path("", versions.version_list, name="version_list"),
    path("export.xlsx", versions.version_list_file, name="version_list_file"),
    path("authors/", authors.version_authors, name="version_authors"),
    path("authors/export.xlsx", authors.authors_file, name="version_authors_file"),
    path("contributors/", authors.contributors, name="version_contributors"),
    path("compare/", versions.version_compare, name="version_compare"),
    path("name/", versions.version_name, name="version_name"),
    path("<uuid:version_id>/rename/", versions.version_rename, name="version_rename"),
    path("<int:seq>/restore/", versions.version_restore, name="version_restore"),
    path("<slug:reference>/", versions.version_one, name="version_one"),
]
