"""Ký nháy: initial a draft when it is one's turn.

Bound to the content like an approval; a later change makes the request open again.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from server.accounts.models import User
from server.common import audit, clock
from server.registry import events
from server.registry.abilities import Action
from server.registry.access import access_draft, as_id
from server.registry.actions.process import clean_reason
from server.registry.actions.reading import remember
from server.registry.actions.voiding import settle
from server.registry.models import Draft, SignOff
from server.registry.refusals import refused
from server.registry.seen import seen_digest
from server.registry.standing import Worker, standing_of
from server.registry.texts import committed, place_of
from server.registry.workflow.table import Refusal, State, Who


def sign_off(actor: User, draft_id: UUID | str, *, seen: str, note: str = "") -> Draft:
    """Initial what was seen. Raises Conflict (not in review, content changed) or
    NotAllowed (not asked, or not yet), and what `access_draft` raises."""
    draft = access_draft(actor, draft_id, Action.OPEN).draft
    settle(draft.pk)
    now = committed(draft.pk)
    note = clean_reason(note)
    with transaction.atomic():
        Draft.objects.select_for_update().filter(pk=as_id(draft_id)).first()
        access = access_draft(actor, draft_id, Action.TAKE_PART)
        draft = access.draft
        if draft.state != State.IN_REVIEW:
            raise refused(Refusal.WRONG_STATE)
        if Who.SIGN_OFF_TURN not in standing_of(access, Worker.of(actor)).facts.who:
            raise refused(Refusal.NOT_YOUR_STEP)
        shown = seen_digest(draft.pk, now.digest)
        if seen != shown or place_of(draft.pk) != now.place:
            raise refused(Refusal.CONTENT_CHANGED)
        mine = SignOff.objects.get(draft=draft, round=draft.round, person=actor)
        mine.done_at, mine.voided_at, mine.note = clock.now(), None, note
        mine.digest, mine.epoch, mine.seq = now.digest, now.epoch, now.seq
        mine.save()
        remember(actor, draft, now)
        audit.record(actor, "draft.signed_off", "draft", draft.pk, note=note)
        events.moved(draft.pk, "sign_off", draft.state, actor.pk)
        return draft
