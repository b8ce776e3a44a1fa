"""Forwarding and settling incoming documents: who may, what is refused, what stays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from server.common import clock
from server.common.errors import AppError, Conflict, InvalidInput, NotAllowed, NotFound
from server.common.models import AuditEntry
from server.registry.actions import handling
from server.registry.actions.forwarding_plans import Plan, Recipient
from server.registry.actions.forwardings import assign, forward
from server.registry.actions.handling import Completion
from server.registry.actions.incoming_answers import begin_answer
from server.registry.actions.numbers import void_number
from server.registry.incoming_access import (
    access_incoming_document,
    find_incoming_document,
)
from server.registry.models import (
    Forwarding,
    ForwardingStep,
)
from server.registry.queries.forwardings import history_of
from tests.support.incoming import NOON, TODAY, Desks, leading

PEOPLE = (
    "clerk", "leader", "lead_head", "lead_official", "helper", "helping_head",
    "colleague",
)  # fmt: skip


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def desks(cast: Any) -> Desks:
    return Desks(cast)


def outcome(act: Any) -> str:
    """What came of an act: "done", or the name of the error."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except AppError as refused:
        return type(refused).__name__
    return "done"


D, N, A = "done", "NotFound", "NotAllowed"


@pytest.mark.parametrize(
    ("who", "sees", "forwards", "settles_lead", "settles_helping", "assigns_lead"),
    [
        ("clerk", D, D, A, A, A),
        ("leader", D, D, A, A, A),
        ("lead_head", D, A, D, A, D),
        ("lead_official", D, A, D, A, A),
        ("helper", D, A, A, D, A),
        ("helping_head", D, A, A, D, A),
        ("colleague", N, N, N, N, N),
    ],
)
def test_roles_and_acts(
    who: str,
    sees: str,
    forwards: str,
    settles_lead: str,
    settles_helping: str,
    assigns_lead: str,
    desks: Desks,
) -> None:
    person = getattr(desks, who)
    document, lead, helping = desks.forwarded()
    plan = desks.plan(direction="Ý kiến khác.")
    assert outcome(lambda: access_incoming_document(person, document.pk)) == sees
    assert outcome(lambda: forward(person, document.pk, plan)) == forwards
    none = Completion("để biết", needs_no_answer=True)
    for act in (
        lambda f: handling.take_up(person, f.pk),
        lambda f: handling.report_progress(person, f.pk, "đang làm"),
        lambda f: handling.complete(person, f.pk, none),
        lambda f: handling.give_back(person, f.pk, "không thuộc thẩm quyền"),
    ):
        assert outcome(lambda act=act: act(lead)) == settles_lead
        assert outcome(lambda act=act: act(helping)) == settles_helping
    to = desks.second_official.pk
    assert outcome(lambda: assign(person, lead.pk, person=to)) == assigns_lead
    answers = D if who in ("clerk", "leader", "lead_head", "lead_official") else A
    wanted = N if sees == N else answers
    assert outcome(lambda: begin_answer(person, document.pk)) == wanted


@pytest.mark.parametrize("who", ["stranger", "sotttt", "quantri"])
def test_for_people_of_other_offices_there_is_no_such_document(
    who: str, desks: Desks, request: Any, signed_in: Any
) -> None:
    person = request.getfixturevalue(who)
    document, lead, _helping = desks.forwarded()
    base = f"/api/v1/incoming-documents/{document.pk}"
    browser = signed_in(person)
    for path in ("handling", "history", "slip.pdf", "stamp.pdf"):
        foreign = browser.get(f"{base}/{path}")
        absent = browser.get(f"/api/v1/incoming-documents/{person.pk}/{path}")
        assert foreign.status_code == absent.status_code == 404
        assert foreign.content == absent.content
    answer = browser.post(
        f"/api/v1/forwardings/{lead.pk}/take-up", {}, content_type="application/json"
    )
    assert answer.status_code == 404
    assert browser.get("/api/v1/incoming-work?tab=to_forward").json()["items"] == []


