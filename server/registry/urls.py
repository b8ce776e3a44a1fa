"""Addresses of the pages about drafts. Their names are used by every template."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from server.registry import process_urls
from server.registry.views import (
    beginning,
    checking,
    editing,
    issuing,
    list_files,
    listing,
    received,
    recipients,
    sharing,
)

of_one_draft: list[URLPattern | URLResolver] = [
    path("", editing.draft_editor, name="draft_editor"),
    path("rename/", listing.draft_rename, name="draft_rename"),
    path("archive/", listing.draft_archive, name="draft_archive"),
    path("restore/", listing.draft_restore, name="draft_restore"),
    path("activity/", listing.draft_activity, name="draft_activity"),
    path(
        "activity/export.xlsx",
        list_files.draft_activity_file,
        name="draft_activity_file",
    ),
    path("check/", checking.draft_check, name="draft_check"),
    path("check/export.xlsx", checking.draft_check_file, name="draft_check_file"),
    path("share/", sharing.draft_share, name="draft_share"),
    path("share/export.xlsx", list_files.draft_share_file, name="draft_share_file"),
    path("share/find/", sharing.share_candidates, name="share_candidates"),
    path("share/put/", sharing.share_put, name="share_put"),
    path("share/<uuid:share_id>/end/", sharing.share_end, name="share_end"),
    path("process/", include(process_urls.of_one_draft)),
    path("issue/", issuing.draft_issue, name="draft_issue"),
    path("issue/preview/", issuing.issue_preview, name="issue_preview"),
    path("issue/preview.pdf", issuing.issue_preview_pdf, name="issue_preview_pdf"),
    path(
        "issue/pages/<int:page>.png",
        issuing.issue_preview_page,
        name="issue_preview_page",
    ),
]

urlpatterns = [
    path("drafts/", listing.draft_list, name="draft_list"),
    path("drafts/export.xlsx", list_files.draft_list_file, name="draft_list_file"),
    path("drafts/new/", beginning.draft_new, name="draft_new"),
    path("drafts/import/", beginning.draft_import, name="draft_import"),
    path("drafts/<uuid:draft_id>/", include(of_one_draft)),
    path("", include(process_urls)),
    path("received/", received.received_list, name="received"),
    path("received/export.xlsx", list_files.received_file, name="received_file"),
    path("received/count/", received.received_count, name="received_count"),
    path(
        "received/document/<uuid:document_id>/",
        received.received_document,
        name="received_document",
    ),
    path("received/<uuid:recipient_id>/", received.received_one, name="received_one"),
    path(
        "received/<uuid:recipient_id>/<slug:act>/",
        received.received_act,
        name="received_act",
    ),
    path(
        "recipients/find/", recipients.recipient_candidates, name="recipient_candidates"
    ),
    path("recipients/line/", recipients.recipient_line, name="recipient_line"),
]
