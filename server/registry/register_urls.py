"""Addresses of the pages about registers and the rows of their books."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from server.registry.views import entries, numbers, registers

of_one_register: list[URLPattern | URLResolver] = [
    path("", registers.register_book, name="register_book"),
    path("close/", registers.register_close, name="register_close"),
    path("entry/", entries.entry_new, name="entry_new"),
    path("duplicate/", entries.entry_duplicate, name="entry_duplicate"),
    path("numbers/", numbers.register_numbers, name="register_numbers"),
    path("numbers/hold/", numbers.number_hold, name="number_hold"),
]

urlpatterns = [
    path("", registers.register_list, name="register_list"),
    path("new/", registers.register_new, name="register_new"),
    path("outgoing/<uuid:document_id>/", entries.outgoing_entry, name="outgoing_entry"),
    path("incoming/<uuid:document_id>/", entries.incoming_entry, name="incoming_entry"),
    path("numbers/<uuid:number_id>/void/", numbers.number_void, name="number_void"),
    path("<uuid:register_id>/", include(of_one_register)),
]
