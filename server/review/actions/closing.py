"""End a round of opinions: by hand, by itself when its term has run out, and begin it
again.

A term is kept until the end of its day, or of the next working day (`workdays`); then
the server closes the round, whoever looks or does not. Running it again, or in several
processes at once, closes nothing twice. Must never close a round while somebody who is
asked still has time, nor take away what was said.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock
from server.common.errors import Conflict, NotFound
from server.common.workdays import last_day_over
from server.registry.access import as_id
from server.registry.entry_fields import Checker
from server.review import opinion_events as events
from server.review.actions.asking import locked, open_round, term_of
from server.review.models import OpinionRequest, OpinionRound
from server.review.opinion_access import access_round

BY_TERM = "term"


@transaction.atomic
def close_round(actor: User, round_id: UUID | str) -> OpinionRound:
    """No opinion is taken from now on, and silence gets its meaning."""
    begun, draft = open_round(actor, round_id)
    _close(begun, actor)
    audit.record(actor, "opinion.closed", "draft", draft.pk, round=begun.number)
    return begun


def close_what_is_over() -> int:
    """Close every round of which all terms have run out; answers how many."""
    return sum(_close_if_over(pk) for pk in _over().values_list("pk", flat=True))


def _over() -> QuerySet[OpinionRound]:
    """A draft that was put away waits for nobody, and nobody misses its end."""
    last = last_day_over(clock.today())
    has_time = OpinionRequest.objects.filter(
        round=OuterRef("pk"), withdrawn_at=None, due_on__gt=last
    )
    return OpinionRound.objects.filter(
        ~Exists(has_time),
        closed_at=None,
        due_on__lte=last,
        draft__archived_at=None,
    )


@transaction.atomic
def _close_if_over(round_id: UUID) -> bool:
    # Somebody may have moved the term, or closed it, since it was looked for.
    begun = OpinionRound.objects.select_for_update().filter(pk=round_id).first()
    if begun is None or not _over().filter(pk=round_id).exists():
        return False
    _close(begun, None)
    audit.record(
        None, "opinion.closed_by_term", "draft", begun.draft_id,
        round=begun.number, due_on=begun.due_on.isoformat(),
    )  # fmt: skip
    return True


def _close(begun: OpinionRound, actor: User | None) -> None:
    begun.closed_at, begun.closed_by = clock.now(), actor
    # Who suggested up to now is looked through once more.
    begun.heard_seq = None
    begun.save(update_fields=["closed_at", "closed_by", "heard_seq"])
    told = begun.requests.filter(withdrawn_at=None).values_list("pk", flat=True)
    events.tell(
        events.CLOSED, begun.draft_id, round_id=begun.pk, requests=list(told),
        due_on=begun.due_on, reason="" if actor else BY_TERM,
        asked_by=begun.asked_by_id,
    )  # fmt: skip


@transaction.atomic
def reopen_round(
    actor: User,
    round_id: UUID | str,
    due_on: date | None,
    request_id: UUID | str | None = None,
) -> OpinionRound:
    """Take opinions again until `due_on`: from everybody, or with `request_id` for the
    sake of one; the others may answer late meanwhile.

    Raises InvalidInput, NotFound, NotAllowed, Conflict (`round_still_open`, and
    `round_not_newest` when another one was begun since).
    """
    found = access_round(actor, round_id, ask=True)
    draft = locked(actor, found.round.draft_id).draft
    begun = OpinionRound.objects.select_for_update().get(pk=found.round.pk)
    if begun.is_open:
        raise Conflict(_("Đợt lấy ý kiến đang mở."), code="round_still_open")
    if OpinionRound.objects.filter(draft=draft, number__gt=begun.number).exists():
        raise Conflict(
            _("Đã có đợt lấy ý kiến sau đợt này. Hãy hỏi ở đợt mới nhất."),
            code="round_not_newest",
        )
    check = Checker()
    term = term_of(check, due_on)
    check.finish()
    requests = begun.requests.filter(withdrawn_at=None)
    if request_id is not None:
        requests = requests.filter(pk=as_id(request_id))
    told = list(requests.values_list("pk", flat=True))
    if request_id is not None and not told:
        raise NotFound
    begun.closed_at = begun.closed_by = begun.heard_seq = None
    if request_id is None:
        begun.due_on = term
    begun.save(update_fields=["closed_at", "closed_by", "heard_seq", "due_on"])
    requests.update(due_on=term)
    audit.record(
        actor, "opinion.reopened", "draft", draft.pk,
        round=begun.number, due_on=term.isoformat(), requests=len(told),
    )  # fmt: skip
    events.tell(
        events.REOPENED, draft.pk, round_id=begun.pk, requests=told, due_on=term,
    )  # fmt: skip
    return begun
