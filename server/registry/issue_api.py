"""The API of issuing: preview, the act, and the files and proof of what was issued.

It only translates: doors ask for rights, `actions.issuing` acts, and the pages call
the same.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Path, Router, Status
from pydantic import Field

from server.accounts.api import caller
from server.common.errors import NotFound
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.actions.issuing import issue
from server.registry.issue_schemas import (
    FirstListOut,
    IssuedOut,
    IssueIn,
    PreviewIn,
    PreviewOut,
    RecordOut,
    RecordsOut,
)
from server.registry.issued_access import access_distribution, access_issued_files
from server.registry.issued_files import FileForm, read_issued, read_page
from server.registry.models import OutgoingDocument, RecordKind
from server.registry.queries.issue_preview import (
    preview_issue,
    preview_pdf,
    suggested_list,
)
from server.registry.queries.issued_api_reads import issued_of, records_of

router = Router(tags=["issuing"])
PageOfFile = Annotated[int, Field(ge=1, le=100_000)]


@router.get("/drafts/{uuid:draft_id}/issue/recipients", response=FirstListOut)
def issue_recipients(request: HttpRequest, draft_id: UUID) -> FirstListOut:
    """A first list, read from the letterhead. Nothing is sent to what was guessed."""
    draft = access_draft(caller(request), draft_id, Action.OPEN).draft
    return FirstListOut.of(suggested_list(draft))


@router.post("/drafts/{uuid:draft_id}/issue/preview", response=PreviewOut)
def issue_preview(request: HttpRequest, draft_id: UUID, body: PreviewIn) -> PreviewOut:
    """What an issue would do now. Nothing changes; `refusal` says what stands
    against it."""
    return PreviewOut.of(preview_issue(caller(request), draft_id, body.plan()))


@router.post("/drafts/{uuid:draft_id}/issue/preview.pdf", response={200: bytes})
def issue_preview_pdf(
    request: HttpRequest, draft_id: UUID, body: PreviewIn
) -> HttpResponse:
    """The PDF as it would go out, before the organisation signs."""
    pdf = preview_pdf(caller(request), draft_id, body.plan())
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@router.post("/drafts/{uuid:draft_id}/issue", response={200: IssuedOut, 201: IssuedOut})
def issue_draft(
    request: HttpRequest, draft_id: UUID, body: IssueIn
) -> Status[IssuedOut]:
    """Give the number and send the document out: 201; 200 when that was done before."""
    is_done = OutgoingDocument.objects.filter(draft_id=draft_id).exists()
    document = issue(caller(request), draft_id, body.plan())
    return Status(200 if is_done else 201, IssuedOut.of(issued_of(document)))


@router.get("/outgoing-documents/{uuid:document_id}/issued", response=IssuedOut)
def issued_read(request: HttpRequest, document_id: UUID) -> IssuedOut:
    """For whoever works in the organisation or would sign the document today; a paper
    row without files is 404."""
    document, _keeps = access_distribution(caller(request), document_id)
    return IssuedOut.of(issued_of(document))


@router.get("/outgoing-documents/{uuid:document_id}/record", response=RecordsOut)
def issued_record(request: HttpRequest, document_id: UUID) -> RecordsOut:
    """The proof. It names authors and approvers, so recipients do not get it."""
    access = access_issued_files(caller(request), document_id)
    if access.recipient is not None:
        raise NotFound
    rows = records_of(access.document)
    issued = next((row for row in rows if row.kind == RecordKind.ISSUED), None)
    if issued is None:
        raise NotFound
    later = [RecordOut.of(row) for row in rows if row != issued]
    return RecordsOut(issued=RecordOut.of(issued), later=later)


@router.get(
    "/outgoing-documents/{uuid:document_id}/files/document.{form}",
    response={200: bytes},
)
def issued_file(
    request: HttpRequest, document_id: UUID, form: Path[FileForm]
) -> HttpResponse:
    """document.pdf or document.docx, byte for byte as it was issued."""
    file = read_issued(caller(request), document_id, form)
    response = _kept(request, file.data, file.content_type, file.digest)
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    return response


@router.get(
    "/outgoing-documents/{uuid:document_id}/pages/{page}.png", response={200: bytes}
)
def issued_page(
    request: HttpRequest, document_id: UUID, page: Path[PageOfFile]
) -> HttpResponse:
    """A picture of one page of the PDF, counted from 1."""
    picture, tag = read_page(caller(request), document_id, page)
    return _kept(request, picture, "image/png", tag)


def _kept(
    request: HttpRequest, data: bytes, content_type: str, tag: str
) -> HttpResponse:
    """Rights were asked; the browser's own copy is only confirmed (304)."""
    if request.headers.get("If-None-Match") == f'"{tag}"':
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(data, content_type=content_type)
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["ETag"] = f'"{tag}"'
    response["Cache-Control"] = "private, no-cache"
    return response
