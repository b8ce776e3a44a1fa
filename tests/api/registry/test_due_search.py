"""The deadlines of a search are also one's own: of what one received, and of work on
what came in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from server.accounts.models import User
from server.common import clock
from server.registry.actions.distribution import (
    Acceptance,
    accept,
    add_recipients,
    mark_opened,
    take_step,
)
from server.registry.actions.forwarding_plans import Recipient as To
from server.registry.actions.forwardings import assign, forward
from server.registry.actions.handling import (
    Completion,
    complete,
    give_back,
    report_progress,
)
from server.registry.actions.incoming_files import attach_file
from server.registry.actions.numbers import void_number
from server.registry.actions.recalling import recall
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import OutgoingDocument, RecipientState, SearchText
from server.registry.queries.search import Hit, search
from server.registry.search import scope
from server.registry.search.attached import read_new_files
from server.registry.search.index import index_of
from server.registry.search.reading_apart import FileReader
from server.registry.search.upkeep import index_missing_days, index_missing_rows
from server.registry.search_export import export_search
from server.registry.search_filter import SearchFilter
from tests.support.attachments import pdf_saying
from tests.support.incoming import NOON, TODAY, Desks

S = RecipientState
HAS, OVER = SearchFilter(deadline="has"), SearchFilter(deadline="over")
SOON = SearchFilter(deadline="within", days=7)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


def hits(user: User, shown: SearchFilter, kind: str = "") -> list[Hit]:
    found = search(user, "", shown).hits
    return [hit for hit in found if hit.entry.kind in (kind or hit.entry.kind)]


def later(days: int) -> Any:
    return clock.fixed(NOON + timedelta(days=days))


# ── what one received ────────────────────────────────────────────────────────────


@pytest.fixture
def sent(issued: Any) -> Callable[..., OutgoingDocument]:
    def make(*recipients: RecipientPlan) -> OutgoingDocument:
        document: OutgoingDocument = issued(*recipients)
        index_missing_rows()
        return document

    return make


def received(user: User, shown: SearchFilter) -> list[date]:
    """The day that is shown of each document that was received."""
    return [hit.day.on for hit in hits(user, shown, "received") if hit.day]


def test_each_recipient_finds_the_document_by_its_own_day(cast: Any, sent: Any) -> None:
    near, far = TODAY + timedelta(days=2), TODAY + timedelta(days=20)
    sent(
        RecipientPlan(person=cast.sotttt.pk, deadline=near),
        RecipientPlan(person=cast.truongphong.pk, deadline=far),
        RecipientPlan(person=cast.lanhdao.pk),
    )
    assert received(cast.sotttt, SOON) == received(cast.sotttt, HAS) == [near]
    assert received(cast.truongphong, SOON) == []
    assert received(cast.truongphong, HAS) == [far]
    assert received(cast.lanhdao, HAS) == received(cast.quantri, HAS) == []
    with later(5):
        assert received(cast.sotttt, OVER) == [near]
        assert received(cast.truongphong, OVER) == []
        assert [hit.day.is_over for hit in hits(cast.sotttt, OVER) if hit.day] == [True]


def test_what_is_done_refused_or_recalled_is_no_longer_due(
    cast: Any, sent: Any
) -> None:
    day = TODAY + timedelta(days=2)
    document = sent(
        RecipientPlan(person=cast.sotttt.pk, deadline=day),
        RecipientPlan(person=cast.truongphong.pk, deadline=day),
        RecipientPlan(person=cast.lanhdao.pk, deadline=day),
    )

    def row(person: User) -> Any:
        return document.recipients.get(person=person)

    for step in (S.ACCEPTED, S.DONE):
        take_step(cast.sotttt, row(cast.sotttt).pk, step)
    take_step(cast.truongphong, row(cast.truongphong).pk, S.REFUSED, "nhầm")
    mark_opened(cast.lanhdao, row(cast.lanhdao).pk)
    with later(5):
        assert received(cast.sotttt, OVER) == received(cast.truongphong, OVER) == []
        assert received(cast.lanhdao, OVER) == [day]
        # It had one all the same.
        assert received(cast.sotttt, HAS) == [day]
        assert [hit.day.is_over for hit in hits(cast.sotttt, HAS) if hit.day] == [False]
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    with later(5):
        assert received(cast.lanhdao, OVER) == []


def test_a_day_off_is_kept_as_in_the_list_of_what_was_received(
    cast: Any, sent: Any
) -> None:
    """Sunday 29/11: there is time until Monday, for the office's own list as well."""
    sunday = date(2026, 11, 29)
    sent(RecipientPlan(person=cast.sotttt.pk, deadline=sunday))
    ours = (cast.vanthu, "outgoing")
    with later(4):
        assert received(cast.sotttt, SOON) == [sunday]
        assert received(cast.sotttt, OVER) == []
        assert [h.day and h.day.is_over for h in hits(ours[0], SOON, ours[1])] == [
            False
        ]
        assert hits(ours[0], OVER, ours[1]) == []
    with later(5):
        assert received(cast.sotttt, SOON) == []
        assert received(cast.sotttt, OVER) == [sunday]
        assert [h.day and h.day.is_over for h in hits(ours[0], OVER, ours[1])] == [True]


