"""Say what was made of an opinion: accepted, or explained (tiếp thu, giải trình).

What was said in the form and what was said in the draft itself are handled apart, each
in words of its own; for the draft the words are proposed from how its comments and
suggestions were decided (`opinions.proposing`). Must never change what somebody said,
nor record anything for words that whoever records it has not seen.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock
from server.common.errors import Conflict, NotFound
from server.registry.abilities import Action
from server.registry.access import access_draft, as_id
from server.registry.entry_fields import Checker
from server.review import opinion_events as events
from server.review.models import (
    OUTCOME_LENGTH,
    Handled,
    InDraftOutcome,
    Opinion,
    OpinionOutcome,
    OpinionRequest,
    OpinionRound,
)
from server.review.opinion_access import access_round
from server.review.queries.opinion_remarks import in_draft
from server.review.queries.opinions import table_of


@transaction.atomic
def handle_opinion(
    actor: User, opinion_id: UUID | str, *, handled: str, text: str = ""
) -> OpinionOutcome:
    """The drafting side accepts or explains, also after the round is closed.

    Raises InvalidInput, Conflict (`opinion_replaced`) when it was given anew, NotFound.
    """
    opinion = (
        Opinion.objects.filter(pk=as_id(opinion_id)).select_related("request").first()
    )
    if opinion is None:
        raise NotFound
    begun = access_round(actor, opinion.request.round_id).round
    access_draft(actor, begun.draft_id, Action.COMMENT)
    OpinionRequest.objects.select_for_update().get(pk=opinion.request_id)
    words = _checked(handled, text)
    if not Opinion.objects.filter(pk=opinion.pk, is_current=True).exists():
        raise Conflict(
            _("Ý kiến này vừa được gửi lại. Hãy đọc bản mới trước."),
            code="opinion_replaced",
        )
    opinion.outcomes.filter(is_current=True).update(is_current=False)
    outcome = OpinionOutcome.objects.create(
        opinion=opinion, handled=handled, text=words, by=actor, at=clock.now()
    )
    audit.record(
        actor, "opinion.handled", "draft", begun.draft_id,
        round=begun.number, opinion=str(opinion.pk), handled=handled,
    )  # fmt: skip
    events.tell(
        events.HANDLED, begun.draft_id, round_id=begun.pk, requests=[opinion.request_id]
    )
    return outcome


@transaction.atomic
def handle_in_draft(
    actor: User,
    round_id: UUID | str,
    request_id: UUID | str,
    *,
    handled: str,
    text: str = "",
    seen: int | None = None,
) -> InDraftOutcome:
    """The same for all that one who was asked said in the draft. `seen`: how much
    (`InDraft.amount`) whoever records it has read; None: all that stands.

    Raises InvalidInput, Conflict (`nothing_said`, `said_more`), NotFound.
    """
    begun = _handled_round(actor, round_id)
    request = (
        OpinionRequest.objects.select_for_update()
        .filter(pk=as_id(request_id), round=begun, withdrawn_at=None)
        .first()
    )
    if request is None:
        raise NotFound
    words = _checked(handled, text)
    said = in_draft(begun, list(begun.requests.all()))[request.pk]
    if not said.is_something:
        raise Conflict(_("Nơi này chưa góp ý gì trong dự thảo."), code="nothing_said")
    if seen is not None and said.amount > seen:
        raise Conflict(
            _("Nơi này vừa góp ý thêm trong dự thảo. Hãy đọc trước rồi ghi lại."),
            code="said_more",
        )
    outcome = _record(actor, request, handled, words, said.amount)
    audit.record(
        actor, "opinion.handled", "draft", begun.draft_id,
        round=begun.number, request=str(request.pk), handled=handled, in_draft=True,
    )  # fmt: skip
    events.tell(
        events.HANDLED, begun.draft_id, round_id=begun.pk, requests=[request.pk]
    )
    return outcome


@transaction.atomic
def handle_as_decided(actor: User, round_id: UUID | str) -> int:
    """Record what the draft itself tells: for each of whom all was taken over there and
    nothing is recorded, that it was accepted. Answers how many.

    Raises Conflict (`nothing_decided`) when there is none, NotFound.
    """
    begun = _handled_round(actor, round_id)
    # Everybody's rows in one order, as elsewhere: two who press at once are one.
    list(begun.requests.select_for_update().order_by("order"))
    done: list[UUID] = []
    for row in table_of(begun).rows:
        if row.is_plainly_taken:
            amount = row.in_draft.amount
            _record(actor, row.request, Handled.ACCEPTED, "", amount)
            done.append(row.request.pk)
    if not done:
        raise Conflict(
            _("Không còn góp ý nào đã được giải quyết hết trong dự thảo mà chưa ghi."),
            code="nothing_decided",
        )
    audit.record(
        actor, "opinion.handled", "draft", begun.draft_id,
        round=begun.number, requests=len(done), handled=Handled.ACCEPTED,
        in_draft=True,
    )  # fmt: skip
    events.tell(events.HANDLED, begun.draft_id, round_id=begun.pk, requests=done)
    return len(done)


def _handled_round(actor: User, round_id: UUID | str) -> OpinionRound:
    begun = access_round(actor, round_id).round
    access_draft(actor, begun.draft_id, Action.COMMENT)
    return begun


def _record(
    actor: User, request: OpinionRequest, handled: str, words: str, seen: int
) -> InDraftOutcome:
    request.in_draft_outcomes.filter(is_current=True).update(is_current=False)
    return InDraftOutcome.objects.create(
        request=request,
        handled=handled,
        text=words,
        by=actor,
        at=clock.now(),
        seen=seen,
    )


def _checked(handled: str, text: str) -> str:
    check = Checker()
    check.choice("handled", handled, Handled.values)
    words = check.paragraph(
        "text", text, OUTCOME_LENGTH, required=handled != Handled.ACCEPTED
    )
    check.finish()
    return words
