"""A round closes by itself when its term has run out, and may be begun again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from server.common import clock
from server.common.errors import Conflict, InvalidInput, NotAllowed, NotFound
from server.common.models import AuditEntry, OutboxEvent
from server.config.own_work import EachMinute
from server.registry.actions.drafts import archive, create_draft
from server.review.actions import asking, closing
from server.review.actions.answering import give_opinion
from server.review.models import OpinionRound, Silence
from server.review.opinions.standing import Stand
from server.review.queries import opinions as queries
from tests.support.cast import build_cast
from tests.support.opinions import AGREES, DUE, Ask, request_of
from tests.support.wait import until_async


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> Any:
    """A time in Vietnam, seven hours ahead of the clock's own."""
    here = datetime(2026, month, day, hour, minute, tzinfo=clock.VIETNAM)
    return clock.fixed(here.astimezone(UTC))


pytestmark = pytest.mark.usefixtures("monday")


def stands(begun: OpinionRound) -> set[Stand]:
    return {row.stand for row in queries.table_of(fresh(begun)).rows}


def fresh(begun: OpinionRound) -> OpinionRound:
    return OpinionRound.objects.get(pk=begun.pk)


def told(kind: str) -> list[dict[str, Any]]:
    return [e.payload for e in OutboxEvent.objects.filter(kind=kind).order_by("id")]


@pytest.mark.parametrize(
    ("silence", "stand"),
    [(Silence.AGREES, Stand.SILENT_AGREES), (Silence.NONE, Stand.SILENT)],
)
def test_a_round_closes_when_the_last_day_is_over_in_vietnam(
    silence: str, stand: Stand, ask: Ask
) -> None:
    begun = ask(silence=silence)
    with at(27, 23, 59):
        assert closing.close_what_is_over() == 0
        assert stands(begun) == {Stand.WAITING}
    with at(28, 0, 0):
        assert closing.close_what_is_over() == 1
        assert closing.close_what_is_over() == 0
        assert stands(begun) == {stand}


def test_a_term_that_ends_on_a_day_off_is_kept_by_the_next_working_day(
    ask: Ask,
) -> None:
    ask(due_on=date(2026, 11, 28))  # a Saturday
    with at(30, 23):
        assert closing.close_what_is_over() == 0
    with at(1, 0, month=12):
        assert closing.close_what_is_over() == 1


def test_who_still_has_time_keeps_the_round_open(cast: Any, ask: Ask) -> None:
    begun = ask()
    one = request_of(begun, cast.lanhdao)
    asking.extend(cast.chuyenvien, begun.pk, date(2026, 12, 1), one.pk)
    with at(28, 8):
        assert closing.close_what_is_over() == 0
        assert stands(begun) == {Stand.WAITING, Stand.OVERDUE}
        asking.withdraw_request(cast.chuyenvien, begun.pk, one.pk)
        assert closing.close_what_is_over() == 1


def test_who_asked_and_who_was_asked_are_told_once_and_the_trail_says_why(
    cast: Any, draft: Any, ask: Ask, signed_in: Any
) -> None:
    begun = ask()
    with at(28, 8):
        closing.close_what_is_over()
        closing.close_what_is_over()
    (event,) = told("opinion.closed")
    assert event["asked_by"] == str(cast.chuyenvien.pk)
    assert set(event["requests"]) == {str(r.pk) for r in begun.requests.all()}
    assert (event["reason"], event["due_on"]) == ("term", DUE.isoformat())
    (entry,) = AuditEntry.objects.filter(action="opinion.closed_by_term")
    assert entry.actor is None
    page = signed_in(cast.chuyenvien).get(f"/drafts/{draft.pk}/activity/")
    assert "đóng đợt lấy ý kiến 1 vì hết hạn 27/11/2026" in page.content.decode()
    page = signed_in(cast.chuyenvien).get(f"/opinion-rounds/{begun.pk}/")
    assert "hết hạn, tự kết thúc lúc" in page.content.decode()


def test_a_moved_term_is_waited_for(cast: Any, ask: Ask) -> None:
    begun = ask()
    asking.extend(cast.chuyenvien, begun.pk, date(2026, 12, 4))
    with at(28, 8):
        assert closing.close_what_is_over() == 0
    with at(5, 8, month=12):
        assert closing.close_what_is_over() == 1


def test_a_draft_that_was_put_away_is_left_alone(
    cast: Any, draft: Any, ask: Ask
) -> None:
    ask()
    archive(cast.chuyenvien, draft.pk)
    with at(28, 8):
        assert closing.close_what_is_over() == 0