def test_a_unit_and_an_organisation_have_their_days_too(
    cast: Any, sent: Any, department_clerk: Any, incoming_register: Any
) -> None:
    day = TODAY + timedelta(days=2)
    document = sent(
        RecipientPlan(unit=cast.units["VPS"].pk, deadline=day),
        RecipientPlan(organisation=cast.department.pk, deadline=day),
    )
    assert received(cast.sotttt, SOON) == received(department_clerk, SOON) == [day]
    line = document.recipients.get(organisation=cast.department)
    accept(department_clerk, line.pk, Acceptance(incoming_register.pk))
    assert received(department_clerk, SOON) == [day]


def test_who_is_added_with_a_day_finds_it(cast: Any, sent: Any) -> None:
    document = sent(RecipientPlan(person=cast.sotttt.pk))
    assert received(cast.truongphong, HAS) == []
    day = TODAY + timedelta(days=1)
    plan = RecipientPlan(person=cast.truongphong.pk, deadline=day)
    add_recipients(cast.vanthu, document.pk, [plan])
    assert received(cast.truongphong, SOON) == [day]


def test_the_index_forgets_a_day_that_nobody_waits_for(cast: Any, sent: Any) -> None:
    """Else a search for what is late would look at everything that was ever due."""
    document = sent(
        RecipientPlan(person=cast.sotttt.pk, deadline=TODAY + timedelta(days=2))
    )
    open_days = SearchText.objects.filter(scope__contains=f" {scope.OPEN_DEADLINE} ")
    before = open_days.count()
    line = document.recipients.get()
    for step in (S.ACCEPTED, S.DONE):
        take_step(cast.sotttt, line.pk, step)
    # The row of the office that sent it, and what was received.
    assert open_days.count() == before - 2


# ── work on what came in ─────────────────────────────────────────────────────────


@pytest.fixture
def desks(cast: Any) -> Desks:
    return Desks(cast)


def due(user: User, shown: SearchFilter) -> list[date]:
    found = search(user, "", shown).hits
    return [hit.day.on for hit in found if hit.day]


LEAD, HELP = date(2026, 12, 10), date(2026, 12, 1)


def shared_work(desks: Desks) -> Any:
    """The lead has until the 10th, who cooperates until the 1st."""
    helping = To(unit=desks.helping_unit.pk, deadline=HELP)
    return desks.forwarded(deadline=LEAD, cooperating=[helping])


def test_work_is_found_by_the_day_of_whoever_has_it(desks: Desks) -> None:
    shared_work(desks)
    assert due(desks.helper, SOON) == due(desks.helping_head, SOON) == [HELP]
    for user in (desks.lead_official, desks.lead_head, desks.clerk, desks.colleague):
        assert due(user, SOON) == []
        # The row of the book has the day of the lead, for everybody who reads it.
        assert due(user, HAS) == [LEAD]
    with later(6):
        assert due(desks.helper, OVER) == [HELP]
        assert due(desks.lead_official, OVER) == due(desks.clerk, OVER) == []


def test_work_that_is_done_is_no_longer_due(desks: Desks) -> None:
    document, _lead, helping = shared_work(desks)
    report_progress(desks.helper, helping.pk, "đang rà soát")
    assert due(desks.helper, SOON) == [HELP]
    complete(desks.helper, helping.pk, Completion("đã góp ý"))
    assert due(desks.helper, SOON) == []
    with later(6):
        assert due(desks.helper, OVER) == []
    # What is shown is what still waits: the document's own day.
    assert due(desks.helper, HAS) == [LEAD]
    assert document.answered_on is None


