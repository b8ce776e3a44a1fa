"""Take a draft one step further: submit, approve, check, return, withdraw, cancel.

The table (`workflow.table`) decides; here the decision is carried out in one
transaction: state, approval, freeze or thaw, audit entry, event. Must never approve
another content than the one whose digest the approver was shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock
from server.common.errors import Conflict, InvalidInput, NotAllowed, NotFound
from server.registry import events
from server.registry.abilities import Action
from server.registry.access import access_draft, as_id
from server.registry.actions.freezing import freeze, thaw
from server.registry.actions.inviting import invite_checkers, invite_reviewers
from server.registry.actions.outgoing import file_document
from server.registry.actions.reading import remember
from server.registry.actions.signing import Signed, keep_signed_copy, sign_copy
from server.registry.actions.voiding import settle, void_all
from server.registry.entry_fields import lines
from server.registry.form_check import severe_faults
from server.registry.models import (
    Approval,
    ApprovalStep,
    Delegation,
    Draft,
    SignOff,
    VoidReason,
)
from server.registry.people import eligible_signers
from server.registry.refusals import refused
from server.registry.search.entries import refresh_draft
from server.registry.secrecy import refuse_marked, refuse_marked_content
from server.registry.seen import seen_digest
from server.registry.standing import Standing, Worker, policy_of, standing_of
from server.registry.texts import Committed, committed, place_of
from server.registry.workflow.table import (
    FROZEN,
    REASON_LENGTH,
    STEP_OF_ACT,
    Act,
    Refusal,
    Row,
    verdict,
)

MAX_SIGN_OFFS = 20
Faults = tuple[str, ...]  # rules of the check of form, one entry a fault
_VOIDS = {
    Act.RETURN: VoidReason.RETURNED,
    Act.WITHDRAW: VoidReason.WITHDRAWN,
    Act.CANCEL: VoidReason.CANCELLED,
}
# The entry of the audit trail for each act.
DEEDS = {
    Act.SUBMIT: "draft.submitted",
    Act.APPROVE_CONTENT: "draft.content_approved",
    Act.CHECK_FORMAT: "draft.format_checked",
    Act.APPROVE: "draft.approved",
    Act.SIGN: "draft.signed",
    Act.FILE: "draft.filed",
    Act.RETURN: "draft.returned",
    Act.WITHDRAW: "draft.withdrawn",
    Act.CANCEL: "draft.cancelled",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks: `seen` is the digest of what was on the screen (text, fields
    and link: `seen_digest`). `reason` also says why the form is confirmed although
    severe faults stand."""

    act: Act
    reason: str = ""
    seen: str = ""


def submit(
    actor: User,
    draft_id: UUID | str,
    *,
    signer: User,
    sign_offs: Sequence[tuple[User, int]] = (),
) -> Draft:
    """Send the draft on its way to `signer`; each of `sign_offs` is asked in its order.

    Raises InvalidInput for a signer or a person who cannot be one, Conflict when the
    draft is not being drafted, has no unit or bears a secrecy mark (`state_secret`),
    and what `access_draft` raises.
    """
    now = committed(access_draft(actor, draft_id, Action.OPEN).draft.pk)
    with transaction.atomic():
        draft, standing = locked_draft(actor, draft_id)
        row = _allowed(standing, Request(Act.SUBMIT), draft)
        _refuse_secret(draft, now)
        _check_signer(actor, draft, signer)
        draft.signer, draft.submitted_by = signer, actor
        draft.round += 1
        for person, order in _checked(sign_offs):
            SignOff.objects.create(
                draft=draft, round=draft.round, person=person, order=order
            )
        move_draft(draft, row, "signer", "submitted_by", "round")
        invite_reviewers(actor, draft)
        _record(actor, draft, row, signer=str(signer.pk))
        return draft


