"""Remind those who have not answered: by the calendar, and when the owner chases.

The daily run may run as often as one likes: a reminder for one reason and one term is a
row that exists once. Must never remind for a closed round or a request taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock
from server.common.errors import Conflict, TooMany
from server.review import opinion_events as events
from server.review.actions.asking import round_closed
from server.review.models import Opinion, OpinionReminder, OpinionRequest, OpinionRound
from server.review.opinion_access import access_round
from server.review.opinions.standing import Reason, reminder_due
from server.review.queries.opinion_remarks import in_draft

# Chasing again within this many seconds would be two notices for one wish.
CHASE_AGAIN_S = 600


def unanswered() -> QuerySet[OpinionRequest]:
    """Requests of open rounds that wait for an opinion."""
    said = Opinion.objects.filter(request=OuterRef("pk"))
    return OpinionRequest.objects.filter(
        ~Exists(said), withdrawn_at=None, round__closed_at=None
    )


def remind_due() -> int:
    """Remind whoever is due today; answers how many requests were reminded."""
    today, told = clock.today(), 0
    rows = unanswered().filter(round__draft__archived_at=None)
    due: dict[UUID, list[tuple[OpinionRequest, Reason]]] = defaultdict(list)
    for request in rows.select_related("round"):
        reason = reminder_due(request.due_on, today)
        if reason is not None:
            due[request.round_id].append((request, reason))
    for requests in due.values():
        left = set(_silent([request for request, _reason in requests]))
        told += sum(_remind(r, reason) for r, reason in requests if r.pk in left)
    return told


def _silent(requests: Sequence[OpinionRequest]) -> list[UUID]:
    """Of requests of one round that got no opinion: those whose holders have said
    nothing in the draft either. Whoever commented there has answered."""
    if not requests:
        return []
    begun = requests[0].round
    said = in_draft(begun, list(begun.requests.all()))
    return [request.pk for request in requests if not said[request.pk].is_something]


@transaction.atomic
def _remind(request: OpinionRequest, reason: Reason) -> bool:
    _row, is_new = OpinionReminder.objects.get_or_create(
        request=request,
        reason=reason.value,
        due_on=request.due_on,
        defaults={"at": clock.now()},
    )
    if is_new:
        events.tell(
            events.REMINDED, request.round.draft_id, round_id=request.round_id,
            requests=[request.pk], due_on=request.due_on, reason=reason.value,
        )  # fmt: skip
    return is_new


@transaction.atomic
def chase(actor: User, round_id: UUID | str) -> int:
    """Đôn đốc: remind everybody who has not answered, now. Answers how many.

    Raises Conflict (`round_closed`, `nobody_waits`), TooMany within ten minutes.
    """
    found = access_round(actor, round_id, ask=True)
    begun = OpinionRound.objects.select_for_update().get(pk=found.round.pk)
    if not begun.is_open:
        raise round_closed()
    waiting = list(unanswered().filter(round=begun).select_related("round"))
    asked = _silent(waiting)
    if not asked:
        raise Conflict(_("Mọi nơi được hỏi đều đã cho ý kiến."), code="nobody_waits")
    now = clock.now()
    last = max((r.chased_at for r in waiting if r.chased_at), default=None)
    if last is not None and (now - last).total_seconds() < CHASE_AGAIN_S:
        raise TooMany(_("Vừa đôn đốc xong. Hãy đợi mười phút rồi đôn đốc lại."))
    OpinionRequest.objects.filter(pk__in=asked).update(chased_at=now)
    audit.record(
        actor, "opinion.chased", "draft", begun.draft_id,
        round=begun.number, requests=len(asked),
    )  # fmt: skip
    events.tell(
        events.CHASED, begun.draft_id, round_id=begun.pk, requests=asked,
        due_on=begun.due_on,
    )  # fmt: skip
    return len(asked)
