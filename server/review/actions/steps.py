"""A version for each step of the process, noted once, whoever hears of it first.

The event of a step is heard after its commit; should this process end before that, the
next look at the versions finds the event in the outbox. An approval knows the place it
was given for; any other step stands at the last update that was saved by then. Must
never fail the step itself.
"""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import DatabaseError

from server.accounts.models import User
from server.common.errors import AppError
from server.common.models import OutboxEvent
from server.registry import events as draft_events
from server.registry.models import Approval, ApprovalStep, Draft
from server.registry.workflow.table import Act
from server.review.models import Version, VersionKind
from server.review.past.reading import timeline_of

logger = logging.getLogger(__name__)

_KINDS = {
    Act.APPROVE: VersionKind.SIGNED,
    Act.SIGN: VersionKind.SIGNED,
    Act.ISSUE: VersionKind.ISSUED,
}
_APPROVES = {
    Act.APPROVE_CONTENT: ApprovalStep.CONTENT,
    Act.CHECK_FORMAT: ApprovalStep.FORMAT,
    Act.APPROVE: ApprovalStep.FINAL,
    Act.SIGN: ApprovalStep.FINAL,
}


def hear(event: OutboxEvent) -> None:
    """Listener of the outbox: a step was committed in this process."""
    if event.kind != draft_events.MOVED:
        return
    try:
        note_step(event)
    except (AppError, DatabaseError):
        # It is found again when somebody looks at the versions.
        logger.exception("the version of a step of %s was not noted", event.subject_id)


def catch_up(draft: Draft) -> None:
    """Note the steps of this draft that nobody noted. At most two queries if none."""
    if draft.state_at is None:  # it never took a step
        return
    noted = Version.objects.filter(draft=draft, event__isnull=False)
    known = set(noted.values_list("event", flat=True))
    told = OutboxEvent.objects.filter(
        kind=draft_events.MOVED, subject_id=str(draft.pk)
    ).order_by("id")
    for event in told:
        if event.pk not in known:
            note_step(event)


def note_step(event: OutboxEvent) -> None:
    """Safe to call again."""
    draft_id = UUID(event.subject_id)
    if not Draft.objects.filter(pk=draft_id).exists():
        return
    name = str(event.payload.get("act", ""))
    act = Act(name) if name in set(Act) else None
    approval = _approval_of(draft_id, act, event)
    if approval is not None:
        epoch, seq, digest = approval.epoch, approval.seq, approval.digest
    else:
        moment = timeline_of(event.subject_id).before(event.at)
        if moment is None:
            return
        epoch, seq, digest = moment.epoch, moment.seq, ""
    by = event.payload.get("by")
    Version.objects.get_or_create(
        event=event.pk,
        defaults={
            "draft_id": draft_id,
            "epoch": epoch,
            "seq": seq,
            "kind": _KINDS.get(act, VersionKind.STEP) if act else VersionKind.STEP,
            "act": name,
            "by": User.objects.filter(pk=by).first() if by else None,
            "at": event.at,
            "digest": digest,
        },
    )


def _approval_of(
    draft_id: UUID, act: Act | None, event: OutboxEvent
) -> Approval | None:
    """The approval that this step gave: the last of its kind by then."""
    step = _APPROVES.get(act) if act else None
    if step is None:
        return None
    given = Approval.objects.filter(draft_id=draft_id, step=step, at__lte=event.at)
    return given.order_by("-at").first()
