"""The API of opinion rounds: ask, answer, handle, chase, close, the compiled table.

It only translates: rights are asked at the door, rules are in the actions, which the
pages call too.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status
from pydantic import Field

from server.accounts.api import caller
from server.accounts.schemas import Page
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.books import Format
from server.registry.file_answers import paper_answer
from server.review.actions import asking, closing, handling, reminding
from server.review.actions.answering import give_opinion, open_request
from server.review.opinion_access import access_round, access_rounds
from server.review.opinion_schemas import (
    AskedOut,
    InDraftOutcomeIn,
    MoreIn,
    OpinionIn,
    OutcomeIn,
    RoundIn,
    RoundOut,
    RoundTableOut,
    TermIn,
    WithdrawalIn,
)
from server.review.opinions.printing import print_opinions
from server.review.queries import opinions as queries

router = Router(tags=["opinions"])
PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]
_ROUND = "/opinion-rounds/{uuid:round_id}"
_REQUEST = "/opinion-requests/{uuid:request_id}"


@router.get("/drafts/{uuid:draft_id}/opinion-rounds", response=list[RoundOut])
def round_list(request: HttpRequest, draft_id: UUID) -> list[RoundOut]:
    """The newest first; for whoever may write the draft."""
    draft = access_rounds(caller(request), draft_id).draft
    return [RoundOut.of(begun) for begun in queries.rounds_of(draft.pk)]


@router.post("/drafts/{uuid:draft_id}/opinion-rounds", response={201: RoundTableOut})
def round_begin(
    request: HttpRequest, draft_id: UUID, body: RoundIn
) -> Status[RoundTableOut]:
    """Ask. Everybody who is asked may read and comment the draft from now on."""
    user = caller(request)
    # A stranger learns nothing, not even which people there are.
    draft = access_draft(user, draft_id, Action.SHARE).draft
    begun = asking.ask_opinions(user, draft_id, body.plan(draft))
    return Status(201, RoundTableOut.of(queries.table_of(begun)))


@router.get(_ROUND, response=RoundTableOut)
def round_read(request: HttpRequest, round_id: UUID) -> RoundTableOut:
    """Everybody who was asked, what each said, and what was made of it."""
    return _table(request, round_id)


@router.get(_ROUND + ".{form}")
def round_file(
    request: HttpRequest, round_id: UUID, form: Literal["docx", "pdf", "xlsx"]
) -> HttpResponse:
    """The compiled table as a file."""
    found = access_round(caller(request), round_id)
    table = queries.table_of(found.round)
    return paper_answer(print_opinions(found.access.draft, table, Format(form)))


@router.post(_ROUND + "/requests", response=RoundTableOut)
def round_ask_more(request: HttpRequest, round_id: UUID, body: MoreIn) -> RoundTableOut:
    user = caller(request)
    draft = access_round(user, round_id, ask=True).access.draft
    holders = [one.holder(draft) for one in body.asked]
    asking.ask_more(user, round_id, holders, body.due_on)
    return _table(request, round_id)


@router.post(_ROUND + "/term", response=RoundTableOut)
def round_extend(request: HttpRequest, round_id: UUID, body: TermIn) -> RoundTableOut:
    asking.extend(caller(request), round_id, body.due_on, body.request)
    return _table(request, round_id)


@router.post(_ROUND + "/requests/{uuid:request_id}/withdrawal", response=RoundTableOut)
def request_withdraw(
    request: HttpRequest, round_id: UUID, request_id: UUID, body: WithdrawalIn
) -> RoundTableOut:
    asking.withdraw_request(caller(request), round_id, request_id, body.reason)
    return _table(request, round_id)


@router.post(_ROUND + "/chase", response=RoundTableOut)
def round_chase(request: HttpRequest, round_id: UUID) -> RoundTableOut:
    """Remind everybody who has not answered, now."""
    reminding.chase(caller(request), round_id)
    return _table(request, round_id)


@router.post(_ROUND + "/close", response=RoundTableOut)
def round_close(request: HttpRequest, round_id: UUID) -> RoundTableOut:
    """Take no opinion any more; silence gets its meaning. When its term has run out, a
    round closes by itself."""
    closing.close_round(caller(request), round_id)
    return _table(request, round_id)


@router.post(_ROUND + "/reopen", response=RoundTableOut)
def round_reopen(request: HttpRequest, round_id: UUID, body: TermIn) -> RoundTableOut:
    """Take opinions again, until a new term: of the newest round only."""
    closing.reopen_round(caller(request), round_id, body.due_on, body.request)
    return _table(request, round_id)


@router.post("/opinions/{uuid:opinion_id}/outcome", response={204: None})
def opinion_handle(
    request: HttpRequest, opinion_id: UUID, body: OutcomeIn
) -> Status[None]:
    """Accept or explain."""
    handling.handle_opinion(
        caller(request), opinion_id, handled=body.handled, text=body.text
    )
    return Status(204, None)


@router.post(
    _ROUND + "/requests/{uuid:request_id}/in-draft-outcome", response={204: None}
)
def in_draft_handle(
    request: HttpRequest, round_id: UUID, request_id: UUID, body: InDraftOutcomeIn
) -> Status[None]:
    """Accept or explain what was said in the draft itself."""
    handling.handle_in_draft(
        caller(request),
        round_id,
        request_id,
        handled=body.handled,
        text=body.text,
        seen=body.seen,
    )
    return Status(204, None)


@router.get("/opinion-requests", response=Page[AskedOut])
def request_list(
    request: HttpRequest,
    tab: Literal["waiting", "answered", "closed"] = "waiting",
    page: PageNumber = 1,
    draft: UUID | None = None,
) -> Page[AskedOut]:
    """What you and your units are asked, of one draft or of all, without the
    questions."""
    found = queries.page_of(caller(request), tab, page, draft)
    items = [
        AskedOut.of(row, with_questions=False)
        for row in queries.all_as_asked(found.rows)
    ]
    return Page(items=items, count=found.total, page=found.number, pages=found.pages)


@router.get(_REQUEST, response=AskedOut)
def request_read(request: HttpRequest, request_id: UUID) -> AskedOut:
    """What you are asked. The first look is noted."""
    open_request(caller(request), request_id)
    return _asked(request_id)


@router.post(_REQUEST + "/opinion", response=AskedOut)
def request_answer(request: HttpRequest, request_id: UUID, body: OpinionIn) -> AskedOut:
    """Give your opinion, or give it anew."""
    give_opinion(caller(request), request_id, body.plan())
    return _asked(request_id)


def _table(request: HttpRequest, round_id: UUID) -> RoundTableOut:
    found = access_round(caller(request), round_id)
    return RoundTableOut.of(queries.table_of(found.round))


def _asked(request_id: UUID) -> AskedOut:
    return AskedOut.of(queries.as_asked(queries.request_with_opinion(request_id)))
