"""Who holds a leader's mandate to direct stands in the leader's place before incoming
documents, in its days only; a mandate that says how to sign opens nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from server.accounts.models import Membership, Role
from server.common import clock
from server.common.errors import InvalidInput
from server.common.models import AuditEntry
from server.publishing.pdf_pages import words_of
from server.registry.actions.delegations import Wish, delegate, end_delegation
from server.registry.actions.forwarding_plans import directors_of
from server.registry.actions.forwardings import assign, forward
from server.registry.books import Format
from server.registry.incoming_access import (
    access_incoming_document,
    find_incoming_document,
)
from server.registry.incoming_papers import slip_file
from server.registry.models import Delegation, IncomingDocument
from server.registry.queries.forwardings import Desk, count_work, list_to_forward
from server.registry.workflow.authority import Form, Power
from tests.support.incoming import NOON, TODAY, Desks
from tests.support.outcomes import DONE, outcome_of

SIGN, DIRECT = frozenset({Power.SIGN}), frozenset({Power.DIRECT})
WEEK = TODAY + timedelta(days=7)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def desks(cast: Any) -> Desks:
    return Desks(cast)


def mandate(desks: Desks, to: Any, **more: Any) -> Delegation:
    wish: dict[str, Any] = {
        "form": Form.KT,
        "delegate": to,
        "principal": desks.leader,
        "powers": DIRECT,
        "starts_on": TODAY,
        "ends_on": WEEK,
        **more,
    }
    by = desks.cast.quantri if wish["principal"] is None else desks.leader
    return delegate(by, Wish(**wish))


D, N, A = DONE, "not_found", "not_allowed"
QUYET_DINH = "Quyết định số 12/QĐ-VPUBND"


@pytest.mark.parametrize(
    ("given", "sees", "forwards", "keeps", "names_who_settles"),
    [
        (None, N, N, N, N),
        ({"powers": SIGN}, N, N, N, N),
        ({"powers": SIGN, "form": Form.TUQ, "document": QUYET_DINH}, N, N, N, N),
        ({"powers": DIRECT}, D, D, A, A),
        ({"powers": SIGN | DIRECT}, D, D, A, A),
        ({"form": Form.TUQ, "document": QUYET_DINH}, D, D, A, A),
        ({"form": Form.Q, "principal": None, "in_place_of": "Chánh VP"}, D, D, A, A),
        ({"starts_on": TODAY + timedelta(days=1)}, N, N, N, N),
    ],
    ids=[
        "no mandate", "signs", "signs by written mandate", "directs",
        "signs and directs", "directs by written mandate", "acting head",
        "from tomorrow",
    ],
)  # fmt: skip
def test_mandates_and_acts(
    desks: Desks,
    given: dict[str, Any] | None,
    sees: str,
    forwards: str,
    keeps: str,
    names_who_settles: str,
) -> None:
    document, lead, _helping = desks.forwarded()
    deputy = desks.colleague
    if given is not None:
        mandate(desks, deputy, **given)
    plan = desks.plan(direction="Xử lý gấp.")
    official = desks.lead_official.pk
    acts = {
        "sees": lambda: access_incoming_document(deputy, document.pk),
        "forwards": lambda: forward(deputy, document.pk, plan),
        "keeps": lambda: access_incoming_document(deputy, document.pk, keep=True),
        "names": lambda: assign(deputy, lead.pk, person=official),
    }
    assert [outcome_of(act) for act in acts.values()] == [
        sees,
        forwards,
        keeps,
        names_who_settles,
    ]


def test_a_direction_in_the_leaders_place_is_recorded_as_such(desks: Desks) -> None:
    document = desks.register()
    given = mandate(desks, desks.colleague)
    lead, helping = forward(desks.colleague, document.pk, desks.plan())
    for one in (lead, helping):
        assert (one.given_by, one.mandate) == (desks.colleague, given)
    told = AuditEntry.objects.get(action="incoming.forwarded")
    assert told.details["mandate"] == str(given.pk)
    access = access_incoming_document(desks.clerk, document.pk)
    printed = " ".join(words_of(slip_file(access, Format.PDF).data).split())
    assert "Vũ Thị Hoa (KT. Chánh Văn phòng)" in printed


def test_a_leaders_own_direction_names_no_mandate(desks: Desks) -> None:
    document = desks.register()
    mandate(desks, desks.colleague)
    lead, _helping = forward(desks.leader, document.pk, desks.plan())
    assert (lead.given_by, lead.mandate) == (desks.leader, None)


def test_the_clerk_writes_down_what_the_stand_in_said(desks: Desks) -> None:
    document = desks.register()
    plan = desks.plan(given_by=desks.colleague.pk)
    with pytest.raises(InvalidInput) as refused:
        forward(desks.clerk, document.pk, plan)
    assert "given_by" in refused.value.fields
    given = mandate(desks, desks.colleague)
    lead, _helping = forward(desks.clerk, document.pk, plan)
    assert (lead.given_by, lead.mandate, lead.created_by) == (
        desks.colleague,
        given,
        desks.clerk,
    )


def test_the_stand_in_writes_down_nobody_elses_direction(desks: Desks) -> None:
    document = desks.register()
    mandate(desks, desks.colleague)
    with pytest.raises(InvalidInput) as refused:
        forward(desks.colleague, document.pk, desks.plan(given_by=desks.leader.pk))
    assert "given_by" in refused.value.fields


def test_what_waits_for_direction_waits_for_the_stand_in_too(desks: Desks) -> None:
    document = desks.register()
    assert count_work(Desk.of(desks.colleague)).to_forward is None
    given = mandate(desks, desks.colleague)
    desk = Desk.of(desks.colleague)
    assert count_work(desk).to_forward == 1
    assert [row.pk for row in list_to_forward(desk).rows] == [document.pk]
    end_delegation(desks.leader, given.pk)
    assert count_work(Desk.of(desks.colleague)).to_forward is None
    assert find_incoming_document(desks.colleague, document.pk) is None


def test_a_mandate_ends_with_its_last_day(desks: Desks) -> None:
    document = desks.register()
    mandate(desks, desks.colleague)
    with clock.fixed(NOON + timedelta(days=8)):
        assert find_incoming_document(desks.colleague, document.pk) is None
        assert [one.person for one in directors_of(document.organisation_id)] == [
            desks.leader
        ]


def test_a_mandate_reaches_only_where_its_giver_still_leads(desks: Desks) -> None:
    document = desks.register()
    mandate(desks, desks.colleague)
    Membership.objects.filter(user=desks.leader).update(role=Role.OFFICIAL)
    assert find_incoming_document(desks.colleague, document.pk) is None
    assert directors_of(document.organisation_id) == []


def test_a_head_gives_no_mandate_to_direct(desks: Desks) -> None:
    wish = Wish(
        Form.KT,
        desks.colleague,
        TODAY,
        principal=desks.lead_head,
        powers=DIRECT,
        ends_on=WEEK,
    )
    with pytest.raises(InvalidInput) as refused:
        delegate(desks.lead_head, wish)
    assert "powers" in refused.value.fields


def test_an_acting_head_of_another_organisation_sees_nothing(desks: Desks) -> None:
    document: IncomingDocument = desks.register()
    Delegation.objects.create(
        organisation=desks.cast.department,
        form=Form.Q,
        delegate=desks.cast.sotttt,
        in_place_of="Giám đốc",
        may_direct=True,
        starts_on=TODAY,
        created_by=desks.cast.quantri,
        created_at=NOON,
    )
    assert find_incoming_document(desks.cast.sotttt, document.pk) is None


def test_the_page_shows_in_whose_place(desks: Desks, signed_in: Any) -> None:
    document = desks.register()
    mandate(desks, desks.colleague)
    browser = signed_in(desks.colleague)
    address = f"/incoming/{document.pk}/"
    shown = browser.get(f"{address}forward/").content.decode()
    assert "KT. Chánh Văn phòng" in shown
    forward(desks.colleague, document.pk, desks.plan())
    assert "(KT. Chánh Văn phòng)" in browser.get(address).content.decode()


def test_the_form_gives_the_direction_to_nobody_by_the_way(
    desks: Desks, signed_in: Any
) -> None:
    shown = signed_in(desks.leader).get("/account/delegations/new/").content.decode()
    boxes = re.findall(r'name="powers" value="(\w+)"( checked)?', shown)
    assert boxes == [("sign", " checked"), ("direct", "")]
