"""Lấy ý kiến: who may ask, answer, read and handle; terms, silence and reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collab.ports import Level
from server.accounts.models import User
from server.common import clock
from server.common.errors import Conflict, InvalidInput, NotAllowed, NotFound
from server.common.models import OutboxEvent
from server.registry.access import find_access
from server.registry.actions.drafts import archive
from server.review.actions import asking, closing, handling
from server.review.actions.answering import Answer, OpinionPlan, give_opinion
from server.review.actions.asking import Question, RoundPlan, ask_opinions
from server.review.models import (
    Handled,
    Opinion,
    OpinionRound,
    Silence,
    Verdict,
)
from server.review.opinion_access import access_request, access_round, access_rounds
from server.review.queries import opinions as queries
from tests.support.opinions import AGREES, DUE, Ask, request_of

pytestmark = pytest.mark.usefixtures("monday")


# ── rights ──────────────────────────────────────────────────────────────────────────

# The creator owns, the clerk edits; the leader and an official of the department are
# asked; the head of the creator's unit reads by office; the rest have nothing.
SEEN_BY = {
    "chuyenvien": {"ask", "read", "handle"},
    "vanthu": {"read", "handle"},
    "lanhdao": {"answer"},
    "sotttt": {"answer for the unit"},
    "truongphong": set(),
    "quantri": set(),
    "nguoila": set(),
}


@pytest.mark.parametrize("username", SEEN_BY)
def test_each_person_may_do_what_his_part_in_the_round_says(
    username: str, cast: Any, stranger: Any, ask: Ask
) -> None:
    person = {**cast.people, "nguoila": stranger}[username]
    begun = ask()
    mine, units = (
        request_of(begun, cast.lanhdao),
        request_of(begun, cast.units["VPS"]),
    )
    said = give_opinion(cast.sotttt, units.pk, OpinionPlan(Verdict.DISAGREES, "Sai."))
    attempts: dict[str, Callable[[], object]] = {
        "read": lambda: access_round(person, begun.pk),
        "handle": lambda: handling.handle_opinion(
            person, said.pk, handled=Handled.ACCEPTED
        ),
        "answer": lambda: give_opinion(person, mine.pk, AGREES),
        "answer for the unit": lambda: give_opinion(person, units.pk, AGREES),
        "ask": lambda: closing.close_round(person, begun.pk),
    }
    for act, attempt in attempts.items():
        if act in SEEN_BY[username]:
            attempt()
        else:
            # Who sees the round but does not own it is told so; nobody else is.
            fault = NotAllowed if "read" in SEEN_BY[username] else NotFound
            with pytest.raises(fault if act == "ask" else NotFound):
                attempt()


def test_only_the_owner_begins_a_round(cast: Any, stranger: Any, draft: Any) -> None:
    plan = RoundPlan([cast.lanhdao], DUE)
    for person, fault in (
        (cast.vanthu, NotAllowed),
        (cast.truongphong, NotAllowed),
        (cast.lanhdao, NotFound),
        (stranger, NotFound),
    ):
        with pytest.raises(fault):
            ask_opinions(person, draft.pk, plan)
    assert not OpinionRound.objects.exists()


def test_the_list_of_rounds_is_for_the_drafting_side(
    cast: Any, stranger: Any, draft: Any, ask: Ask
) -> None:
    ask()
    assert access_rounds(cast.vanthu, draft.pk).level is Level.EDIT
    for person in (cast.lanhdao, cast.sotttt, cast.truongphong, stranger):
        with pytest.raises(NotFound):
            access_rounds(person, draft.pk)


def test_asking_lets_people_comment_and_never_lowers_a_right(
    cast: Any, draft: Any
) -> None:
    asked = [cast.lanhdao, cast.vanthu, cast.units["VPS"]]
    ask_opinions(cast.chuyenvien, draft.pk, RoundPlan(asked, DUE))
    levels = {
        person.username: getattr(find_access(person, draft.pk), "level", None)
        for person in (cast.lanhdao, cast.vanthu, cast.sotttt)
    }
    assert levels == {
        "lanhdao": Level.COMMENT,
        "vanthu": Level.EDIT,
        "sotttt": Level.COMMENT,
    }


def test_asking_may_let_people_suggest(cast: Any, draft: Any, ask: Ask) -> None:
    ask(may_suggest=True)
    access = find_access(cast.lanhdao, draft.pk)
    assert access is not None
    assert access.level is Level.SUGGEST


def test_who_lost_the_draft_has_lost_the_request(
    cast: Any, draft: Any, ask: Ask
) -> None:
    begun = ask()
    draft.shares.filter(user=cast.lanhdao).delete()
    with pytest.raises(NotFound):
        access_request(cast.lanhdao, request_of(begun, cast.lanhdao).pk)


# ── asking ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"asked": []}, "asked"),
        ({"due_on": None}, "due_on"),
        ({"due_on": date(2026, 11, 22)}, "due_on"),
        ({"due_on": date(2036, 1, 1)}, "due_on"),
        ({"silence": "shrugs"}, "silence"),
        ({"purpose": "a" * 2001}, "purpose"),
        ({"questions": [Question("a" * 501)]}, "questions"),
        ({"questions": [Question(f"Câu {n}?") for n in range(31)]}, "questions"),
    ],
)
def test_a_bad_plan_names_the_field(
    changed: dict[str, Any], field: str, ask: Ask
) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask(**changed)
    assert field in refused.value.fields
    assert not OpinionRound.objects.exists()


def test_nobody_asks_himself(cast: Any, ask: Ask) -> None:
    with pytest.raises(InvalidInput):
        ask(asked=[cast.chuyenvien])


def test_one_round_is_open_at_a_time(cast: Any, ask: Ask) -> None:
    begun = ask()
    with pytest.raises(Conflict) as refused:
        ask()
    assert refused.value.code == "round_open"
    closing.close_round(cast.chuyenvien, begun.pk)
    assert ask().number == 2


def test_who_is_named_twice_is_asked_once(cast: Any, ask: Ask) -> None:
    begun = ask(asked=[cast.lanhdao, cast.lanhdao])
    assert begun.requests.count() == 1
    with pytest.raises(InvalidInput):
        asking.ask_more(cast.chuyenvien, begun.pk, [cast.lanhdao])
    (more,) = asking.ask_more(
        cast.chuyenvien, begun.pk, [cast.lanhdao, cast.truongphong]
    )
    assert (more.user, more.order, more.due_on) == (cast.truongphong, 2, DUE)


def test_a_request_taken_back_is_seen_no_more_and_may_be_asked_again(
    cast: Any, ask: Ask
) -> None:
    begun = ask()
    request = request_of(begun, cast.lanhdao)
    asking.withdraw_request(cast.chuyenvien, begun.pk, request.pk, "Hỏi nhầm người.")
    with pytest.raises(NotFound):
        give_opinion(cast.lanhdao, request.pk, AGREES)
    (again,) = asking.ask_more(cast.chuyenvien, begun.pk, [cast.lanhdao])
    assert again.pk == request.pk
    give_opinion(cast.lanhdao, request.pk, AGREES)
    with pytest.raises(Conflict) as refused:
        asking.withdraw_request(cast.chuyenvien, begun.pk, request.pk)
    assert refused.value.code == "already_answered"


def test_the_term_moves_for_all_or_for_one(cast: Any, ask: Ask) -> None:
    begun = ask()
    one = request_of(begun, cast.lanhdao)
    asking.extend(cast.chuyenvien, begun.pk, date(2026, 12, 4), one.pk)
    asking.extend(cast.chuyenvien, begun.pk, date(2026, 12, 1))
    assert {r.due_on for r in begun.requests.all()} == {date(2026, 12, 1)}
    with pytest.raises(InvalidInput):
        asking.extend(cast.chuyenvien, begun.pk, date(2026, 11, 20))


def test_what_the_world_is_told_holds_no_word_of_the_round(cast: Any, ask: Ask) -> None:
    begun = ask(purpose="Việc kín", questions=[Question("Có nên không?", False)])
    request = request_of(begun, cast.lanhdao)
    (question,) = begun.questions.all()
    plan = OpinionPlan(
        Verdict.DISAGREES, "Không nên", {question.pk: Answer(text="Không nên đâu")}
    )
    said = give_opinion(cast.lanhdao, request.pk, plan)
    handling.handle_opinion(
        cast.chuyenvien, said.pk, handled=Handled.EXPLAINED, text="Vì Không thể khác"
    )
    events = OutboxEvent.objects.filter(kind__startswith="opinion.")
    assert [e.kind for e in events.order_by("id")] == [
        "opinion.asked",
        "opinion.given",
        "opinion.handled",
    ]
    told = repr([e.payload for e in events])
    assert not any(word in told for word in ("kín", "nên", "khác"))


# ── answering ───────────────────────────────────────────────────────────────────────


def test_an_opinion_given_anew_keeps_the_former_one(cast: Any, ask: Ask) -> None:
    begun = ask()
    request = request_of(begun, cast.lanhdao)
    first = give_opinion(
        cast.lanhdao, request.pk, OpinionPlan(Verdict.AGREES_IF, "Sửa điều 2.")
    )
    handling.handle_opinion(cast.vanthu, first.pk, handled=Handled.ACCEPTED)
    give_opinion(cast.lanhdao, request.pk, OpinionPlan(Verdict.DISAGREES, "Thôi."))
    (row, _unit) = queries.table_of(begun).rows
    assert row.opinion is not None
    assert (row.opinion.verdict, row.outcome) == (Verdict.DISAGREES, None)
    assert [o.text for o in queries.earlier_opinions(request)] == ["Sửa điều 2."]
    with pytest.raises(Conflict) as refused:
        handling.handle_opinion(cast.vanthu, first.pk, handled=Handled.ACCEPTED)
    assert refused.value.code == "opinion_replaced"


@pytest.mark.parametrize("verdict", [Verdict.AGREES_IF, Verdict.DISAGREES])
def test_who_does_not_simply_agree_says_why(verdict: str, cast: Any, ask: Ask) -> None:
    request = request_of(ask(), cast.lanhdao)
    with pytest.raises(InvalidInput) as refused:
        give_opinion(cast.lanhdao, request.pk, OpinionPlan(verdict, "  \n "))
    assert "text" in refused.value.fields
    assert not Opinion.objects.exists()


def test_every_question_wants_its_answer(cast: Any, ask: Ask) -> None:
    begun = ask(questions=[Question("Đồng ý điều 1?"), Question("Vì sao?", False)])
    request = request_of(begun, cast.lanhdao)
    first, second = begun.questions.all()
    with pytest.raises(InvalidInput) as refused:
        give_opinion(cast.lanhdao, request.pk, AGREES)
    assert set(refused.value.fields) == {f"answer_{q.pk}" for q in (first, second)}
    other = {first.pk: Answer("other"), second.pk: Answer(text="Vì đúng luật.")}
    with pytest.raises(InvalidInput):
        give_opinion(cast.lanhdao, request.pk, OpinionPlan(Verdict.AGREES, "", other))
    said = {first.pk: Answer("no"), second.pk: Answer(text="Vì đúng luật.")}
    give_opinion(cast.lanhdao, request.pk, OpinionPlan(Verdict.AGREES, "", said))
    ((question, tally),) = queries.table_of(begun).tallies
    assert (question, tally) == (first, {"yes": 0, "no": 1, "other": 0})


def test_what_the_head_said_for_the_unit_only_the_head_says_otherwise(
    cast: Any, draft: Any
) -> None:
    unit = cast.units["HCTC"]
    colleague = User.objects.create_user("dongnghiep", None, full_name="Vũ Thị Mai")
    colleague.memberships.create(unit=unit, role="official")
    begun = ask_opinions(cast.chuyenvien, draft.pk, RoundPlan([unit], DUE))
    request = request_of(begun, unit)
    give_opinion(colleague, request.pk, AGREES)
    give_opinion(cast.truongphong, request.pk, OpinionPlan(Verdict.DISAGREES, "Sai."))
    with pytest.raises(NotAllowed):
        give_opinion(colleague, request.pk, AGREES)
    give_opinion(cast.truongphong, request.pk, AGREES)


def test_a_late_opinion_counts_and_says_that_it_is_late(cast: Any, ask: Ask) -> None:
    begun = ask(silence=Silence.AGREES)
    with clock.fixed(datetime(2026, 11, 30, 2, 0, tzinfo=UTC)):
        said = give_opinion(
            cast.lanhdao,
            request_of(begun, cast.lanhdao).pk,
            OpinionPlan(Verdict.DISAGREES, "Sai."),
        )
    assert said.is_late


def test_no_opinion_is_taken_after_the_end(cast: Any, ask: Ask) -> None:
    begun = ask()
    closing.close_round(cast.chuyenvien, begun.pk)
    with pytest.raises(Conflict) as refused:
        give_opinion(cast.lanhdao, request_of(begun, cast.lanhdao).pk, AGREES)
    assert refused.value.code == "round_closed"
    with pytest.raises(Conflict):
        closing.close_round(cast.chuyenvien, begun.pk)


def test_a_draft_that_was_put_away_waits_for_nobody(
    cast: Any, draft: Any, ask: Ask
) -> None:
    request = request_of(ask(), cast.lanhdao)
    archive(cast.chuyenvien, draft.pk)
    assert queries.count_waiting(cast.lanhdao) == 0
    with pytest.raises(Conflict):
        give_opinion(cast.lanhdao, request.pk, AGREES)


# ── reading ─────────────────────────────────────────────────────────────────────────


def test_each_is_shown_what_waits_and_what_is_done(cast: Any, ask: Ask) -> None:
    begun = ask()
    assert queries.count_waiting(cast.lanhdao) == 1
    assert queries.count_waiting(cast.sotttt) == 1
    assert queries.count_waiting(cast.chuyenvien) == 0
    give_opinion(cast.lanhdao, request_of(begun, cast.lanhdao).pk, AGREES)
    assert queries.count_waiting(cast.lanhdao) == 0
    assert queries.requests_for(cast.lanhdao, "answered").count() == 1
    closing.close_round(cast.chuyenvien, begun.pk)
    assert queries.requests_for(cast.sotttt, "closed").count() == 1
    assert queries.count_waiting(cast.sotttt) == 0


def test_a_table_costs_the_same_whatever_the_number_asked(cast: Any, ask: Ask) -> None:
    begun = ask(questions=[Question("Đồng ý?")])
    more = [
        User.objects.create_user(f"nguoi{n}", None, full_name=f"Người Thứ {n}")
        for n in range(20)
    ]
    asking.ask_more(cast.chuyenvien, begun.pk, more)
    (question,) = begun.questions.all()
    plan = OpinionPlan(Verdict.AGREES, "", {question.pk: Answer("yes")})
    for person in more:
        give_opinion(person, request_of(begun, person).pk, plan)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        table = queries.table_of(begun)
        assert [row.name and row.detail for row in table.rows]
    assert len(captured) == 10
    assert table.counts["asked"] == 22
    assert table.counts["agrees"] == 20
