"""The list "Cho ý kiến" tells who spoke in the draft; its length costs no query."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collab.ports import Level
from server.accounts.models import Membership
from server.common import clock
from server.config.opinion_watch import OpinionWatch
from server.registry.actions.drafts import create_draft
from server.review.actions import hearing
from server.review.actions.asking import RoundPlan, ask_opinions
from server.review.actions.closing import close_round
from server.review.models import OpinionRound, Thread, ThreadComment
from server.review.opinions.standing import Stand
from server.review.queries import opinions as queries
from tests.support.cast import build_cast
from tests.support.history import Edit, Hand
from tests.support.opinions import DUE, NOW, Ask, request_of
from tests.support.wait import until_async

pytestmark = pytest.mark.usefixtures("monday")

LINE = "Điều một."


def suggests(who: Any, ident: str) -> Edit:
    mark = {"id": ident, "author": str(who.pk), "at": "2026-11-23T02:00:00Z"}

    def edit(body: Any, _fields: Any) -> None:
        texts = [text for p in body.children for text in p.children]
        texts[-1].insert(0, "mới ", {"insertion": mark})

    return edit


def listed(who: Any, tab: str = "waiting") -> list[Stand]:
    rows = queries.all_as_asked(queries.page_of(who, tab, 1).rows)
    return [row.stand for row in rows]


def hear_all() -> int:
    found = hearing.unheard()
    for round_id in found:
        hearing.hear(round_id)
    return len(found)


def shown_in_list(begun: OpinionRound) -> dict[Any, Stand]:
    begun.refresh_from_db()
    requests = queries.requests_with_opinions(begun)
    return {row.request.pk: row.stand for row in queries.all_as_asked(requests)}


def shown_in_table(begun: OpinionRound) -> dict[Any, Stand]:
    return {row.request.pk: row.stand for row in queries.table_of(begun).rows}


@pytest.mark.parametrize("place", ["page", "export", "API"])
def test_a_list_costs_the_same_whatever_its_length(
    place: str, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.lanhdao)
    address = {
        "page": "/opinions/",
        "export": "/opinions/export.xlsx",
        "API": "/api/v1/opinion-requests",
    }[place]

    def cost(rows: int) -> int:
        while OpinionRound.objects.count() < rows:
            draft = begin_draft(shared={cast.vanthu: Level.EDIT})
            Hand(draft, cast.chuyenvien).write(LINE)
            plan = RoundPlan([cast.lanhdao, cast.units["VPS"]], DUE)
            begun = ask_opinions(cast.chuyenvien, draft.pk, plan)
            Hand(draft, cast.lanhdao).edit(suggests(cast.lanhdao, "s1"))
            remark(draft, cast.sotttt)
            if OpinionRound.objects.count() % 2:
                hearing.hear(begun.pk)
        browser.get(address)  # what is asked once a process
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(address)
            assert answer.status_code == 200
        return len(asked)

    few = cost(3)
    assert listed(cast.lanhdao).count(Stand.COMMENTED) == 2
    assert cost(30) == few


def remark(draft: Any, who: Any, text: str = "Sở góp ý.") -> ThreadComment:
    """Straight into the tables: the API is tried elsewhere."""
    number = Thread.objects.filter(draft=draft).count() + 1
    place = Membership.objects.filter(user=who).first()
    assert place is not None
    thread = Thread.objects.create(
        draft=draft, revision=number, part="subject", start="", end="", epoch=1,
        quote="", author=who, created_at=clock.now(), changed_at=clock.now(),
        unit_id=place.unit_id,
    )  # fmt: skip
    return ThreadComment.objects.create(
        thread=thread, number=1, author=who, key=uuid4().hex, text=text,
        created_at=clock.now(),
    )  # fmt: skip


def test_the_list_says_what_the_table_says(cast: Any, draft: Any, ask: Ask) -> None:
    Hand(draft, cast.chuyenvien).write(LINE)
    with clock.fixed(NOW - timedelta(hours=1)):
        remark(draft, cast.lanhdao, "Từ trước.")
    begun = ask(may_suggest=True, asked=[cast.lanhdao, cast.units["VPS"], cast.vanthu])
    assert shown_in_list(begun) == shown_in_table(begun)
    assert set(shown_in_list(begun).values()) == {Stand.WAITING}
    remark(draft, cast.sotttt)
    remark(draft, cast.vanthu, "")
    Hand(draft, cast.lanhdao).edit(suggests(cast.lanhdao, "s1"))
    assert hear_all() == 1
    assert shown_in_list(begun) == shown_in_table(begun)
    assert list(shown_in_table(begun).values()) == [
        Stand.COMMENTED, Stand.COMMENTED, Stand.WAITING,
    ]  # fmt: skip
    assert hear_all() == 0


def test_what_is_taken_back_at_once_is_not_heard(
    cast: Any, draft: Any, ask: Ask
) -> None:
    hand = Hand(draft, cast.lanhdao)
    Hand(draft, cast.chuyenvien).write(LINE)
    begun = ask(may_suggest=True)

    def takes_back(body: Any, _fields: Any) -> None:
        texts = [text for p in body.children for text in p.children]
        del texts[-1][0 : len("mới ".encode())]

    hand.edit(suggests(cast.lanhdao, "s1"))
    assert hear_all() == 1
    assert listed(cast.lanhdao) == [Stand.COMMENTED]
    hand.edit(takes_back)
    assert hear_all() == 1
    assert listed(cast.lanhdao) == [Stand.WAITING]
    assert shown_in_list(begun) == shown_in_table(begun)


def test_a_round_is_heard_once_more_when_it_closes_and_then_no_more(
    cast: Any, draft: Any, ask: Ask
) -> None:
    Hand(draft, cast.chuyenvien).write(LINE)
    begun = ask(may_suggest=True)
    Hand(draft, cast.lanhdao).edit(suggests(cast.lanhdao, "s1"))
    close_round(cast.chuyenvien, begun.pk)
    assert listed(cast.lanhdao, "closed") == [Stand.SILENT]
    assert hear_all() == 1
    assert listed(cast.lanhdao, "closed") == [Stand.COMMENTED]
    later = NOW + timedelta(days=1)
    Hand(draft, cast.sotttt).edit(suggests(cast.sotttt, "s2"), at=later)
    assert hear_all() == 0
    begun.refresh_from_db()
    assert begun.suggested_by == [str(cast.lanhdao.pk)]


def test_a_draft_nobody_asks_about_costs_nothing(cast: Any, begin_draft: Any) -> None:
    draft = begin_draft()
    Hand(draft, cast.chuyenvien).write(LINE)
    assert hearing.unheard([str(draft.pk), "no id"]) == []


@pytest.mark.django_db(transaction=True)
def test_who_suggests_is_heard_within_seconds(stores: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(OpinionWatch, "gather_s", 0.05)
    cast = build_cast()
    begin, edit = a_draft_that_is_asked_about(cast)
    begun = begin()

    async def edit_and_wait() -> None:
        watch = OpinionWatch()
        try:
            await watch._threads.run(edit)
            watch.note(str(begun.draft_id))

            async def is_heard() -> bool:
                stands = await watch._threads.run(lambda: listed(cast.lanhdao))
                return stands == [Stand.COMMENTED]

            await until_async(is_heard, 10)
        finally:
            await watch.close()

    async_to_sync(edit_and_wait)()
    assert request_of(begun, cast.lanhdao).opinions.count() == 0


def a_draft_that_is_asked_about(
    cast: Any,
) -> tuple[Callable[[], OpinionRound], Callable[[], object]]:
    draft = create_draft(cast.chuyenvien, title="x", type_code="CV")
    Hand(draft, cast.chuyenvien).write(LINE)
    plan = RoundPlan([cast.lanhdao], DUE, may_suggest=True)
    hand = Hand(draft, cast.lanhdao)
    return (
        lambda: ask_opinions(cast.chuyenvien, draft.pk, plan),
        lambda: hand.edit(suggests(cast.lanhdao, "s1")),
    )
