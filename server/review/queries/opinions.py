"""Read opinion rounds: the table of one, and what a person is asked.

The doors are in `server.review.opinion_access`; a fixed number of queries each,
whatever the number of people asked. Must never write.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from server.accounts.models import User
from server.accounts.queries import main_unit, with_main_unit
from server.common import clock
from server.review.models import (
    Choice,
    InDraftOutcome,
    Opinion,
    OpinionAnswer,
    OpinionOutcome,
    OpinionQuestion,
    OpinionRequest,
    OpinionRound,
    Verdict,
)
from server.review.opinion_access import asked
from server.review.opinions.proposing import proposal_of
from server.review.opinions.standing import Stand, stand_of
from server.review.queries.opinion_heard import with_words_in_draft
from server.review.queries.opinion_remarks import NOTHING, InDraft, in_draft

PAGE = 50


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """One who was asked, with what counts: the newest opinion and its outcome."""

    request: OpinionRequest
    stand: Stand
    opinion: Opinion | None
    outcome: OpinionOutcome | None
    in_draft: InDraft = NOTHING
    draft_outcome: InDraftOutcome | None = None

    @property
    def name(self) -> str:
        return name_of(self.request)

    @property
    def detail(self) -> str:
        """The person's post, or the unit's organisation."""
        if self.request.unit is not None:
            return self.request.unit.organisation.name
        assert self.request.user is not None
        unit = main_unit(self.request.user)
        parts = (self.request.user.title, unit.name if unit else "")
        return " · ".join(dict.fromkeys(part for part in parts if part))

    @property
    def needs_handling(self) -> bool:
        """Something was said that nobody accepted or explained yet."""
        return (
            self.opinion is not None
            and self.outcome is None
            and says_much(self.opinion)
        )

    @property
    def needs_draft_handling(self) -> bool:
        """The same for what was said in the draft, or there since."""
        said, outcome = self.in_draft, self.draft_outcome
        if outcome is None or not said.is_something:
            return said.is_something
        later = said.said_at is not None and said.said_at > outcome.at
        return later or said.amount > outcome.seen

    @property
    def is_plainly_taken(self) -> bool:
        """All that was said in the draft was taken over there, and nobody recorded
        it."""
        return (
            self.stand is not Stand.WITHDRAWN
            and self.draft_outcome is None
            and self.needs_draft_handling
            and proposal_of(self.in_draft).is_plain
        )


@dataclass(frozen=True, slots=True)
class RoundTable:
    round: OpinionRound
    questions: tuple[OpinionQuestion, ...]
    rows: tuple[OpinionRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many: asked, each verdict, each way to say nothing, not yet handled."""
        live = [row for row in self.rows if row.stand is not Stand.WITHDRAWN]
        found = Counter(row.stand.value for row in live)
        verdicts = Counter(row.opinion.verdict for row in live if row.opinion)
        return {
            "asked": len(live),
            **{stand.value: found[stand.value] for stand in Stand},
            **{verdict: verdicts[verdict] for verdict in Verdict.values},
            "left": found[Stand.WAITING.value] + found[Stand.OVERDUE.value],
            "to_handle": sum(
                row.needs_handling or row.needs_draft_handling for row in live
            ),
        }

    @property
    def plain(self) -> int:
        """How many can be recorded as the draft itself tells."""
        return sum(row.is_plainly_taken for row in self.rows)

    @property
    def tallies(self) -> tuple[tuple[OpinionQuestion, dict[str, int]], ...]:
        """For each question with a choice: how many chose what."""
        found: dict[UUID, Counter[str]] = defaultdict(Counter)
        for row in self.rows:
            for answer in row.opinion.answers.all() if row.opinion else ():
                found[answer.question_id][answer.choice] += 1
        return tuple(
            (q, {choice: found[q.pk][choice] for choice in Choice.values})
            for q in self.questions
            if q.is_choice
        )


def name_of(request: OpinionRequest) -> str:
    holder = request.unit or request.user
    assert holder is not None
    return holder.full_name if isinstance(holder, User) else holder.name


def says_much(opinion: Opinion) -> bool:
    """Whether there is anything to accept or explain."""
    return (
        opinion.verdict != Verdict.AGREES
        or bool(opinion.text)
        or any(a.text or a.choice == Choice.NO for a in opinion.answers.all())
    )


def rounds_of(draft_id: UUID) -> QuerySet[OpinionRound]:
    """All rounds of a draft, the newest first."""
    rounds = OpinionRound.objects.filter(draft_id=draft_id)
    return rounds.select_related("asked_by", "closed_by").order_by("-number")


def is_newest_closed(begun: OpinionRound) -> bool:
    """Whether it has ended and none was begun since: such a one may be begun again."""
    later = OpinionRound.objects.filter(
        draft_id=begun.draft_id, number__gt=begun.number
    )
    return not begun.is_open and not later.exists()


def table_of(begun: OpinionRound) -> RoundTable:
    """Everything about one round; the number of queries does not grow with it."""
    requests = requests_with_opinions(begun)
    today = clock.today()
    said = in_draft(begun, requests, with_fates=True)
    return RoundTable(
        begun,
        tuple(begun.questions.all()),
        tuple(_row(begun, r, today, said[r.pk]) for r in requests),
    )


def requests_with_opinions(begun: OpinionRound) -> list[OpinionRequest]:
    """Everyone who was asked in a round, in order."""
    return list(
        begun.requests.select_related("user", "unit__organisation")
        .prefetch_related(
            _current_opinions(),
            Prefetch(
                "in_draft_outcomes",
                InDraftOutcome.objects.filter(is_current=True).select_related("by"),
                to_attr="current_in_draft",
            ),
            with_main_unit("user__"),
        )
        .order_by("order")
    )


