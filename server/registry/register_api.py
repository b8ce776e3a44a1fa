"""The API of registers, numbers and both books. It only translates: rights are asked
at the door, rules are in the actions, which the pages call too."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Query, Router, Schema, Status
from pydantic import Field

from server.accounts.api import caller
from server.accounts.schemas import Page
from server.common import clock
from server.publishing.registers.forms import Kind
from server.registry.actions import incoming, numbers, outgoing, registers
from server.registry.books import Format, print_book
from server.registry.queries import registers as queries
from server.registry.queries.registers import DEFAULT_SORT, BookFilter, BookPage
from server.registry.register_access import (
    access_incoming,
    access_number,
    access_outgoing,
    access_register,
)
from server.registry.register_schemas import (
    FollowUpIn,
    IncomingIn,
    IncomingOut,
    NumberOut,
    OutgoingIn,
    OutgoingOut,
    RegisterIn,
    RegisterOut,
    RegisterWithRunsOut,
    ReservationIn,
    RunOut,
    SendingIn,
    StampOut,
    VoidIn,
)

router = Router(tags=["registers"])
Out = TypeVar("Out", bound=Schema)
PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]


class Shown(Schema):
    """Which rows: words (diacritics optional), type, year, days from … to, open."""

    q: Annotated[str, Field(max_length=200)] = ""
    type: Annotated[str, Field(max_length=10)] = ""
    year: Annotated[int, Field(ge=1900, le=9999)] | None = None
    first_day: date | None = None
    last_day: date | None = None
    open: bool = False

    def filter(self) -> BookFilter:
        return BookFilter(
            q=self.q,
            document_type=self.type,
            year=self.year,
            first_day=self.first_day,
            last_day=self.last_day,
            open_only=self.open,
        )


@router.get("/registers", response=list[RegisterOut])
def register_list(request: HttpRequest) -> list[RegisterOut]:
    return [
        RegisterOut.of(register, bool(getattr(register, "may_keep", False)))
        for register in queries.registers_of(caller(request))
    ]


@router.post("/registers", response={201: RegisterOut})
def register_open(request: HttpRequest, body: RegisterIn) -> Status[RegisterOut]:
    register = registers.open_register(caller(request), body.organisation, body.plan())
    return Status(201, RegisterOut.of(register, may_keep=True))


@router.get("/registers/{uuid:register_id}", response=RegisterWithRunsOut)
def register_read(request: HttpRequest, register_id: UUID) -> RegisterWithRunsOut:
    access = access_register(caller(request), register_id)
    base = RegisterOut.of(access.register, access.may_keep)
    runs = [RunOut.of(run) for run in queries.runs_of(access.register)]
    return RegisterWithRunsOut(**base.dict(), runs=runs)


@router.post("/registers/{uuid:register_id}/close", response=RegisterOut)
def register_close(request: HttpRequest, register_id: UUID) -> RegisterOut:
    register = registers.close_register(caller(request), register_id)
    return RegisterOut.of(register, may_keep=True)


@router.get("/registers/{uuid:register_id}/numbers", response=Page[NumberOut])
def number_list(
    request: HttpRequest, register_id: UUID, state: str = "", page: PageNumber = 1
) -> Page[NumberOut]:
    """`state`: reserved, used or void; all when empty. Newest first."""
    register = access_register(caller(request), register_id).register
    found = queries.list_numbers(register, state=state, page=page)
    return _page(found, [NumberOut.of(row) for row in found.rows])


@router.post("/registers/{uuid:register_id}/numbers", response={201: NumberOut})
def number_reserve(
    request: HttpRequest, register_id: UUID, body: ReservationIn
) -> Status[NumberOut]:
    """Hold the next number, or one put behind another (`after`), with a reason."""
    on_date = body.on_date or clock.today()
    if body.after is None:
        number = numbers.reserve_number(
            caller(request),
            register_id,
            document_type=body.document_type,
            on_date=on_date,
            reason=body.reason,
            expires_at=body.expires_at,
        )
    else:
        number = numbers.add_suffix_number(
            caller(request),
            register_id,
            document_type=body.document_type,
            number=body.after,
            on_date=on_date,
            reason=body.reason,
        )
    return Status(201, NumberOut.of(number))


@router.post("/register-numbers/{uuid:number_id}/void", response=NumberOut)
def number_void(request: HttpRequest, number_id: UUID, body: VoidIn) -> NumberOut:
    numbers.void_number(caller(request), number_id, body.reason)
    return NumberOut.of(access_number(caller(request), number_id))


@router.get("/registers/{uuid:register_id}/outgoing", response=Page[OutgoingOut])
def outgoing_list(
    request: HttpRequest,
    register_id: UUID,
    shown: Query[Shown],
    sort: str = DEFAULT_SORT,
    page: PageNumber = 1,
) -> Page[OutgoingOut]:
    """`sort`: date or number; "-" before it turns the order."""
    register = access_register(caller(request), register_id).register
    found = queries.list_outgoing(register, shown.filter(), sort=sort, page=page)
    return _page(found, [OutgoingOut.of(row) for row in found.rows])


@router.post("/registers/{uuid:register_id}/outgoing", response={201: OutgoingOut})
def outgoing_register(
    request: HttpRequest, register_id: UUID, body: OutgoingIn
) -> Status[OutgoingOut]:
    """A paper document without a draft: draws its number, or uses a reserved one. A
    number that another document of the organisation bears needs `is_second`."""
    row = outgoing.register_outgoing(
        caller(request),
        register_id,
        body.entry(),
        on_date=body.on_date,
        unit_id=body.unit,
        number_id=body.number,
        is_second=body.is_second,
    )
    return Status(201, OutgoingOut.of(row))


@router.get("/outgoing-documents/{uuid:document_id}", response=OutgoingOut)
def outgoing_read(request: HttpRequest, document_id: UUID) -> OutgoingOut:
    return OutgoingOut.of(access_outgoing(caller(request), document_id)[0])


@router.put("/outgoing-documents/{uuid:document_id}/sending", response=OutgoingOut)
def outgoing_sending(
    request: HttpRequest, document_id: UUID, body: SendingIn
) -> OutgoingOut:
    """Where the copy is kept, how many, when sent, a note. All are replaced, unless
    `seen` says what the change was made from."""
    seen = body.seen.sending() if body.seen else None
    row = outgoing.record_sending(
        caller(request), document_id, body.sending(), seen=seen
    )
    return OutgoingOut.of(row)


@router.get("/registers/{uuid:register_id}/incoming", response=Page[IncomingOut])
def incoming_list(
    request: HttpRequest,
    register_id: UUID,
    shown: Query[Shown],
    sort: str = DEFAULT_SORT,
    page: PageNumber = 1,
) -> Page[IncomingOut]:
    """Days are those of arrival, `year` is the run that the numbers come from; `open`
    leaves only what waits for an answer."""
    register = access_register(caller(request), register_id).register
    found = queries.list_incoming(register, shown.filter(), sort=sort, page=page)
    return _page(found, [IncomingOut.of(row) for row in found.rows])


@router.post("/registers/{uuid:register_id}/incoming", response={201: IncomingOut})
def incoming_register(
    request: HttpRequest, register_id: UUID, body: IncomingIn
) -> Status[IncomingOut]:
    """Gives the số đến. A document that is in the book needs `is_second`."""
    row = incoming.register_incoming(
        caller(request), register_id, body.entry(), is_second=body.is_second
    )
    return Status(201, IncomingOut.of(row))


@router.get("/incoming-documents/{uuid:document_id}", response=IncomingOut)
def incoming_read(request: HttpRequest, document_id: UUID) -> IncomingOut:
    return IncomingOut.of(access_incoming(caller(request), document_id)[0])


@router.put("/incoming-documents/{uuid:document_id}/follow-up", response=IncomingOut)
def incoming_follow_up(
    request: HttpRequest, document_id: UUID, body: FollowUpIn
) -> IncomingOut:
    """What became of it. All of these fields are replaced, unless `seen` says what
    the change was made from."""
    seen = body.seen.change() if body.seen else None
    row = incoming.follow_up(caller(request), document_id, body.change(), seen=seen)
    return IncomingOut.of(row)


@router.get("/incoming-documents/{uuid:document_id}/stamp", response=StampOut)
def incoming_stamp(request: HttpRequest, document_id: UUID) -> StampOut:
    return StampOut.of(access_incoming(caller(request), document_id)[0])


@router.get("/registers/{uuid:register_id}/{book}.{format}", response={200: bytes})
def register_print(
    request: HttpRequest,
    register_id: UUID,
    book: Kind,
    format: Format,
    shown: Query[Shown],
) -> HttpResponse:
    """The printed book: outgoing, incoming or follow_up; .xlsx, .docx or .pdf."""
    register = access_register(caller(request), register_id).register
    file = print_book(register, book, shown.filter(), format)
    response = HttpResponse(file.data, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    response["Cache-Control"] = "private, no-store"
    return response


def _page(found: BookPage[Any], items: list[Out]) -> Page[Out]:
    return Page(items=items, count=found.total, page=found.number, pages=found.pages)