# ── again ───────────────────────────────────────────────────────────────────────────


def test_a_round_that_has_ended_is_opened_again_until_a_new_term(
    cast: Any, ask: Ask
) -> None:
    begun = ask(silence=Silence.AGREES)
    asked = request_of(begun, cast.lanhdao)
    with at(30, 8):
        closing.close_what_is_over()
        with pytest.raises(Conflict):
            give_opinion(cast.lanhdao, asked.pk, AGREES)
        with pytest.raises(InvalidInput):
            closing.reopen_round(cast.chuyenvien, begun.pk, date(2026, 11, 27))
        closing.reopen_round(cast.chuyenvien, begun.pk, date(2026, 12, 2))
        assert stands(begun) == {Stand.WAITING}
        assert not give_opinion(cast.lanhdao, asked.pk, AGREES).is_late
        assert closing.close_what_is_over() == 0
    (event,) = told("opinion.reopened")
    assert (event["due_on"], len(event["requests"])) == ("2026-12-02", 2)
    with at(3, 8, month=12):
        assert closing.close_what_is_over() == 1
        assert stands(begun) == {Stand.ANSWERED, Stand.SILENT_AGREES}


def test_a_round_is_opened_again_for_the_sake_of_one(cast: Any, ask: Ask) -> None:
    begun = ask()
    one = request_of(begun, cast.lanhdao)
    with at(30, 8):
        closing.close_what_is_over()
        with pytest.raises(NotFound):
            closing.reopen_round(
                cast.chuyenvien, begun.pk, date(2026, 12, 2), begun.draft_id
            )
        closing.reopen_round(cast.chuyenvien, begun.pk, date(2026, 12, 2), one.pk)
        assert stands(begun) == {Stand.WAITING, Stand.OVERDUE}
        assert fresh(begun).due_on == DUE
        assert closing.close_what_is_over() == 0
    (event,) = told("opinion.reopened")
    assert event["requests"] == [str(one.pk)]


def test_only_the_owner_opens_the_newest_round_again_and_only_when_it_has_ended(
    cast: Any, ask: Ask
) -> None:
    first, day = ask(), date(2026, 12, 2)
    with pytest.raises(Conflict) as refused:
        closing.reopen_round(cast.chuyenvien, first.pk, day)
    assert refused.value.code == "round_still_open"
    closing.close_round(cast.chuyenvien, first.pk)
    with pytest.raises(NotAllowed):
        closing.reopen_round(cast.vanthu, first.pk, day)
    with pytest.raises(NotFound):
        closing.reopen_round(cast.lanhdao, first.pk, day)
    second = ask()
    closing.close_round(cast.chuyenvien, second.pk)
    with pytest.raises(Conflict) as refused:
        closing.reopen_round(cast.chuyenvien, first.pk, day)
    assert refused.value.code == "round_not_newest"


def test_the_page_and_a_program_open_a_round_again(
    cast: Any, ask: Ask, signed_in: Any
) -> None:
    begun = ask()
    closing.close_round(cast.chuyenvien, begun.pk)
    browser = signed_in(cast.chuyenvien)
    page = f"/opinion-rounds/{begun.pk}/"
    assert "Bùi Hồng Quý" in browser.get(page).content.decode()
    answer = browser.post(f"{page}reopen/", {"due_on": "2026-12-02"})
    assert answer.status_code == 302
    assert fresh(begun).is_open
    closing.close_round(cast.chuyenvien, begun.pk)
    answer = browser.post(
        f"/api/v1/opinion-rounds/{begun.pk}/reopen",
        {"due_on": "2026-12-02"},
        "application/json",
    )
    assert answer.status_code == 200, answer.json()
    assert answer.json()["round"]["closed_at"] is None


# ── by itself ───────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_the_running_server_closes_what_is_over(stores: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(EachMinute, "first_s", 0.0)
    cast = build_cast()
    draft = create_draft(
        cast.chuyenvien, title="Dự thảo", type_code="CV", source="blank"
    )
    plan = asking.RoundPlan([cast.lanhdao], clock.today())
    begun = asking.ask_opinions(cast.chuyenvien, draft.pk, plan)
    OpinionRound.objects.filter(pk=begun.pk).update(due_on=date(2020, 1, 2))
    begun.requests.update(due_on=date(2020, 1, 2))

    async def is_closed() -> bool:
        return not (await sync_to_async(fresh)(begun)).is_open

    async def serve() -> None:
        work = EachMinute()
        work.start()
        try:
            await until_async(is_closed, 10)
        finally:
            await work.close()

    async_to_sync(serve)()
    assert len(told("opinion.closed")) == 1
