"""How deadlines, files and deeds of incoming documents are shown."""

from __future__ import annotations

from datetime import date

from django import template

from server.common import clock
from server.common.workdays import end_of_term
from server.registry.file_kinds import SHOWN_IN_PAGE
from server.registry.file_kinds import is_too_old as pdf_is_too_old
from server.registry.file_states import FileState, state_of
from server.registry.incoming_terms import Term, term_of, transfer_by
from server.registry.models import Forwarding, IncomingDocument, IncomingFile
from server.registry.procedure import PROCEDURE
from server.registry.queries import forwardings
from server.registry.term_words import term_in_words

register = template.Library()


@register.filter
def term(row: Forwarding) -> str:
    """The class of the deadline; nothing for work that is finished."""
    return term_of(row.due_on, clock.today()).value if row.is_open else Term.NONE.value


@register.filter
def term_words(row: Forwarding) -> str:
    """Nothing for work that is finished."""
    return term_in_words(row.due_on, clock.today()) if row.is_open else ""


@register.filter
def words_state(file: IncomingFile) -> FileState | None:
    return state_of(file)


@register.filter
def kept_until(day: date | None) -> date | None:
    """The working day on which a term that ends on a day off is still kept."""
    if day is None or end_of_term(day) == day:
        return None
    return end_of_term(day)


@register.filter
def waits_too_long(document: IncomingDocument) -> bool:
    """Whether it should have been transferred by now."""
    return clock.today() > transfer_by(document.arrived_on, document.urgency)


@register.filter
def is_recalled(document: IncomingDocument) -> bool:
    return forwardings.is_recalled(document)


@register.filter
def is_shown(file: IncomingFile) -> bool:
    return file.content_type in SHOWN_IN_PAGE


@register.filter
def is_image(file: IncomingFile) -> bool:
    return file.content_type.startswith("image/")


@register.filter
def is_too_old(file: IncomingFile, document: IncomingDocument) -> bool:
    return pdf_is_too_old(file.pdf_version, document.arrived_on)


@register.filter
def oldest_pdf(document: IncomingDocument) -> str:
    """The version that the law asked of digitised paper when the document came."""
    return PROCEDURE.on(document.arrived_on).digitised.oldest_pdf
