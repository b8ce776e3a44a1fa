"""The API of the process: steps of a draft, my approvals, mandates.

It only translates, like `server.registry.api`: the table decides, the actions act.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router, Status

from server.accounts.api import caller
from server.accounts.models import Organisation, User
from server.accounts.queries import main_unit
from server.common.errors import Conflict
from server.publishing.rules import kind_of
from server.registry import holders
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.actions import delegations
from server.registry.actions.draft_links import link_draft, unlink_draft
from server.registry.actions.process import Request, submit, take
from server.registry.actions.reading import mark_seen, note_voided
from server.registry.actions.sign_offs import sign_off
from server.registry.actions.voiding import settle
from server.registry.models import LinkKind
from server.registry.process_schemas import (
    ActIn,
    ApprovalsOut,
    DelegationIn,
    DelegationOut,
    DraftLinkIn,
    NewsOut,
    ProcessOut,
    SeenIn,
    SignatureOut,
    SignOffIn,
    SubmitIn,
    VoidNoticeOut,
    WaitingOut,
)
from server.registry.queries.approvals import void_notices, waiting_for
from server.registry.queries.delegations import delegations_of, unnoted_by
from server.registry.queries.late_edits import late_edit_text
from server.registry.queries.process import news_for, panel_of
from server.registry.seen import seen_digest
from server.registry.signing_block import differs, suggested_block
from server.registry.standing import live_approvals
from server.registry.texts import committed
from server.registry.workflow.table import Act

router = Router(tags=["process"])


@router.get("/approvals", response=ApprovalsOut)
def approvals(request: HttpRequest) -> ApprovalsOut:
    """What waits for you, the longest waiting first, approvals that are void, and
    mandates in your name that you have not noted."""
    user = caller(request)
    return ApprovalsOut(
        waiting=[WaitingOut.of(waiting) for waiting in waiting_for(user)],
        void=[VoidNoticeOut.of(given) for given in void_notices(user)],
        mandates=[DelegationOut.of(given) for given in unnoted_by(user)],
    )


@router.delete("/approvals/void/{uuid:approval_id}", response={204: None})
def void_noted(request: HttpRequest, approval_id: UUID) -> Status[None]:
    """Take note that an approval of yours is void."""
    note_voided(caller(request), approval_id)
    return Status(204, None)


@router.get("/drafts/{uuid:draft_id}/process", response=ProcessOut)
def process_read(request: HttpRequest, draft_id: UUID) -> ProcessOut:
    return _shown(request, draft_id)


@router.put("/drafts/{uuid:draft_id}/link", response=ProcessOut)
def link_put(request: HttpRequest, draft_id: UUID, body: DraftLinkIn) -> ProcessOut:
    """The issue of this draft will replace or correct this document, and no other.
    For whoever may write the draft, while it is being drafted."""
    link_draft(caller(request), draft_id, LinkKind(body.kind), body.document)
    return _shown(request, draft_id)


@router.delete("/drafts/{uuid:draft_id}/link", response={204: None})
def link_end(request: HttpRequest, draft_id: UUID) -> Status[None]:
    """The issue of this draft will replace and correct nothing."""
    unlink_draft(caller(request), draft_id)
    return Status(204, None)


@router.get("/drafts/{uuid:draft_id}/signature-block", response=SignatureOut)
def signature_block(request: HttpRequest, draft_id: UUID) -> SignatureOut:
    """What the mandates suggest above the signature. Whoever writes the text may take
    it over by an edit of their own; the server never does."""
    draft = access_draft(caller(request), draft_id, Action.OPEN).draft
    fields = committed(draft.pk).content.fields
    block = suggested_block(draft, live_approvals(draft), kind_of(fields))
    return SignatureOut.of(block, block is not None and differs(block, fields))


@router.get("/drafts/{uuid:draft_id}/process/changes", response=NewsOut)
def process_changes(request: HttpRequest, draft_id: UUID) -> NewsOut:
    """What is new since you last looked, word by word."""
    user = caller(request)
    draft = access_draft(user, draft_id, Action.OPEN).draft
    now = committed(draft.pk)
    return NewsOut.of(news_for(user, draft, now), seen_digest(draft.pk, now.digest))


@router.post("/drafts/{uuid:draft_id}/process/seen", response={204: None})
def process_seen(request: HttpRequest, draft_id: UUID, body: SeenIn) -> Status[None]:
    """You have seen the content with this digest."""
    if not mark_seen(caller(request), draft_id, body.digest):
        raise Conflict(
            _("Nội dung đã thay đổi từ khi bạn xem. Hãy xem lại rồi duyệt."),
            code="content_changed",
        )
    return Status(204, None)


@router.post("/drafts/{uuid:draft_id}/process/submit", response=ProcessOut)
def process_submit(request: HttpRequest, draft_id: UUID, body: SubmitIn) -> ProcessOut:
    user = caller(request)
    # A stranger learns nothing, not even which people there are.
    access_draft(user, draft_id, Action.TAKE_PART)
    asked = [(holders.person(ask.user), ask.order) for ask in body.sign_offs]
    submit(user, draft_id, signer=holders.person(body.signer), sign_offs=asked)
    return _shown(request, draft_id)


@router.post("/drafts/{uuid:draft_id}/process/sign-off", response=ProcessOut)
def process_sign_off(
    request: HttpRequest, draft_id: UUID, body: SignOffIn
) -> ProcessOut:
    sign_off(caller(request), draft_id, seen=body.digest, note=body.note)
    return _shown(request, draft_id)


@router.get(
    "/drafts/{uuid:draft_id}/process/late-edits/{int:number}", response={200: str}
)
def process_late_edit(
    request: HttpRequest, draft_id: UUID, number: int
) -> HttpResponse:
    """The text as it would read with an edit that came too late, as text/plain."""
    user = caller(request)
    access = access_draft(user, draft_id, Action.OPEN)
    text = late_edit_text(access, user, number)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response


@router.post("/drafts/{uuid:draft_id}/process/{act}", response=ProcessOut)
def process_act(
    request: HttpRequest, draft_id: UUID, act: Act, body: ActIn
) -> ProcessOut:
    """approve_content, check_format, approve, return, withdraw or cancel."""
    wish = Request(act, reason=body.reason, seen=body.digest)
    take(caller(request), draft_id, wish)
    return _shown(request, draft_id)


def _shown(request: HttpRequest, draft_id: UUID) -> ProcessOut:
    user = caller(request)
    settle(access_draft(user, draft_id, Action.OPEN).draft.pk)
    return ProcessOut.of(panel_of(access_draft(user, draft_id, Action.OPEN), user))


@router.get("/delegations", response=list[DelegationOut], tags=["office"])
def delegation_list(request: HttpRequest) -> list[DelegationOut]:
    """Mandates that you gave or hold; for administrators, those of their office."""
    return [DelegationOut.of(given) for given in delegations_of(caller(request))]


@router.post("/delegations", response={201: DelegationOut}, tags=["office"])
def delegation_give(request: HttpRequest, body: DelegationIn) -> Status[DelegationOut]:
    user = caller(request)
    principal = holders.person(body.principal) if body.principal else user
    wish = delegations.Wish(
        form=body.form,
        delegate=holders.person(body.delegate),
        starts_on=body.starts_on,
        principal=None if body.of_nobody else principal,
        in_place_of=body.in_place_of,
        powers=frozenset(body.powers),
        ends_on=body.ends_on,
        document=body.document,
        under=body.under,
        unit=holders.unit(body.of_unit, _office_of(user)) if body.of_unit else None,
    )
    return Status(201, DelegationOut.of(delegations.delegate(user, wish)))


def _office_of(user: User) -> Organisation | None:
    unit = main_unit(user)
    return unit.organisation if unit else None


@router.post(
    "/delegations/{uuid:delegation_id}/noted", response={204: None}, tags=["office"]
)
def delegation_noted(request: HttpRequest, delegation_id: UUID) -> Status[None]:
    """You know of a mandate that somebody else gave in your name."""
    delegations.note_delegation(caller(request), delegation_id)
    return Status(204, None)


@router.delete(
    "/delegations/{uuid:delegation_id}", response={204: None}, tags=["office"]
)
def delegation_end(request: HttpRequest, delegation_id: UUID) -> Status[None]:
    """It gives nothing from now on; who held it finds nothing of it in the queue."""
    delegations.end_delegation(caller(request), delegation_id)
    return Status(204, None)
