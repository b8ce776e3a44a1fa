"""The registry's part of the HTTP API. It only translates: rights and rules are in
`access`, `actions` and `queries`, which the pages call too."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, Router, Status, UploadedFile
from pydantic import Field

from collab.ports import Level
from server.accounts.api import caller
from server.accounts.schemas import Page
from server.common.errors import InvalidInput
from server.publishing.rules import Kind
from server.registry import document_types, exports, holders
from server.registry.abilities import Action
from server.registry.access import access_draft, find_access
from server.registry.actions import drafts as actions
from server.registry.actions import images, imports, shares
from server.registry.models import Draft, DraftSource
from server.registry.queries.activity import activity_of
from server.registry.queries.drafts import DEFAULT_SORT, Scope, list_drafts
from server.registry.queries.sharing import who_has_access
from server.registry.schemas import (
    DeedOut,
    DocumentTypeOut,
    DraftChange,
    DraftIn,
    DraftOut,
    HolderOut,
    ImageOut,
    ImportedOut,
    ShareIn,
    WarningOut,
)
from server.registry.uploads import read_upload
from server.registry.verify_api import router as verify_router

router = Router(tags=["drafts"])
router.add_router("", verify_router)

Words = Annotated[str, Field(max_length=200, description="words, diacritics optional")]
PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]


@router.get("/document-types", response=list[DocumentTypeOut], tags=["office"])
def document_type_list(
    request: HttpRequest, q: Words = "", norm: Kind = "state"
) -> list[DocumentTypeOut]:
    """What may be drafted by who follows the norm: `norm` of an office's policy."""
    return [DocumentTypeOut.of(kind) for kind in document_types.matching(q, norm)]


@router.get("/drafts", response=Page[DraftOut])
def draft_list(
    request: HttpRequest,
    scope: Scope = Scope.MINE,
    q: Words = "",
    sort: str = DEFAULT_SORT,
    page: PageNumber = 1,
) -> Page[DraftOut]:
    """`sort`: title, updated, created or type; "-" before it turns the order."""
    found = list_drafts(caller(request), scope, q=q, sort=sort, page=page)
    return Page(
        items=[DraftOut.of(row.draft, row.level) for row in found.rows],
        count=found.total,
        page=found.number,
        pages=found.pages,
    )


@router.post("/drafts", response={201: DraftOut})
def draft_create(request: HttpRequest, body: DraftIn) -> Status[DraftOut]:
    source = DraftSource.BLANK if body.blank else DraftSource.TEMPLATE
    draft = actions.create_draft(
        caller(request),
        title=body.title,
        type_code=body.type,
        source=source,
        unit_id=body.unit,
    )
    return Status(201, DraftOut.of(draft, Level.OWN))


@router.post("/drafts/import", response={201: ImportedOut})
def draft_import(
    request: HttpRequest,
    file: File[UploadedFile],
    title: Form[str] = "",
    type: Form[str] = "CV",
) -> Status[ImportedOut]:
    """A new draft from a .docx file; `warnings` says what could not be kept."""
    draft, notes = imports.import_docx(
        caller(request),
        filename=file.name or "",
        data=read_upload(file, settings.MAX_IMPORT_BYTES),
        title=title,
        type_code=type,
    )
    warnings = [
        WarningOut(code=note.code, message=str(note.message), count=note.count)
        for note in notes
    ]
    base = DraftOut.of(draft, Level.OWN)
    return Status(201, ImportedOut(**base.dict(), warnings=warnings))


@router.get("/drafts/{uuid:draft_id}", response=DraftOut)
def draft_read(request: HttpRequest, draft_id: UUID) -> DraftOut:
    access = access_draft(caller(request), draft_id, Action.OPEN)
    return DraftOut.of(access.draft, access.level)


@router.patch("/drafts/{uuid:draft_id}", response=DraftOut)
def draft_change(request: HttpRequest, draft_id: UUID, body: DraftChange) -> DraftOut:
    return _shown(request, actions.rename(caller(request), draft_id, body.title))


@router.post("/drafts/{uuid:draft_id}/archive", response=DraftOut)
def draft_archive(request: HttpRequest, draft_id: UUID) -> DraftOut:
    return _shown(request, actions.archive(caller(request), draft_id))


@router.post("/drafts/{uuid:draft_id}/restore", response=DraftOut)
def draft_restore(request: HttpRequest, draft_id: UUID) -> DraftOut:
    return _shown(request, actions.restore(caller(request), draft_id))