def _row(
    begun: OpinionRound,
    request: OpinionRequest,
    today: date,
    said: InDraft = NOTHING,
    *,
    has_spoken: bool = False,
) -> OpinionRow:
    """`has_spoken`: in the draft, though what was said there was not read."""
    held: list[Opinion] = getattr(request, "current", [])
    opinion = held[0] if held else None
    outcomes: list[OpinionOutcome] = getattr(opinion, "current_outcomes", [])
    of_draft: list[InDraftOutcome] = getattr(request, "current_in_draft", [])
    return OpinionRow(
        request,
        stand_of(
            answered=opinion is not None,
            commented=has_spoken or said.is_something,
            withdrawn=request.withdrawn_at is not None,
            closed=not begun.is_open,
            due_on=request.due_on,
            silence=begun.silence,
            today=_day_of_judgement(begun, today),
        ),
        opinion,
        outcomes[0] if outcomes else None,
        said,
        of_draft[0] if of_draft else None,
    )


def _day_of_judgement(begun: OpinionRound, today: date) -> date:
    """A closed round stays as it was on the day it was closed."""
    if begun.closed_at is None:
        return today
    return begun.closed_at.astimezone(clock.VIETNAM).date()


def _current_opinions() -> Prefetch[str]:
    outcomes = OpinionOutcome.objects.filter(is_current=True).select_related("by")
    answers = OpinionAnswer.objects.select_related("question")
    return Prefetch(
        "opinions",
        Opinion.objects.filter(is_current=True)
        .select_related("by")
        .prefetch_related(
            Prefetch("answers", answers.order_by("question__order")),
            Prefetch("outcomes", outcomes, to_attr="current_outcomes"),
        ),
        to_attr="current",
    )


@dataclass(frozen=True, slots=True)
class AskedOf:
    """One request, seen by those who are asked."""

    request: OpinionRequest
    stand: Stand
    opinion: Opinion | None
    in_draft: InDraft = NOTHING

    @property
    def is_for_unit(self) -> bool:
        return self.request.unit_id is not None


TABS = ("waiting", "answered", "closed")


def requests_for(
    user: User, tab: str = "waiting", draft_id: UUID | None = None
) -> QuerySet[OpinionRequest]:
    """What this person and his units are asked, of one draft or of all: the nearest
    term first; what is over, the newest first. Drafts put away wait for nobody."""
    rows = _asked_of(user)
    if draft_id is not None:
        rows = rows.filter(round__draft_id=draft_id)
    if tab == "waiting":
        return _waiting(rows).order_by("due_on", "pk")
    if tab == "answered":
        said = rows.filter(_is_said(), round__closed_at=None)
        return said.order_by("due_on", "pk")
    return rows.filter(round__closed_at__isnull=False).order_by(
        "-round__closed_at", "pk"
    )


@dataclass(frozen=True, slots=True)
class RequestPage:
    rows: list[OpinionRequest]
    total: int
    number: int
    pages: int


def page_of(
    user: User, tab: str, number: int, draft_id: UUID | None = None
) -> RequestPage:
    """One page; a number past the end shows the last page."""
    paginator = Paginator(requests_for(user, tab, draft_id), PAGE)
    page = paginator.get_page(number)
    return RequestPage(
        list(page.object_list), paginator.count, page.number, paginator.num_pages
    )


def count_waiting(user: User) -> int:
    return _waiting(_asked_of(user)).count()


def _asked_of(user: User) -> QuerySet[OpinionRequest]:
    return (
        OpinionRequest.objects.filter(asked(user), withdrawn_at=None)
        .select_related("round__draft", "round__asked_by", "user", "unit__organisation")
        .prefetch_related(_current_opinions())
    )


def _waiting(rows: QuerySet[OpinionRequest]) -> QuerySet[OpinionRequest]:
    open_now = Q(round__closed_at=None, round__draft__archived_at=None)
    return rows.filter(~_is_said(), open_now)


def _is_said() -> Exists:
    return Exists(Opinion.objects.filter(request=OuterRef("pk")))


def as_asked(request: OpinionRequest, *, with_fates: bool = False) -> AskedOf:
    """One request, with what was said to it in the draft."""
    requests = list(request.round.requests.all())
    found = in_draft(request.round, requests, with_fates=with_fates)
    said = found[request.pk]
    row = _row(request.round, request, clock.today(), said)
    return AskedOf(request, row.stand, row.opinion, said)


def all_as_asked(requests: Iterable[OpinionRequest]) -> list[AskedOf]:
    """Many, for a list: where each stands, without what was said in the drafts. A
    fixed number of queries."""
    found = list(requests)
    silent = [request for request in found if not getattr(request, "current", [])]
    spoke = with_words_in_draft(silent)
    today = clock.today()
    rows = [_row(r.round, r, today, has_spoken=r.pk in spoke) for r in found]
    return [AskedOf(row.request, row.stand, row.opinion) for row in rows]


def request_with_opinion(request_id: UUID) -> OpinionRequest:
    """The same request with what it shows. The door was passed."""
    return (
        OpinionRequest.objects.filter(pk=request_id)
        .select_related("round__draft", "round__asked_by", "user", "unit__organisation")
        .prefetch_related(_current_opinions())
        .get()
    )


def earlier_opinions(request: OpinionRequest) -> list[Opinion]:
    """What was said before it was said anew, the newest first."""
    rows = request.opinions.filter(is_current=False).select_related("by")
    return list(rows.order_by("-at"))