def test_a_colleague_of_another_unit_reads_the_row_but_not_its_handling(
    desks: Desks, signed_in: Any
) -> None:
    document, _lead, _helping = desks.forwarded()
    browser = signed_in(desks.colleague)
    base = f"/api/v1/incoming-documents/{document.pk}"
    assert browser.get(base).status_code == 200
    assert browser.get(f"{base}/handling").status_code == 404


def test_before_it_is_forwarded_only_clerk_and_leader_see_it(desks: Desks) -> None:
    document = desks.register()
    seen = {
        who
        for who in PEOPLE
        if find_incoming_document(getattr(desks, who), document.pk) is not None
    }
    assert seen == {"clerk", "leader"}


def test_forwarding_fills_the_book_and_tells_the_world(
    desks: Desks, events: Any
) -> None:
    document, lead, helping = desks.forwarded()
    assert document.forwarded_to == (
        "Phòng Hành chính – Tổ chức (chủ trì); Phòng Kiểm soát thủ tục"
    )
    assert document.forwarded_on == TODAY
    assert document.deadline == date(2026, 12, 3)
    assert (lead.role, helping.role) == ("lead", "cooperating")
    assert lead.given_by == desks.leader
    assert ("incoming.forwarded", str(document.pk)) in events()
    assert AuditEntry.objects.filter(action="incoming.forwarded").count() == 1
    assert [s.act for s in history_of(document)] == ["forwarded", "forwarded"]


def test_saying_the_same_again_changes_nothing(desks: Desks, events: Any) -> None:
    document, _lead, _helping = desks.forwarded()
    before = (ForwardingStep.objects.count(), len(events()))
    forward(desks.leader, document.pk, desks.plan())
    assert (ForwardingStep.objects.count(), len(events())) == before


def test_another_lead_takes_the_place_and_the_old_one_keeps_its_history(
    desks: Desks,
) -> None:
    document, lead, helping = desks.forwarded()
    swapped = desks.plan(
        lead=leading(unit=desks.helping_unit.pk),
        cooperating=[Recipient(unit=desks.lead_unit.pk)],
    )
    rows = forward(desks.clerk, document.pk, swapped)
    assert [(f.pk, f.role) for f in rows] == [
        (helping.pk, "lead"),
        (lead.pk, "cooperating"),
    ]
    alone = Plan(leading(person=desks.second_official.pk))
    rows = forward(desks.clerk, document.pk, alone)
    assert [f.assignee for f in rows] == [desks.second_official]
    assert Forwarding.objects.filter(state="withdrawn").count() == 2
    assert find_incoming_document(desks.helper, document.pk) is None
    acts = [s.act for s in history_of(document)]
    assert acts.count("withdrawn") == 2
    assert len(acts) == 7