def test_the_day_that_a_head_set_is_that_of_the_person(desks: Desks) -> None:
    document, lead, _helping = shared_work(desks)
    sooner = date(2026, 11, 30)
    assign(desks.lead_head, lead.pk, person=desks.lead_official.pk, deadline=sooner)
    assert due(desks.lead_official, SOON) == due(desks.lead_head, SOON) == [sooner]
    # It is another's work now.
    assert due(desks.second_official, SOON) == []
    give_back(desks.lead_official, lead.pk, "bận")
    assert due(desks.second_official, SOON) == []
    assert due(desks.second_official, HAS) == [LEAD]
    assert document.pk


def test_only_a_day_that_an_assignment_set_is_found_too(desks: Desks) -> None:
    document = desks.register()
    lead = To(unit=desks.helping_unit.pk, deadline=LEAD)
    plan = desks.plan(lead=lead, cooperating=[To(unit=desks.lead_unit.pk)])
    _lead, ours = forward(desks.leader, document.pk, plan)
    assert due(desks.lead_official, SOON) == []
    assign(desks.lead_head, ours.pk, person=desks.lead_official.pk, deadline=HELP)
    assert due(desks.lead_official, SOON) == [HELP]
    assert due(desks.clerk, HAS) == [LEAD]


def test_work_that_was_withdrawn_or_whose_number_is_void_is_not_due(
    desks: Desks,
) -> None:
    document, _lead, _helping = shared_work(desks)
    forward(desks.leader, document.pk, desks.plan(deadline=LEAD, cooperating=[]))
    assert due(desks.helper, SOON) == []
    other, _lead, _helping = shared_work(desks)
    void_number(desks.clerk, other.issued_number_id, "nhầm sổ")
    with later(30):
        assert other.pk not in [h.entry.object_id for h in hits(desks.helper, OVER)]


def test_a_day_off_is_kept_as_in_the_list_of_work(desks: Desks) -> None:
    """Sunday 29/11: there is time until Monday."""
    sunday = date(2026, 11, 29)
    helping = To(unit=desks.helping_unit.pk, deadline=sunday)
    desks.forwarded(deadline=LEAD, cooperating=[helping])
    with later(4):
        assert due(desks.helper, OVER) == []
    with later(5):
        assert due(desks.helper, OVER) == [sunday]


def test_work_whose_files_say_something_is_found_once(desks: Desks) -> None:
    document, _lead, _helping = shared_work(desks)
    file = SimpleUploadedFile("quét.pdf", pdf_saying("rà soát danh mục"))
    attach_file(desks.clerk, document.pk, file)
    assert len(list(read_new_files(FileReader()))) == 1
    for q in ("", "rà soát danh mục"):
        found = search(desks.helper, q, SOON)
        assert [hit.entry.object_id for hit in found.hits] == [document.pk]
        assert found.total == 1


def test_days_of_before_the_index_told_of_them_are_put_right(
    cast: Any, desks: Desks, sent: Any
) -> None:
    shared_work(desks)
    day = TODAY + timedelta(days=2)
    sent(RecipientPlan(person=cast.sotttt.pk, deadline=day))
    for text in SearchText.objects.all():
        index_of().remove([text.pk])
        SearchText.objects.filter(pk=text.pk).update(
            scope=text.scope.replace(scope.HAS_DEADLINE, "").replace(
                scope.OPEN_DEADLINE, ""
            )
        )
        index_of().add([text.pk])
    assert due(desks.helper, SOON) == received(cast.sotttt, SOON) == []
    assert index_missing_days() == 2
    assert due(desks.helper, SOON) == [HELP]
    assert received(cast.sotttt, SOON) == [day]
    assert index_missing_days() == 0


# ── page, file and cost ──────────────────────────────────────────────────────────


def test_page_api_and_file_show_ones_own_day(desks: Desks, signed_in: Any) -> None:
    shared_work(desks)
    browser = signed_in(desks.helper)
    assert "Hạn 01/12/2026" in browser.get("/search/?deadline=has").content.decode()
    items = browser.get("/api/v1/search", {"deadline": "within", "days": 7}).json()
    assert [item["deadline"] for item in items["items"]] == ["2026-12-01"]
    file = export_search(desks.helper, "", SOON, sort="date")
    rows = list(load_workbook(BytesIO(file.data)).active.values)
    assert [row[9].date() for row in rows[2:]] == [HELP]
    with later(6):
        page = browser.get("/search/?deadline=over").content.decode()
    assert "Quá hạn 01/12/2026" in page


def test_a_page_costs_the_same_however_much_is_due(desks: Desks) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as counted:
            search(desks.helping_head, "", SOON)
        return len(counted)

    shared_work(desks)
    first = cost()
    for _again in range(4):
        shared_work(desks)
    assert cost() == first <= 14
