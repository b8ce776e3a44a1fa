"""Give an opinion.

It may be given anew while the round is open: the former one stays on record, and what
was made of it (`handling`) no longer counts. Must never change what somebody said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Membership, Role, User
from server.common import audit, clock
from server.common.errors import NotAllowed, NotFound
from server.common.workdays import is_over
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.entry_fields import Checker
from server.review import opinion_events as events
from server.review.actions.asking import round_closed
from server.review.models import (
    ANSWER_LENGTH,
    OPINION_LENGTH,
    Choice,
    Opinion,
    OpinionAnswer,
    OpinionQuestion,
    OpinionRequest,
    OpinionRound,
    Verdict,
)
from server.review.opinion_access import access_request
from server.review.queries.opinion_remarks import in_draft


@dataclass(frozen=True, slots=True)
class Answer:
    choice: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class OpinionPlan:
    """`answers` by the question's id."""

    verdict: str
    text: str = ""
    answers: Mapping[UUID, Answer] = field(default_factory=dict)


def open_request(actor: User, request_id: UUID | str) -> OpinionRequest:
    """Note that those who are asked have seen it. The first look counts."""
    request, _access = access_request(actor, request_id)
    if request.opened_at is None:
        OpinionRequest.objects.filter(pk=request.pk, opened_at=None).update(
            opened_at=clock.now()
        )
    return request


@transaction.atomic
def give_opinion(actor: User, request_id: UUID | str, plan: OpinionPlan) -> Opinion:
    """Raises InvalidInput naming every fault, Conflict (`round_closed`, or archived),
    NotAllowed when the head of the unit has spoken for it, and NotFound."""
    request, _found = access_request(actor, request_id)
    # First the round, then the request: closing takes them in the same order.
    begun = OpinionRound.objects.select_for_update().get(pk=request.round_id)
    request = OpinionRequest.objects.select_for_update().get(pk=request.pk)
    access_draft(actor, begun.draft_id, Action.COMMENT)
    if request.withdrawn_at is not None:
        raise NotFound
    if not begun.is_open:
        raise round_closed()
    former = request.opinions.filter(is_current=True).first()
    if former is not None:
        _may_replace(actor, request, former)
    questions = list(begun.questions.all())
    words, answers = _checked(plan, questions, _has_said(begun, request))
    if former is not None:
        former.is_current = False
        former.save(update_fields=["is_current"])
    opinion = Opinion.objects.create(
        request=request,
        by=actor,
        at=clock.now(),
        verdict=plan.verdict,
        text=words,
        is_late=is_over(request.due_on, clock.today()),
    )
    OpinionAnswer.objects.bulk_create(
        OpinionAnswer(opinion=opinion, question=q, choice=a.choice, text=a.text)
        for q, a in answers
    )
    audit.record(
        actor, "opinion.given", "draft", begun.draft_id,
        round=begun.number, request=str(request.pk), again=former is not None,
    )  # fmt: skip
    events.tell(events.GIVEN, begun.draft_id, round_id=begun.pk, requests=[request.pk])
    return opinion


def _may_replace(actor: User, request: OpinionRequest, former: Opinion) -> None:
    """What the head of a unit said for it, only the head says otherwise."""
    if request.unit_id is None or former.by_id == actor.pk:
        return
    heads = set(
        Membership.objects.filter(
            unit_id=request.unit_id, role=Role.HEAD, user__is_active=True
        ).values_list("user_id", flat=True)
    )
    if former.by_id in heads and actor.pk not in heads:
        raise NotAllowed(
            _("Trưởng đơn vị đã cho ý kiến; chỉ trưởng đơn vị sửa lại được.")
        )


def _has_said(begun: OpinionRound, request: OpinionRequest) -> bool:
    """Whether those who are asked have said something in the draft itself."""
    requests = list(begun.requests.all())
    return in_draft(begun, requests)[request.pk].is_something


def _checked(
    plan: OpinionPlan, questions: list[OpinionQuestion], has_said: bool
) -> tuple[str, list[tuple[OpinionQuestion, Answer]]]:
    check = Checker()
    check.choice("verdict", plan.verdict, Verdict.values)
    # Whoever agrees with nothing to add need not write; who does not, says why,
    # here or in the draft.
    must_write = plan.verdict in (Verdict.AGREES_IF, Verdict.DISAGREES)
    answers: list[tuple[OpinionQuestion, Answer]] = []
    for question in questions:
        given = plan.answers.get(question.pk, Answer())
        name = f"answer_{question.pk}"
        said = check.paragraph(
            name, given.text, ANSWER_LENGTH, required=not question.is_choice
        )
        choice = ""
        if question.is_choice:
            choice = check.choice(name, given.choice, Choice.values)
            if choice == Choice.OTHER and not said:
                check.faults[name] = _("Hãy ghi ý kiến khác là gì.")
        answers.append((question, Answer(choice, said)))
    written = any(answer.text for _question, answer in answers)
    words = check.paragraph(
        "text",
        plan.text,
        OPINION_LENGTH,
        required=must_write and not (written or has_said),
    )
    check.finish()
    return words, answers
