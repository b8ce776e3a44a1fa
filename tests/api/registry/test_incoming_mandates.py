"""Who holds the head's mandate hands incoming documents on, in its days only."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from server.common import clock
from server.common.errors import NotAllowed, NotFound
from server.common.models import AuditEntry
from server.registry.actions.delegations import Wish, delegate, end_delegation
from server.registry.actions.forwardings import assign
from server.registry.incoming_access import find_incoming_document
from server.registry.models import Delegation, Forwarding, IncomingDocument
from server.registry.queries.forwardings import Desk, Tab, list_work
from server.registry.workflow.authority import Form, Power
from tests.support.incoming import NOON, TODAY, Desks


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def desks(cast: Any) -> Desks:
    return Desks(cast)


@pytest.fixture
def lead(desks: Desks) -> Forwarding:
    """What came to the lead unit; nobody has been named yet."""
    _document, forwarding, _helping = desks.forwarded()
    return forwarding


def mandate(desks: Desks, to: Any, **more: Any) -> Delegation:
    wish: dict[str, Any] = {
        "form": Form.KT,
        "delegate": to,
        "principal": desks.lead_head,
        "powers": frozenset({Power.CONTENT}),
        "starts_on": TODAY,
        "ends_on": TODAY + timedelta(days=3),
        **more,
    }
    return delegate(desks.lead_head, Wish(**wish))


def in_hand(who: Any) -> list[Any]:
    return [row.pk for row in list_work(Desk.of(who), Tab.WAITING).rows]


def hand_on(desks: Desks, who: Any, lead: Forwarding) -> Forwarding:
    return assign(who, lead.pk, person=desks.lead_official.pk)


def test_a_deputy_with_the_mandate_names_who_settles_it(
    desks: Desks, lead: Forwarding
) -> None:
    deputy = desks.second_official
    with pytest.raises(NotAllowed):
        hand_on(desks, deputy, lead)
    given = mandate(desks, deputy)
    assert hand_on(desks, deputy, lead).assignee == desks.lead_official
    told = AuditEntry.objects.get(action="incoming.assigned")
    assert (told.actor, told.details["mandate"]) == (deputy, str(given.pk))


def test_a_mandate_opens_the_document_to_who_is_elsewhere_and_closes_it_again(
    desks: Desks, lead: Forwarding
) -> None:
    outsider = desks.colleague
    assert find_incoming_document(outsider, lead.document_id) is None
    given = mandate(desks, outsider)
    assert find_incoming_document(outsider, lead.document_id) is not None
    assert in_hand(outsider) == [lead.pk]
    end_delegation(desks.lead_head, given.pk)
    assert in_hand(outsider) == []
    with pytest.raises(NotFound):
        hand_on(desks, outsider, lead)


@pytest.mark.parametrize(
    ("more", "day"),
    [
        ({"powers": frozenset({Power.CONTENT})}, TODAY + timedelta(days=4)),
        ({"starts_on": TODAY + timedelta(days=1)}, TODAY),
    ],
    ids=["after its last day", "before its first day"],
)
def test_a_mandate_gives_nothing_outside_its_days(
    desks: Desks, lead: Forwarding, more: dict[str, Any], day: date
) -> None:
    mandate(desks, desks.colleague, **more)
    with clock.fixed(NOON + (day - TODAY)), pytest.raises(NotFound):
        hand_on(desks, desks.colleague, lead)


def test_a_mandate_to_sign_does_not_head_the_unit(
    desks: Desks, lead: Forwarding
) -> None:
    wish = Wish(
        Form.KT,
        desks.colleague,
        TODAY,
        principal=desks.leader,
        powers=frozenset({Power.SIGN}),
        ends_on=TODAY + timedelta(days=3),
    )
    delegate(desks.leader, wish)
    with pytest.raises(NotFound):
        hand_on(desks, desks.colleague, lead)


def test_a_mandate_reaches_no_unit_that_its_giver_does_not_head(
    desks: Desks, lead: Forwarding
) -> None:
    mandate(desks, desks.colleague)
    document = IncomingDocument.objects.get(pk=lead.document_id)
    helping = Forwarding.objects.get(document=document, unit=desks.helping_unit)
    with pytest.raises(NotAllowed):
        assign(desks.colleague, helping.pk, person=desks.helper.pk)


def test_the_head_may_still_name_somebody_and_no_mandate_is_noted(
    desks: Desks, lead: Forwarding
) -> None:
    mandate(desks, desks.colleague)
    hand_on(desks, desks.lead_head, lead)
    assert AuditEntry.objects.get(action="incoming.assigned").details["mandate"] == ""
