"""The card of copies on the page of an issued document, and their files.

Must never decide: the button is one action, and what was refused is said on the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from server.common.errors import AppError, InvalidInput, NotFound
from server.registry.actions.copying import CopyPlan, make_copy
from server.registry.file_answers import copy_answer
from server.registry.issued_access import access_copy, access_distribution
from server.registry.models import (
    NOTE_LENGTH,
    PLACES_LENGTH,
    SIGNER_NAME_LENGTH,
    SIGNER_POSITION_LENGTH,
    CopyKind,
    DocumentCopy,
    OutgoingDocument,
    OutgoingState,
)
from server.registry.queries.copies import (
    books_of_copies,
    copies_of,
    last_signer_of,
    parts_to_extract,
)
from server.registry.standing import policy_of
from server.registry.templatetags.registers import field_label
from server.registry.views.requests import person


def context_of(document: OutgoingDocument, *, may_keep: bool) -> dict[str, object]:
    """What the card shows. Four queries at most."""
    made = copies_of(document)
    may_copy = may_keep and document.state != OutgoingState.RECALLED
    context: dict[str, object] = {"made": made, "may_copy": may_copy}
    if may_copy:
        books = books_of_copies(document)
        authority, position, name = last_signer_of(books) if books else ("", "", "")
        context |= {
            "books": books,
            "kinds": CopyKind.choices,
            "signs_digitally": policy_of(document.organisation_id).signs_digitally,
            "authority": authority,
            "position": position,
            "name": name,
            "places_length": PLACES_LENGTH,
            "note_length": NOTE_LENGTH,
            "name_length": SIGNER_NAME_LENGTH,
            "position_length": SIGNER_POSITION_LENGTH,
        }
    return context


@login_required
@require_POST
def document_copy(request: HttpRequest, document_id: UUID) -> HttpResponse:
    try:
        made = _made(request, document_id)
    except NotFound:
        raise
    except AppError as error:
        messages.error(request, _said(error))
    else:
        messages.success(
            request, _("Đã sao, số %(number)s.") % {"number": made.row.full_number}
        )
    return redirect("distribution", document_id=document_id)


def _made(request: HttpRequest, document_id: UUID) -> DocumentCopy:
    data = request.POST
    is_extract = data.get("kind") == CopyKind.EXTRACT
    if not data.get("register"):
        raise InvalidInput(_("Hãy chọn một sổ bản sao."))
    # Who signs on paper is filled in beforehand, and signs no electronic copy.
    signer = {} if data.get("medium") == "electronic" else _signer(data)
    plan = CopyPlan(
        register_id=data["register"],
        kind=data.get("kind", ""),
        recipients_text=data.get("recipients_text", ""),
        note=data.get("note", ""),
        on_paper=data.get("medium") == "paper",
        # Ticks that were left when another kind was chosen mean nothing.
        parts=_parts(data.getlist("parts")) if is_extract else frozenset(),
        **signer,
    )
    return make_copy(person(request), document_id, plan)


def _parts(sent: list[str]) -> frozenset[int]:
    """What cannot be read is no part, so that an extract without parts is refused."""
    return frozenset(
        int(value)
        for value in sent
        if value.isascii() and value.isdigit() and len(value) < 8
    )


def _signer(data: Mapping[str, str]) -> dict[str, str]:
    names = ("signer_name", "signer_position", "signer_authority")
    return {name: data.get(name, "") for name in names}


def _said(error: AppError) -> str:
    """The message, then each fault with the name of its field."""
    faults = [
        f"{label}: {fault}" if (label := field_label(name)) else str(fault)
        for name, fault in error.fields.items()
    ]
    return " ".join(dict.fromkeys([str(error), *faults]))


@never_cache
@login_required
@require_GET
def copy_parts(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The list to choose an extract from, when it is asked for: the text is read."""
    document, _keeps = access_distribution(person(request), document_id, keep=True)
    context = {"parts": parts_to_extract(document)}
    return render(request, "registry/_copy_parts.html", context)


@login_required
@require_GET
def copy_file(request: HttpRequest, document_id: UUID, copy_id: UUID) -> HttpResponse:
    copy = access_copy(person(request), copy_id)
    if copy.source_id != document_id:
        raise NotFound
    return copy_answer(copy)
