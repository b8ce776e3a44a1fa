"""The API of case files. It only translates: rights are asked at the door, rules are in
the actions, which the pages call too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Query, Router, Schema, Status
from pydantic import Field

from server.accounts.api import caller
from server.accounts.models import User
from server.accounts.schemas import Page
from server.common import clock
from server.registry.actions import case_file_ends, case_file_entries, case_files
from server.registry.books import Format
from server.registry.case_file_access import CaseFileAccess, access_case_file
from server.registry.case_file_schemas import (
    CaseFileIn,
    CaseFileOut,
    ChoiceOut,
    ChoicesOut,
    CloseIn,
    DocumentOut,
    EntryIn,
    EntryOut,
    HandOverIn,
    KeepBackIn,
    NewCaseFileIn,
    OneCaseFileOut,
    ReopenIn,
)
from server.registry.case_files import rules
from server.registry.case_files.parcel import make_parcel, parcel_name
from server.registry.case_files.tables import print_contents, print_index
from server.registry.exports import ExportedFile
from server.registry.queries import case_files as queries
from server.registry.queries.case_files import CaseFileFilter, Totals

router = Router(tags=["case files"])
PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]
Sort = Literal["code", "-code", "start", "-start"]


class Shown(Schema):
    """Which files: words (diacritics optional), year, unit, state."""

    q: Annotated[str, Field(max_length=200)] = ""
    year: Annotated[int, Field(ge=1900, le=9999)] | None = None
    unit: UUID | None = None
    state: Literal["", "open", "closed", "handed_over", "due", "kept_back"] = ""

    def filter(self) -> CaseFileFilter:
        return CaseFileFilter(self.q, self.year, self.unit, self.state)


class ParcelResponse(FileResponse):
    """A file that goes out in pieces under ASGI too: read on a thread, never whole."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        assert self.file_to_stream is not None, "a parcel is always a file"
        read = self.file_to_stream.read
        while piece := await asyncio.to_thread(read, self.block_size):
            yield piece


@router.get("/case-file-choices", response=ChoicesOut)
def case_file_choices(request: HttpRequest) -> ChoicesOut:
    """Retention, rights and kinds of work, as the rules of the office have them."""
    today = clock.today()
    return ChoicesOut(
        retention=[
            ChoiceOut(code=r.code, name=r.name) for r in rules.retentions(today)
        ],
        rights=_choices("rights", today),
        work=_choices("work", today),
    )


@router.get("/case-files", response=Page[CaseFileOut])
def case_file_list(
    request: HttpRequest,
    shown: Query[Shown],
    sort: Sort = "code",
    page: PageNumber = 1,
) -> Page[CaseFileOut]:
    """`state=due`: those that are soon to be handed over to the archive;
    `state=kept_back`: those that a unit keeps beyond the day to hand them over."""
    found = queries.list_case_files(
        caller(request), shown.filter(), sort=sort, page=page
    )
    totals = queries.totals_of(found.rows)
    items = [CaseFileOut.of(row, totals.get(row.pk, Totals())) for row in found.rows]
    return Page(items=items, count=found.total, page=found.number, pages=found.pages)


@router.post("/case-files", response={201: OneCaseFileOut})
def case_file_create(
    request: HttpRequest, body: NewCaseFileIn
) -> Status[OneCaseFileOut]:
    case_file = case_files.create_case_file(caller(request), body.unit, body.plan())
    return Status(201, _one(caller(request), case_file.pk))


@router.get("/case-files/{uuid:case_file_id}", response=OneCaseFileOut)
def case_file_read(request: HttpRequest, case_file_id: UUID) -> OneCaseFileOut:
    return _one(caller(request), case_file_id)


@router.put("/case-files/{uuid:case_file_id}", response=OneCaseFileOut)
def case_file_change(
    request: HttpRequest, case_file_id: UUID, body: CaseFileIn
) -> OneCaseFileOut:
    """All fields are replaced; an empty code leaves the old one."""
    case_files.change_case_file(caller(request), case_file_id, body.plan())
    return _one(caller(request), case_file_id)


@router.post("/case-files/{uuid:case_file_id}/close", response=OneCaseFileOut)
def case_file_close(
    request: HttpRequest, case_file_id: UUID, body: CloseIn
) -> OneCaseFileOut:
    case_file_ends.close_case_file(caller(request), case_file_id, body.ends_on)
    return _one(caller(request), case_file_id)


@router.post("/case-files/{uuid:case_file_id}/reopen", response=OneCaseFileOut)
def case_file_reopen(
    request: HttpRequest, case_file_id: UUID, body: ReopenIn
) -> OneCaseFileOut:
    case_file_ends.reopen_case_file(caller(request), case_file_id, body.reason)
    return _one(caller(request), case_file_id)


