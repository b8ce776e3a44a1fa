"""Addresses of the pages about drafts. Their names are used by every template."""

from __future__ import annotations

from django.urls import path

from server.registry import views

urlpatterns = [
    path("drafts/", views.draft_list, name="draft_list"),
    path("drafts/new/", views.draft_new, name="draft_new"),
    path("drafts/import/", views.draft_import, name="draft_import"),
    path("drafts/<uuid:draft_id>/", views.draft_editor, name="draft_editor"),
    path("drafts/<uuid:draft_id>/share/", views.draft_share, name="draft_share"),
    path(
        "drafts/<uuid:draft_id>/activity/", views.draft_activity, name="draft_activity"
    ),
]
