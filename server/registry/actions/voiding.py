"""An approval holds for the content it was given for; a later change voids it.

`settle` is called after a commit of the log, at every look at the process and before
every step, so that a void approval is noticed wherever somebody would rely on it. Must
never void an approval that was given after the text it compares with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction

from server.common import audit, clock
from server.common.errors import NotFound
from server.registry import events
from server.registry.actions.freezing import thaw
from server.registry.models import Approval, Draft, SignOff, VoidReason
from server.registry.search.entries import refresh_draft
from server.registry.texts import Committed, committed, place_of
from server.registry.workflow.approvals import settled_state
from server.registry.workflow.table import FROZEN, IN_PROCESS, State, Step

Bound = Approval | SignOff


def settle_many(draft_ids: Iterable[str]) -> None:
    """Settle those of these drafts that are on their way. Ids of no draft are fine."""
    keys = [key for text in draft_ids if (key := _as_uuid(text)) is not None]
    waiting = Draft.objects.filter(pk__in=keys, state__in=IN_PROCESS)
    for draft_id in list(waiting.values_list("pk", flat=True)):
        settle(draft_id)


def settle(draft_id: UUID) -> bool:
    """Void what no longer holds. True when something was voided.

    Three short queries when nothing has changed; the text is read only when the log
    has moved on, and outside the transaction.
    """
    bound = _bound(draft_id)
    if not bound:
        return False
    try:
        place = place_of(draft_id)
        if all((b.epoch, b.seq) == place for b in bound):
            return False
        now = committed(draft_id)
    except NotFound:
        return False
    if all(b.digest == now.digest for b in bound):
        _note_place(bound, now)
        return False
    return _void_changed(draft_id, now)


def void_all(draft: Draft, reason: VoidReason) -> None:
    """End every approval and sign-off of the round, in the caller's transaction.

    The approvers see the draft's new state, so they need no notice of their own.
    """
    now = clock.now()
    Approval.objects.filter(draft=draft, voided_at__isnull=True).update(
        voided_at=now, void_reason=reason, noted_at=now
    )


def _bound(draft_id: UUID) -> list[Bound]:
    process = {"draft_id": draft_id, "draft__state__in": IN_PROCESS}
    approvals = Approval.objects.filter(voided_at__isnull=True, **process)
    done = SignOff.objects.filter(done_at__isnull=False, **process)
    rounds = done.select_related("draft")
    return [*approvals, *(s for s in rounds if s.round == s.draft.round)]


def _note_place(bound: Sequence[Bound], now: Committed) -> None:
    """The log moved, the content did not: the next look is short again."""
    for model in (Approval, SignOff):
        keys = [b.pk for b in bound if isinstance(b, model)]
        if keys:
            model.objects.filter(pk__in=keys, digest=now.digest).update(
                epoch=now.epoch, seq=now.seq
            )


@transaction.atomic
def _void_changed(draft_id: UUID, now: Committed) -> bool:
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None:
        return False
    bound = _bound(draft_id)
    # One that was given meanwhile, for a later text, is none of ours.
    void = [
        b for b in bound if b.digest != now.digest and (b.epoch, b.seq) <= now.place
    ]
    if not void:
        return False
    at = clock.now()
    for given in void:
        if isinstance(given, Approval):
            given.voided_at, given.void_reason = at, VoidReason.CHANGED
            given.save(update_fields=["voided_at", "void_reason"])
            events.approval_voided(draft.pk, given.step, given.by_id)
        else:
            given.voided_at, given.done_at = at, None
            given.save(update_fields=["voided_at", "done_at"])
            events.approval_voided(draft.pk, "sign_off", given.person_id)
    _fall_back(draft, [b for b in bound if b not in void], now)
    audit.record(
        None,
        "draft.approvals_voided",
        "draft",
        draft.pk,
        steps=[b.step if isinstance(b, Approval) else "sign_off" for b in void],
        state=draft.state,
    )
    return True


def _fall_back(draft: Draft, holding: Sequence[Bound], now: Committed) -> None:
    live = {Step(b.step): b.digest for b in holding if isinstance(b, Approval)}
    before = State(draft.state)
    after = settled_state(before, live, now.digest)
    if after is before:
        return
    draft.state, draft.state_at = after.value, clock.now()
    draft.save(update_fields=["state", "state_at"])
    refresh_draft(draft.pk)
    if before in FROZEN:
        thaw(draft, now.state)
    events.moved(draft.pk, "void", after, None)


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