def _shown(request: HttpRequest, draft: Draft) -> DraftOut:
    access = find_access(caller(request), draft.pk)
    assert access is not None  # this very person just changed it
    return DraftOut.of(access.draft, access.level)


@router.get("/drafts/{uuid:draft_id}/shares", response=list[HolderOut])
def share_list(request: HttpRequest, draft_id: UUID) -> list[HolderOut]:
    """Who has access and why, rights that follow from an office included."""
    access = access_draft(caller(request), draft_id, Action.SEE_SHARES)
    return [HolderOut.of(holder) for holder in who_has_access(access.draft)]


@router.put("/drafts/{uuid:draft_id}/shares", response=HolderOut)
def share_put(request: HttpRequest, draft_id: UUID, body: ShareIn) -> HolderOut:
    """Give a person or a unit a level, or change the level it has."""
    user = caller(request)
    draft = access_draft(user, draft_id, Action.SHARE).draft
    if (body.user is None) == (body.unit is None):
        message = _("Hãy nêu một người hoặc một đơn vị.")
        raise InvalidInput(message, fields={"user": message})
    share = shares.share(
        user,
        draft_id,
        to=holders.person(body.user)
        if body.user is not None
        else holders.unit(body.unit or "", draft.organisation),
        level=Level[body.level.upper()],
    )
    listed = (h for h in who_has_access(draft) if h.share_id == share.pk)
    return HolderOut.of(next(listed))


@router.delete("/drafts/{uuid:draft_id}/shares/{uuid:share_id}", response={204: None})
def share_end(request: HttpRequest, draft_id: UUID, share_id: UUID) -> Status[None]:
    shares.end_share(caller(request), draft_id, share_id)
    return Status(204, None)


@router.get("/drafts/{uuid:draft_id}/history", response=Page[DeedOut])
def draft_history(
    request: HttpRequest, draft_id: UUID, page: PageNumber = 1
) -> Page[DeedOut]:
    """Who did what, when; newest first."""
    draft = access_draft(caller(request), draft_id, Action.SEE_ACTIVITY).draft
    found = activity_of(draft, page)
    return Page(
        items=[DeedOut.of(deed) for deed in found.deeds],
        count=found.total,
        page=found.number,
        pages=found.pages,
    )


@router.get("/drafts/{uuid:draft_id}/export.docx", response={200: bytes})
def export_docx(
    request: HttpRequest, draft_id: UUID, review: bool = False
) -> HttpResponse:
    """`review`: with suggestions as tracked changes, and comments as Word's for those
    who may read them."""
    actor = caller(request)
    if review:
        return _download(exports.export_for_review(actor, draft_id))
    return _download(exports.export(actor, draft_id, exports.Form.DOCX))


@router.get("/drafts/{uuid:draft_id}/export.pdf", response={200: bytes})
def export_pdf(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    return _download(exports.export(caller(request), draft_id, exports.Form.PDF))


@router.get("/drafts/{uuid:draft_id}/text", response={200: str})
def export_text(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The committed text with its automatic labels, as text/plain."""
    file = exports.export(caller(request), draft_id, exports.Form.TEXT)
    response = HttpResponse(file.data, content_type=file.content_type)
    response["Cache-Control"] = "private, no-store"
    return response


def _download(file: exports.ExportedFile) -> HttpResponse:
    response = HttpResponse(file.data, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    response["Cache-Control"] = "private, no-store"
    return response


@router.post("/drafts/{uuid:draft_id}/images", response={201: ImageOut})
def image_add(
    request: HttpRequest, draft_id: UUID, file: File[UploadedFile]
) -> Status[ImageOut]:
    """PNG, JPEG, GIF or WebP, known by its bytes and not by its name. For those who
    may suggest, too: they put it into the text as a suggestion."""
    user = caller(request)
    access_draft(user, draft_id, Action.SUGGEST)
    data = read_upload(file, settings.MAX_IMAGE_BYTES)
    return Status(201, ImageOut(src=images.add_image(user, draft_id, data)))


@router.get("/drafts/{uuid:draft_id}/images/{digest}", response={200: bytes})
def image_read(request: HttpRequest, draft_id: UUID, digest: str) -> HttpResponse:
    """Rights are asked each time; the browser's copy is only confirmed (304)."""
    image = images.read_image(caller(request), draft_id, digest)
    tag = f'"{digest}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(image.data, content_type=image.content_type)
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response
