"""By when: who leads has a day, and nobody is given one that is past."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from server.common import clock
from server.common.errors import InvalidInput
from server.registry.actions.forwarding_plans import Plan, Recipient
from server.registry.actions.forwardings import assign, forward
from server.registry.actions.handling import Completion, complete
from server.registry.issuing.terms import offered_deadline
from server.registry.models import Forwarding, IncomingDocument
from tests.support.incoming import NOON, TODAY, Desks

DUE = date(2026, 12, 3)
CAME = date(2026, 11, 20)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def desks(cast: Any) -> Desks:
    return Desks(cast)


def fault(desks: Desks, document: IncomingDocument, plan: Plan) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        forward(desks.leader, document.pk, plan)
    return {name: str(said) for name, said in refused.value.fields.items()}


def test_who_leads_has_a_day(desks: Desks) -> None:
    document = desks.register()
    said = fault(desks, document, desks.plan(deadline=None))
    assert list(said) == ["lead_deadline"]
    assert "“Phòng Hành chính – Tổ chức”" in said["lead_deadline"]
    assert "Hãy ghi ngày" in said["lead_deadline"]
    alone = Plan(Recipient(person=desks.lead_official.pk))
    assert (
        desks.lead_official.full_name in fault(desks, document, alone)["lead_deadline"]
    )
    assert not Forwarding.objects.exists()


def test_it_is_said_in_english_too(desks: Desks) -> None:
    with translation.override("en"):
        said = fault(desks, desks.register(), desks.plan(deadline=None))
    assert said["lead_deadline"].endswith("the day by which it is to be settled.")


def test_who_cooperates_may_go_without(desks: Desks) -> None:
    _document, lead, helping = desks.forwarded()
    assert (lead.deadline, helping.deadline) == (DUE, None)


@pytest.mark.parametrize("role", ["lead", "cooperating"])
def test_nobody_is_given_a_day_that_is_past(role: str, desks: Desks) -> None:
    document = desks.register(arrived_on=CAME, issued_on=CAME)
    late = Recipient(unit=desks.lead_unit.pk, deadline=YESTERDAY)
    other = Recipient(unit=desks.helping_unit.pk, deadline=TODAY)
    plan = Plan(late, [other]) if role == "lead" else Plan(other, [late])
    assert fault(desks, document, plan) == {f"{role}_deadline": "Hạn này đã qua."}


def test_nor_by_the_head_who_names_who_settles_it(desks: Desks) -> None:
    _document, lead, _helping = desks.forwarded()
    who = desks.second_official.pk
    with pytest.raises(InvalidInput) as refused:
        assign(desks.lead_head, lead.pk, person=who, deadline=YESTERDAY)
    assert list(refused.value.fields) == ["deadline"]


def test_what_is_late_is_still_passed_on(desks: Desks) -> None:
    """The old day stays; another lead gets a new one."""
    document, _lead, _helping = desks.forwarded()
    with clock.fixed(NOON + timedelta(days=14)):
        same = Recipient(unit=desks.lead_unit.pk, deadline=DUE)
        more = [Recipient(person=desks.helper.pk)]
        rows = forward(desks.leader, document.pk, Plan(same, more))
        assert [row.deadline for row in rows] == [DUE, None]
        other = Plan(Recipient(unit=desks.helping_unit.pk, deadline=DUE))
        assert list(fault(desks, document, other)) == ["lead_deadline"]


def test_a_cooperating_unit_that_becomes_the_lead_gets_a_day(desks: Desks) -> None:
    document, _lead, _helping = desks.forwarded()
    swapped = Plan(Recipient(unit=desks.helping_unit.pk))
    assert list(fault(desks, document, swapped)) == ["lead_deadline"]


def test_what_was_settled_without_a_day_asks_for_none(desks: Desks) -> None:
    """Forwarded before a day was asked for."""
    document, lead, _helping = desks.forwarded()
    complete(desks.lead_official, lead.pk, Completion("để biết", needs_no_answer=True))
    Forwarding.objects.filter(pk=lead.pk).update(deadline=None, due_on=None)
    more = [Recipient(person=desks.helper.pk)]
    plan = Plan(Recipient(unit=desks.lead_unit.pk), more)
    rows = forward(desks.leader, document.pk, plan)
    assert [row.deadline for row in rows] == [None, None]


def form(desks: Desks, signed_in: Any, document: IncomingDocument) -> str:
    answer = signed_in(desks.leader).get(f"/incoming/{document.pk}/forward/")
    assert answer.status_code == 200
    found: str = answer.content.decode()
    return found


@pytest.mark.parametrize("urgency", ["normal", "urgent", "flash"])
def test_the_page_offers_a_day_by_the_urgency(
    urgency: str, desks: Desks, signed_in: Any
) -> None:
    shown = form(desks, signed_in, desks.register(urgency=urgency))
    offered = offered_deadline(urgency, TODAY)
    assert f'value="{offered:%Y-%m-%d}" min="{TODAY:%Y-%m-%d}" required' in shown
    assert f"Hạn {offered:%d/%m/%Y} (" in shown
    assert "là đề xuất" in shown


def test_or_the_day_that_the_document_names(desks: Desks, signed_in: Any) -> None:
    shown = form(desks, signed_in, desks.register(deadline=DUE))
    assert f'value="{DUE:%Y-%m-%d}"' in shown
    assert "là đề xuất" not in shown


def test_a_day_of_the_document_that_is_past_is_not_offered(
    desks: Desks, signed_in: Any
) -> None:
    past = desks.register(arrived_on=CAME, issued_on=CAME, deadline=YESTERDAY)
    shown = form(desks, signed_in, past)
    assert f'value="{offered_deadline("normal", TODAY):%Y-%m-%d}"' in shown


def test_a_form_without_a_day_is_refused_and_stays_empty(
    desks: Desks, signed_in: Any
) -> None:
    document = desks.register()
    sent = {"lead": f"unit:{desks.lead_unit.pk}", "lead_deadline": ""}
    answer = signed_in(desks.leader).post(f"/incoming/{document.pk}/forward/", sent)
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert "chủ trì mà chưa có hạn" in shown
    assert "là đề xuất" not in shown


def test_the_api_names_the_field(desks: Desks, signed_in: Any) -> None:
    document = desks.register()
    answer = signed_in(desks.leader).put(
        f"/api/v1/incoming-documents/{document.pk}/forwardings",
        {"lead": {"unit": str(desks.lead_unit.pk)}},
        content_type="application/json",
    )
    assert answer.status_code == 400
    assert "lead_deadline" in answer.json()["fields"]
    assert not Forwarding.objects.exists()


@pytest.mark.parametrize("who", ["lead_head", "helper", "colleague"])
def test_whoever_may_not_direct_learns_nothing_of_the_rule(
    who: str, desks: Desks, signed_in: Any
) -> None:
    document, _lead, _helping = desks.forwarded()
    address = f"/api/v1/incoming-documents/{document.pk}/forwardings"
    body = {"lead": {"unit": str(desks.lead_unit.pk)}}
    answer = signed_in(getattr(desks, who)).put(
        address, body, content_type="application/json"
    )
    assert answer.status_code == (404 if who == "colleague" else 403)
    assert "fields" not in answer.json() or not answer.json()["fields"]
