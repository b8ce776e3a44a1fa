"""The list of incoming work: what waits for whom, in which order, at which cost."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from server.common import clock
from server.registry.actions import handling
from server.registry.actions.forwarding_plans import Plan, Recipient
from server.registry.actions.forwardings import assign, forward
from server.registry.actions.handling import Completion
from server.registry.actions.numbers import void_number
from server.registry.queries.forwardings import (
    Desk,
    Tab,
    count_work,
    list_to_forward,
    list_work,
)
from tests.support.incoming import NOON, Desks, leading


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def desks(cast: Any) -> Desks:
    return Desks(cast)


def counts(person: Any) -> tuple[int, int, int, int | None]:
    found = count_work(Desk.of(person))
    return found.waiting, found.in_progress, found.over, found.to_forward


def test_each_one_sees_what_is_theirs(desks: Desks) -> None:
    desks.forwarded()
    desks.register()
    assert counts(desks.clerk) == (0, 0, 0, 1)
    assert counts(desks.leader) == (0, 0, 0, 1)
    assert counts(desks.lead_head) == (1, 0, 0, None)
    assert counts(desks.lead_official) == (1, 0, 0, None)
    assert counts(desks.helper) == (1, 0, 0, None)
    assert counts(desks.colleague) == (0, 0, 0, None)


@pytest.mark.parametrize("who", ["stranger", "sotttt", "quantri"])
def test_others_have_no_work_here(who: str, desks: Desks, request: Any) -> None:
    desks.forwarded()
    desks.register()
    person = request.getfixturevalue(who)
    assert counts(person) == (0, 0, 0, None)
    assert list_to_forward(Desk.of(person)).total == 0


def test_what_one_was_named_for_leaves_the_colleagues_list(desks: Desks) -> None:
    _document, lead, _helping = desks.forwarded()
    assign(desks.lead_head, lead.pk, person=desks.second_official.pk)
    assert counts(desks.lead_official)[0] == 0
    assert counts(desks.second_official)[0] == 1
    assert counts(desks.lead_head)[0] == 1, "the head still answers for it"


def test_work_moves_from_tab_to_tab(desks: Desks) -> None:
    _document, lead, _helping = desks.forwarded()
    handling.take_up(desks.lead_official, lead.pk)
    assert counts(desks.lead_official) == (0, 1, 0, None)
    no_need = Completion("để biết", needs_no_answer=True)
    handling.complete(desks.lead_official, lead.pk, no_need)
    assert counts(desks.lead_official) == (0, 0, 0, None)
    done = list_work(Desk.of(desks.lead_official), Tab.DONE)
    assert [row.pk for row in done.rows] == [lead.pk]


def test_a_deadline_is_over_after_its_day_in_vietnam(desks: Desks) -> None:
    desks.forwarded(deadline=date(2026, 11, 27))
    # 27/11 is a Friday; the moments are 23:59 and 00:00 of Hà Nội.
    end = datetime(2026, 11, 27, 23, 59, tzinfo=clock.VIETNAM)
    for moment, over in ((end, 0), (end + timedelta(minutes=1), 1)):
        with clock.fixed(moment):
            assert counts(desks.lead_official)[2] == over


def test_the_nearest_deadline_stands_first_and_none_last(desks: Desks) -> None:
    days = [date(2026, 12, 9), date(2026, 11, 27), date(2026, 12, 1)]
    # Only who cooperates may have no day.
    other = leading(unit=desks.helping_unit.pk)
    desks.forwarded(lead=other, cooperating=[Recipient(unit=desks.lead_unit.pk)])
    for day in days:
        desks.forwarded(deadline=day)
    rows = list_work(Desk.of(desks.lead_official), Tab.WAITING).rows
    assert [row.due_on for row in rows] == [days[1], days[2], days[0], None]


def test_returned_work_waits_for_the_clerk_again_and_void_work_for_nobody(
    desks: Desks,
) -> None:
    document, lead, _helping = desks.forwarded()
    handling.give_back(desks.lead_official, lead.pk, "không thuộc thẩm quyền")
    assert counts(desks.clerk)[3] == 1
    void_number(desks.clerk, document.issued_number_id, "ghi nhầm")
    assert counts(desks.clerk)[3] == 0
    assert counts(desks.helper)[0] == 0


def test_pages_cost_the_same_however_much_work_there_is(desks: Desks) -> None:
    def asked_for(person: Any) -> list[int]:
        costs = []
        for ask in (
            lambda: Desk.of(person),
            lambda: count_work(Desk.of(person)),
            lambda: list_work(Desk.of(person), Tab.WAITING),
            lambda: list_to_forward(Desk.of(person)),
        ):
            with CaptureQueriesContext(connection) as asked:
                ask()
            costs.append(len(asked))
        return costs

    desks.forwarded()
    desks.register()
    before = {p: asked_for(p) for p in (desks.lead_head, desks.clerk)}
    for _again in range(30):
        document = desks.register()
        forward(desks.leader, document.pk, Plan(leading(unit=desks.lead_unit.pk)))
    assert {p: asked_for(p) for p in (desks.lead_head, desks.clerk)} == before
    assert before[desks.lead_head] == [4, 5, 7, 4]
    assert before[desks.clerk] == [3, 5, 5, 6]
    second = list_work(Desk.of(desks.lead_head), Tab.WAITING, page=2)
    assert (len(second.rows), second.total, second.pages) == (6, 31, 2)
    assert list_work(Desk.of(desks.lead_head), Tab.WAITING, page=99).number == 2


def test_the_spreadsheet_holds_what_is_shown(desks: Desks, signed_in: Any) -> None:
    document, lead, _helping = desks.forwarded()
    assign(desks.lead_head, lead.pk, person=desks.second_official.pk)
    browser = signed_in(desks.second_official)
    answer = browser.get("/api/v1/incoming-work.xlsx?tab=waiting")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet["A3"].value == "Chưa xử lý"
    row = [cell.value for cell in sheet[5]]
    assert row[0] == document.number
    assert row[6:9] == ["Chủ trì", "Phòng Hành chính – Tổ chức", "Ngô Văn Bảy"]
    assert row[9].date() == date(2026, 12, 3)
    assert row[11] == "Chưa xử lý"
    forwarding = browser.get("/api/v1/incoming-work?tab=waiting").json()["items"][0]
    assert forwarding["document"] == str(document.pk)
    totals = browser.get("/api/v1/incoming-work/counts").json()
    assert totals == {"waiting": 1, "in_progress": 0, "over": 0, "to_forward": None}


def test_the_spreadsheet_says_what_the_page_marks(desks: Desks, signed_in: Any) -> None:
    urgent = desks.register(
        urgency="flash", arrived_on=date(2026, 11, 20), issued_on=None
    )
    _document, lead, _helping = desks.forwarded()
    handling.report_progress(desks.lead_official, lead.pk, "đang xin số liệu")
    answer = signed_in(desks.clerk).get("/api/v1/incoming-work.xlsx?tab=to_forward")
    sheet = load_workbook(BytesIO(answer.content)).active
    row = [cell.value for cell in sheet[5]]
    assert (row[0], row[5]) == (urgent.number, "Hỏa tốc")
    assert row[7] == "Chưa chuyển, đã quá hạn chuyển"
    browser = signed_in(desks.lead_official)
    answer = browser.get("/api/v1/incoming-work.xlsx?tab=in_progress")
    sheet = load_workbook(BytesIO(answer.content)).active
    row = [cell.value for cell in sheet[5]]
    assert row[11:13] == ["Đang xử lý", "đang xin số liệu"]
