"""Addresses of the pages about registers and the rows of their books."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from server.registry.views import (
    copying,
    distribution,
    entries,
    list_files,
    numbers,
    register_opening,
    registers,
)

of_one_register: list[URLPattern | URLResolver] = [
    path("", registers.register_book, name="register_book"),
    path("export.xlsx", registers.register_book_file, name="register_book_file"),
    path("close/", registers.register_close, name="register_close"),
    path("entry/", entries.entry_new, name="entry_new"),
    path("duplicate/", entries.entry_duplicate, name="entry_duplicate"),
    path("numbers/", numbers.register_numbers, name="register_numbers"),
    path(
        "numbers/export.xlsx",
        list_files.register_numbers_file,
        name="register_numbers_file",
    ),
    path("numbers/hold/", numbers.number_hold, name="number_hold"),
]

of_one_issued: list[URLPattern | URLResolver] = [
    path("distribution/", distribution.distribution, name="distribution"),
    path(
        "distribution/export.xlsx",
        list_files.distribution_file,
        name="distribution_file",
    ),
    path(
        "distribution/<slug:act>/",
        distribution.distribution_act,
        name="distribution_act",
    ),
    path("copies/", copying.document_copy, name="document_copy"),
    path("copies/parts/", copying.copy_parts, name="copy_parts"),
    path("copies/<uuid:copy_id>.pdf", copying.copy_file, name="copy_file"),
    path("link/<slug:kind>/", distribution.document_link, name="document_link"),
    path("document.<slug:form>", distribution.issued_file, name="issued_file"),
    path("pages/<int:page>.png", distribution.issued_page, name="issued_page"),
]

urlpatterns = [
    path("", registers.register_list, name="register_list"),
    path("export.xlsx", list_files.register_list_file, name="register_list_file"),
    path("new/", register_opening.register_new, name="register_new"),
    path("outgoing/<uuid:document_id>/", entries.outgoing_entry, name="outgoing_entry"),
    path("outgoing/<uuid:document_id>/", include(of_one_issued)),
    path("incoming/<uuid:document_id>/", entries.incoming_entry, name="incoming_entry"),
    path("numbers/<uuid:number_id>/void/", numbers.number_void, name="number_void"),
    path("<uuid:register_id>/", include(of_one_register)),
]
