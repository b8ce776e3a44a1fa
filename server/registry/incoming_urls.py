"""Addresses of the pages of incoming work. Files and papers leave through the API."""

from __future__ import annotations

from django.urls import path

from server.registry.views import copying, incoming, incoming_acts

urlpatterns = [
    path("", incoming.incoming_work, name="incoming_work"),
    path("count/", incoming.incoming_count, name="incoming_count"),
    path(
        "forwardings/<uuid:forwarding_id>/<slug:act>/",
        incoming_acts.forwarding_act,
        name="forwarding_act",
    ),
    path("<uuid:document_id>/", incoming.incoming_document, name="incoming_document"),
    path(
        "<uuid:document_id>/forward/",
        incoming_acts.incoming_forward,
        name="incoming_forward",
    ),
    path(
        "<uuid:document_id>/recipient/",
        incoming_acts.cooperating_row,
        name="cooperating_row",
    ),
    path(
        "<uuid:document_id>/answer/",
        incoming_acts.incoming_answer,
        name="incoming_answer",
    ),
    path("<uuid:document_id>/copies/", copying.received_copy, name="received_copy"),
    path(
        "<uuid:document_id>/copies/parts/",
        copying.received_copy_parts,
        name="received_copy_parts",
    ),
    path(
        "<uuid:document_id>/copies/<uuid:copy_id>.pdf",
        copying.received_copy_file,
        name="received_copy_file",
    ),
    path(
        "<uuid:document_id>/files/",
        incoming_acts.incoming_files_add,
        name="incoming_files_add",
    ),
    path(
        "<uuid:document_id>/files/<uuid:file_id>/remove/",
        incoming_acts.incoming_file_remove,
        name="incoming_file_remove",
    ),
    path(
        "<uuid:document_id>/files/<uuid:file_id>/words/",
        incoming.incoming_file_words,
        name="incoming_file_words",
    ),
]
