"""Addresses of the pages of the process: a draft's own, and the queue of approvals."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from server.registry.views import approvals, draft_links, list_files, process

# Below /drafts/<id>/process/; the last one takes the name of any act.
of_one_draft: list[URLPattern | URLResolver] = [
    path("", process.draft_process, name="draft_process"),
    path("changes/", process.draft_changes, name="draft_changes"),
    path("people/", process.sign_off_people, name="sign_off_people"),
    path("candidates/", process.sign_off_candidates, name="sign_off_candidates"),
    path("late-edits/<int:number>/", process.late_edit, name="late_edit"),
    path("link/", draft_links.draft_link, name="draft_link"),
    path("link/find/", draft_links.draft_link_candidates, name="link_candidates"),
    path("<slug:act>/", process.draft_act, name="draft_act"),
]

urlpatterns = [
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/export.xlsx", list_files.approvals_file, name="approvals_file"),
    path("approvals/count/", approvals.approvals_count, name="approvals_count"),
    path(
        "approvals/void/<uuid:approval_id>/",
        approvals.approval_noted,
        name="approval_noted",
    ),
]
