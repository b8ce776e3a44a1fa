"""Who got a document, what each did with it, and how the office runs after it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.common import clock
from server.common.errors import AppError, Conflict, InvalidInput, NotAllowed, NotFound
from server.registry.actions.distribution import (
    Acceptance,
    accept,
    add_recipients,
    chase,
    mark_opened,
    report_outside,
    take_step,
)
from server.registry.actions.recalling import recall
from server.registry.issued_access import access_issued_files, access_recipient
from server.registry.issued_files import read_issued
from server.registry.issuing.plan import RecipientPlan
from server.registry.issuing.steps import AFTER, is_waited_for
from server.registry.models import (
    IncomingDocument,
    Recipient,
    RecipientState,
    StepKind,
)
from tests.support.cast import make_person

S = RecipientState


def line(document: Any, **named: Any) -> Recipient:
    found: Recipient = document.recipients.get(**named)
    return found


# ── who reads what ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("vanthu", True),  # keeps the book
        ("chuyenvien", True),  # wrote the draft
        ("truongphong", True),  # heads the unit
        ("lanhdao", True),  # signed
        ("vanthuso", True),  # clerk of the organisation that received it
        ("sotttt", False),  # works there; the clerk hands it on
        ("quantri", False),
        ("nguoila", False),
    ],
)
def test_files_are_read_by_those_who_made_them_and_those_who_got_them(
    cast: Any, issued: Any, department_clerk: Any, stranger: Any, who: str, reads: bool
) -> None:
    document = issued(RecipientPlan(organisation=cast.department.pk))
    people = {**cast.people, "vanthuso": department_clerk, "nguoila": stranger}
    if reads:
        assert access_issued_files(people[who], document.pk).document == document
    else:
        with pytest.raises(NotFound):
            access_issued_files(people[who], document.pk)


def test_a_unit_that_received_it_reads_it_and_the_next_one_does_not(
    cast: Any, issued: Any
) -> None:
    inside = make_person("thtonghop", "Phạm Thị Tổng", cast.units["TH"])
    beside = make_person("vanthu2", "Đỗ Văn Thư", cast.units["VPS"])
    document = issued(RecipientPlan(unit=cast.units["TH"].pk))
    assert access_issued_files(inside, document.pk).recipient is not None
    with pytest.raises(NotFound):
        access_issued_files(beside, document.pk)


def test_who_gets_it_on_paper_reads_nothing_here(cast: Any, issued: Any) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk, channel="paper"))
    with pytest.raises(NotFound):
        access_recipient(cast.sotttt, line(document).pk)
    with pytest.raises(NotFound):
        access_issued_files(cast.sotttt, document.pk)


# ── what a recipient does ───────────────────────────────────────────────────────


def test_the_first_look_is_noted_once(cast: Any, issued: Any) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    row = mark_opened(cast.sotttt, line(document).pk)
    assert (row.state, row.state_by) == (S.OPENED, cast.sotttt)
    first = row.opened_at
    again = mark_opened(cast.sotttt, row.pk)
    assert again.opened_at == first
    assert [s.kind for s in row.steps.all()] == [S.DELIVERED, S.OPENED]


def test_a_look_after_a_recall_opens_nothing(
    cast: Any, issued: Any, signed_in: Any
) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    row = line(document)
    browser = signed_in(cast.sotttt)
    assert browser.get(f"/received/{row.pk}/").status_code == 200
    assert browser.get(f"/api/v1/received/{row.pk}").status_code == 200
    row.refresh_from_db()
    assert (row.state, row.opened_at) == (S.DELIVERED, None)
    assert S.OPENED not in [s.kind for s in row.steps.all()]


def test_whoever_reads_the_file_by_another_way_has_opened_it(
    cast: Any, issued: Any
) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    read_issued(cast.vanthu, document.pk)
    assert line(document).state == S.DELIVERED
    for _again in range(2):
        read_issued(cast.sotttt, document.pk)
    row = line(document)
    assert (row.state, row.state_by) == (S.OPENED, cast.sotttt)
    assert [s.kind for s in row.steps.all()] == [S.DELIVERED, S.OPENED]


def test_the_receiving_clerk_enters_it_into_the_incoming_book(
    cast: Any, issued: Any, department_clerk: Any, incoming_register: Any
) -> None:
    deadline = clock.today() + timedelta(days=10)
    document = issued(RecipientPlan(organisation=cast.department.pk, deadline=deadline))
    row = line(document)
    incoming = accept(department_clerk, row.pk, Acceptance(incoming_register.pk))
    assert incoming.number == 1
    assert incoming.full_number == document.full_number
    assert incoming.issuer == cast.office.name
    assert incoming.deadline == deadline
    row.refresh_from_db()
    assert (row.state, row.incoming) == (S.ACCEPTED, incoming)


def test_a_refusal_needs_a_reason_and_ends_it(
    cast: Any, issued: Any, department_clerk: Any
) -> None:
    document = issued(RecipientPlan(organisation=cast.department.pk))
    row = line(document)
    with pytest.raises(InvalidInput):
        take_step(department_clerk, row.pk, S.REFUSED, "  ")
    take_step(department_clerk, row.pk, S.REFUSED, "Sai nơi nhận")
    assert row.steps.last().note == "Sai nơi nhận"
    with pytest.raises(Conflict):
        take_step(department_clerk, row.pk, S.PROCESSING)


def test_an_organisation_does_not_accept_without_its_book(
    cast: Any, issued: Any, department_clerk: Any
) -> None:
    document = issued(RecipientPlan(organisation=cast.department.pk))
    with pytest.raises(Conflict) as refused:
        take_step(department_clerk, line(document).pk, S.ACCEPTED)
    assert refused.value.code == "needs_register"


def test_it_is_not_entered_into_another_organisations_book(
    cast: Any, issued: Any, department_clerk: Any, outgoing_register: Any
) -> None:
    document = issued(RecipientPlan(organisation=cast.department.pk))
    with pytest.raises(AppError):
        accept(department_clerk, line(document).pk, Acceptance(outgoing_register.pk))
    assert not IncomingDocument.objects.exists()


def test_one_document_is_accepted_once(
    cast: Any, issued: Any, department_clerk: Any, incoming_register: Any
) -> None:
    document = issued(RecipientPlan(organisation=cast.department.pk))
    acceptance = Acceptance(incoming_register.pk)
    accept(department_clerk, line(document).pk, acceptance)
    with pytest.raises(Conflict) as refused:
        accept(department_clerk, line(document).pk, acceptance)
    assert refused.value.code == "wrong_state"
    assert IncomingDocument.objects.count() == 1


@pytest.mark.parametrize("target", list(S))
@pytest.mark.parametrize("now", list(S))
def test_a_recipient_takes_the_steps_of_the_table_and_no_other(
    cast: Any, issued: Any, now: S, target: S
) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    row = line(document)
    Recipient.objects.filter(pk=row.pk).update(state=now)
    if target in AFTER[now]:
        assert take_step(cast.sotttt, row.pk, target, "lý do").state == target
    else:
        with pytest.raises(Conflict):
            take_step(cast.sotttt, row.pk, target, "lý do")


@pytest.mark.parametrize("who", ["chuyenvien", "vanthu", "lanhdao", "quantri"])
def test_nobody_reports_in_the_place_of_a_recipient(
    cast: Any, issued: Any, who: str
) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    with pytest.raises(NotFound):
        take_step(cast.people[who], line(document).pk, S.OPENED)
    with pytest.raises(AppError):
        report_outside(cast.people[who], document.pk, line(document).pk, S.ACCEPTED)


def test_the_clerk_reports_for_those_outside(cast: Any, issued: Any) -> None:
    document = issued(RecipientPlan(name="Đảng ủy phường", channel="paper"))
    row = line(document)
    report_outside(cast.vanthu, document.pk, row.pk, S.DELIVERED, "Bưu điện, mã 12")
    assert line(document).state == S.DELIVERED
    with pytest.raises(NotAllowed):
        report_outside(cast.chuyenvien, document.pk, row.pk, S.ACCEPTED)


# ── running after it ────────────────────────────────────────────────────────────


def test_one_button_chases_all_who_have_not_opened_it_or_not_done_it(
    cast: Any, issued: Any, events: Any
) -> None:
    document = issued(
        RecipientPlan(person=cast.sotttt.pk),
        RecipientPlan(unit=cast.units["TH"].pk, must_act=True, deadline=clock.today()),
        RecipientPlan(person=cast.truongphong.pk),
    )
    mark_opened(cast.truongphong, line(document, person=cast.truongphong).pk)
    chased = chase(cast.vanthu, document.pk, note="Đề nghị xem ngay")
    assert {row.name for row in chased} == {"Phạm Quốc Đạt", "Phòng Tổng hợp"}
    row = line(document, person=cast.sotttt)
    assert row.chased == 1
    assert row.steps.filter(kind=StepKind.CHASED).get().note == "Đề nghị xem ngay"
    assert ("outgoing.chased", str(row.pk)) in events()


def test_nobody_is_chased_for_what_is_done(cast: Any, issued: Any) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    mark_opened(cast.sotttt, line(document).pk)
    with pytest.raises(Conflict) as refused:
        chase(cast.vanthu, document.pk)
    assert refused.value.code == "nobody_to_chase"


@pytest.mark.parametrize("state", list(S))
def test_who_must_act_is_waited_for_until_it_is_done(state: S) -> None:
    assert is_waited_for(state, True) == (state not in (S.DONE, S.REFUSED))
    assert is_waited_for(state, False) == (state in (S.SENT, S.DELIVERED))


@pytest.mark.parametrize("who", ["chuyenvien", "lanhdao", "sotttt", "nguoila"])
def test_only_our_clerk_chases_and_adds(
    cast: Any, issued: Any, stranger: Any, who: str
) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    actor = {**cast.people, "nguoila": stranger}[who]
    with pytest.raises((NotAllowed, NotFound)):
        chase(actor, document.pk)
    with pytest.raises((NotAllowed, NotFound)):
        add_recipients(actor, document.pk, [RecipientPlan(person=cast.quantri.pk)])


def test_a_deadline_that_is_past_is_asked_of_nobody(cast: Any, issued: Any) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    day = document.issued_on
    more = [RecipientPlan(unit=cast.units["TH"].pk, deadline=day)]
    tomorrow = clock.fixed(clock.now() + timedelta(days=1))
    with tomorrow, pytest.raises(InvalidInput) as refused:
        add_recipients(cast.vanthu, document.pk, more)
    assert refused.value.code == "bad_recipient"
    assert "Phòng Tổng hợp" in str(refused.value)
    assert add_recipients(cast.vanthu, document.pk, more)[0].deadline == day


def test_a_list_grows_and_nobody_stands_on_it_twice(cast: Any, issued: Any) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    add_recipients(cast.vanthu, document.pk, [RecipientPlan(unit=cast.units["TH"].pk)])
    assert [r.position for r in document.recipients.all()] == [1, 2]
    with pytest.raises(InvalidInput) as refused:
        add_recipients(cast.vanthu, document.pk, [RecipientPlan(person=cast.sotttt.pk)])
    assert refused.value.code == "bad_recipient"
