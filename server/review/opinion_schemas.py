"""Shapes of the API of opinion rounds. Names are promises to other programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from server.accounts.models import Unit, User
from server.registry import holders
from server.registry.models import Draft
from server.registry.schemas import Strict
from server.review.actions.answering import Answer, OpinionPlan
from server.review.actions.asking import Question, RoundPlan
from server.review.models import (
    Choice,
    Handled,
    InDraftOutcome,
    Opinion,
    OpinionOutcome,
    OpinionRequest,
    OpinionRound,
    Silence,
    Verdict,
)
from server.review.opinions.standing import Stand
from server.review.queries.opinion_suggestions import Fate, Made
from server.review.queries.opinions import (
    AskedOf,
    OpinionRow,
    RoundTable,
    name_of,
)

Words = Annotated[str, Field(max_length=50_000)]


class AskedIn(Strict):
    """Exactly one of `user` (id or sign-in name) and `unit` (id or abbreviation)."""

    user: Annotated[str, Field(max_length=100)] = ""
    unit: Annotated[str, Field(max_length=100)] = ""

    def holder(self, draft: Draft) -> User | Unit:
        """Raises InvalidInput."""
        if self.unit:
            return holders.unit(self.unit, draft.organisation)
        return holders.person(self.user)


Asked = Annotated[list[AskedIn], Field(max_length=1000)]


class QuestionIn(Strict):
    text: Words
    is_choice: bool = Field(True, description="answered yes, no or otherwise")


class RoundIn(Strict):
    asked: Asked
    due_on: date
    silence: Silence = Silence.NONE
    purpose: Words = ""
    questions: Annotated[list[QuestionIn], Field(max_length=1000)] = []
    may_suggest: bool = Field(False, description="may also suggest changes")

    def plan(self, draft: Draft) -> RoundPlan:
        return RoundPlan(
            [one.holder(draft) for one in self.asked],
            self.due_on,
            self.silence,
            self.purpose,
            [Question(one.text, one.is_choice) for one in self.questions],
            self.may_suggest,
        )


class MoreIn(Strict):
    asked: Asked
    due_on: date | None = Field(None, description="the round's own unless told")


class TermIn(Strict):
    due_on: date
    request: UUID | None = Field(None, description="all requests unless told")


class WithdrawalIn(Strict):
    reason: Words = ""


class AnswerIn(Strict):
    question: UUID
    choice: Choice | None = None
    text: Words = ""


class OpinionIn(Strict):
    verdict: Verdict
    text: Words = ""
    answers: Annotated[list[AnswerIn], Field(max_length=100)] = []

    def plan(self) -> OpinionPlan:
        answers = {
            one.question: Answer(one.choice or "", one.text) for one in self.answers
        }
        return OpinionPlan(self.verdict, self.text, answers)


class OutcomeIn(Strict):
    handled: Handled
    text: Words = ""


class InDraftOutcomeIn(OutcomeIn):
    seen: Annotated[int, Field(ge=0, le=1_000_000)] | None = Field(
        None,
        description="`in_draft_amount` that was read: more said since is a conflict",
    )


class AnswerOut(Schema):
    question: UUID
    choice: str
    text: str


class OpinionOut(Schema):
    id: UUID
    by: str
    at: datetime
    verdict: Verdict
    text: str
    is_late: bool
    answers: list[AnswerOut]

    @classmethod
    def of(cls, opinion: Opinion) -> OpinionOut:
        return cls(
            id=opinion.pk,
            by=opinion.by.full_name,
            at=opinion.at,
            verdict=Verdict(opinion.verdict),
            text=opinion.text,
            is_late=opinion.is_late,
            answers=[
                AnswerOut(question=a.question_id, choice=a.choice, text=a.text)
                for a in opinion.answers.all()
            ],
        )


class OutcomeOut(Schema):
    handled: Handled
    text: str
    by: str
    at: datetime

    @classmethod
    def of(cls, made: OpinionOutcome | InDraftOutcome | None) -> OutcomeOut | None:
        if made is None:
            return None
        return cls(
            handled=Handled(made.handled),
            text=made.text,
            by=made.by.full_name,
            at=made.at,
        )


class OpinionChangeOut(Schema):
    """A suggestion in the draft: the words at the place, what it brings and takes (the
    beginning of it), and what became of it; `decided`: one way or the other."""

    part: str = Field(description='"body", or a field of the letterhead')
    quote: str
    inserted: str
    deleted: str
    fate: Fate

    @classmethod
    def of(cls, made: Made) -> OpinionChangeOut:
        return cls(
            part=made.part,
            quote=made.quote,
            inserted=made.inserted,
            deleted=made.deleted,
            fate=made.fate,
        )


class RequestOut(Schema):
    """One who was asked, as the drafting side sees it."""

    id: UUID
    user: UUID | None
    unit: UUID | None
    name: str
    due_on: date
    stand: Stand
    opened_at: datetime | None
    chased_at: datetime | None
    opinion: OpinionOut | None
    outcome: OutcomeOut | None
    in_draft_outcome: OutcomeOut | None = Field(
        description="what was made of comments and suggestions in the draft"
    )
    in_draft_amount: int = Field(description="how many of these there are")
    threads: list[UUID] = Field(description="answered in during the round")
    suggested: int = Field(description="suggestions in the draft that are still open")
    decided: int = Field(description="suggestions accepted, rejected or taken back")
    changes: list[OpinionChangeOut] = Field(description="the first of them, in order")

    @classmethod
    def of(cls, row: OpinionRow) -> RequestOut:
        return cls(
            id=row.request.pk,
            user=row.request.user_id,
            unit=row.request.unit_id,
            name=row.name,
            due_on=row.request.due_on,
            stand=row.stand,
            opened_at=row.request.opened_at,
            chased_at=row.request.chased_at,
            opinion=OpinionOut.of(row.opinion) if row.opinion else None,
            outcome=OutcomeOut.of(row.outcome),
            in_draft_outcome=OutcomeOut.of(row.draft_outcome),
            in_draft_amount=row.in_draft.amount,
            threads=[remark.thread_id for remark in row.in_draft.remarks],
            suggested=row.in_draft.suggested,
            decided=row.in_draft.decided,
            changes=[OpinionChangeOut.of(made) for made in row.in_draft.listed],
        )


class QuestionOut(Schema):
    id: UUID
    text: str
    is_choice: bool


class RoundOut(Schema):
    id: UUID
    draft: UUID
    number: int
    purpose: str
    due_on: date
    silence: Silence
    may_suggest: bool
    asked_by: str
    asked_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, begun: OpinionRound) -> RoundOut:
        return cls(
            id=begun.pk,
            draft=begun.draft_id,
            number=begun.number,
            purpose=begun.purpose,
            due_on=begun.due_on,
            silence=Silence(begun.silence),
            may_suggest=begun.may_suggest,
            asked_by=begun.asked_by.full_name,
            asked_at=begun.asked_at,
            closed_at=begun.closed_at,
        )


class RoundTableOut(Schema):
    round: RoundOut
    counts: dict[str, int]
    questions: list[QuestionOut]
    requests: list[RequestOut]

    @classmethod
    def of(cls, table: RoundTable) -> RoundTableOut:
        return cls(
            round=RoundOut.of(table.round),
            counts=table.counts,
            questions=_questions(table.round),
            requests=[RequestOut.of(row) for row in table.rows],
        )


class AskedOut(Schema):
    """A request, as those who are asked see it."""

    id: UUID
    draft: UUID
    title: str
    name: str
    purpose: str
    due_on: date
    silence: Silence
    stand: Stand
    asked_by: str
    questions: list[QuestionOut]
    opinion: OpinionOut | None

    @classmethod
    def of(cls, row: AskedOf, *, with_questions: bool = True) -> AskedOut:
        request: OpinionRequest = row.request
        begun = request.round
        return cls(
            id=request.pk,
            draft=begun.draft_id,
            title=begun.draft.title,
            name=name_of(request),
            purpose=begun.purpose,
            due_on=request.due_on,
            silence=Silence(begun.silence),
            stand=row.stand,
            asked_by=begun.asked_by.full_name,
            questions=_questions(begun) if with_questions else [],
            opinion=OpinionOut.of(row.opinion) if row.opinion else None,
        )


def _questions(begun: OpinionRound) -> list[QuestionOut]:
    return [
        QuestionOut(id=q.pk, text=q.text, is_choice=q.is_choice)
        for q in begun.questions.all()
    ]