def take(actor: User, draft_id: UUID | str, request: Request) -> Draft:
    """Any step but the submission and the issue.

    Where the office signs digitally, the signer's approval signs the PDF too. Raises
    NotFound, Conflict (wrong state, content changed, sign-offs missing, faults of
    form), NotAllowed (not this person's step, separation of duties), InvalidInput
    (reason), and what `sign_copy` raises.
    """
    if request.act is Act.SUBMIT:
        raise InvalidInput(_("Hãy chọn người ký khi trình."))
    draft = access_draft(actor, draft_id, Action.OPEN).draft
    settle(draft.pk)
    step = STEP_OF_ACT.get(request.act)
    now = committed(draft.pk)
    faults = _faults(request.act, now)
    reason = clean_reason(request.reason)
    signed = _signed(actor, draft, request, now)
    with transaction.atomic():
        draft, standing = locked_draft(actor, draft_id)
        row = _allowed(standing, request, draft, now=now, reason=reason, faults=faults)
        if row.act is Act.ISSUE:
            raise Conflict(_("Hãy phát hành trong trang phát hành."), code="needs_plan")
        if row.target in FROZEN and row.source not in FROZEN:
            freeze(draft)
        if place_of(draft.pk) != now.place:
            # Somebody wrote between the reading and the lock.
            now = committed(draft.pk)
            faults = _faults(request.act, now)
            _allowed(standing, request, draft, now=now, reason=reason, faults=faults)
        if step is not None:
            _refuse_secret(draft, now)
        mandate = _mandate(standing, row)
        if row.act in _VOIDS:
            void_all(draft, _VOIDS[row.act])
        if step is not None:
            _approve(actor, draft, step, now, mandate)
        if signed is not None:
            keep_signed_copy(actor, draft, final_approval(draft), signed)
        if row.source in FROZEN and row.target not in FROZEN:
            thaw(draft, now.state, str(actor.pk))
        move_draft(draft, row)
        if row.act is Act.FILE:
            file_document(draft)
        if row.act is Act.APPROVE_CONTENT:
            invite_checkers(actor, draft)
        remember(actor, draft, now)
        _record(actor, draft, row, reason=reason, mandate=mandate, faults=faults)
        return draft


def file_where_allowed(actor: User, draft_id: UUID) -> bool:
    """Put an issued document away, in the caller's transaction, where the table lets
    this person; else leave it as it is. Whether it was put away now."""
    try:
        draft, standing = locked_draft(actor, draft_id)
    except (NotFound, NotAllowed):
        return False
    row = verdict(standing.facts, Act.FILE)
    if not isinstance(row, Row):
        return False
    move_draft(draft, row)
    file_document(draft)
    _record(actor, draft, row, mandate=_mandate(standing, row))
    return True


def _signed(
    actor: User, draft: Draft, request: Request, now: Committed
) -> Signed | None:
    """The signed file that this act brings; None when it brings none.

    Who may not do the act learns that first, before anything is drawn or signed.
    """
    if request.act not in (Act.APPROVE, Act.SIGN):
        return None
    if not policy_of(draft.organisation_id).signs_digitally:
        return None
    access = access_draft(actor, draft.pk, Action.TAKE_PART)
    _allowed(standing_of(access, Worker.of(actor)), request, draft, now=now)
    return sign_copy(actor, access.draft, now)


def final_approval(draft: Draft) -> Approval:
    """The signer's live approval. Raises Conflict when it is void."""
    found = Approval.objects.filter(
        draft=draft, step=ApprovalStep.FINAL, voided_at__isnull=True
    ).first()
    if found is None:
        raise refused(Refusal.WRONG_STATE)
    return found


def clean_reason(given: str) -> str:
    """NFC, without the blanks around it. Raises InvalidInput when too long."""
    reason = lines(given)
    if len(reason) > REASON_LENGTH:
        raise InvalidInput(
            _("Lý do dài quá %(limit)s ký tự.") % {"limit": REASON_LENGTH},
            fields={"reason": _("Hãy viết ngắn hơn.")},
        )
    return reason


def locked_draft(actor: User, draft_id: UUID | str) -> tuple[Draft, Standing]:
    Draft.objects.select_for_update().filter(pk=as_id(draft_id)).first()
    access = access_draft(actor, draft_id, Action.TAKE_PART)
    return access.draft, standing_of(access, Worker.of(actor))