@router.post("/case-files/{uuid:case_file_id}/keep-back", response=OneCaseFileOut)
def case_file_keep_back(
    request: HttpRequest, case_file_id: UUID, body: KeepBackIn
) -> OneCaseFileOut:
    """Giữ lại: the unit needs it longer, with a reason."""
    case_file_ends.keep_back_case_file(
        caller(request), case_file_id, body.until, body.reason
    )
    return _one(caller(request), case_file_id)


@router.post("/case-files/{uuid:case_file_id}/hand-over", response=OneCaseFileOut)
def case_file_hand_over(
    request: HttpRequest, case_file_id: UUID, body: HandOverIn
) -> OneCaseFileOut:
    """To the archive of the organisation. It cannot be undone."""
    case_file_ends.hand_over_case_file(
        caller(request), case_file_id, body.handed_over_on
    )
    return _one(caller(request), case_file_id)


@router.get("/case-files/{uuid:case_file_id}/entries", response=Page[EntryOut])
def entry_list(
    request: HttpRequest, case_file_id: UUID, page: PageNumber = 1
) -> Page[EntryOut]:
    """The table of contents, in the order of time."""
    case_file = access_case_file(caller(request), case_file_id).case_file
    found = queries.list_lines(case_file, page)
    return Page(
        items=[EntryOut.at(line) for line in found.rows],
        count=found.total,
        page=found.number,
        pages=found.pages,
    )


@router.post("/case-files/{uuid:case_file_id}/entries", response={201: EntryOut})
def entry_add(
    request: HttpRequest, case_file_id: UUID, body: EntryIn
) -> Status[EntryOut]:
    """Later ordinals move up by one, for they follow the order of time."""
    entry = case_file_entries.add_entry(
        caller(request), case_file_id, body.kind, body.document
    )
    return Status(201, EntryOut.at(queries.line_of(entry)))


@router.delete(
    "/case-files/{uuid:case_file_id}/entries/{uuid:entry_id}", response={204: None}
)
def entry_remove(
    request: HttpRequest, case_file_id: UUID, entry_id: UUID
) -> Status[None]:
    case_file_entries.remove_entry(caller(request), case_file_id, entry_id)
    return Status(204, None)


@router.get("/case-files/{uuid:case_file_id}/candidates", response=list[DocumentOut])
def entry_candidates(
    request: HttpRequest,
    case_file_id: UUID,
    q: Annotated[str, Field(max_length=200)],
) -> list[DocumentOut]:
    """Documents that the caller may put in: the first few that hold every word."""
    access = access_case_file(caller(request), case_file_id, keep=True)
    found = queries.find_documents(caller(request), access.case_file, q)
    return [DocumentOut.of(facts) for facts in found]


@router.get("/case-files/index.{format}", response={200: bytes})
def index_print(
    request: HttpRequest, format: Format, shown: Query[Shown], sort: Sort = "code"
) -> HttpResponse:
    """Mục lục hồ sơ: the same files as the list, all of them."""
    return _file(print_index(caller(request), shown.filter(), sort, format))


@router.get("/case-files/{uuid:case_file_id}/contents.{format}", response={200: bytes})
def contents_print(
    request: HttpRequest, case_file_id: UUID, format: Format
) -> HttpResponse:
    """Mục lục văn bản trong hồ sơ, as .xlsx, .docx or .pdf."""
    case_file = access_case_file(caller(request), case_file_id).case_file
    return _file(print_contents(case_file, format))


@router.get("/case-files/{uuid:case_file_id}/parcel.zip", response={200: bytes})
def parcel_download(request: HttpRequest, case_file_id: UUID) -> FileResponse:
    """Table of contents, ho-so.xml by the input standard, and the PDFs there are."""
    case_file = access_case_file(caller(request), case_file_id).case_file
    response = ParcelResponse(
        make_parcel(caller(request), case_file),
        as_attachment=True,
        filename=parcel_name(case_file),
        content_type="application/zip",
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _choices(group: rules.Group, on: date) -> list[ChoiceOut]:
    return [ChoiceOut(code=c.code, name=c.name) for c in rules.choices(group, on)]


def _one(user: User, case_file_id: UUID) -> OneCaseFileOut:
    access: CaseFileAccess = access_case_file(user, case_file_id)
    case_file = access.case_file
    totals = queries.totals_of([case_file]).get(case_file.pk, Totals())
    return OneCaseFileOut.with_rights(
        case_file, totals, keep=access.may_keep, hand_over=access.may_hand_over
    )


def _file(file: ExportedFile) -> HttpResponse:
    response = HttpResponse(file.data, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    response["Cache-Control"] = "private, no-store"
    return response
