"""Silence, reminders by the working calendar, and chasing in an opinion round."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from server.common import clock
from server.common.errors import Conflict, TooMany
from server.common.models import OutboxEvent
from server.config.own_work import DailyTidying, EachMinute
from server.review.actions import asking, closing, reminding
from server.review.actions.answering import give_opinion
from server.review.models import Silence
from server.review.opinions.standing import Stand
from server.review.queries import opinions as queries
from tests.support.opinions import AGREES, Ask, request_of

pytestmark = pytest.mark.usefixtures("monday")


# ── silence ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("silence", "closed_on", "stand"),
    [
        (Silence.AGREES, 30, Stand.SILENT_AGREES),
        (Silence.NONE, 30, Stand.SILENT),
        # Closed before the term is over: nobody agreed to anything by being silent.
        (Silence.AGREES, 27, Stand.SILENT),
    ],
)
def test_silence_means_what_was_agreed(
    silence: str, closed_on: int, stand: Stand, cast: Any, ask: Ask
) -> None:
    begun = ask(silence=silence)
    with clock.fixed(datetime(2026, 11, closed_on, 2, 0, tzinfo=UTC)):
        begun = closing.close_round(cast.chuyenvien, begun.pk)
    with clock.fixed(datetime(2027, 1, 5, 2, 0, tzinfo=UTC)):
        assert {row.stand for row in queries.table_of(begun).rows} == {stand}


# ── reminders ───────────────────────────────────────────────────────────────────────


def reasons() -> list[str]:
    rows = OutboxEvent.objects.filter(kind="opinion.reminded").order_by("id")
    return [row.payload["reason"] for row in rows]


def test_reminders_come_by_the_working_calendar_and_once(cast: Any, ask: Ask) -> None:
    begun = ask(asked=[cast.lanhdao])
    for day in range(23, 31):
        with clock.fixed(datetime(2026, 11, day, 2, 0, tzinfo=UTC)):
            reminding.remind_due()
            reminding.remind_due()
    # Tuesday, Thursday, Friday, and Monday: the weekend is nobody's delay.
    assert reasons() == ["in_three", "in_one", "today", "overdue"]
    assert begun.requests.get().reminders.count() == 4


def test_a_moved_term_is_reminded_of_anew(cast: Any, ask: Ask) -> None:
    begun = ask(asked=[cast.lanhdao])
    with clock.fixed(datetime(2026, 11, 26, 2, 0, tzinfo=UTC)):
        reminding.remind_due()
        asking.extend(cast.chuyenvien, begun.pk, date(2026, 11, 30))
    with clock.fixed(datetime(2026, 11, 27, 2, 0, tzinfo=UTC)):
        reminding.remind_due()
    assert reasons() == ["in_one", "in_one"]


def test_who_answered_is_not_reminded(cast: Any, ask: Ask) -> None:
    begun = ask()
    give_opinion(cast.lanhdao, request_of(begun, cast.lanhdao).pk, AGREES)
    asking.withdraw_request(
        cast.chuyenvien, begun.pk, request_of(begun, cast.units["VPS"]).pk
    )
    with clock.fixed(datetime(2026, 11, 30, 2, 0, tzinfo=UTC)):
        assert reminding.remind_due() == 0
    with pytest.raises(Conflict) as refused:
        reminding.chase(cast.chuyenvien, begun.pk)
    assert refused.value.code == "nobody_waits"


def test_the_owner_chases_those_who_have_not_answered(cast: Any, ask: Ask) -> None:
    begun = ask()
    give_opinion(cast.lanhdao, request_of(begun, cast.lanhdao).pk, AGREES)
    assert reminding.chase(cast.chuyenvien, begun.pk) == 1
    with pytest.raises(TooMany):
        reminding.chase(cast.chuyenvien, begun.pk)


def test_the_running_server_reminds_without_a_crontab(cast: Any, ask: Ask) -> None:
    ask(asked=[cast.lanhdao])
    with clock.fixed(datetime(2026, 11, 26, 2, 0, tzinfo=UTC)):
        for _again in range(2):
            for job in (*DailyTidying.jobs, *EachMinute.jobs):
                job()
    assert reasons() == ["in_one"]