def _allowed(
    standing: Standing,
    request: Request,
    draft: Draft,
    *,
    now: Committed | None = None,
    reason: str = "",
    faults: Faults = (),
) -> Row:
    found = verdict(
        standing.facts,
        request.act,
        has_seen=now is not None and request.seen == seen_digest(draft.pk, now.digest),
        has_reason=bool(reason),
        form_holds=not faults,
        is_settled=now is None or not now.has_suggestions,
    )
    if isinstance(found, Row):
        return found
    raise refused(found)


def _faults(act: Act, now: Committed) -> Faults:
    """The rules that the content breaks, for the act that answers for its form."""
    if act is not Act.CHECK_FORMAT:
        return ()
    return tuple(fault.rule_id for fault in severe_faults(now.content))


def _mandate(standing: Standing, row: Row) -> Delegation | None:
    """The mandate that was needed: none when the person may do it in his own right."""
    roles = row.who & standing.facts.who
    if any(role not in standing.in_place for role in roles):
        return None
    return next(iter(standing.in_place[role] for role in roles), None)


def _refuse_secret(draft: Draft, now: Committed) -> None:
    """Each step that carries a draft on looks again: the mark may have come later."""
    refuse_marked([draft.title])
    refuse_marked_content(now.whole)


def _check_signer(actor: User, draft: Draft, signer: User) -> None:
    if signer.pk not in {one.person.pk for one in eligible_signers(draft)}:
        raise InvalidInput(
            _("Người này không ký văn bản của cơ quan bạn."),
            fields={"signer": _("Hãy chọn một lãnh đạo.")},
        )
    drafters = {actor.pk, draft.created_by_id}
    if (
        signer.pk in drafters
        and not policy_of(draft.organisation_id).drafter_may_approve
    ):
        raise InvalidInput(
            _("Người soạn không duyệt dự thảo của chính mình."),
            fields={"signer": _("Hãy chọn một lãnh đạo khác.")},
        )


def _checked(sign_offs: Sequence[tuple[User, int]]) -> Sequence[tuple[User, int]]:
    people = [person.pk for person, _order in sign_offs]
    if len(people) > MAX_SIGN_OFFS or len(set(people)) != len(people):
        message = _("Mỗi người ký nháy một lần, nhiều nhất %(limit)s người.")
        raise InvalidInput(
            message % {"limit": MAX_SIGN_OFFS},
            fields={"sign_offs": _("Hãy xem lại danh sách.")},
        )
    return sign_offs


def _approve(
    actor: User,
    draft: Draft,
    step: str,
    now: Committed,
    mandate: Delegation | None,
) -> None:
    Approval.objects.create(
        draft=draft,
        round=draft.round,
        step=step,
        by=actor,
        on_behalf_of=mandate.principal if mandate else None,
        mandate=mandate,
        digest=now.digest,
        epoch=now.epoch,
        seq=now.seq,
        at=clock.now(),
    )
    # Who approves again has plainly noted that the former approval is void.
    Approval.objects.filter(
        draft=draft, by=actor, voided_at__isnull=False, noted_at__isnull=True
    ).update(noted_at=clock.now())


def move_draft(draft: Draft, row: Row, *more: str) -> None:
    draft.state, draft.state_at = row.target.value, clock.now()
    draft.save(update_fields=["state", "state_at", *more])
    refresh_draft(draft.pk)


def _record(
    actor: User,
    draft: Draft,
    row: Row,
    *,
    reason: str = "",
    signer: str = "",
    mandate: Delegation | None = None,
    faults: Faults = (),
) -> None:
    details: dict[str, object] = {
        "reason": reason,
        "user": signer
        or (str(mandate.principal_id) if mandate and mandate.principal_id else ""),
        "form": mandate.form if mandate else "",
        "faults": len(faults),
        "rules": sorted(set(faults)),
    }
    audit.record(
        actor,
        DEEDS[row.act],
        "draft",
        draft.pk,
        **{name: value for name, value in details.items() if value},
    )
    events.moved(draft.pk, row.act, row.target, actor.pk)
