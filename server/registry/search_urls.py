"""Addresses of the search page."""

from __future__ import annotations

from django.urls import path

from server.registry.views import list_files, search

urlpatterns = [
    path("search/", search.search_page, name="search"),
    path("search/export/", search.search_export, name="search_export"),
    path(
        "search/saved/export.xlsx",
        list_files.saved_search_file,
        name="saved_search_file",
    ),
    path("search/saved/", search.saved_create, name="saved_search_create"),
    path(
        "search/saved/<uuid:saved_id>/rename/",
        search.saved_rename,
        name="saved_search_rename",
    ),
    path(
        "search/saved/<uuid:saved_id>/delete/",
        search.saved_delete,
        name="saved_search_delete",
    ),
]
