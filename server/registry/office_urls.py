"""Addresses of one's signature and mandates, and of an organisation's own pages."""

from __future__ import annotations

from django.urls import path

from server.registry.views import delegations, list_files, office

urlpatterns = [
    path("account/signature/", office.signature, name="signature"),
    path("account/delegations/", delegations.delegation_list, name="delegation_list"),
    path(
        "account/delegations/export.xlsx",
        list_files.delegation_list_file,
        name="delegation_list_file",
    ),
    path("account/delegations/new/", delegations.delegation_new, name="delegation_new"),
    path(
        "account/delegations/people/",
        delegations.delegation_people,
        name="delegation_people",
    ),
    path(
        "account/delegations/<uuid:delegation_id>/noted/",
        delegations.delegation_noted,
        name="delegation_noted",
    ),
    path(
        "account/delegations/<uuid:delegation_id>/end/",
        delegations.delegation_end,
        name="delegation_end",
    ),
    # The page is of `accounts`, which knows no spreadsheets.
    path(
        "account/tokens/export.xlsx",
        list_files.token_list_file,
        name="token_list_file",
    ),
    path("office/export.xlsx", list_files.office_list_file, name="office_list_file"),
    path("office/", office.office_list, name="office_list"),
    path("office/<uuid:organisation_id>/", office.office, name="office"),
    path(
        "office/<uuid:organisation_id>/policy/",
        office.office_policy,
        name="office_policy",
    ),
    path("office/<uuid:organisation_id>/seal/", office.office_seal, name="office_seal"),
]
