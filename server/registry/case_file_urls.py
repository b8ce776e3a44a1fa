"""Addresses of the pages about case files."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from server.registry.views import case_file_acts as acts
from server.registry.views import case_files as views

of_one_case_file: list[URLPattern | URLResolver] = [
    path("", views.case_file_page, name="case_file"),
    path("change/", views.case_file_change, name="case_file_change"),
    path("find/", views.case_file_find, name="case_file_find"),
    path("add/", acts.entry_add, name="case_file_entry_add"),
    path(
        "entries/<uuid:entry_id>/remove/",
        acts.entry_remove,
        name="case_file_entry_remove",
    ),
    path("close/", acts.case_file_close, name="case_file_close"),
    path("reopen/", acts.case_file_reopen, name="case_file_reopen"),
    path("keep-back/", acts.case_file_keep_back, name="case_file_keep_back"),
    path("hand-over/", acts.case_file_hand_over, name="case_file_hand_over"),
]

urlpatterns = [
    path("", views.case_file_list, name="case_file_list"),
    path("export.xlsx", views.case_file_list_file, name="case_file_list_file"),
    path("count/", views.case_file_count, name="case_file_count"),
    path("new/", views.case_file_new, name="case_file_new"),
    path("put/", acts.document_put, name="case_file_put"),
    path("<uuid:case_file_id>/", include(of_one_case_file)),
]