def test_the_database_takes_no_second_lead(desks: Desks) -> None:
    document, lead, _helping = desks.forwarded()
    lead.pk = None
    lead.unit = desks.cast.units["TH"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Forwarding.objects.create(
            document=document, role="lead", unit=desks.cast.units["TH"],
            given_on=TODAY, created_by=desks.clerk, created_at=NOON, state_at=NOON,
        )  # fmt: skip


@pytest.mark.parametrize(
    "fault", ["none", "both", "foreign", "twice", "early", "giver"]
)
def test_an_unusable_plan_names_its_fields(fault: str, desks: Desks) -> None:
    document = desks.register()
    unit, person = desks.lead_unit.pk, desks.lead_official.pk
    plans = {
        "none": (Plan(Recipient()), "lead"),
        "both": (Plan(Recipient(unit=unit, person=person)), "lead"),
        "foreign": (Plan(Recipient(unit=desks.cast.units["VPS"].pk)), "lead"),
        "twice": (Plan(leading(unit=unit), [Recipient(unit=unit)]), "cooperating"),
        "early": (
            Plan(Recipient(unit=unit, deadline=TODAY - timedelta(days=1))),
            "lead_deadline",
        ),
        "giver": (Plan(leading(unit=unit), given_by=person), "given_by"),
    }
    plan, field = plans[fault]
    with pytest.raises(InvalidInput) as refused:
        forward(desks.clerk, document.pk, plan)
    assert list(refused.value.fields) == [field]
    assert not Forwarding.objects.exists()


def test_the_clerk_writes_down_whose_direction_it_is(desks: Desks) -> None:
    document = desks.register()
    plan = desks.plan(given_by=desks.leader.pk)
    lead = forward(desks.clerk, document.pk, plan)[0]
    assert (lead.given_by, lead.created_by) == (desks.leader, desks.clerk)


def test_the_head_names_who_settles_it_and_others_of_the_unit_step_back(
    desks: Desks,
) -> None:
    _document, lead, _helping = desks.forwarded()
    named = assign(
        desks.lead_head, lead.pk, person=desks.second_official.pk,
        deadline=date(2026, 12, 1), direction="Dự thảo trước ngày 01/12.",
    )  # fmt: skip
    assert named.due_on == date(2026, 12, 1)
    with pytest.raises(NotAllowed):
        handling.take_up(desks.lead_official, lead.pk)
    assert handling.take_up(desks.second_official, lead.pk).state == "in_progress"


def test_a_person_gets_no_longer_term_than_the_unit(desks: Desks) -> None:
    _document, lead, _helping = desks.forwarded()
    with pytest.raises(InvalidInput) as late:
        assign(
            desks.lead_head, lead.pk, person=desks.second_official.pk,
            deadline=date(2026, 12, 4),
        )  # fmt: skip
    assert list(late.value.fields) == ["deadline"]
    with pytest.raises(InvalidInput) as foreign:
        assign(desks.lead_head, lead.pk, person=desks.helper.pk)
    assert list(foreign.value.fields) == ["person"]


def test_whoever_was_named_gives_it_back_to_the_head_first(desks: Desks) -> None:
    document, lead, _helping = desks.forwarded()
    assign(desks.lead_head, lead.pk, person=desks.second_official.pk)
    row = handling.give_back(desks.second_official, lead.pk, "đang nghỉ phép")
    assert (row.state, row.assignee) == ("waiting", None)
    row = handling.give_back(desks.lead_head, lead.pk, "không thuộc thẩm quyền")
    document.refresh_from_db()
    assert row.state == "returned"
    assert document.forwarded_on is None, "it waits with the clerk again"
    assert document.forwarded_to == "Phòng Kiểm soát thủ tục"
    assert find_incoming_document(desks.lead_official, document.pk) is None


def test_two_do_not_take_up_the_same(desks: Desks) -> None:
    _document, lead, _helping = desks.forwarded()
    handling.take_up(desks.lead_official, lead.pk)
    with pytest.raises(Conflict) as second:
        handling.take_up(desks.second_official, lead.pk)
    assert second.value.code == "taken_up"


def test_what_the_lead_reports_stands_in_the_book(desks: Desks) -> None:
    document, lead, helping = desks.forwarded()
    handling.report_progress(desks.lead_official, lead.pk, "Đang tổng hợp số liệu")
    handling.report_progress(desks.helper, helping.pk, "Đã gửi số liệu")
    document.refresh_from_db()
    assert document.progress == "Đang tổng hợp số liệu"


@pytest.mark.parametrize(
    "completion",
    [
        Completion(),
        Completion(answer="99/KHÔNG-CÓ"),
        Completion(needs_no_answer=True),
        Completion("vừa có vừa không", answer="1", needs_no_answer=True),
    ],
)
def test_the_lead_does_not_finish_without_an_answer_or_a_reason(
    completion: Completion, desks: Desks
) -> None:
    _document, lead, _helping = desks.forwarded()
    with pytest.raises(InvalidInput):
        handling.complete(desks.lead_official, lead.pk, completion)
    lead.refresh_from_db()
    assert lead.state == "waiting"


def test_an_answer_may_not_be_needed(desks: Desks) -> None:
    document, lead, helping = desks.forwarded()
    no_need = Completion("chỉ để biết", needs_no_answer=True)
    handling.complete(desks.lead_official, lead.pk, no_need)
    handling.complete(desks.helper, helping.pk, Completion())
    document.refresh_from_db()
    assert document.answer is None
    assert document.answered_on == TODAY
    assert document.progress == "Không cần trả lời: chỉ để biết"


def test_nothing_is_forwarded_under_a_void_number(desks: Desks) -> None:
    document = desks.register()
    void_number(desks.clerk, document.issued_number_id, "ghi nhầm")
    with pytest.raises(Conflict) as refused:
        forward(desks.clerk, document.pk, desks.plan())
    assert refused.value.code == "number_void"


def test_an_act_that_fails_halfway_leaves_nothing(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = desks.register()

    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("server.common.outbox.emit", broken)
    with pytest.raises(RuntimeError):
        forward(desks.clerk, document.pk, desks.plan())
    document.refresh_from_db()
    assert not Forwarding.objects.exists()
    assert document.forwarded_to == ""


def test_the_api_takes_a_document_the_whole_way(desks: Desks, signed_in: Any) -> None:
    document = desks.register()
    base = f"/api/v1/incoming-documents/{document.pk}"

    def send(who: Any, method: str, path: str, body: Any) -> Any:
        call = getattr(signed_in(who), method)
        return call(path, body, content_type="application/json")

    body = {
        "lead": {"unit": str(desks.lead_unit.pk), "deadline": "2026-12-03"},
        "cooperating": [{"person": str(desks.helper.pk)}],
        "direction": "Giải quyết.",
    }
    answer = send(desks.leader, "put", f"{base}/forwardings", body)
    assert answer.status_code == 200, answer.content
    lead, helping = answer.json()["forwardings"]
    assert (lead["term"], helping["term"]) == ("later", "none")
    one = f"/api/v1/forwardings/{lead['id']}"
    named = {"person": str(desks.second_official.pk), "deadline": "2026-11-27"}
    assert send(desks.lead_head, "post", f"{one}/assign", named).status_code == 200
    taken = send(desks.second_official, "post", f"{one}/take-up", {})
    assert (taken.json()["state"], taken.json()["term"]) == ("in_progress", "soon")
    said = send(desks.second_official, "post", f"{one}/progress", {"note": "xong nửa"})
    assert said.json()["report"] == "xong nửa"
    begun = send(desks.second_official, "post", f"{base}/answer", {})
    assert begun.status_code == 201
    refused = send(desks.second_official, "post", f"{one}/complete", {})
    assert refused.status_code == 400
    done = {"needs_no_answer": True, "note": "để biết"}
    assert send(desks.lead_head, "post", f"{one}/complete", done).status_code == 200
    other = f"/api/v1/forwardings/{helping['id']}/return"
    back = send(desks.helper, "post", other, {"reason": "nhầm người"})
    assert back.status_code == 204
    acts = [row["act"] for row in signed_in(desks.clerk).get(f"{base}/history").json()]
    assert acts == [
        "forwarded", "forwarded", "assigned", "taken_up", "progress", "completed",
        "returned",
    ]  # fmt: skip


def test_the_door_asks_few_questions(desks: Desks) -> None:
    document, _lead, _helping = desks.forwarded()
    for person, most in ((desks.lead_official, 5), (desks.lead_head, 6)):
        with CaptureQueriesContext(connection) as asked:
            access_incoming_document(person, document.pk)
        assert len(asked) == most


def test_an_absent_forwarding_is_not_found(desks: Desks) -> None:
    for odd in (desks.clerk.pk, "không phải mã"):
        with pytest.raises(NotFound):
            handling.take_up(desks.clerk, odd)
