"""The card of copies on the page of an issued or received document, and their files.

Must never decide: the button is one action, and what was refused is said on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from server.registry.actions.copying_received import PDF, copy_received
from server.registry.actions.incoming_files import attach_received
from server.registry.file_answers import copy_answer
from server.registry.incoming_access import IncomingAccess, access_incoming_document
from server.registry.issued_access import access_copy, access_distribution
from server.registry.issued_files import FileForm, issued_name
from server.registry.models import (
    NOTE_LENGTH,
    PLACES_LENGTH,
    SIGNER_NAME_LENGTH,
    SIGNER_POSITION_LENGTH,
    CopyKind,
    DocumentCopy,
    IncomingDocument,
    IncomingFile,
    OutgoingDocument,
    OutgoingState,
)
from server.registry.queries.copies import (
    books_of_copies,
    copies_of,
    last_signer_of,
    parts_of_received,
    parts_to_extract,
)
from server.registry.queries.forwardings import files_of
from server.registry.queries.sent_here import SentHere
from server.registry.standing import policy_of
from server.registry.templatetags.incoming import is_secret
from server.registry.templatetags.registers import field_label
from server.registry.views.requests import person

# What the form sends instead of a file's id: the one that the sender issued here.
RECEIVED = "received"


def context_of(document: OutgoingDocument, *, may_keep: bool) -> dict[str, object]:
    """What the card shows. Four queries at most."""
    made = copies_of(document)
    may_copy = may_keep and document.state != OutgoingState.RECALLED
    context: dict[str, object] = {"made": made, "may_copy": may_copy}
    if may_copy:
        context |= {"kinds": CopyKind.choices, "extracts": True}
        context |= _form_context(document)
    return context


def received_context_of(
    access: IncomingAccess, sent: SentHere | None
) -> dict[str, object]:
    """The same for a document that was received. Five queries at most.

    What came through this system can be copied from the file that was issued; it
    needs no scan, and is offered as long as it is not attached.
    """
    document = access.document
    scans = [
        f for f in files_of(document) if f.content_type == PDF and not is_secret(f)
    ]
    is_closed = access.is_void or (sent is not None and sent.is_recalled)
    may_copy = access.may_keep and not is_closed and bool(scans or sent)
    context: dict[str, object] = {"made": copies_of(document), "may_copy": may_copy}
    if may_copy:
        # A scan cannot be extracted from; of what was issued here the text is known.
        is_text_known = sent is not None
        context |= {
            "is_received": True,
            "kinds": [
                k for k in CopyKind.choices if is_text_known or k[0] != CopyKind.EXTRACT
            ],
            "extracts": is_text_known,
            "scans": scans,
            "issued": _issued_beside(sent, scans) if sent else None,
            "is_unsigned": sent is not None and not sent.standing.is_signed,
            **_form_context(document),
        }
    return context


def _issued_beside(sent: SentHere, scans: list[IncomingFile]) -> str | None:
    """The name of the issued file, unless it is attached already."""
    if sent.standing.pdf in {scan.digest for scan in scans}:
        return None
    return issued_name(sent.document, FileForm.PDF)


def _form_context(document: OutgoingDocument | IncomingDocument) -> dict[str, object]:
    books = books_of_copies(document)
    authority, position, name = last_signer_of(books) if books else ("", "", "")
    return {
        "books": books,
        "signs_digitally": policy_of(document.organisation_id).signs_digitally,
        "authority": authority,
        "position": position,
        "name": name,
        "places_length": PLACES_LENGTH,
        "note_length": NOTE_LENGTH,
        "name_length": SIGNER_NAME_LENGTH,
        "position_length": SIGNER_POSITION_LENGTH,
    }


@login_required
@require_POST
def document_copy(request: HttpRequest, document_id: UUID) -> HttpResponse:
    user = person(request)
    _try(request, lambda plan: make_copy(user, document_id, plan))
    return redirect("distribution", document_id=document_id)


@login_required
@require_POST
def received_copy(request: HttpRequest, document_id: UUID) -> HttpResponse:
    user, file = person(request), request.POST.get("file", "")

    def make(plan: CopyPlan) -> DocumentCopy:
        chosen = attach_received(user, document_id).pk if file == RECEIVED else file
        return copy_received(user, document_id, chosen, plan)

    _try(request, make)
    return redirect("incoming_document", document_id=document_id)


def _try(request: HttpRequest, make: Callable[[CopyPlan], DocumentCopy]) -> None:
    """Make it, and say on the next page what came of it."""
    try:
        made = make(_plan(request))
    except NotFound:
        raise
    except AppError as error:
        messages.error(request, _said(error))
    else:
        messages.success(
            request, _("Đã sao, số %(number)s.") % {"number": made.row.full_number}
        )


def _plan(request: HttpRequest) -> CopyPlan:
    data = request.POST
    is_extract = data.get("kind") == CopyKind.EXTRACT
    if not data.get("register"):
        raise InvalidInput(_("Hãy chọn một sổ bản sao."))
    # Who signs on paper is filled in beforehand, and signs no electronic copy.
    signer = {} if data.get("medium") == "electronic" else _signer(data)
    return CopyPlan(
        register_id=data["register"],
        kind=data.get("kind", ""),
        recipients_text=data.get("recipients_text", ""),
        note=data.get("note", ""),
        on_paper=data.get("medium") == "paper",
        # Ticks that were left when another kind was chosen mean nothing.
        parts=_parts(data.getlist("parts")) if is_extract else frozenset(),
        is_second=bool(data.get("is_second")),
        **signer,
    )


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


@never_cache
@login_required
@require_GET
def received_copy_parts(request: HttpRequest, document_id: UUID) -> HttpResponse:
    access = access_incoming_document(person(request), document_id, keep=True)
    context = {"parts": parts_of_received(access.document)}
    return render(request, "registry/_copy_parts.html", context)


@login_required
@require_GET
def copy_file(request: HttpRequest, document_id: UUID, copy_id: UUID) -> HttpResponse:
    copy = access_copy(person(request), copy_id)
    if copy.source_id != document_id:
        raise NotFound
    return copy_answer(copy)


@login_required
@require_GET
def received_copy_file(
    request: HttpRequest, document_id: UUID, copy_id: UUID
) -> HttpResponse:
    copy = access_copy(person(request), copy_id)
    if copy.incoming_id != document_id:
        raise NotFound
    return copy_answer(copy)
