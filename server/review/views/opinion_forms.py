"""Read the forms of opinion rounds, and keep what was typed when it is refused."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest, QueryDict

from server.accounts.models import Unit, User
from server.registry import holders
from server.registry.models import Draft
from server.registry.views.form_values import FormValues
from server.review.actions.answering import Answer, OpinionPlan
from server.review.actions.asking import MOST_ASKED, Question, RoundPlan
from server.review.models import OpinionQuestion

# Empty rows that the form offers for questions.
SPARE_QUESTIONS = 2
MOST_ROWS = 40


def holders_of(draft: Draft, values: Iterable[str]) -> list[User | Unit]:
    """What the hidden fields name: "user:<id>" or "unit:<id>". Raises InvalidInput."""
    found: list[User | Unit] = []
    for value in list(values)[: MOST_ASKED + 1]:
        kind, _colon, key = value.partition(":")
        if kind == "unit":
            found.append(holders.unit(key, draft.organisation))
        else:
            found.append(holders.person(key))
    return list(dict.fromkeys(found))


def round_plan(request: HttpRequest, draft: Draft) -> RoundPlan:
    values = FormValues(request.POST.dict())
    due_on = values.day("due_on")
    values.finish()
    return RoundPlan(
        holders_of(draft, request.POST.getlist("asked")),
        due_on,
        request.POST.get("silence", ""),
        request.POST.get("purpose", ""),
        [
            Question(text, is_choice)
            for text, is_choice in typed_questions(request.POST)
        ],
        request.POST.get("may_suggest") == "1",
    )


def typed_questions(data: QueryDict) -> list[tuple[str, bool]]:
    """Rows with something in them: the words, and whether one chooses."""
    texts = data.getlist("question")[:MOST_ROWS]
    kinds = data.getlist("question_kind") + ["choice"] * len(texts)
    return [
        (text, kind != "text")
        for text, kind in zip(texts, kinds, strict=False)
        if text.strip()
    ]


def opinion_plan(
    request: HttpRequest, questions: Iterable[OpinionQuestion]
) -> OpinionPlan:
    answers: dict[UUID, Answer] = {}
    for question in questions:
        answers[question.pk] = Answer(
            request.POST.get(f"choice_{question.pk}", ""),
            request.POST.get(f"answer_{question.pk}", ""),
        )
    return OpinionPlan(
        request.POST.get("verdict", ""), request.POST.get("text", ""), answers
    )
