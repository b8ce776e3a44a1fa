"""How a case file and the documents in it are shown."""

from __future__ import annotations

from django import template
from django.urls import reverse

from server.common import clock
from server.registry.case_files.documents import DocumentKind, Facts
from server.registry.case_files.rules import name_in, retention_of
from server.registry.models import CaseFile

register = template.Library()

_PAGES = {
    DocumentKind.OUTGOING: "outgoing_entry",
    DocumentKind.INCOMING: "incoming_entry",
    DocumentKind.DRAFT: "draft_editor",
}


@register.filter
def retention_name(case_file: CaseFile) -> str:
    return retention_of(case_file.retention, case_file.ruled_on).name


@register.filter
def rights_name(case_file: CaseFile) -> str:
    return name_in("rights", case_file.rights, case_file.ruled_on)


@register.filter
def is_due(case_file: CaseFile) -> bool:
    return case_file.is_due(clock.today())


@register.filter
def document_address(facts: Facts) -> str:
    """Its own page, behind its own door."""
    return reverse(_PAGES[facts.kind], args=[facts.document_id])
